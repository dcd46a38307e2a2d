"""Score: points for each option, or with dots one budget to share out among them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, UserError, _, words
from commands.decision_rules import ballots
from commands.decision_rules.ballots import BLANK, Ballot, PollQuestion, PollResult, Profile
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.tokens import (
    VoteToken,
    is_withdrawal,
    require_distinct,
    require_place,
    tokenise,
)

SCORE, DOTS = "score", "dots"
METHODS = {
    SCORE: words("puntos", "pontos", "score"),
    DOTS: words("dots", "dots", "dots", "fichas, repartir, repartir puntos, distribuir pontos"),
}
_WORDS = dict.fromkeys(
    (
        "puntos",
        "punto",
        "pontos",
        "ponto",
        "points",
        "point",
        "pts",
        "pt",
        "doy",
        "dou",
        "le doy",
        "i give",
        "give",
    ),
    "",
)


class ScoreKind(DecisionKind):
    """Options to give points to."""

    key = "score"
    names = words("puntos", "pontos", "score", "puntaje, pontuação, puntuación, points, nota")

    def read(self, text: str, question: PollQuestion) -> Ballot | None:
        if is_withdrawal(text):
            return BLANK
        found = tokenise(text, question.labels, _WORDS)
        named = [t for t in found or () if t.what in ("option", "number")]
        if not named:
            return None
        pairs = _pairs(named, found or (), question)
        require_distinct([place for place, _points in pairs], question)
        _require_within_budget(dict(pairs), question)
        return ballots.make_ballot(dict(pairs))

    def tapped(self, places: Sequence[int], question: PollQuestion) -> Ballot:
        chosen = sorted(set(places))
        if not chosen:
            return BLANK
        each = question.points // len(chosen) if question.method == DOTS else question.points
        return tuple((place, each) for place in chosen)

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        named = {"number": question.number, "points": question.points}
        if question.method == DOTS:
            vote = _(
                "To vote, share out {points} points: `!vote {number} 1:{points}` gives all "
                "to option 1.",
                **named,
            )
        else:
            vote = _(
                "To vote, give each option 0 to {points} points: `!vote {number} 1:{points} 2:1`.",
                **named,
            )
        return (vote,)

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        return (_("The most points win; equal at the top is a tie."),)

    def chosen(self, ballot: Ballot, question: PollQuestion) -> tuple[Line, ...]:
        return tuple(
            Line("{label} {points}", {"label": question.label(place), "points": points})
            for place, points in ballot
        )

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        points = ballots.points_by_place(profile, question.places)
        winners = ballots.top_places(points)
        return PollResult(ballots.verdict_of_winners(winners), winners, ballots.result_rows(points))


def _pairs(
    named: Sequence[VoteToken], found: Sequence[VoteToken], question: PollQuestion
) -> list[tuple[int, int]]:
    """Parse options and points in turn: `1:3 2:5`, `Norte 3, Sur 5`, `3 a Norte, 5 a Sur`.

    Numbers alone need a sign between them, since `1 3` is ambiguous. Raises `UserError`.
    """
    firsts, seconds = named[::2], named[1::2]
    both = list(zip(firsts, seconds, strict=False))
    if len(firsts) == len(seconds):
        if all(a.what == "option" and b.what == "number" for a, b in both):
            return [(int(a.value), int(b.value)) for a, b in both]
        if all(a.what == "number" and b.what == "option" for a, b in both):
            return [(int(b.value), int(a.value)) for a, b in both]
        signs = sum(t.what == "sign" and t.value in (":", "=", ">", "-") for t in found)
        if signs == len(both) and all(b.what == "number" for _a, b in both):
            return [
                (require_place(int(a.value), len(question.labels)), int(b.value)) for a, b in both
            ]
    raise UserError(
        _(
            "How many points for which option? For example: `!vote {number} 1:3 2:1`",
            number=question.number,
        )
    )


def _require_within_budget(points: dict[int, int], question: PollQuestion) -> None:
    """Raise `UserError` for negative points or more than may be given."""
    if min(points.values()) < 0 or max(points.values()) > question.points:
        raise UserError(_("An option can have from 0 to {most} points here.", most=question.points))
    given = sum(points.values())
    if question.method == DOTS and given > question.points:
        raise UserError(
            _(
                "Those are {given} points, and there are {most} to share out.",
                given=given,
                most=question.points,
            )
        )
