"""Polls: one question, up to twenty options; people vote by tapping or by writing."""

from __future__ import annotations

from bot.api import (
    ADVICE_LINES,
    BEING_DECIDED,
    CANCEL,
    EXPORT_PERSON,
    PENDING_OF_KIND,
    Answer,
    Context,
    DecisionResult,
    Item,
    Line,
    RoomId,
    UserError,
    UserId,
    _,
    is_in_any,
    items,
)
from commands.ballot_secrecy import ballot_texts
from commands.ballot_secrecy import personal_data as secret_data
from commands.poll_book import (
    assembly_store,
    personal_data,
    poll_store,
    requested_proposals,
    texts,
)
from commands.polls import (
    assembly_votes,
    changes,
    close_command,
    date_pick,
    joint_votes,
    late_votes,
    missed_votes,
    nudges,
    poll_end,
    proposal_services,
    question_change,
    result_texts,
    tapped_votes,
    vote_handlers,
)
from commands.polls.declaration import feature
from commands.polls.opening import opening_commands, opening_post

__all__ = [
    "assembly_votes",
    "changes",
    "close_command",
    "date_pick",
    "feature",
    "joint_votes",
    "late_votes",
    "missed_votes",
    "nudges",
    "opening_commands",
    "opening_post",
    "poll_end",
    "proposal_services",
    "question_change",
    "tapped_votes",
    "vote_handlers",
]

# --- for other capabilities ----------------------------------------------------------------------


@feature.offers(PENDING_OF_KIND.of("poll"))
async def list_open_polls(ctx: Context, room: RoomId) -> list[Line]:
    """List the open polls of a room and when each of them closes."""
    found = await poll_store.open_polls_in(ctx.db, room)
    proposals = await poll_store.find_proposals(ctx.db, [one[0] for one in found])
    lines: list[Line] = []
    for one in found:
        lines.append(texts.pending_line(*one, proposal=one[0] in proposals))
        waiting = await assembly_store.waiting_assemblies(ctx.db, one[0])
        lines += [result_texts.waiting_line(one[0], count) for count in waiting]
    return lines


@feature.offers(BEING_DECIDED)
async def polls_being_decided(ctx: Context, room: RoomId) -> list[Item]:
    """Return the open polls that stand in a room."""
    return await items.open_in(ctx.db, room, "poll")


@feature.offers(CANCEL.of("poll"))
async def cancel_poll(ctx: Context, item: Item) -> Answer:
    """Ask for confirmation, then stop a poll without a result; say so if it has ended already.
    Return what to say, if anything.

    Raises `UserError` if the person may not close the poll or has left its room while others may
    have voted, or if the members decided that it stays open.
    """
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.ended:
        return texts.already_over_line(poll)
    # A person who left the room cannot take back the votes of others. In a secret poll this is
    # refused even without votes, so that the answer does not tell whether there are any.
    others = poll.turnout > 0 or poll.rule.secret
    if others and not await is_in_any(ctx, item, ctx.who):
        raise UserError(
            _(
                "You left the room of {number}, and others may have voted: so it goes on without"
                " you.",
                number=item.number,
            ),
            _("Come in again to cancel it, or ask a moderator there to do it."),
        )
    if not await poll_end.may_close(ctx, item):
        raise UserError(poll_end.close_refusal(item.number))
    if await requested_proposals.belongs_to_members(ctx.db, item.number):
        raise UserError(requested_proposals.members_only_notice(item.number))
    ctx.confirm(
        texts.without_result(poll),
        ballot_texts.cancel_warning()
        if poll.rule.secret
        else _("Votes so far: {count}. This cannot be undone.", count=poll.turnout),
        final=True,
    )
    told = texts.was_cancelled(poll)
    effects = await poll_end.cancel_without_result(ctx, item, told)
    await requested_proposals.report_result(ctx, item.number, DecisionResult.CANCELLED)
    return effects if item.room == ctx.room else [told, *effects]


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with a person's counted votes, the secret polls in which they may vote, the
    assemblies that they counted, the organisations that they speak for, and the polls in which they
    have a vote."""
    return [
        *await personal_data.vote_lines(ctx, person),
        *await secret_data.ballot_lines(ctx, person),
        *await personal_data.role_lines(ctx, person),
    ]


# --- the order of the help -----------------------------------------------------------------------

COMMAND_ORDER = {
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
        )
    )
}
"""Commands in the order of their importance. Commands that are not listed come last."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.get(command.name.en, len(COMMAND_ORDER)))


@feature.offers(ADVICE_LINES.of("secret vote"))
async def secret_vote_lines(_ctx: Context) -> list[Line]:
    """Return how to ask something so that the room does not see who votes for what."""
    return [
        _("In a secret poll the room does not see who votes for what:"),
        _("For example: `!poll Where? North, South secret until tomorrow 18:00`"),
    ]
