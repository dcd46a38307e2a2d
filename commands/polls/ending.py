"""How a poll goes, and how it ends: at its deadline, by hand, in an app."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Edit,
    Effect,
    EndPoll,
    Item,
    Job,
    Line,
    Number,
    PollEnd,
    Ref,
    Say,
    UserError,
    _,
    items,
    rooms,
    words,
)
from commands.polls import late, say, store, which
from commands.polls.base import DECISIONS, feature


@feature.command(
    words(
        "resultados", "resultados", "results", "cómo va, resultado | como está, resultado | result"
    ),
    help=_("how a poll goes"),
    example=_("For example: `!results {number}`", number=12),
    topic=DECISIONS,
)
async def results(ctx: Context, *, text: str = "") -> Answer:
    """Counts where they may be seen, and how many have voted."""
    item = await which.named(ctx, text)
    poll = await store.get(ctx.db, item.number)
    if poll.cancelled:
        return say.already(poll)
    if poll.ended:
        return await late.result(ctx, item, poll)
    members = await late.members(ctx, item)
    lines = [
        _("Poll {number}: {question}", number=item.number, question=say.short(item.title)),
        *(say.counts(poll) if poll.interim else ()),
        say.turnout(poll, members),
        say.until(poll),
    ]
    return lines if poll.interim else [*lines, _("I show the counts at the end.")]


@feature.command(
    words("cerrar", "encerrar", "close", "terminar, cierra | fechar, terminar, fecha, encerra |"),
    help=_("close a poll now"),
    example=_("For example: `!close {number}`", number=12),
    topic=DECISIONS,
)
async def close(ctx: Context, *, text: str = "") -> Answer:
    """Its author may, and who moderates its room."""
    item = await which.named(ctx, text)
    poll = await store.get(ctx.db, item.number)
    if poll.ended:
        return say.already(poll)
    if not await _may_close(ctx, item):
        refusal = _(
            "You can't close poll {number}: that is for its author or the moderators.",
            number=item.number,
        )
        own = _("{end} Your vote: `!vote {number} 1`", end=say.until(poll), number=item.number)
        raise UserError(refusal, own)
    effects = await _end(ctx, item, _at_most(ctx.now, poll.closes))
    if item.room == ctx.room:
        return effects
    return [_("Poll {number} is closed.", number=item.number), *effects]


@feature.job("close")
async def fell_due(ctx: Context, job: Job) -> Answer:
    """The deadline has come."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None or not item.open:
        return None
    closes = (await store.get(ctx.db, item.number)).closes
    return await _end(ctx, item, closes or job.due, ctx.now - job.due)


@feature.on(PollEnd)
async def ended(ctx: Context, end: PollEnd, item: Item) -> Answer:
    """Somebody ended the native poll in their app: it counts if they may."""
    poll = await store.get(ctx.db, item.number)
    if poll.ended or not item.open or not await _may_close(ctx, item):
        return None
    effects = await _end(ctx, item, _at_most(end.at, poll.closes))
    room = await rooms.get(ctx.db, item.room)
    # Apps take a poll as ended by who opened it, the bot, and by whoever may redact (MSC3381).
    shown = room is not None and room.power_of(end.sender) >= room.power_to("redact")
    return [one for one in effects if not (shown and isinstance(one, EndPoll))]


async def _may_close(ctx: Context, item: Item) -> bool:
    return item.author == ctx.who or await ctx.moderates(item.room)


def _at_most(at: datetime, closes: datetime | None) -> datetime:
    return min(at, closes) if closes else at


async def _end(
    ctx: Context, item: Item, at: datetime, delay: timedelta = timedelta(0)
) -> list[Line | Effect]:
    """Close it, tell the room, and end the native poll."""
    await stop(ctx, item.number, at)
    await late.until_final(ctx, item)
    poll = await store.get(ctx.db, item.number)
    lines = await late.result(ctx, item, poll, delay)
    return [
        EndPoll(Ref(item.number, "poll"), (say.native_end(item.number),), room=item.room),
        Edit(Ref(item.number, "opening"), say.closed(poll, item.title), room=item.room),
        Say(
            lines,
            room=item.room,
            reply_to=Ref(item.number, "opening"),
            loud=True,
            item=item.number,
            slot="result",
        ),
    ]


async def stop(ctx: Context, number: Number, at: datetime, *, cancelled: bool = False) -> None:
    """No vote counts any more that is sent after `at`."""
    await items.close(ctx.db, number)
    await ctx.call_off(number, "close")
    await store.end(ctx.db, number, at, cancelled=cancelled)
