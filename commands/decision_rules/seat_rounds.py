"""The rounds of a count: as the signed file holds them, and in words."""

from __future__ import annotations

from collections.abc import Iterator

from bot.api import Line, _
from commands.decision_rules.ballots import (
    PollQuestion,
    SeatCount,
    SeatReason,
    SeatRound,
    SeatWon,
)
from commands.decision_rules.seat_count import UNIT


def format_rounds(count: SeatCount) -> tuple[str, ...]:
    """Return each round of an election's count as text: the act, whose place, and each candidate's
    votes after it.

    Behind them the votes that are lost, and the places elected in it: `out 3 1:12.00000 2:8.50000
    lost:0.00000 seats:1`; `lot` follows where the lot decided.
    """
    return tuple(_written(at, one, count) for at, one in enumerate(count.rounds, start=1))


def _written(at: int, one: SeatRound, count: SeatCount) -> str:
    standing = (f"{place}:{exact_votes(units)}" for place, units in one.units)
    parts = [one.act, str(one.place), *standing, f"lost:{exact_votes(one.lost)}"]
    seated = [str(won.place) for won in count.won if won.round == at]
    parts += [f"seats:{','.join(seated)}"] if seated else []
    return " ".join([*parts, *(["lot"] if one.lot else [])])


def exact_votes(units: int) -> str:
    """Return a number of votes as text with its five decimals."""
    return f"{units // UNIT}.{units % UNIT:05}"


def short_votes(units: int) -> str:
    """Return a number of votes as people read it: whole, or with two decimals, never rounded up."""
    return exact_votes(units)[:-3] if units % UNIT else str(units // UNIT)


def reason_lines(count: SeatCount, question: PollQuestion) -> Iterator[Line]:
    """Return lines that say of each elected candidate why, and where a lot or a quota decided."""
    for won in count.won:
        yield _reason(won, count, question)
    for at, one in enumerate(count.rounds, start=1):
        label = question.label(one.place) if one.place else ""
        if one.act in ("barred", "passed"):
            yield _("Round {round}: with {label} a quota could not be met.", round=at, label=label)
        if one.lot:
            yield _(
                "Round {round}: equal votes, so the lot decided about {label}.",
                round=at,
                label=label,
            )
    if question.withdrawn:
        labels = tuple(question.label(place) for place in sorted(question.withdrawn))
        yield _("Stepped down while the vote was open: {labels}.", labels=labels)
    empty = question.seats - len(count.won)
    if empty > 0:
        yield _("Seats that stay empty: {count}.", count=empty)


def _reason(won: SeatWon, count: SeatCount, question: PollQuestion) -> Line:
    named: dict[str, object] = {
        "label": question.label(won.place),
        "votes": short_votes(won.units),
        "round": won.round,
    }
    match won.why:
        case SeatReason.QUOTA:
            line = _(
                "{label}: seat in round {round}, votes: {votes} (enough: {needed}).",
                **named,
                needed=short_votes(count.needed),
            )
        case SeatReason.LEFT:
            line = _(
                "{label}: seat in round {round}, votes: {votes}; no more were left than seats.",
                **named,
            )
        case _votes:
            line = _("{label}: seat, votes: {votes}.", **named)
    if won.kept:
        return _("{line} A quota kept the seat for the group.", line=line)
    return line
