"""Reads a yes or a no that people say in words of their own: `sí pueden`, `mejor no`. Pure."""

from __future__ import annotations

import re

from bot.text.command_words import fold_answer
from bot.text.normalisation import fold
from bot.text.spoken import PLEASE, THANKS

_MOST_WORDS = 12
_AGAIN = re.compile(r"(\w)\1+")
"""A letter said more than once: `sii`, `nooo`."""


def _words(text: str) -> list[str]:
    plain = fold(text).replace("'", "").replace("’", "")
    return [_AGAIN.sub(r"\1", word) for word in re.findall(r"\w+", plain)]


_REFUSING = frozenset(
    _words(
        "no não n nop nope nah nel nunca jamás tampoco ni nem nunquinha never not dont cant cannot"
        " neither nor without sin sem"
    )
)
_AGREEING = frozenset(
    _words(
        "sí sim yes yeah yep yup s y ok okey okay oki dale claro vale va sale bueno beleza blz"
        " pueden puede puedes podés podem pode podes can may could sure acepto aceito agree"
        " autorizo permito concordo acuerdo tá"
    )
)
_BESIDE = frozenset(
    _words(
        "mi nombre meu o nome my name mine the it its that este esta esto eso isso isto lo la el"
        " que quiero quisiera prefiero mejor querría quero prefiro melhor want prefer rather would"
        " like better i id u you they we me yo eu a al ahí aí ali allí aquí aqui there here in on"
        " en em de do da del for"
        " poner ponerlo ponerla pongan pongas ponga usar usarlo usen salir salga aparecer aparezca"
        " aparezco estar esté figurar figure publicar publiquen publique publiques público pública"
        " por pôr colocar coloquem coloque usem use aparecer apareça apareço sair saia fique ficar"
        " publicar publiquem público put show shown appear stand used published public be do"
        " gracias obrigada obrigado thanks thank favor please pls porfa porfis"
        " tranquila tranquilo pero mas but con com with todo tudo all bien bem"
        " prefería preferiría gustaría gostaria sea seja está estou estoy es é se"
        " nomás así assim so mejor muchas muito mucho many much nombren nombre nomeiem"
    )
)


def read_yes_no(text: str) -> str | None:
    """Return `yes` or `no` if the whole line says so, None if it also says other things.

    A no anywhere in it is a no, whatever else it says.
    """
    said = _words(text)
    if len(said) > _MOST_WORDS or not (_REFUSING | _AGREEING | _BESIDE).issuperset(said):
        return None
    if not _REFUSING.isdisjoint(said):
        return "no"
    return "yes" if not _AGREEING.isdisjoint(said) else None


_ASSENT = (
    r"(?:si|sim|yes|yeah|yep|ok|okay|dale|claro(?: que (?:si|sim))?|sure|por supuesto"
    r"|desde luego|con (?:mucho )?gusto|com (?:certeza|prazer)|of course|certainly|absolutely"
    r"|gladly|happy to)"
)
_BESIDE_ASSENT = (
    rf"(?:{PLEASE}|{THANKS}|amiga|amigo"
    r"|i (?:will|would|can|do)|(?:eu )?(?:posso|quero|aceito))"
)
_IS_ASSENT = re.compile(rf"(?:bueno[ ,.!]+)?{_ASSENT}(?:[ ,.!]+(?:{_ASSENT}|{_BESIDE_ASSENT}))*")


def is_assent(text: str) -> bool:
    """Return whether the whole line is a yes with nothing to weigh beside it: `sí, con gusto`,
    `claro que sim`, `of course`. `sure?`, `si quiere` and `bueno` alone are none."""
    return "?" not in text and _IS_ASSENT.fullmatch(fold_answer(text)) is not None


_NOW = frozenset(
    map(fold_answer, ("ya", "ahora", "ya mismo", "ahora mismo", "já", "agora", "now", "right now"))
)


def says_now(text: str) -> bool:
    """Return whether the whole line is a word for at once: `ya`."""
    return fold_answer(text) in _NOW


def has_no(text: str) -> bool:
    """Return whether a word for no stands anywhere in the line."""
    return not _REFUSING.isdisjoint(_words(text))
