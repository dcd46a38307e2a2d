"""Votes as a whole line without prefix: `a favor 57`, `57 me aparto`, `voto 57 2`; else it is talk.

In private the number may be left out where only one poll is open to the person. Pure: what a line
says, whoever says it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.api import Number, fold
from commands.polls.kinds.stances import WORDS, stance

LONGEST = 600
_NUMBER = r"(?:(?:la|el|a|o)\s+)?(?:(?:propuesta|proposta|proposal|encuesta|enquete|poll)\s+)?#?"
_WHY = r"""(?P<why>[\s,.:]*(?:"[^"]+"?|(?:porque|por que|pq|because|pois|ya que|j[aá] que)\s.+))?"""
_WAYS = (
    re.compile(
        r"(?:yo\s+|eu\s+|i\s+)?(?:votar|voto|vote|vota)\s+(?:en\s+|na\s+|in\s+)?"
        rf"{_NUMBER}(?P<number>\d{{1,9}})\b[\s:,]+(?P<any>\S.*)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        rf"(?P<stance>[^\d\"]{{1,40}}?)[\s,:]+{_NUMBER}(?P<number>\d{{1,9}})(?:{_WHY})[\s.!]*",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        rf"{_NUMBER}(?P<number>\d{{1,9}})[\s,:]+(?P<stance>[^\d\"]{{1,40}}?){_WHY}[\s.!]*",
        re.IGNORECASE | re.DOTALL,
    ),
)
_ALONE = re.compile(
    r"(?P<stance>a favor|for|en contra|contra|against|abstencion|abstencao|abstain|me abstengo|"
    r"me abstenho|me aparto|fico a parte|stand aside|bloqueo|bloqueio|block)"
    rf"{_WHY}[\s.!]*",
    re.IGNORECASE | re.DOTALL,
)
"""What can be nothing else. `sí`, `no`, `de acuerdo` answer many things."""
_LONGEST_WORDS = max(map(len, WORDS)) + 20


class Bare(NamedTuple):
    """A line that may be a vote, and in which poll; None: it does not say."""

    number: Number | None
    text: str


def split(line: str) -> Bare | None:
    """What a whole line votes, and where. Cheap: it is asked of everything said."""
    if len(line) > LONGEST:
        return None
    for way in _WAYS if any(map(str.isdigit, line)) else ():
        found = way.fullmatch(line.strip())
        if found is None:
            continue
        parts = found.groupdict()
        if "any" in parts:
            return Bare(Number(int(found["number"])), found["any"])
        if len(found["stance"]) <= _LONGEST_WORDS and stance(found["stance"]) is not None:
            return Bare(Number(int(found["number"])), found["stance"] + (found["why"] or ""))
    return Bare(None, line) if _ALONE.fullmatch(fold(line.strip())) else None


def listens(line: str) -> bool:
    """May this be a vote?"""
    return split(line) is not None
