"""End an offer or a need: fulfilled, withdrawn, or run out after its author was asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from bot.api import (
    CANCEL,
    FINISH,
    ITEM_CHANGED,
    TAKE_ON,
    YES_NO,
    Answer,
    Bare,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    Membership,
    MembershipChanged,
    MessageRef,
    Moment,
    Number,
    Say,
    Span,
    UserError,
    _,
    items,
    may_change_for,
    rooms,
    search,
    words,
)
from commands.exchange import introduction_store, store, texts, visibility
from commands.exchange.args import USUAL_TIME, end_of_day
from commands.exchange.declaration import ASK_JOB, DROP_JOB, END_JOB, EXCHANGE_TOPIC, feature
from commands.exchange.store import Post

DAY = timedelta(days=1)
SHORT_TIME = timedelta(hours=36)
"""The author is not asked the day before about a post that ends sooner than this."""
LATE_AFTER = timedelta(minutes=5)
STORED_FOR = timedelta(days=90)
"""How long a closed post is stored, so that its number still tells how it ended."""


async def schedule_end(ctx: Context, post: Post) -> None:
    """Schedule the end of a need or offer and, the day before, the question to its author.

    Replaces earlier jobs. Posts of other networks get no question, since their network asks.
    """
    await ctx.cancel_jobs(post.item, ASK_JOB)
    await ctx.cancel_jobs(post.item, END_JOB)
    plan = partial(ctx.schedule, item=post.item, room=post.room, zone=post.zone)
    if post.until - ctx.now > SHORT_TIME and not post.origin:  # its network asks its author
        await plan(ASK_JOB, post.until - DAY)
    await plan(END_JOB, post.until)


async def close_post(ctx: Context, post: Post, state: str) -> list[Effect]:
    """Close a need or offer: nobody finds it any more, and its message says how it ended. Return
    what to send.

    `state` is `done`, `withdrawn` or `over`. People who wait for an answer about it are told.
    """
    await store.close_post(ctx.db, post.item, state)
    await search.delete(ctx.db, feature.name, str(post.item))
    await items.close(ctx.db, post.item)
    await ctx.cancel_jobs(post.item)
    await ctx.schedule(DROP_JOB, ctx.now + STORED_FOR, item=post.item, room=post.room)
    now = await store.get_post(ctx.db, post.item)
    assert now is not None
    await notify_networks(ctx, post)
    over = _("That is over: {what}.", what=texts.post_name(post))
    waiting = await introduction_store.people_waiting(ctx.db, post)
    told = [Say((over,), to=one) for one in waiting if one != ctx.who and not post.origin]
    return [
        Edit(MessageRef(post.item, "post"), texts.closed_post_lines(now), room=post.room),
        *told,
    ]


async def notify_networks(ctx: Context, post: Post) -> None:
    """Tell the networks with which a need or offer is shared that it changed."""
    for altered in ctx.registry.offers(ITEM_CHANGED):
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
    topic=EXCHANGE_TOPIC,
    of=visibility.POST_KINDS,
    bare=Bare.NUMBERED,
)
async def mark_solved(ctx: Context, post: visibility.PostMeant) -> Answer:
    """Close an offer or a need as fulfilled. Return the answer. Raises `UserError` and
    `MissingArgument`."""
    return await fulfil_post(ctx, post)


feature.log_line("solved", _("closed the offer or need {number} as fulfilled"))


async def fulfil_post(ctx: Context, post: Post) -> Answer:
    """Close a need or offer as fulfilled, for its author or a moderator; the latter is logged.
    Return what to say, if anything.

    Raises `UserError` for others and for a closed post.
    """
    await _check_may_end(ctx, post)
    if not post.is_open:
        raise UserError(_("That is over: {what}.", what=texts.post_name(post)))
    if ctx.who != post.person:
        await ctx.log("solved", {"number": post.item}, room=post.room)
    effects = await close_post(ctx, post, "done")
    return [_("Good. It is fulfilled and closed: {what}.", what=texts.post_name(post)), *effects]


async def _check_may_end(ctx: Context, post: Post) -> None:
    visibility.redact_typed_line(ctx, post)
    if await may_change_for(ctx, post.room, post.person):
        return
    raise UserError(_("You can't close that: it is for its author or the moderators."))


async def _post_of_item(ctx: Context, item: Item) -> Post:
    post = await store.get_post(ctx.db, item.number)
    if post is None or not await visibility.may_see_post(ctx, post, ctx.who):
        raise UserError(
            _("There is no offer or need {number} here.", number=item.number),
            _("What there is: `!offers`, `!needs`"),
        )
    return post


@feature.offers(FINISH.of("need"))
@feature.offers(FINISH.of("offer"))
async def finishing_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to close a need or an offer, or None if the person may not see that
    post."""
    post = await store.get_post(ctx.db, item.number)
    seen = post is not None and await visibility.may_see_post(ctx, post, ctx.who)
    return f"solved {item.number}" if seen else None


