"""Detects text that looks like a setting but is none: `puestos: 2`, `área: todas`. Pure.

Otherwise it would become part of an option or a title. People also use colons in text, so quotes,
the start of an option (`Lugar: Norte`), a noun with an article (`el plazo: un mes`), clock times
and lines with a second colon are left alone.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import DamerauLevenshtein

from bot.text.normalisation import fold

_END = re.compile(r"(?<=[\s,;|])([^\W\d_][\w-]{2,20}) ?:(?!//)\s*([^\s:,;|/][^:,;|\n]{0,40})$")
_COLON = re.compile(r"(?<![^\W\d_])[^\W\d_]\w{0,40} ?:(?!//)")
_NUMBER = re.compile(r"\d{1,7}(?:\s?%|/\d{1,7})?")
_MOST_WORDS = 4


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL = _words(
    "el la los las lo un una unos unas al del de en con por para sin su sus mi mis tu tus "
    "nuestro nuestra nuestros nuestras esto y o que es son a os as um uma do da dos das no "
    "na nos nas em com pelo pela sem seu sua nosso nossa e ou the an of in on at for with by "
    "to our your my and or is are"
)
"""Words before a noun: `la sala: azul` is text."""
_LIKELY = _words(
    "puestos puesto plazas cupo cupos vacantes asientos vagas vaga lugares seats seat places "
    "area areas sala salas room rooms grupo grupos group equipo equipe team revisar revision "
    "revisao rever review vence vencimiento vencimento expira expires inicio inicia empieza "
    "comienza comeca starts start begins peso pesos weight delegado delegada delegate "
    "visible visivel recordar recordatorio lembrar lembrete reminder remind aviso avisar "
    "avisos notice duracion duracao duration dura lasts repetir repite repete repeat cada "
    "every idioma lingua language zona fuso timezone prioridad prioridade priority "
    "responsable responsavel modo mode metodo method sistema regla regra rule minimo maximo "
    "minimum maximum limite limit ganadores ganadoras vencedores vencedoras winners escanos "
    "color colour colores cierra encerra closes quorum mayoria maioria majority secreta secret "
    "asiento cargos anonimo anonima turnos shifts etiqueta tag"
)
"""Words that people write as settings, here or in other programs (folded)."""


def find_stray_setting(text: str, *, listed: bool = False, sure: bool = False) -> str | None:
    """Return what looks like a setting's name at the end of `text` (`secreto: sí`), or None.

    `listed`: `text` is a list of options, where `Sur escaños: 2` is no setting. `sure`: nothing but
    a setting can stand there.
    """
    if len(_COLON.findall(text)) != 1:
        return None
    found = _END.search(text)
    if found is None or len(found[2].split()) > _MOST_WORDS:
        return None
    ahead = text[: found.start()].rstrip()
    before = ahead[-1:].isalnum() and fold(re.split(r"\W", ahead[-30:])[-1])
    if not ahead or before in _SMALL:
        return None
    number = _NUMBER.fullmatch(found[2].strip()) is not None
    counts = listed and number and (before or ahead.endswith('"'))
    return found[1] if sure or counts or _is_likely(fold(found[1])) else None


def _is_likely(name: str) -> bool:
    """Such a word, or one with one letter left out or wrong (`colr`); not the first."""
    if name in _LIKELY:
        return True
    return len(name) >= 4 and any(_is_slip(name, one) for one in _LIKELY)


def _is_slip(name: str, meant: str) -> bool:
    if len(meant) < 5 or name[0] != meant[0] or meant + "s" == name:
        return False
    return DamerauLevenshtein.distance(name, meant, score_cutoff=1) <= 1
