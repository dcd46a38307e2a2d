"""Votes that several networks take, each in its own rooms: one is given out, and its totals."""

from __future__ import annotations

from datetime import datetime

from bot.api import Context, Number, Tally, Then, UserError, _
from commands.polls import asked, outcome, store
from commands.polls.ballots import Verdict
from commands.polls.base import feature
from commands.polls.kinds.stances import Stance

COUNTED = {
    Stance.FOR: "for",
    Stance.AGAINST: "against",
    Stance.BLOCK: "against",
    Stance.ABSTAIN: "abstain",
    Stance.ASIDE: "abstain",
}
"""How what can be voted here is told to others, whose rule may be another one."""


@feature.service("together:poll")
async def together(ctx: Context, number: Number, then: Then) -> tuple[str, datetime]:
    """An open proposal with an end; a secret one stays at home, as its totals may tell too much."""
    poll = await store.get(ctx.db, number)
    if poll.ended or poll.cancelled:
        raise UserError(_("Proposal {number} has ended.", number=number))
    if poll.kind.stances is None or poll.rule.secret or poll.closes is None:
        raise UserError(
            _("Other networks can take part in an open proposal with a date: for or against."),
            _("For example: `!proposal “Letter for the water” until Friday 18h`"),
        )
    if await asked.waits(ctx.db, number):
        raise UserError(_("Proposal {number} is decided for something else.", number=number))
    await asked.put(ctx.db, number, then, members=False)
    return poll.title, poll.closes


@feature.service("tally:poll")
async def tally(ctx: Context, number: Number) -> Tally | None:
    """Totals alone, assemblies with them."""
    poll = await store.get(ctx.db, number)
    if not poll.ended or poll.cancelled:
        return None
    found = await outcome.of(ctx.db, poll)
    counts = dict.fromkeys(COUNTED.values(), 0)
    for row in found.result.rows:
        counts[COUNTED[Stance(row.place)]] += row.votes
    stands = {Verdict.APPROVED: "for", Verdict.NOT_APPROVED: "against"}.get(found.verdict, "")
    weight = poll.weight or poll.roll
    return Tally(poll.roll, weight, found.present, counts, stands)
