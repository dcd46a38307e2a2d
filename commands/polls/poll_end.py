"""The state of a poll and its end: at the deadline, by hand or in an app."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.api import (
    ITEM_RESULTS,
    Answer,
    Context,
    DecisionResult,
    Edit,
    Effect,
    Item,
    ItemAccess,
    Job,
    Line,
    MessageRef,
    Moment,
    Number,
    Person,
    PollEnd,
    Reach,
    Say,
    UserId,
    _,
    is_author,
    items,
    words,
)
from commands.ballot_secrecy import ballot_end, ballot_texts
from commands.poll_book import poll_store, requested_proposals, room_counts, texts, voter_store
from commands.poll_book.poll import Electorate, Poll
from commands.poll_book.poll_lookup import find_named_poll, find_other
from commands.polls import (
    late_votes,
    member_polls,
    outcome,
    result_picture,
    result_texts,
)
from commands.polls.declaration import CLOSE_JOB, DECISIONS, feature
from commands.polls.opening import opening_post, other_rooms
from commands.polls.result_visibility import answer_where_visible, private_reader

MISSING_SHOWN = 20


@feature.command(
    words(
        "resultados",
        "resultados",
        "results",
        "cuánta gente votó, cuántas personas votaron, cuántas personas han votado, cuántas"
        " organizaciones votaron, cuántas organizaciones han votado, cuántas organizaciones han"
        " votado hasta ahora, cuántas personas han votado hasta ahora, cómo va, resultado, cómo"
        " van los votos, quién va ganando, qué va ganando, qué opción va"
        " ganando | quanta gente votou, quantas pessoas votaram, quantos votaram, como está,"
        " resultado, como estão os votos, quem está ganhando, quem tá"
        " ganhando, o que está ganhando, o que tá ganhando"
        " | how many voted, how many people voted, result, who is winning, who's winning, what is"
        " winning, what's winning",
    ),
    help=_("how a poll goes"),
    example=_("For example: `!results {number}`", number=12),
    topic=DECISIONS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def show_results(ctx: Context, *, text: str = "") -> Answer:
    """Show how a poll stands: its counts where they are visible, and how many voted. Return the
    answer."""
    # A poll of a member's app may be meant, which has no number.
    theirs = await member_polls.replied_member_poll(ctx, text)
    if theirs is not None:
        return await member_polls.describe_result(ctx, theirs)
    if (other := await find_other(ctx, text)) is not None:
        for show in ctx.registry.offers(ITEM_RESULTS.of(other.kind)):
            return await show(ctx, ctx.answer_privately_about(other))
    pictured = result_picture.asks_for_picture(text)
    named = result_picture.without_picture(room_counts.without_rooms(text))
    item = await find_named_poll(ctx, named)
    poll = await poll_store.get_poll(ctx.db, item.number)
    if waiting := await _waiting_lines(ctx, poll):
        return answer_where_visible(ctx, item, waiting)
    if room_counts.asks_for_rooms(text):
        return await room_counts.show_rooms(ctx, item, poll)
    lines = await _result_lines(ctx, poll)
    if pictured:
        return await _with_picture(ctx, item, poll, lines)
    return answer_where_visible(ctx, item, lines)


async def _waiting_lines(ctx: Context, poll: Poll) -> list[Line]:
    """Return lines without counts for a poll that is over, but not counted for other networks yet.
    Empty for any other."""
    at = await late_votes.sealing_ahead(ctx, poll.number) if poll.over(ctx.now) else None
    if at is None or poll.ended:
        return []
    over = _("The time to vote is over. I count on {moment}.", moment=Moment(at))
    return [texts.head_line(poll), texts.turnout_line(poll), over]


async def _with_picture(ctx: Context, item: Item, poll: Poll, lines: Sequence[Line]) -> Answer:
    """Return the result in words and then its picture, or that there is none."""
    to = private_reader(ctx, item)
    found = await outcome.current_outcome(ctx.db, poll)
    drawn = [] if poll.cancelled else await result_picture.draw_result(ctx, item, found, to=to)
    if not drawn:
        lines = [*lines, _("There are no counts to draw a picture of.")]
    said = [Say(tuple(lines), to=to, item=item.number)] if to else lines
    return [*said, *drawn]


async def _result_lines(ctx: Context, poll: Poll) -> Sequence[Line]:
    if poll.cancelled:
        return [texts.already_over_line(poll)]
    found = await outcome.current_outcome(ctx.db, poll)
    if poll.ended:
        return [
            *await requested_proposals.joint_vote_notice(ctx.db, poll.number),
            *result_texts.ending_message(found),
        ]
    if poll.rule.secret:
        return [
            texts.head_line(poll),
            *ballot_texts.progress_lines(poll),
            *result_texts.waiting_lines(found),
            texts.end_line(poll),
        ]
    shown = texts.count_lines(poll, found.result) if poll.rule.interim else []
    lines = [
        texts.head_line(poll),
        *shown,
        texts.turnout_line(poll),
        *await _missing_voters_lines(ctx, poll),
        *result_texts.waiting_lines(found),
        texts.end_line(poll),
    ]
    return lines if poll.rule.interim else [*lines, _("I show the counts at the end.")]


async def _missing_voters_lines(ctx: Context, poll: Poll) -> list[Line]:
    """Name those who have not voted yet, never how others did; people only in private."""
    left = poll.roll - poll.turnout
    if left <= 0 or not poll.turnout:
        return []
    if poll.rule.voters is not Electorate.ORGANISATIONS and not ctx.is_private:
        return []
    found = await voter_store.voters_missing(ctx.db, poll.number, MISSING_SHOWN)
    names = tuple(r["name"] or Person(UserId(r["delegate"])) for r in found)
    if left > len(found):
        return [_("Not yet: {names} and {left} more.", names=names, left=left - len(found))]
    return [_("Not yet: {names}", names=names)]


feature.stands_for(  # its end stands in it
    words(
        "cuándo cierra",
        "quando acaba",
        "when does it close",
        "cuándo termina, cuándo acaba, hasta cuándo se vota"
        " | quando fecha, quando encerra, quando termina, até quando se vota"
        " | when does it end, when ends, when closes",
    ),
    "results",
    takes=re.compile(
        r"(?:(?:la|el|a|o|the) )?(?:votaci[oó]n|vota[cç][aã]o|encuesta|enquete|propuesta|proposta"
        r"|poll|vote|proposal)?(?: ?#?\d{1,9})?[\s.?!]{0,5}",
        re.IGNORECASE,
    ),
)


@feature.runs(CLOSE_JOB)
async def close_when_due(ctx: Context, job: Job) -> Answer:
    """Close the poll at its deadline, as a job. Return what to say, if anything.

    A job of before, which was for a wall time, may come early once a zone has other rules.
    """
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None or not item.open:
        return None
    poll = await poll_store.get_poll(ctx.db, item.number)
    closes = poll.closes or job.due
    if closes > ctx.now:
        await ctx.schedule(CLOSE_JOB, closes, item=item.number, room=item.room)
        return None
    if (at := await late_votes.sealing_ahead(ctx, item.number)) is not None:
        return await late_votes.wait_for_sealing(ctx, item, at)
    if poll.rule.secret and await late_votes.is_out(ctx, item):
        return await _end_unheard_ballot(ctx, item)
    if await late_votes.is_shut_out(ctx, item, poll, closes):
        return await late_votes.wait_until_let_in(ctx, item, job)
    return await finish_poll(ctx, item, closes, ctx.said_at - job.due)


async def _end_unheard_ballot(ctx: Context, item: Item) -> Answer:
    """End a secret ballot whose room the bot is out of: no member could vote meanwhile, and who
    voted what is not kept until it is back. Return what its author reads, and the room's."""
    told = _(
        "Secret ballot {number}, “{question}”, ends without a result: I am not in its room."
        " Please open it again.",
        number=item.number,
        question=texts.short_question(item.title),
    )
    await requested_proposals.report_result(ctx, item.number, DecisionResult.CANCELLED)
    in_room = await cancel_without_result(ctx, item, told)
    return [*in_room, Say((told,), to=item.author, loud=True, item=item.number)]


