"""Tells things for the team, or for a surprise, from what few are to know of a person."""

from __future__ import annotations

import re

from bot.api import fold, secrecy_clauses
from commands.exchange.matching.lexicon import built_in_lexicon
from commands.exchange.matching.meaning import parse_meaning

_EVERYDAY = frozenset({"equipment", "food", "clothes", "transport"})
"""Themes of things that say nothing of a person, unlike a place to sleep, law or health."""
_FOR_THESE = re.compile(
    r"\W*(?:(?:pero|mas|but|and|please)\s+)*(?:solo|solamente|unicamente|so|somente|apenas|only|just)"
    r"\s+(?:para|pra|pras|pros|pro|for)\b"
)
"""Says for whom it is: `solo para el equipo`. Folded."""
_SURPRISE = re.compile(r"\b(?:sorpresa|surpresa|surprise)\b")
_PERSON = re.compile(
    r"\b(?:mis?|me|conmigo|my|him|her|he|she|meus?|minhas?|comigo|ele|ela|ella|ex)\b"
)
"""Speaks of the writer or of somebody else. Folded."""


def is_for_few(text: str) -> bool:
    """Return whether everyday things are for the team alone or for a surprise, and the line speaks
    of nobody: `30 lunches, only for the team`."""
    clauses = secrecy_clauses(text)
    if not clauses or _PERSON.search(fold(text)):
        return False
    if not (_SURPRISE.search(fold(text)) or all(_FOR_THESE.match(fold(one)) for one in clauses)):
        return False
    wanted = text
    for one in clauses:
        wanted = wanted.replace(one, " ")
    meaning = parse_meaning(wanted if re.search(r"\w", wanted) else text, built_in_lexicon())
    themes = {known.theme for token in meaning.every for known in token.known}
    return bool(meaning.themes) and themes <= _EVERYDAY
