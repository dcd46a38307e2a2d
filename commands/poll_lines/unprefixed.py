"""Votes as a whole line without a prefix: `a favor 57`, `57 me aparto`, `voto 57 2`.

In private the number may be left out if only one poll is open to the person. Pure functions that
depend on the line alone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.api import Number, fold
from commands.decision_rules.kinds.stances import STANCE_WORDS, parse_stance

LONGEST_LINE = 600
_NUMBER = (
    r"(?:(?:la|el|a|o)\s+)?"
    r"(?P<sure>(?:(?:propuesta|proposta|proposal|encuesta|enquete|poll)\s+)?#?)"
)
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
_CLEAR = (
    r"a favor|for|en contra|contra|against|abstencion|abstencao|abstain|me abstengo|"
    r"me abstenho|me aparto|fico a parte|stand aside|bloqueo|bloqueio|block"
)
"""Stances that can mean nothing else. `sí`, `no`, `de acuerdo` answer many other things too."""
_WHO = r"(?:(?:yo|eu|i|am|i'm|estoy|estou|voto|vote|votar)\s+){0,3}"
_ALONE = re.compile(rf"(?P<stance>{_CLEAR}){_WHY}[\s.!]*", re.IGNORECASE | re.DOTALL)
_LONGEST_WORDS = max(map(len, STANCE_WORDS)) + 20


class UnprefixedVote(NamedTuple):
    """A line that may be a vote. `number` is its poll, or None if the line names none."""

    number: Number | None
    text: str


def split_vote_line(line: str) -> UnprefixedVote | None:
    """Return the poll's number and the vote that a whole line holds, or None if it is no vote.

    Cheap, because it runs on everything people say.
    """
    if len(line) > LONGEST_LINE:
        return None
    for way in _WAYS if any(map(str.isdigit, line)) else ():
        found = way.fullmatch(line.strip())
        if found is None:
            continue
        parts = found.groupdict()
        if "any" in parts:
            return UnprefixedVote(Number(int(found["number"])), found["any"])
        if _is_stance(found["stance"], sure=bool(found["sure"])):
            return UnprefixedVote(
                Number(int(found["number"])), found["stance"] + (found["why"] or "")
            )
    return UnprefixedVote(None, line) if _ALONE.fullmatch(fold(line.strip())) else None


def _is_stance(words: str, *, sure: bool) -> bool:
    """Return whether the words are a stance and nothing else.

    `no, 1` is talk; `no #1` and `no propuesta 1` are not.
    """
    if len(words) > _LONGEST_WORDS or parse_stance(words) is None:
        return False
    said = " ".join(fold(words).split())
    return sure or re.fullmatch(rf"{_WHO}(?:{_CLEAR})", said) is not None


def begins_clearly(line: str) -> bool:
    """Return whether a line begins with a stance that can mean nothing else: `for, sorry`."""
    return re.match(rf"(?:{_CLEAR})(?!\w)", fold(line.strip())) is not None


def may_be_vote(line: str) -> bool:
    """Return whether a line without a command may be a vote."""
    return split_vote_line(line) is not None
