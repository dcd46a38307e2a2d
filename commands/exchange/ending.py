"""How an offer or a need ends: fulfilled, taken back, or over where its author lets it be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    Membership,
    Moment,
    Moved,
    Number,
    Ref,
    Say,
    Span,
    UserError,
    _,
    finding,
    has_say,
    items,
    rooms,
    words,
)
from commands.exchange import meetings_store as meetings
from commands.exchange import say, seeing, store
from commands.exchange.args import USUAL, end_of_day
from commands.exchange.base import EXCHANGE, feature
from commands.exchange.store import Post

DAY = timedelta(days=1)
SHORT = timedelta(hours=36)
"""What ends sooner than this from now is not asked about the day before."""
LATE = timedelta(minutes=5)
KEPT = timedelta(days=90)
"""What is over is kept so long, for the number to tell how it ended."""


async def plan(ctx: Context, post: Post) -> None:
    """It is over then; the day before its author is asked."""
    await ctx.call_off(post.item, "ask")
    await ctx.call_off(post.item, "end")
    about = {"item": post.item, "room": post.room, "zone": post.zone}
    if post.until - ctx.read > SHORT and not post.origin:  # else its network asks its author
        await ctx.schedule("ask", post.until - DAY, **about)  # type: ignore[arg-type]
    await ctx.schedule("end", post.until, **about)  # type: ignore[arg-type]


async def close(ctx: Context, post: Post, state: str) -> list[Effect]:
    """Nobody finds it any more; where it was published it says how it ended."""
    await store.end(ctx.db, post.item, state)
    await finding.drop(ctx.db, feature.name, str(post.item))
    await items.close(ctx.db, post.item)
    await ctx.call_off(post.item)
    await ctx.schedule("drop", ctx.read + KEPT, item=post.item, room=post.room)
    now = await store.get(ctx.db, post.item)
    assert now is not None
    await tell_networks(ctx, post)
    over = _("That is over: {what}.", what=say.called(post))
    waiting = await meetings.waiting(ctx.db, post)
    told = [Say((over,), to=one) for one in waiting if one != ctx.who and not post.origin]
    return [Edit(Ref(post.item, "post"), say.ended(now), room=post.room), *told]


async def tell_networks(ctx: Context, post: Post) -> None:
    """Where it is shared, it is not as it was."""
    for altered in ctx.registry.services("altered"):
        await altered(ctx, post.item)


# --- fulfilled, taken back ------------------------------------------------------------------------


@feature.command(
    words(
        "resuelto",
        "resolvido",
        "solved",
        "ya lo conseguí, conseguido | já consegui, conseguido | found it",
    ),
    help=_("what you needed or offered is settled"),
    example=_("For example: `!solved {number}`", number=57),
    topic=EXCHANGE,
    of=seeing.KINDS,
    bare=True,
)
async def solved(ctx: Context, *, text: str = "") -> Answer:
    post, _rest = await seeing.the_post(ctx, text)
    return await settle(ctx, post)


async def settle(ctx: Context, post: Post) -> Answer:
    """By its author, or by the moderation, which stands in the log then."""
    await _may_end(ctx, post)
    if not post.open:
        raise UserError(_("That is over: {what}.", what=say.called(post)))
    if ctx.who != post.person:
        await ctx.log("solved", {"number": post.item}, room=post.room)
    effects = await close(ctx, post, "done")
    return [_("Good. It is fulfilled and closed: {what}.", what=say.called(post)), *effects]


async def _may_end(ctx: Context, post: Post) -> None:
    seeing.quietly(ctx, post)
    if await has_say(ctx, post.room, post.person):
        return
    raise UserError(_("You can't close that: it is for its author or the moderators."))


async def _by_item(ctx: Context, item: Item) -> Post:
    post = await store.get(ctx.db, item.number)
    if post is None or not await seeing.may_see(ctx, post, ctx.who):
        raise UserError(
            _("There is no offer or need {number} here.", number=item.number),
            _("What there is: `!offers`, `!needs`"),
        )
    return post


@feature.service("done:need")
async def done_need(ctx: Context, item: Item) -> Answer:
    return await settle(ctx, await _by_item(ctx, item))


@feature.service("done:offer")
async def done_offer(ctx: Context, item: Item) -> Answer:
    return await settle(ctx, await _by_item(ctx, item))


async def _cancel(ctx: Context, item: Item) -> Answer:
    post = await _by_item(ctx, item)
    if not post.open:
        return _("That is over: {what}.", what=say.called(post))
    if ctx.who != post.person:
        await ctx.log("cancelled", {"number": post.item}, room=post.room)
    effects = await close(ctx, post, "withdrawn")
    return [_("Taken back: {what}. Nobody finds it any more.", what=say.called(post)), *effects]


@feature.service("cancel:need")
async def cancel_need(ctx: Context, item: Item) -> Answer:
    return await _cancel(ctx, item)


@feature.service("cancel:offer")
async def cancel_offer(ctx: Context, item: Item) -> Answer:
    return await _cancel(ctx, item)


@feature.on(Moved)
async def moved(ctx: Context, what: Moved) -> Answer:
    """Whoever leaves its room offers nothing there; if it is for the network, who leaves all."""
    effects: list[Effect] = []
    if what.now in (Membership.LEAVE, Membership.BAN) and what.before is Membership.JOIN:
        for post in await store.open_in(ctx.db, what.user, what.room):
            if not (post.network and await rooms.shares_room(ctx.db, what.user)):
                effects += await close(ctx, post, "withdrawn")
    return effects


# --- the end of its time --------------------------------------------------------------------------


@feature.job("ask")
async def ask(ctx: Context, job: Job) -> Answer:
    """The day before."""
    post = await store.get(ctx.db, Number(job.item)) if job.item is not None else None
    if post is not None and post.open:
        await _ask(ctx, post)
    return None


async def _ask(ctx: Context, post: Post) -> None:
    await store.set_asked(ctx.db, post.item, ctx.now)
    late = int((ctx.now - (post.until - DAY)).total_seconds())
    data = {"item": post.item, "late": late if late > LATE.total_seconds() else 0}
    await ctx.begin("still", post.person, data, patience=DAY)


@feature.dialogue("still")
async def still(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Does it go on?"""
    post = await store.get(ctx.db, Number(data["item"]))
    if post is None or not post.open:
        asked = "goes on" in ctx.known
        return _("It is over already.") if asked else None
    lines: list[Line] = []
    if data["late"]:
        span = Span(timedelta(seconds=data["late"]))
        lines.append(_("Late by {span}, because I was away.", span=span))
    about = {"what": say.called(post), "text": say.short(post.text), "until": Moment(post.until)}
    lines.append(_("Until {until}: {what}, “{text}”. Does it go on? `yes` or `no`", **about))
    if ctx.ask("goes on", YES_NO, *lines) == "no":
        effects = await close(ctx, post, "over")
        return [_("Closed: {what}.", what=say.called(post)), *effects]
    await store.extend(ctx.db, post.item, end_of_day(ctx.now + USUAL, post.zone))
    longer = await store.get(ctx.db, post.item)
    assert longer is not None
    await plan(ctx, longer)
    await tell_networks(ctx, longer)
    goes = _("It goes on until {until}: {what}.", what=say.called(post), until=Moment(longer.until))
    return [goes, say.again(longer)]


