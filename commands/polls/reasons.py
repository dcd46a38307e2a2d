"""Tells a vote from the reason beside it: `bloqueo "no hay plata"`, `2 porque queda cerca`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from commands.polls.ballots import Ballot, Question
from commands.polls.kinds.kind import Kind

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
"""A vote is short: its reason begins at one of the first places where one can begin."""
_EDGES = " \n,;:.-("


def read(kind: Kind, text: str, question: Question) -> tuple[Ballot, str] | None:
    """A vote and its reason ("" without one); None: it is talk.

    The whole line comes first, so an option called `Porque sí` can be voted. A mandate
    (`sí:12 no:5`) is to be tried before this. Raises `UserError` as the kind does.
    """
    ballot = kind.read(text, question)
    if ballot is not None:
        return ballot, ""
    for vote, reason in _apart(text):
        ballot = kind.read(vote, question)
        if ballot:
            return ballot, reason
    return None


def because(text: str) -> tuple[str, str]:
    """What stands before the first `porque`, and the reason behind it ("" without one)."""
    for cut in islice(_BECAUSE.finditer(text), _CUTS):
        for vote, reason in _pair(text, cut):
            return vote, reason
    return text, ""


def _apart(text: str) -> Iterator[tuple[str, str]]:
    """Every way to cut a line into a vote and a reason, the surest first."""
    quoted = _QUOTED.match(text.strip())
    if quoted:
        vote = _BECAUSE.sub("", quoted["vote"] + " ")
        yield vote.strip(_EDGES), quoted["reason"].strip()
    for cut in islice(_BECAUSE.finditer(text), _CUTS):
        yield from _pair(text, cut)
    for cut in islice(_SIGN.finditer(text), _CUTS):
        # `sí: 12` is no reason but a number.
        if not text[cut.end() :].lstrip()[:1].isdigit():
            yield from _pair(text, cut)


def _pair(text: str, cut: re.Match[str]) -> Iterator[tuple[str, str]]:
    vote, reason = text[: cut.start()].strip(_EDGES), text[cut.end() :].strip(' \n"()')
    if vote and any(letter.isalpha() for letter in reason):
        yield vote, reason
