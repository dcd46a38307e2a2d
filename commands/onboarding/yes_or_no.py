"""A line that says yes or no, in three languages and however it is written. Pure."""

from __future__ import annotations

import re

from bot.api import fold

MOST_WORDS = 8
"""How many words a line has at most that is still taken for an answer."""


def comparison_keys(phrases: str) -> frozenset[str]:
    """Return phrases in the form in which they are compared: no accents, spaces or apostrophes."""
    return frozenset("".join(filter(str.isalnum, fold(one))) for one in phrases.split("|"))


CAN = comparison_keys(
    "puedo|sí puedo|yo puedo|sí, yo puedo|claro que puedo|con gusto|"
    "posso|sim posso|eu posso|sim, eu posso|com prazer|i can|yes i can|i can do it"
)
CANNOT = comparison_keys(
    "no puedo|esta vez no puedo|esta vez no|no voy a poder|no podré|"
    "não posso|n posso|não vou poder|não consigo|desta vez não|dessa vez não|"
    "i can't|i cannot|can't|cannot|not this time|i can't this time"
)
_YES, _NO = comparison_keys("sí|sim|yes|s|y|ok|dale|claro"), comparison_keys("no|não|n|nop|nope")


def parse(text: str) -> bool | None:
    """Return yes or no for a line of which it is clear what it answers: plain `yes` and `no` count;
    else None."""
    word = comparison_keys(text.replace("|", " "))
    if word <= CAN | _YES:
        return True
    return False if word <= CANNOT | _NO else None


def said_words(text: str) -> list[str]:
    """Return the words of a line in the form in which they are compared, without apostrophes."""
    return re.findall(r"\w+", fold(text).replace("'", "").replace("’", ""))
