"""Separate a vote from its reason: `bloqueo "no hay plata"`, `2 porque queda cerca`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from commands.decision_rules.ballots import Ballot, PollQuestion
from commands.decision_rules.kinds.kind import DecisionKind

_QUOTED = re.compile(r'^(?P<vote>[^"]*[^"\s])\s*"(?P<reason>[^"]+)"?[\s.]*$', re.DOTALL)
_BECAUSE = re.compile(
    r"(?<![\s,.;:(\-])[\s,.;:(\-]+(?:y\s+|e\s+|and\s+)?(?:(?:mi|la|meu|minha|a|o|my|the)\s+)?"
    r"(?:porque|por\s?que|porqu[eé]|pues|pois|because|cuz|bc|pq|xq|porq|ya que|j[aá] que|since|"
    r"dado que|puesto que|(?:motivos?|raz[oó]n|raz[aã]o|reason|justificaci[oó]n|justificativa)"
    r"(?:\s+(?:es|[eé]|is))?\s*:?)(?=[\s:])[\s:]*(?:que\s+)?",
    re.IGNORECASE,
)
_SIGN = re.compile(r"\n|:\s|\s-\s|\(")
_CUTS = 5
"""How many places are tried where a reason can begin. A vote is short."""
_EDGES = " \n,;:.-("


def parse_with_reason(
    kind: DecisionKind, text: str, question: PollQuestion
) -> tuple[Ballot, str] | None:
    """Parse a vote and its reason ("" without one), or return None if it is talk.

    The whole line is tried first, so that an option called `Porque sí` can be voted for. Try a
    split mandate (`sí:12 no:5`) before this. Raises `UserError` as the kind does.
    """
    ballot = kind.read(text, question)
    if ballot is not None:
        return ballot, ""
    for vote, reason in _possible_cuts(text):
        ballot = kind.read(vote, question)
        if ballot:
            return ballot, reason
    return None


def split_reason(text: str) -> tuple[str, str]:
    """Split a text at the first `porque`. The second part is "" if there is no reason."""
    for cut in islice(_BECAUSE.finditer(text), _CUTS):
        for vote, reason in _cut_at(text, cut):
            return vote, reason
    return text, ""


def _possible_cuts(text: str) -> Iterator[tuple[str, str]]:
    """Yield every way to cut a line into a vote and a reason, the likeliest first."""
    quoted = _QUOTED.match(text.strip())
    if quoted:
        vote = _BECAUSE.sub("", quoted["vote"] + " ")
        yield vote.strip(_EDGES), quoted["reason"].strip()
    for cut in islice(_BECAUSE.finditer(text), _CUTS):
        yield from _cut_at(text, cut)
    for cut in islice(_SIGN.finditer(text), _CUTS):
        # `sí: 12` is a number of votes, not a reason.
        if not text[cut.end() :].lstrip()[:1].isdigit():
            yield from _cut_at(text, cut)


def _cut_at(text: str, cut: re.Match[str]) -> Iterator[tuple[str, str]]:
    vote, reason = text[: cut.start()].strip(_EDGES), text[cut.end() :].strip(' \n"()')
    if vote and any(letter.isalpha() for letter in reason):
        yield vote, reason
