"""Polls of which votes are missing, and how they go on: after a restore from backup, or because the
bot was out of their room."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    AFTER_RESTORE,
    ROOM_REENTERED,
    Context,
    DecisionResult,
    Edit,
    Effect,
    Item,
    Line,
    MessageRef,
    Moment,
    Person,
    RoomId,
    Say,
    _,
    items,
)
from commands.ballot_secrecy import ballot_end, ballot_votes
from commands.poll_book import poll_store, requested_proposals, restored_store, texts
from commands.poll_book.poll import Poll
from commands.polls import late_votes, nudges, poll_end
from commands.polls.declaration import CLOSE_JOB, CORRECT_JOB, FINAL_JOB, feature
from commands.polls.opening import opening_post, other_rooms

OPEN_AFTER_RETURN = timedelta(days=1)
"""How long a poll stays open at least after the bot came back into its room."""


@feature.offers(AFTER_RESTORE)
async def resume_polls(ctx: Context, made: datetime) -> list[Effect]:
    """After a restored backup, continue the open polls, and end without a result those whose time
    is over. Return what to send.

    Open secret ballots end too. `made` is when the backup was made; later votes are lost.
    """
    effects: list[Effect] = []
    for number in await restored_store.unfinished_polls(ctx.db):
        item = await items.get(ctx.db, number)
        if item is not None:
            poll = await poll_store.get_poll(ctx.db, item.number)
            effects += await _resume_poll(ctx, item, poll, made)
    return effects


@feature.offers(ROOM_REENTERED)
async def resume_polls_of_room(ctx: Context, room: RoomId, since: datetime) -> list[Effect]:
    """After the bot was out of a room, continue the open polls that are shown there, those whose
    time is over too, and say which ended meanwhile. Return what to send.

    Those of the room itself stay open for a day at least: so whoever takes the bot out chooses no
    last vote. What other networks vote on too has its end.
    """
    effects: list[Effect] = []
    for number in await restored_store.open_polls_in(ctx.db, room):
        item, poll = await items.get(ctx.db, number), await poll_store.get_poll(ctx.db, number)
        if item is not None and not await late_votes.is_sealed_for_others(ctx, number):
            effects += await _go_on_in_room(ctx, item, poll, room, since)
    for number in await restored_store.polls_ended_since(ctx.db, room, since):
        poll = await poll_store.get_poll(ctx.db, number)
        line = _(
            "Poll {number}, “{question}”, ended meanwhile: `!results {number}`",
            number=number,
            question=texts.short_question(poll.title),
        )
        effects.append(Say((line,), room=room, item=number))
    return effects


async def _go_on_in_room(
    ctx: Context, item: Item, poll: Poll, room: RoomId, since: datetime
) -> list[Effect]:
    if poll.rule.secret and poll.over(ctx.now):
        return []  # its own job ends it
    goes_on = _goes_on_line(item, since)
    at = ctx.now + OPEN_AFTER_RETURN
    if poll.closes is None or poll.closes >= at or room != item.room:
        return [Say((goes_on,), room=room, item=item.number)]
    await _move_end(ctx, item, poll, at)
    moved = await poll_store.get_poll(ctx.db, item.number)
    return [
        Edit(item.ref(room, "opening"), await opening_post.opening_lines(ctx, moved), room=room),
        Say((goes_on, texts.end_line(moved)), room=room, loud=True, item=item.number),
    ]


async def _move_end(ctx: Context, item: Item, poll: Poll, at: datetime) -> None:
    """Move the end of an open poll to `at` (UTC)."""
    if poll.rule.secret:
        await ballot_votes.extend_ballot(ctx.db, item.number, at, ctx.now)
    await poll_store.move_end(ctx.db, item.number, at)
    await ctx.cancel_jobs(item.number, CLOSE_JOB)
    await ctx.schedule(CLOSE_JOB, at, item=item.number, room=item.room)
    await nudges.plan_nudge(ctx, item, at)


async def _resume_poll(ctx: Context, item: Item, poll: Poll, made: datetime) -> list[Effect]:
    if poll.ended is not None:
        return await _keep_last_result(ctx, item)
    if poll.rule.secret:
        return await _end_secret_ballot(ctx, item, made)
    if poll.over(ctx.said_at):
        return await _end_incomplete_poll(ctx, item, poll, made)
    lines = [_goes_on_line(item, made)]
    if not await requested_proposals.joint_vote_notice(ctx.db, item.number):  # others know that
        lines.append(
            _("If I said its result already, that holds: `!cancel {number}`", number=item.number)
        )
    return [Say(tuple(lines), room=room) for room in item.rooms]


def _goes_on_line(item: Item, known_until: datetime) -> Line:
    return _(
        "Poll {number}, “{question}”, goes on. Who voted after {moment}, please vote again in"
        " writing: `!vote {number} …`",
        number=item.number,
        question=texts.short_question(item.title),
        moment=Moment(known_until),
    )


async def _keep_last_result(ctx: Context, item: Item) -> list[Effect]:
    """Make the last announced result final, since it cannot be corrected any more."""
    await poll_store.make_final(ctx.db, item.number)
    for kind in (CORRECT_JOB, FINAL_JOB):
        await ctx.cancel_jobs(item.number, kind)
    line = _(
        "Poll {number}, “{question}”, had closed. The result that I said last holds.",
        number=item.number,
        question=texts.short_question(item.title),
    )
    return [Say((line,), room=room) for room in item.rooms]


async def _end_secret_ballot(ctx: Context, item: Item, made: datetime) -> list[Effect]:
    """End a secret ballot, since receipts would prove that votes are missing (decision 0008)."""
    await poll_end.stop_poll(ctx, item.number, ctx.said_at, cancelled=True)
    await requested_proposals.report_result(ctx, item.number, DecisionResult.CANCELLED)
    await ctx.cancel_jobs(item.number)
    told = _(
        "Secret ballot {number}, “{question}”, ends without a result: its votes after {moment} are"
        " lost. Please open it again.",
        number=item.number,
        question=texts.short_question(item.title),
        moment=Moment(made),
    )
    redacted = await ballot_end.shred_ballot(ctx, item.number)
    edit = Edit(MessageRef(item.number, "opening"), (told, _EARLIER_RESULT), room=item.room)
    return [*redacted, edit, Say((told, _EARLIER_RESULT), room=item.room)]


_EARLIER_RESULT = _("If I said a result after that, it holds.")


async def _end_incomplete_poll(
    ctx: Context, item: Item, poll: Poll, made: datetime
) -> list[Effect]:
    """End a poll without a result: its deadline passed, but not all votes are known."""
    await poll_end.stop_poll(ctx, item.number, poll.closes or ctx.said_at, cancelled=True)
    await ctx.cancel_jobs(item.number)
    carried_out = await requested_proposals.is_awaited(ctx.db, item.number)
    await requested_proposals.report_result(ctx, item.number, DecisionResult.CANCELLED)
    if not carried_out:
        await restored_store.note_missing_votes(ctx.db, item.number, made)
    told = _(
        "Poll {number}, “{question}”, ends without a result: I don't know the votes after"
        " {moment}.",
        number=item.number,
        question=texts.short_question(item.title),
        moment=Moment(made),
    )
    again = _("To go on with it: `!extend {number} until tomorrow 18:00`", number=item.number)
    lines = (told, _EARLIER_RESULT) if carried_out else (told, _EARLIER_RESULT, again)
    return [effect for room in item.rooms for effect in _messages_without_result(item, room, lines)]


def _messages_without_result(item: Item, room: RoomId, lines: tuple[Line, ...]) -> list[Effect]:
    return [
        opening_post.remove_native_poll(item, room),
        Edit(item.ref(room, "opening"), lines, room=room),
        Say(lines, room=room),
    ]


async def reopen_poll(ctx: Context, item: Item, made: datetime) -> list[Effect]:
    """Reopen a poll that ended because of a restore, with the votes that are known and a new native
    poll. Return what to send."""
    await items.reopen(ctx.db, item.number)
    await restored_store.reopen_poll(ctx.db, item.number)
    poll = await poll_store.get_poll(ctx.db, item.number)
    await other_rooms.repeat(ctx, item, "open")
    first = _(
        "{who} goes on with poll {number}. Who voted after {moment}, please vote again.",
        who=Person(ctx.who),
        number=item.number,
        moment=Moment(made),
    )
    return await opening_post.opening_messages(ctx, poll, item.room, None, first)
