"""How people say that decisions, or one thing, become public or no longer are."""

from __future__ import annotations

import re

from bot.api import Sentence, fold, words
from commands.publishing.declaration import feature


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, folded."""
    return frozenset(re.findall(r"\w+", fold(text)))


FROM_NOW = words_of(
    "a adelante ahora aquí de desde en esta futuro futuras hoy la las lo más nuevas partir que"
    " sala se sí siempre tomemos tomen toda todas todo ya y decida decidamos decidimos decisiones"
    " agora as desta diante em hoje mais nesta novas o sempre sim tomarmos tudo e decidir"
    " decidirmos decisões"
    " all always and any anymore decide decisions everything from future here in longer more new"
    " now of on room that the this today we take will yes"
)
"""Words with which people say that it holds for this room and from now on."""
ENDS = words_of(
    "no nunca jamás basta deja dejar dejen fin parar paren termina terminar apagar"
    " não chega pare parem deixa deixar desligar end ends never not off stop"
)
"""Words with which people say that it is to end."""


_STOPS = (
    "deja de publicar, dejar de publicar, dejen de publicar, dejemos de publicar"
    ", paren de publicar, parar de publicar, quitar publicar"
    " | para de publicar, pare de publicar, parem de publicar, deixa de publicar"
    ", deixe de publicar, deixar de publicar, deixem de publicar, chega de publicar"
    " | stop publishing, quit publishing, stop making public"
)
_REFUSALS = (
    "no publicar, no publicar más, no publiques, no publiques más, no publiquen"
    ", no publiquen más, ya no publicar, ya no publiques, ya no publiquen"
    " | não publicar, não publicar mais, não publica, não publique, não publique mais"
    ", não publiquem, não publiquem mais"
    " | don't publish, do not publish, never publish, no more publishing"
)
"""How people say that something is not to be published, in Spanish, Portuguese and English."""
_DECISIONS = (
    "decisiones, las decisiones, todas las decisiones, lo decidido"
    " | decisões, as decisões, todas as decisões, o decidido"
    " | decisions, the decisions, our decisions, all decisions"
)


def _each(verbs: str, objects: str) -> str:
    """Return every verb with every object of its language, as `words` takes them."""
    return " | ".join(
        ", ".join(f"{verb.strip()} {one.strip()}" for verb in said for one in meant)
        for said, meant in zip(_by_language(verbs), _by_language(objects), strict=True)
    )


def _by_language(listed: str) -> list[list[str]]:
    return [group.split(",") for group in listed.split("|")]


feature.stands_for(
    words(
        "ya no publicar más decisiones",
        "não publicar mais nenhuma decisão",
        "publish no more decisions",
        _each(_STOPS, _DECISIONS),
    ),
    "publish decisions no",
)
feature.stands_for(
    words(
        "ya no publicar las decisiones de",
        "não publicar as decisões de",
        "not publish the decisions of",
        _each(_REFUSALS, _DECISIONS),
    ),
    "publish decisions no",
)
feature.stands_for(  # people in danger begin other sentences so: `dejen de publicar mis fotos`
    words("terminar de publicar", "terminem de publicar", "end publishing", _STOPS),
    "publish decisions no",
    by_number=True,
)
_WEB = (
    r"(?:de (?:la (?:pagina|web)|internet)|del sitio|d[oa] (?:site|web|internet|ar|pagina)"
    r"|(?:off|from) the (?:web ?)?(?:web|site|page|internet))(?: web)?\b"
)
_OFF_THE_WEB = re.compile(
    r"(?:quit|retir|saqu|sac|baj|borr|elimin|tir|apagu?|remov|delet|tak)"
    r"(?:a[rn]?|e[rmn]?|ing)(?: lo)?"
    rf" (?!(?:es[oa]|est[oa]|iss[oa]|ist[oa]|it|that|this|(?:el|o) aviso) {_WEB})"
    rf"(?:(?:la|el|a|o|the) (?=#?\d))?([^\W_][^@\n]{{0,80}}?) {_WEB}"
    r"(?:,? (?:ya|ja|ahora|agora|now|please|por ?fa(?:vor)?|pls)){0,2}[\s.!?]{0,5}"
)
"""What is to be taken off the web: `quita lo de luz de la web`, `remove 57 from the page`."""
_ONTO_THE_WEB = re.compile(
    r"(?:sub[aei]r?|pon(?:er)?|poe|por|bot[ae]r?|coloca[r]?|put|post|upload)"
    r" ((?!(?:es[oa]|est[oa]|iss[oa]|ist[oa]|it|that|this) )[^\n]{1,80}?)"
    r" (?:en|a|na|no|on|to)(?: (?:la|el|the))? (?:pagina(?: web)?|sitio(?: web)?|web(?: ?site)?"
    r"|site|internet)(?: (?:de la red|da rede))?[\s.!?]{0,5}"
)
"""What is to stand on the web: `sube el evento 57 a la página`, `put 57 on the site`."""
feature.sentences += [
    Sentence(_OFF_THE_WEB, "take off the site {}"),
    Sentence(_ONTO_THE_WEB, "publish {}"),
]
