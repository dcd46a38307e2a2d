"""Polls: one question, up to twenty options; people vote by tapping or by writing."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Decided,
    Item,
    Line,
    RoomId,
    UserError,
    UserId,
    _,
    n_,
)
from commands.polls import (
    asked,
    assembly,
    assembly_store,
    changing,
    ending,
    exporting,
    late,
    lending,
    minutes,
    nudging,
    opening,
    picking,
    posting,
    proposing,
    record,
    restoring,
    rewording,
    say,
    store,
    summing,
    together,
    voters,
    votes,
    voting,
    which,
)
from commands.polls.base import feature
from commands.polls.secret import closing, tool
from commands.polls.secret import say as secret_say
from commands.polls.secret import votes as secret

__all__ = [
    "assembly",
    "changing",
    "ending",
    "exporting",
    "feature",
    "late",
    "lending",
    "minutes",
    "nudging",
    "opening",
    "picking",
    "posting",
    "proposing",
    "record",
    "restoring",
    "rewording",
    "summing",
    "together",
    "tool",
    "voters",
    "voting",
]

# --- for other capabilities ----------------------------------------------------------------------


@feature.service("pending")
async def pending(ctx: Context, room: RoomId) -> list[Line]:
    """List the open polls of a room and when each of them closes."""
    found = await store.open_in(ctx.db, room)
    proposals = await store.proposals(ctx.db, [one[0] for one in found])
    return [say.pending(*one, proposal=one[0] in proposals) for one in found]


@feature.service("cancel:poll")
async def cancel(ctx: Context, item: Item) -> Answer:
    """Ask for confirmation, then stop a poll without a result.

    Raises `UserError` if the person may not close the poll or if it belongs to the members.
    """
    poll = await store.get(ctx.db, item.number)
    if poll.ended:
        return say.already(poll)
    # A person who left the room cannot take back the votes of others. In a secret poll this is
    # refused even without votes, so that the answer does not tell whether there are any.
    others = poll.turnout > 0 or poll.rule.secret
    if others and not await which.joined(ctx, item, ctx.who):
        raise UserError(
            _("You left the room of {number}, and others may have voted: so it goes on without"
              " you.", number=item.number),
            _("Come in again to cancel it, or ask a moderator there to do it."),
        )  # fmt: skip
    if not await ending.may_close(ctx, item):
        raise UserError(ending.refusal(item.number))
    if await asked.members_own(ctx.db, item.number):
        raise UserError(asked.untouched(item.number))
    ctx.confirm(
        say.without_result(poll),
        secret_say.to_be_cancelled()
        if poll.rule.secret
        else _("Votes so far: {count}. This cannot be undone.", count=poll.turnout),
        final=True,
    )
    told = say.was_cancelled(poll)
    effects = await ending.cancelled(ctx, item, told)
    await asked.tell(ctx, item.number, Decided.CANCELLED)
    return effects if item.room == ctx.room else [told, *effects]


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Remove a person from polls. Votes in open polls go; the totals of ended polls stay.

    Returns lines that say what was removed.
    """
    count = await votes.forget(ctx.db, person) + await closing.forget(ctx.db, person, ctx.now)
    await assembly_store.forget(ctx.db, person)
    said = [n_(
            "{count} vote (of what has ended the total stays, without your name)",
            "{count} votes (of what has ended the totals stay, without your name)",
            count,
        )]  # fmt: skip
    return [*(said if count else []), *await voters.serving.forget(ctx, person)]


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    """List a person's counted votes, their secret polls and whom they may vote for."""
    found: list[Line] = []
    for number, parts in await votes.of_person(ctx.db, person):
        poll = await store.get(ctx.db, number)
        chosen = tuple(
            line for ballot, _weight in parts for line in poll.kind.chosen(ballot, poll.question)
        )
        question = say.short(poll.title)
        found.append(
            _("Poll {number}, “{question}”: {chosen}", number=number, question=question,
              chosen=chosen)
        )  # fmt: skip
    for number in await secret.of_person(ctx.db, person):
        poll = await store.get(ctx.db, number)
        found.append(
            _("Poll {number}, “{question}”: you may vote in secret. Your vote, if there is one, is "
              "only in private and not in this file: `vote {number}`", number=number,
              question=say.short(poll.title))
        )  # fmt: skip
    assemblies = await assembly_store.of_person(ctx.db, person)
    found += [
        _("Poll {number}: you wrote down or confirmed the count of an assembly.", number=number)
        for number in assemblies
    ]
    return [*found, *await voters.serving.export(ctx, person)]


# --- the order of the help -----------------------------------------------------------------------

ORDER = {
    name: place
    for place, name in enumerate(
        (
            "poll",
            "proposal",
            "when",
            "vote",
            "results",
            "close",
            "extend",
            "decisions",
            "minutes",
            "export",
        )
    )
}
"""Commands in the order of their importance. Commands that are not listed come last."""
feature.commands.sort(key=lambda command: ORDER.get(command.name.en, len(ORDER)))
