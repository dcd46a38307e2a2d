"""End an offer or a need: fulfilled, withdrawn, or run out after its author was asked."""

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
    has_say,
    items,
    rooms,
    search,
    words,
)
from commands.exchange import introduction_store as meetings
from commands.exchange import store, texts, visibility
from commands.exchange.args import USUAL, end_of_day
from commands.exchange.declaration import EXCHANGE, feature
from commands.exchange.store import Post

DAY = timedelta(days=1)
SHORT = timedelta(hours=36)
"""The author is not asked the day before about a post that ends sooner than this."""
LATE = timedelta(minutes=5)
KEPT = timedelta(days=90)
"""How long a closed post is stored, so that its number still tells how it ended."""


async def plan(ctx: Context, post: Post) -> None:
    """Schedule the end of a post and, the day before, the question to its author.

    Replaces earlier jobs. Posts of other networks get no question, since their network asks.
    """
    await ctx.call_off(post.item, "ask")
    await ctx.call_off(post.item, "end")
    about = {"item": post.item, "room": post.room, "zone": post.zone}
    if post.until - ctx.read > SHORT and not post.origin:  # its network asks its author
        await ctx.schedule("ask", post.until - DAY, **about)  # type: ignore[arg-type]
    await ctx.schedule("end", post.until, **about)  # type: ignore[arg-type]


async def close(ctx: Context, post: Post, state: str) -> list[Effect]:
    """Close a post: nobody finds it any more, and its message says how it ended.

    `state` is `done`, `withdrawn` or `over`. People who wait for an answer about it are told.
    """
    await store.end(ctx.db, post.item, state)
    await search.drop(ctx.db, feature.name, str(post.item))
    await items.close(ctx.db, post.item)
    await ctx.call_off(post.item)
    await ctx.schedule("drop", ctx.read + KEPT, item=post.item, room=post.room)
    now = await store.get(ctx.db, post.item)
    assert now is not None
    await tell_networks(ctx, post)
    over = _("That is over: {what}.", what=texts.called(post))
    waiting = await meetings.waiting(ctx.db, post)
    told = [Say((over,), to=one) for one in waiting if one != ctx.who and not post.origin]
    return [Edit(Ref(post.item, "post"), texts.ended(now), room=post.room), *told]


async def tell_networks(ctx: Context, post: Post) -> None:
    """Notify the networks with which the post is shared of a change."""
    for altered in ctx.registry.services("altered"):
        await altered(ctx, post.item)


# --- fulfilled, withdrawn -------------------------------------------------------------------------


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
    of=visibility.KINDS,
    bare=True,
)
async def solved(ctx: Context, *, text: str = "") -> Answer:
    """Close an offer or a need as fulfilled. Raises `UserError` and `Missing`."""
    post, _rest = await visibility.the_post(ctx, text)
    return await settle(ctx, post)


async def settle(ctx: Context, post: Post) -> Answer:
    """Close a post as fulfilled, for its author or a moderator; the latter is logged.

    Raises `UserError` for others and for a closed post.
    """
    await _may_end(ctx, post)
    if not post.open:
        raise UserError(_("That is over: {what}.", what=texts.called(post)))
    if ctx.who != post.person:
        await ctx.log("solved", {"number": post.item}, room=post.room)
    effects = await close(ctx, post, "done")
    return [_("Good. It is fulfilled and closed: {what}.", what=texts.called(post)), *effects]


async def _may_end(ctx: Context, post: Post) -> None:
    visibility.quietly(ctx, post)
    if await has_say(ctx, post.room, post.person):
        return
    raise UserError(_("You can't close that: it is for its author or the moderators."))


async def _by_item(ctx: Context, item: Item) -> Post:
    post = await store.get(ctx.db, item.number)
    if post is None or not await visibility.may_see(ctx, post, ctx.who):
        raise UserError(
            _("There is no offer or need {number} here.", number=item.number),
            _("What there is: `!offers`, `!needs`"),
        )
    return post