@feature.on(PollEnd)
async def close_from_app(ctx: Context, _end: PollEnd, item: Item) -> Answer:
    """Close a poll whose native poll was ended in an app, by somebody who may close it. Return what
    to say, if anything."""
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.ended or not item.open or not await may_close(ctx, item):
        return None
    if closes_too_early(poll, ctx) or await requested_proposals.is_too_early(ctx.db, poll):
        return None
    await log_moderator_act(ctx, item, "closed")
    return await finish_poll(ctx, item, end_by_hand(ctx, poll))


async def may_close(ctx: Context, item: Item) -> bool:
    """Return whether the person may close the poll: its author while present, or a moderator."""
    return await ctx.may_change(item)


def closes_too_early(poll: Poll, ctx: Context) -> bool:
    """Return whether closing the poll now could show how somebody voted.

    A secret vote is closed by hand only after its last voter has voted.
    """
    return poll.rule.secret and poll.turnout < poll.roll and not poll.over(ctx.said_at)


feature.log_line("closed", _("closed poll {number}"))
feature.log_line("extended", _("gave poll {number} more time"))
feature.log_line("picked", _("picked the date of poll {number}"))


async def log_moderator_act(ctx: Context, item: Item, act: str) -> None:
    """Log the act of a moderator on somebody else's poll. Acts of its author are not logged."""
    if not is_author(ctx, item):
        await ctx.log(act, {"number": item.number}, room=item.room)


