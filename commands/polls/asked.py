"""Proposals that another capability asked for: it hears once how they ended, and carries it out."""

from __future__ import annotations

from bot.api import Context, Decided, Line, Number, Then, _
from commands.polls.ballots import Verdict
from commands.polls.store import Poll
from storage.database import Tx

_MEANT = {Verdict.APPROVED: Decided.PASSED, Verdict.NOT_APPROVED: Decided.FAILED}


def meant(verdict: Verdict) -> Decided:
    """What a verdict says of what was asked: without votes enough nothing was decided."""
    return _MEANT.get(verdict, Decided.OPEN)


async def put(
    ctx: Context, poll: Number, then: Then, *, members: bool = False, fixed: bool = False
) -> None:
    await ctx.db.run(
        "INSERT INTO polls_asked (poll, feature, job, item, members, fixed, trusted)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        poll,
        then.feature,
        then.job,
        then.item,
        members,
        fixed,
        ctx.trusted,
    )


async def drop(tx: Tx, poll: Number) -> None:
    """Nobody hears of it any more."""
    await tx.run("DELETE FROM polls_asked WHERE poll = ?", poll)


async def waits(tx: Tx, poll: Number) -> bool:
    """Is something carried out when this poll ends?"""
    query = "SELECT 1 FROM polls_asked WHERE poll = ? AND result IS NULL"
    return await tx.one(query, poll) is not None


async def tell(ctx: Context, poll: Number, result: Decided) -> None:
    """It has ended: whoever asked hears it, in this transaction, the first time only."""
    row = await ctx.db.one("SELECT * FROM polls_asked WHERE poll = ? AND result IS NULL", poll)
    if row is not None:
        await ctx.db.run("UPDATE polls_asked SET result = ? WHERE poll = ?", result, poll)
        then = Then(row["feature"], row["job"], Number(row["item"]))
        trusted = bool(row["trusted"])
        await ctx.call_back(then, trusted=trusted, poll=poll, result=result.value)


async def members_own(tx: Tx, poll: Number) -> bool:
    """Is it for the members alone, without a moderator's hand in it?"""
    query = "SELECT 1 FROM polls_asked WHERE poll = ? AND members"
    return await tx.one(query, poll) is not None


async def refused(tx: Tx, poll: Number) -> Line | None:
    """Why its end and its options stay as they are; None if they may be changed."""
    row = await tx.one("SELECT members, fixed FROM polls_asked WHERE poll = ?", poll)
    if row is not None and row["members"]:
        return untouched(poll)
    if row is not None and row["fixed"]:
        return _("You can't change {number}: other networks vote on it too, with the same options"
                 " and until the same day.", number=poll)  # fmt: skip
    return None


async def with_others(tx: Tx, poll: Number) -> list[Line]:
    """What stands above a result that is only a part of what several networks decide."""
    row = await tx.one("SELECT fixed FROM polls_asked WHERE poll = ?", poll)
    if row is None or not row["fixed"]:
        return []
    return [_("This is how our network voted; what holds is the joint decision of all.")]


def untouched(number: Number) -> Line:
    """What a moderator hears who would lay a hand on it."""
    return _("You can't do that: proposal {number} is the members' own. It ends on its day, by what"
             " they vote.", number=number)  # fmt: skip


async def too_soon(tx: Tx, poll: Poll) -> bool:
    """It is carried out by itself, so nobody ends it while others can still vote."""
    return poll.turnout < poll.roll and await waits(tx, poll.number)


async def done_otherwise(tx: Tx, poll: Number, verdict: Verdict) -> list[Line]:
    """A result was corrected after it had been carried out: what is done stays done."""
    row = await tx.one("SELECT result FROM polls_asked WHERE poll = ?", poll)
    if row is None or row["result"] in (None, meant(verdict)):
        return []
    return [_("What the first result said is done already; the moderators see what to do now.")]