@feature.service("done:need")
async def done_need(ctx: Context, item: Item) -> Answer:
    """Close the need of this item as fulfilled. Raises `UserError`."""
    return await settle(ctx, await _by_item(ctx, item))


@feature.service("done:offer")
async def done_offer(ctx: Context, item: Item) -> Answer:
    """Close the offer of this item as fulfilled. Raises `UserError`."""
    return await settle(ctx, await _by_item(ctx, item))


async def _cancel(ctx: Context, item: Item) -> Answer:
    post = await _by_item(ctx, item)
    if not post.open:
        return _("That is over: {what}.", what=texts.called(post))
    if ctx.who != post.person:
        await ctx.log("cancelled", {"number": post.item}, room=post.room)
    effects = await close(ctx, post, "withdrawn")
    return [_("Taken back: {what}. Nobody finds it any more.", what=texts.called(post)), *effects]


@feature.service("cancel:need")
async def cancel_need(ctx: Context, item: Item) -> Answer:
    """Withdraw the need of this item. Raises `UserError`."""
    return await _cancel(ctx, item)


@feature.service("cancel:offer")
async def cancel_offer(ctx: Context, item: Item) -> Answer:
    """Withdraw the offer of this item. Raises `UserError`."""
    return await _cancel(ctx, item)


@feature.on(Moved)
async def moved(ctx: Context, what: Moved) -> Answer:
    """Withdraw the posts of a person who left the room.

    Posts for the whole network end only when the person shares no room with the bot any more.
    """
    effects: list[Effect] = []
    if what.now in (Membership.LEAVE, Membership.BAN) and what.before is Membership.JOIN:
        for post in await store.open_in(ctx.db, what.user, what.room):
            if not (post.network and await rooms.shares_room(ctx.db, what.user)):
                effects += await close(ctx, post, "withdrawn")
    return effects


# --- the end of its time --------------------------------------------------------------------------


@feature.job("ask")
async def ask(ctx: Context, job: Job) -> Answer:
    """Ask the author, the day before the end, whether the post goes on."""
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
    """Ask whether the post goes on; extend or close it by the answer."""
    post = await store.get(ctx.db, Number(data["item"]))
    if post is None or not post.open:
        asked = "goes on" in ctx.known
        return _("It is over already.") if asked else None
    lines: list[Line] = []
    if data["late"]:
        span = Span(timedelta(seconds=data["late"]))
        lines.append(_("Late by {span}, because I was away.", span=span))
    about = {
        "what": texts.called(post),
        "text": texts.short(post.text),
        "until": Moment(post.until),
    }
    lines.append(_("Until {until}: {what}, “{text}”. Does it go on? `yes` or `no`", **about))
    if ctx.ask("goes on", YES_NO, *lines) == "no":
        effects = await close(ctx, post, "over")
        return [_("Closed: {what}.", what=texts.called(post)), *effects]
    await store.extend(ctx.db, post.item, end_of_day(ctx.now + USUAL, post.zone))
    longer = await store.get(ctx.db, post.item)
    assert longer is not None
    await plan(ctx, longer)
    await tell_networks(ctx, longer)
    goes = _(
        "It goes on until {until}: {what}.", what=texts.called(post), until=Moment(longer.until)
    )
    return [goes, texts.again(longer)]


@feature.job("end")
async def end(ctx: Context, job: Job) -> Answer:
    """Close a post whose time is over.

    An author who could not be asked, because the bot was away, gets another day to answer.
    """
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
        _(
            "Its time is over: {what}, “{text}”.",
            what=texts.called(post),
            text=texts.short(post.text),
        ),
        _again(post),
    )
    return [Say(lines, to=post.person), *effects]


@feature.job("drop")
async def drop(ctx: Context, job: Job) -> Answer:
    """Delete a closed post and its introductions after the time for which they are stored."""
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