@feature.job("end")
async def end(ctx: Context, job: Job) -> Answer:
    """Over; but whoever could not be asked while the bot was away has a day to answer."""
    post = await store.get(ctx.db, Number(job.item)) if job.item is not None else None
    if post is None or not post.open:
        return None
    if post.origin:
        return await close(ctx, post, "over")
    could_answer = post.asked is not None and ctx.now - post.asked >= SHORT / 3
    was_short = post.asked is None and not _away(ctx, job)
    if not (could_answer or was_short):
        if post.asked is None:
            await _ask(ctx, post)
        await ctx.schedule("end", ctx.now + DAY, item=post.item, room=post.room, zone=post.zone)
        return None
    effects = await close(ctx, post, "over")
    lines = (
        _("Its time is over: {what}, “{text}”.", what=say.called(post), text=say.short(post.text)),
        _again(post),
    )
    return [Say(lines, to=post.person), *effects]


@feature.job("drop")
async def drop(ctx: Context, job: Job) -> Answer:
    """Nothing is left of it, nor of who met about it."""
    post = await store.get(ctx.db, Number(job.item)) if job.item is not None else None
    if post is not None and not post.open:
        await items.drop(ctx.db, post.item)
    return None


def _away(ctx: Context, job: Job) -> bool:
    return ctx.now - job.due > LATE


def _again(post: Post) -> Line:
    if post.side == store.NEED:
        return _("If you still need it, write it again: `!need …`")
    return _("If you still offer it, write it again: `!offer …`")
