"""Proposals that another capability requested. It is told once how they ended."""

from __future__ import annotations

from bot.api import Callback, Context, DecisionResult, Line, Number, _
from commands.decision_rules.ballots import PollVerdict
from commands.poll_book.poll import Poll
from storage.database import Tx

_DECISIONS = {
    PollVerdict.APPROVED: DecisionResult.PASSED,
    PollVerdict.NOT_APPROVED: DecisionResult.FAILED,
}


def decision_of(verdict: PollVerdict) -> DecisionResult:
    """Return what a verdict decides: yes, no, or nothing where too few voted."""
    return _DECISIONS.get(verdict, DecisionResult.OPEN)


async def add_request(
    ctx: Context, poll: Number, then: Callback, *, members: bool = False, fixed: bool = False
) -> None:
    """Store which capability requested a proposal and which job carries out its result.

    `members`: it belongs to the members, and no moderator may end it. `fixed`: its end and options
    may not be changed.
    """
    await ctx.db.run(
        "INSERT INTO poll_book_asked (poll, feature, job, item, members, fixed, trusted)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        poll,
        then.feature,
        then.job,
        then.item,
        members,
        fixed,
        ctx.is_trusted,
    )


async def drop_request(tx: Tx, poll: Number) -> None:
    """Delete which capability requested a proposal, so that it is not told how the poll ends."""
    await tx.run("DELETE FROM poll_book_asked WHERE poll = ?", poll)


async def is_awaited(tx: Tx, poll: Number) -> bool:
    """Return whether a job carries out the result when this poll ends."""
    query = "SELECT 1 FROM poll_book_asked WHERE poll = ? AND result IS NULL"
    return await tx.exists(query, poll)


async def open_poll_about(tx: Tx, feature: str, item: Number) -> Number | None:
    """Return the open poll of which this capability carries out the result for an item, or None."""
    row = await tx.one(
        "SELECT poll FROM poll_book_asked WHERE feature = ? AND item = ? AND result IS NULL",
        feature,
        item,
    )
    return Number(row["poll"]) if row is not None else None


async def passed_poll_about(tx: Tx, feature: str, item: Number) -> Number | None:
    """Return the last approved poll about an item whose result this capability carried out, or
    None."""
    row = await tx.one(
        "SELECT max(poll) AS poll FROM poll_book_asked"
        " WHERE feature = ? AND item = ? AND result = ?",
        feature,
        item,
        DecisionResult.PASSED,
    )
    return Number(row["poll"]) if row is not None and row["poll"] is not None else None


async def report_result(ctx: Context, poll: Number, result: DecisionResult) -> None:
    """Report a poll's result to the capability that requested it, in this transaction.

    Does nothing if the result was reported before or nobody requested the poll.
    """
    row = await ctx.db.one("SELECT * FROM poll_book_asked WHERE poll = ? AND result IS NULL", poll)
    if row is not None:
        await ctx.db.run("UPDATE poll_book_asked SET result = ? WHERE poll = ?", result, poll)
        then = Callback(row["feature"], row["job"], Number(row["item"]))
        trusted = bool(row["trusted"])
        await ctx.schedule_callback(then, trusted=trusted, poll=poll, result=result.value)


async def belongs_to_members(tx: Tx, poll: Number) -> bool:
    """Return whether the poll belongs to the members, so that no moderator may end it."""
    query = "SELECT 1 FROM poll_book_asked WHERE poll = ? AND members"
    return await tx.exists(query, poll)


async def change_refusal(tx: Tx, poll: Number) -> Line | None:
    """Return why the end and the options of this poll may not be changed, or None if they may."""
    row = await tx.one("SELECT members, fixed FROM poll_book_asked WHERE poll = ?", poll)
    if row is not None and row["members"]:
        return members_only_notice(poll)
    if row is not None and row["fixed"]:
        return _(
            "You can't change {number}: other networks vote on it too, with the same options"
            " and until the same day.",
            number=poll,
        )
    return None


async def joint_vote_notice(tx: Tx, poll: Number) -> list[Line]:
    """Return the lines above a poll's result that is one part of a joint decision of networks."""
    row = await tx.one("SELECT fixed FROM poll_book_asked WHERE poll = ?", poll)
    if row is None or not row["fixed"]:
        return []
    return [_("This is how our network voted; what holds is the joint decision of all.")]


def members_only_notice(number: Number) -> Line:
    """Return the refusal to a moderator to end or change a proposal of the members."""
    return _(
        "You can't do that: proposal {number} is the members' own. It ends on its day, by what"
        " they vote.",
        number=number,
    )


async def is_too_early(tx: Tx, poll: Poll) -> bool:
    """Return whether it is too early to close the poll by hand.

    A poll whose result is carried out by itself stays open while others can still vote.
    """
    return poll.turnout < poll.roll and await is_awaited(tx, poll.number)


async def correction_notice(tx: Tx, poll: Number, verdict: PollVerdict) -> list[Line]:
    """Return a warning if a poll's corrected result differs from the one already carried out, or
    if it is part of a joint decision, which keeps the counts of the first result, as sealed."""
    row = await tx.one("SELECT result, fixed FROM poll_book_asked WHERE poll = ?", poll)
    if row is not None and row["fixed"] and row["result"] is not None:
        return [
            _(
                "The other networks got our counts as the first result has them: there they stay as"
                " they are."
            )
        ]
    if row is None or row["result"] in (None, decision_of(verdict)):
        return []
    return [_("What the first result said is done already; the moderators see what to do now.")]