@feature.offers(TAKE_ON.of("need"))
async def answering_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to say that one can help with a need, or None if the person may not see
    it."""
    post = await store.get_post(ctx.db, item.number)
    seen = post is not None and await visibility.may_see_post(ctx, post, ctx.who)
    return f"interested {item.number}" if seen else None


feature.log_line("cancelled", _("took back the offer or need {number}"))


@feature.offers(CANCEL.of("need"))
@feature.offers(CANCEL.of("offer"))
async def withdraw_post(ctx: Context, item: Item) -> Answer:
    """Withdraw a need or an offer; say so if it is over already. Return what to say, if anything.

    Raises `UserError` if it was deleted.
    """
    post = await _post_of_item(ctx, item)
    if not post.is_open:
        return _("That is over: {what}.", what=texts.post_name(post))
    if ctx.who != post.person:
        await ctx.log("cancelled", {"number": post.item}, room=post.room)
    effects = await close_post(ctx, post, "withdrawn")
    return [
        _("Taken back: {what}. Nobody finds it any more.", what=texts.post_name(post)),
        *effects,
    ]


@feature.on(MembershipChanged)
async def withdraw_departed(ctx: Context, what: MembershipChanged) -> Answer:
    """Withdraw the needs and offers of a person who left the room. Return what to say, if anything.

    Posts for the whole network end only when the person shares no room with the bot any more.
    """
    effects: list[Effect] = []
    if what.after in (Membership.LEAVE, Membership.BAN) and what.before is Membership.JOIN:
        for post in await store.open_posts_in(ctx.db, what.user, what.room):
            if not (post.network and await rooms.shares_room(ctx.db, what.user)):
                effects += await close_post(ctx, post, "withdrawn")
    return effects


# --- the end of its time --------------------------------------------------------------------------


@feature.runs(ASK_JOB)
async def ask_author(ctx: Context, job: Job) -> Answer:
    """Ask the author, the day before its end, whether a need or offer goes on. Return what to say,
    if anything."""
    post = await store.get_post(ctx.db, Number(job.item)) if job.item is not None else None
    if post is not None and post.is_open:
        await _begin_question(ctx, post)
    return None


async def _begin_question(ctx: Context, post: Post) -> None:
    await store.set_asked(ctx.db, post.item, ctx.said_at)
    late = int((ctx.said_at - (post.until - DAY)).total_seconds())
    data = {"item": post.item, "late": late if late > LATE_AFTER.total_seconds() else 0}
    await ctx.begin_dialogue("still", post.person, data, patience=DAY)


@feature.dialogue("still")
async def ask_to_extend(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask whether a need or offer goes on; extend or close it by the answer. Return what to say, if
    anything."""
    post = await store.get_post(ctx.db, Number(data["item"]))
    if post is None or not post.is_open:
        asked = "goes on" in ctx.answers
        return _("It is over already.") if asked else None
    lines: list[Line] = []
    if data["late"]:
        span = Span(timedelta(seconds=data["late"]))
        lines.append(_("Late by {span}, because I was away.", span=span))
    about = {
        "what": texts.post_name(post),
        "text": texts.shorten_text(post.text),
        "until": Moment(post.until),
    }
    lines.append(_("Until {until}: {what}, “{text}”. Does it go on? `yes` or `no`", **about))
    if ctx.ask("goes on", YES_NO, *lines) == "no":
        effects = await close_post(ctx, post, "over")
        return [_("Closed: {what}.", what=texts.post_name(post)), *effects]
    await store.extend_post(ctx.db, post.item, end_of_day(ctx.said_at + USUAL_TIME, post.zone))
    longer = await store.get_post(ctx.db, post.item)
    assert longer is not None
    await schedule_end(ctx, longer)
    await notify_networks(ctx, longer)
    goes = _(
        "It goes on until {until}: {what}.", what=texts.post_name(post), until=Moment(longer.until)
    )
    return [goes, texts.edit_message(longer)]


@feature.runs(END_JOB)
async def end_post(ctx: Context, job: Job) -> Answer:
    """Close a need or offer whose time is over. Return what to say, if anything.

    An author who could not be asked, because the bot was away, gets another day to answer.
    """
    post = await store.get_post(ctx.db, Number(job.item)) if job.item is not None else None
    if post is None or not post.is_open:
        return None
    if post.origin:
        return await close_post(ctx, post, "over")
    could_answer = post.asked is not None and ctx.said_at - post.asked >= SHORT_TIME / 3
    was_short = post.asked is None and not _was_away(ctx, job)
    if not (could_answer or was_short):
        if post.asked is None:
            await _begin_question(ctx, post)
        await ctx.schedule(
            END_JOB, ctx.said_at + DAY, item=post.item, room=post.room, zone=post.zone
        )
        return None
    effects = await close_post(ctx, post, "over")
    lines = (
        _(
            "Its time is over: {what}, “{text}”.",
            what=texts.post_name(post),
            text=texts.shorten_text(post.text),
        ),
        _again_line(post),
    )
    return [Say(lines, to=post.person), *effects]


@feature.runs(DROP_JOB)
async def delete_post(ctx: Context, job: Job) -> Answer:
    """Delete a closed need or offer and its introductions after the time for which they are stored.
    Return what to say, if anything."""
    post = await store.get_post(ctx.db, Number(job.item)) if job.item is not None else None
    if post is not None and not post.is_open:
        await items.delete(ctx.db, post.item)
    return None


def _was_away(ctx: Context, job: Job) -> bool:
    return ctx.said_at - job.due > LATE_AFTER


def _again_line(post: Post) -> Line:
    if post.side == store.NEED:
        return _("If you still need it, write it again: `!need …`")
    return _("If you still offer it, write it again: `!offer …`")
