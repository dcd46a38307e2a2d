"""Separate a vote from its reason: `bloqueo "no hay plata"`, `2 porque queda cerca`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from bot.api import UserError, fold, spellings
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
_HEDGE = re.compile(
    r"(?:pero|but|aunque|though|solo|so se|only|creo|acho|i think|i guess|maybe|tal vez|talvez|"
    r"please|pls|por favor|porfa|si (?:es|se|llueve|no)|if|mas (?:so|se|acho|que|nao|apenas))"
    r"(?!\w)"
)
"""What makes a number before it a vote with a condition: `2 but only in the afternoon`. Folded."""
_LIKING = re.compile(
    r"(?:(?:la verdad|sin duda|na verdade|honestly|para mi|pra mim|for me)\W+)?"
    r"(?:(?:me|a mi me|acho)\s+)?(?:parece|queda|gusta|conviene|sirve|viene|va|fica|cai|es|e|is"
    r"|works|suits me|sounds|looks|seems)\s+(?:muito |mucho |muy |mas |bem |much |way |a lot )?"
    r"(?:mejor|melhor|better|best|bien|bem|bom|boa|buen[ao]?|good|great|fine|perfect[ao]?"
    r"|perfeit[ao])(?!\w)"
)
"""What praises the number before it: `1 me parece mejor`. Folded."""
_LIST = re.compile(r"\d{1,9}(?:\s*(?:[,;&+]|(?<!\w)(?:y|e|and)(?!\w))\s*\d{1,9})+[\s,]+", re.I)
_PARTING = ",;:.!-–—\n"
_LEADING_WORDS = 12
"""So many words of a line can be the option with which it begins."""
_SHORTEST_STANCE = 3
"""Shorter words than these, `sí` and `no`, stand in any reason."""
_REFUSALS = frozenset({"no", "nao"})
"""Words that begin talk as often as a vote: `no, espera`."""


def parse_with_reason(
    kind: DecisionKind, text: str, question: PollQuestion
) -> tuple[Ballot, str] | None:
    """Return the vote in a line and its reason ("" without one), or None if it is no vote.

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


class LeadingVote(NamedTuple):
    """The vote with which a line begins, and what follows. `sure`: it is no more than a reason."""

    ballot: Ballot
    words: str
    reason: str
    sure: bool


def find_leading_vote(kind: DecisionKind, text: str, question: PollQuestion) -> LeadingVote | None:
    """Return the vote in the first words of a line, and whether it is sure: `sí, me parece bien`.
    None if there is none.

    It is sure if a comma or another sign parts it from the rest, and the rest names no other
    option. `no, espera` is not sure. Raises `UserError` for a list that is too long, `1 and 3 but`.
    """
    ends = [found.end() for found in re.finditer(r"\S+", text)][:_LEADING_WORDS]
    heads = [(end, _read_or_none(kind, text[:end].strip(_EDGES), question)) for end in ends[:-1]]
    ballot = next((found for _end, found in reversed(heads) if found), None)
    if ballot is None:
        return None
    end = next(end for end, found in heads if found == ballot)
    head, rest = text[:end], text[end:].strip()
    parted = head[-1] in _PARTING or rest[0] in _PARTING
    if (several := _LIST.match(text)) and _HEDGE.match(fold(text[several.end() :])):
        kind.read(several[0], question)
    hedged = any(way.match(fold(rest)) for way in (_HEDGE, _LIKING))
    if not (parted or hedged or any(map(str.isalpha, head))):
        return None  # `2 people come`
    plain = fold(head.strip(_EDGES)) not in _REFUSALS
    alone = kind.names_one_place and not _names_other(kind, rest, question, ballot)
    reason = rest.strip(_EDGES + "—–!")
    return LeadingVote(ballot, head.strip(_EDGES), reason, parted and plain and alone)


def _read_or_none(kind: DecisionKind, text: str, question: PollQuestion) -> Ballot | None:
    try:
        return kind.read(text, question)
    except UserError:
        return None


def _names_other(kind: DecisionKind, text: str, question: PollQuestion, ballot: Ballot) -> bool:
    """Return whether a text names an option that is not in the ballot."""
    named = {
        fold(spelling): place
        for place, label in enumerate(question.labels, start=1)
        for spelling in spellings(label)
    } or {
        word: place for word, place in kind.spoken(question).items() if len(word) > _SHORTEST_STANCE
    }
    said, chosen = fold(text), {place for place, _value in ballot}
    return any(
        place not in chosen and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said)
        for word, place in named.items()
    )


def split_reason(text: str) -> tuple[str, str]:
    """Return the text before the first `porque` and the reason behind it, "" if there is none."""
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
