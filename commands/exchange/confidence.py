"""Tells things for the team, or for a surprise, from what few are to know of a person."""

from __future__ import annotations

import re

from bot.api import fold, secrecy_clauses
from commands.exchange.matching.lexicon import built_in_lexicon
from commands.exchange.matching.meaning import parse_meaning

_EVERYDAY = frozenset({"equipment", "food", "clothes", "transport"})
"""Themes of things that say nothing of a person, unlike a place to sleep, law or health."""
_JOINED = r"(?:(?:pero|mas|but|and|y|e|please|por favor|porfa)\s+){0,3}"
_FOR_THESE = re.compile(
    rf"\b{_JOINED}(?:solo|solamente|unicamente|so|somente|apenas|only|just)"
    r"\s+(?:para|pra|pras|pros|pro|for)\s+(?:(?:el|la|las|los|a|o|as|os|the)\s+)?"
    r"(?:equipo|equipe|care team|moder\w+|mods?|admin\w*|coord[ei]n\w*)\b"
)
"""Says for whom it is: `solo para el equipo`. Folded."""
_UNTOLD = re.compile(
    rf"\b{_JOINED}(?:(?:no (?:se lo |les? |lo )?(?:digas?|digan|cuentes?|cuenten)"
    r"|nao (?:conta|conte|contem|fala|fale|falem|diga|digam)|(?:don'?t|do not) tell)"
    r"(?: nada| isso)?(?: a| pra| para)? (?:nadie|ninguem|anyone|anybody)"
    r"|que (?:nadie|ninguem) (?:se |lo )?(?:sepa|entere|saiba))\b"
)
"""Says that nobody is to be told, and nothing of what. Folded."""
_SURPRISE = re.compile(
    r"\b(?:(?:que|porque|because|it'?s|it is|es|e|para|pra|for|una|uma|a)\s+){0,3}"
    r"(?:sorpresa|surpresa|surprise)\b"
)
_BESIDE = frozenset(
    fold(
        """un una unos unas el la los las lo de del al y um uma uns umas o a os as do da dos das e
        com con para pra por the of for with and some more mas mais
        necesito necesitamos preciso precisamos need i we offer ofrezco ofrecemos ofereço oferecemos
        favor porfa gracias obrigada obrigado please thanks
        lunes martes miércoles jueves viernes sábado domingo segunda terça quarta quinta sexta
        monday tuesday wednesday thursday friday saturday sunday
        hoy mañana hoje amanhã today tomorrow
        dos tres cuatro cinco diez veinte dois duas quatro dez vinte two three four five ten twenty
        grande grandes pequeño pequeña pequeno pequena big small large nuevo nueva novo nova new"""
    ).split()
)
"""What stands beside everyday things and says nothing of anybody. Folded; never a negation."""


def is_for_few(text: str) -> bool:
    """Return whether a line asks for or offers everyday things, says that they are for the team
    alone or a surprise, and nothing else: `30 lunches, only for the team`. Any other word makes it
    False, for it may be about a person."""
    rest, teams = _FOR_THESE.subn(" , ", fold(text))
    rest, surprises = _SURPRISE.subn(" , ", _UNTOLD.sub(" , ", rest))
    if not (teams or surprises) or secrecy_clauses(rest):
        return False
    lexicon = built_in_lexicon()
    meaning = parse_meaning(rest, lexicon)
    themes = {known.theme for token in meaning.every for known in token.known}
    tags = {tag for tag in meaning.tags if lexicon.theme_of_tag(tag) in _EVERYDAY}
    things = {word for token in meaning.every for word in token.written.split()}
    left = set(re.findall(r"[^\W_]+", rest)) - things - tags - _BESIDE
    return (
        bool(meaning.themes)
        and themes <= _EVERYDAY
        and all(token.known for token in meaning.every if token.written not in _BESIDE)
        and all(word.isdecimal() for word in left)
    )
