"""Read how many votes go where: a delegate's split mandate, or the count of an assembly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.api import UserError, _, n_
from commands.decision_rules import ballots
from commands.decision_rules.ballots import Ballot, Part, PollQuestion
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.tokens import VoteToken, require_place, tokenise

_PLACE = "place:"
_BEFORE = re.compile(
    r"^\s*(?:en la asamblea|na assembleia|asamblea|assembleia|assembly|presencial|presenciales|"
    r"presenciais|in[- ]person|mandato|mandate)\s*:?\s*",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"[:=]")
"""What makes the number behind an option a count: `Norte: 1`."""
_PAPERS = re.compile(r"(\d{1,9}) ?[:x×*] ?(\S.{0,2000})", re.IGNORECASE)
_WORDS = dict.fromkeys(
    ("personas", "persona", "pessoas", "pessoa", "people", "person", "manos", "maos", "hands"), ""
)
MOST_VOTES = 1_000_000
"""The most votes that one option can get here."""


def parse_split(text: str, kind: DecisionKind, question: PollQuestion) -> dict[int, int] | None:
    """Return the votes for each place in `12 sí 5 no 3 abst` or `Norte:14 Sur:9`, or None for other
    lines.

    Names and numbers must alternate in the same order throughout. A kind whose ballot names several
    options cannot be split. Raises `UserError` for an option named twice.
    """
    if not kind.names_one_place or question.most > 1:
        return None
    return parse_show_of_hands(text, kind, question)


def parse_show_of_hands(
    text: str, kind: DecisionKind, question: PollQuestion
) -> dict[int, int] | None:
    """Return an assembly's counts in a line: like `parse_split`, but also for multiple choice."""
    if not kind.names_one_place:
        return None
    spoken = {word: f"{_PLACE}{place}" for word, place in kind.spoken(question).items()}
    line = _BEFORE.sub("", text)
    found = tokenise(line, () if kind.stances else question.labels, _WORDS | spoken)
    pairs = _pairs(found or (), kind, question)
    if not pairs:
        return None
    votes: dict[int, int] = {}
    for place, count in pairs:
        if place in votes:
            raise UserError(_("“{label}” is there twice.", label=kind.labels(question)[place - 1]))
        votes[place] = _require_votes(count)
    return dict(sorted(votes.items()))


def parse_doubled(
    text: str, votes: Mapping[int, int], kind: DecisionKind, question: PollQuestion
) -> Ballot | None:
    """Return the option that one voter's line names twice, by number and words: `3, on sunday`.

    None if it is no such line: `votes` is what `parse_split` returned for it. Raises `UserError`
    if number and words are two options.
    """
    ((place, number), *more) = votes.items()
    if kind.stances or more or number not in question.places or _COUNTED.search(text):
        return None
    if number == place or re.match(rf"\s*#?{question.number}\s+[^\W\d]", text):
        # Without a comma the poll's own number is no option's: `1 meeting 2`.
        return ((place, 1),)
    raise UserError(
        _(
            "Option {number} is “{label}”, and you named “{other}” too; I changed nothing.",
            number=number,
            label=question.label(number),
            other=question.label(place),
        ),
        _("Which one? Reply `{number}` or `{other}`.", number=number, other=place),
    )


def parse_papers(text: str, kind: DecisionKind, question: PollQuestion) -> dict[Ballot, int] | None:
    """Return an assembly's paper ballots, how many of each on a line: `5: 3 1 2`.

    Returns None for other text. Raises `UserError` for a ballot that the question cannot take.
    """
    found: list[Part] = []
    for line in re.split(r"[;\n]", _BEFORE.sub("", text).strip()):
        papers = _PAPERS.fullmatch(line.strip())
        ballot = kind.read(papers[2], question) if papers is not None else None
        if papers is None or not ballot:
            return None
        found.append((ballot, _require_votes(int(papers[1]))))
    return ballots.sum_ballots(found)


def _require_votes(count: int) -> int:
    if not 0 <= count <= MOST_VOTES:
        raise UserError(_("{count} is no number of votes.", count=count))
    return count


def split_parts(votes: Mapping[int, int], weight: int) -> tuple[Part, ...]:
    """Return a delegate's split vote as one ballot for each place. Votes left over are not cast.

    Raises `UserError` for more votes than `weight`.
    """
    given = sum(votes.values())
    if given > weight:
        raise UserError(
            n_(
                "Those are {given} votes, and you have {count}.",
                "Those are {given} votes, and you have {count}.",
                weight,
                given=given,
            )
        )
    return tuple((((place, 1),), count) for place, count in sorted(votes.items()) if count)


def _pairs(
    found: Sequence[VoteToken], kind: DecisionKind, question: PollQuestion
) -> list[tuple[int, int]]:
    """Return pairs (place, votes), or none if the line does not consist of such pairs."""
    named = [token for token in found if token.what != "sign" and token.value != ""]
    firsts, seconds = named[::2], named[1::2]
    both = list(zip(firsts, seconds, strict=False))
    if len(firsts) != len(seconds):
        return []
    if all(_is_name(a) and b.what == "number" for a, b in both):
        return [(_place(a), int(b.value)) for a, b in both]
    if all(a.what == "number" and _is_name(b) for a, b in both):
        return [(_place(b), int(a.value)) for a, b in both]
    signs = sum(token.what == "sign" and token.value in (":", "=") for token in found)
    if signs == len(both) and all(a.what == b.what == "number" for a, b in both):
        many = len(kind.labels(question))
        return [(require_place(int(a.value), many), int(b.value)) for a, b in both]
    return []


def _is_name(token: VoteToken) -> bool:
    return token.what in ("option", "word")


def _place(token: VoteToken) -> int:
    return int(str(token.value).removeprefix(_PLACE))