def close_refusal(number: Number) -> Line:
    """Return the refusal to a person who may not close this poll."""
    return _(
        "You can't close poll {number}: that is for its author or the moderators.", number=number
    )


def end_by_hand(ctx: Context, poll: Poll) -> datetime:
    """Return the end (UTC) of a poll that somebody closes: when it is read, however it was said,
    and never after the deadline.

    Nobody knows of it before, and whoever may close a poll must not choose whose vote came too late
    (`docs/decisions/0074`).
    """
    return min(ctx.now, poll.closes) if poll.closes else ctx.now


async def finish_poll(
    ctx: Context, item: Item, at: datetime, delay: timedelta = timedelta(0)
) -> list[Line | Effect]:
    """Close a poll, tell the room and take the native poll away. Return what to say.

    `delay` is how late the end is announced.
    """
    await stop_poll(ctx, item.number, at)
    hidden = (await poll_store.get_poll(ctx.db, item.number)).rule.secret
    if hidden:
        await ballot_end.end_ballot(ctx, item, at)
    else:
        await late_votes.schedule_final(ctx, item)
    found = await outcome.store_outcome(ctx.db, await poll_store.get_poll(ctx.db, item.number))
    await requested_proposals.report_result(
        ctx, item.number, requested_proposals.decision_of(found.verdict)
    )
    files = await ballot_end.result_files(ctx, item) if hidden else []
    above = await requested_proposals.joint_vote_notice(ctx.db, item.number)
    await other_rooms.repeat(ctx, item, "end", delay=int(delay.total_seconds()))
    *shown, result = other_rooms.ending_messages(item, found, item.room, delay)
    assert isinstance(result, Say)
    return [
        *shown,
        replace(result, lines=(*above, *result.lines)),
        *files,
        *await result_picture.result_pictures(ctx, item, found),
    ]


async def cancel_without_result(ctx: Context, item: Item, told: Line) -> list[Effect]:
    """End a poll without a result, and say why in its room. Return what to send."""
    await stop_poll(ctx, item.number, ctx.said_at, cancelled=True)
    poll = await poll_store.get_poll(ctx.db, item.number)
    hidden = poll.rule.secret
    lines = (told, ballot_texts.cancelled_line()) if hidden else (told,)
    first: list[Effect] = (
        await ballot_end.shred_ballot(ctx, item.number)
        if hidden
        else [opening_post.remove_native_poll(item, item.room)]
        if poll.has_native_poll
        else []
    )
    await other_rooms.repeat(ctx, item, "cancelled")
    return [
        *first,
        Edit(MessageRef(item.number, "opening"), lines, room=item.room),
        Say(lines, room=item.room, loud=True, item=item.number),
    ]


async def stop_poll(ctx: Context, number: Number, at: datetime, *, cancelled: bool = False) -> None:
    """Store that a poll has ended. Votes sent at or after `at` (UTC) do not count."""
    await items.close(ctx.db, number)
    await ctx.cancel_jobs(number, CLOSE_JOB)
    await poll_store.end_poll(ctx.db, number, at, cancelled=cancelled)
