"""Polls: one question, up to twenty options; people vote by tapping or by writing."""

from __future__ import annotations

from bot.api import (
    CANCEL,
    EXPORT_PERSON,
    FORGET,
    PENDING,
    Answer,
    Context,
    DecisionResult,
    Item,
    Line,
    RoomId,
    UserError,
    UserId,
    _,
    n_,
)
from commands.polls import (
    date_pick,
    declared_rows,
    for_meetings,
    joint_votes,
    nudges,
    poll_end,
    poll_lookup,
    poll_store,
    proposal_services,
    requested_proposals,
    restored_polls,
    texts,
    voters,
)
from commands.polls.declaration import feature
from commands.polls.records import decisions, newcomer_summary, poll_minutes, result_export
from commands.polls.secret import ballot_end_store, ballot_texts, ballot_votes
from commands.polls.secret.files import verify_tool
from commands.polls.setup import changes, opening_commands, opening_post, question_change
from commands.polls.votes import (
    assembly_store,
    assembly_votes,
    late_votes,
    vote_handlers,
    vote_store,
)

__all__ = [
    "assembly_votes",
    "changes",
    "date_pick",
    "decisions",
    "declared_rows",
    "feature",
    "for_meetings",
    "joint_votes",
    "late_votes",
    "newcomer_summary",
    "nudges",
    "opening_commands",
    "opening_post",
    "poll_end",
    "poll_minutes",
    "proposal_services",
    "question_change",
    "restored_polls",
    "result_export",
    "verify_tool",
    "vote_handlers",
    "voters",
]

# --- for other capabilities ----------------------------------------------------------------------


@feature.offers(PENDING)
async def list_open_polls(ctx: Context, room: RoomId) -> list[Line]:
    """List the open polls of a room and when each of them closes."""
    found = await poll_store.open_polls_in(ctx.db, room)
    proposals = await poll_store.find_proposals(ctx.db, [one[0] for one in found])
    return [texts.pending_line(*one, proposal=one[0] in proposals) for one in found]


@feature.offers(CANCEL.of("poll"))
async def cancel_poll(ctx: Context, item: Item) -> Answer:
    """Ask for confirmation, then stop a poll without a result.

    Raises `UserError` if the person may not close the poll or if it belongs to the members.
    """
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.ended:
        return texts.already_over_line(poll)
    # A person who left the room cannot take back the votes of others. In a secret poll this is
    # refused even without votes, so that the answer does not tell whether there are any.
    others = poll.turnout > 0 or poll.rule.secret
    if others and not await poll_lookup.is_in_poll_room(ctx, item, ctx.who):
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


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Remove a person from polls. Votes in open polls go; the totals of ended polls stay.

    Returns lines that say what was removed.
    """
    count = await vote_store.forget_person(ctx.db, person) + await ballot_end_store.forget_person(
        ctx.db, person, ctx.said_at
    )
    await assembly_store.forget_person(ctx.db, person)
    said = [
        n_(
            "{count} vote (of what has ended the total stays, without your name)",
            "{count} votes (of what has ended the totals stay, without your name)",
            count,
        )
    ]
    return [*(said if count else []), *await voters.voter_services.forget_person(ctx, person)]


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """List a person's counted votes, their secret polls and whom they may vote for."""
    found: list[Line] = []
    for number, parts in await vote_store.votes_of_person(ctx.db, person):
        poll = await poll_store.get_poll(ctx.db, number)
        chosen = tuple(
            line for ballot, _weight in parts for line in poll.kind.chosen(ballot, poll.question)
        )
        question = texts.short_question(poll.title)
        found.append(
            _(
                "Poll {number}, “{question}”: {chosen}",
                number=number,
                question=question,
                chosen=chosen,
            )
        )
    for number in await ballot_votes.ballots_of_person(ctx.db, person):
        poll = await poll_store.get_poll(ctx.db, number)
        found.append(
            _(
                "Poll {number}, “{question}”: you may vote in secret. Your vote, if there is"
                " one, is "
                "only in private and not in this file: `vote {number}`",
                number=number,
                question=texts.short_question(poll.title),
            )
        )
    assemblies = await assembly_store.polls_of_person(ctx.db, person)
    found += [
        _("Poll {number}: you wrote down or confirmed the count of an assembly.", number=number)
        for number in assemblies
    ]
    return [*found, *await voters.voter_services.export_person(ctx, person)]


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
            "decisions",
            "minutes",
            "export",
        )
    )
}
"""Commands in the order of their importance. Commands that are not listed come last."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.get(command.name.en, len(COMMAND_ORDER)))
