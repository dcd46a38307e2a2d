"""Making an event: one line, in people's words."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    Missing,
    Parts,
    RoomId,
    Say,
    UserError,
    Where,
    _,
    dates,
    words,
)
from commands.events import plan, say, store
from commands.events.base import EVENTS, effects_beside, feature
from commands.events.event import Event, end_of, next_date

LONGEST = 200
EXAMPLE = _("For example: `!event Radio workshop Thursday 19h`")


@feature.command(
    words("evento", "evento", "event"),
    help=_("make an event; `place:`, `seats:10`, `every:week`, `lasts:2h` can follow"),
    example=EXAMPLE,
    topic=EVENTS,
    where=Where.ROOM,
    args=plan.ARGS,
)
async def event(ctx: Context, parts: Parts) -> Answer:
    """A title and a date, in either order; the rest by name."""
    draft = plan.read(parts, ctx.now, ctx.policy.zone)
    if not draft.title:
        raise Missing("parts", _("what the event is called"))
    if len(draft.title) > LONGEST:
        raise UserError(_("That is too long for a title: {count} letters at most.", count=LONGEST))
    if draft.when is None:
        raise Missing("parts", _("the date"))
    if isinstance(draft.when, dates.Recurrence | dates.DoubtfulSeries):
        raise UserError(_("I can't read “{words}” as a date.", words=draft.phrase))
    when = ctx.reading(draft.phrase, draft.when)
    room = ctx.target.room if ctx.target else ctx.room
    number = await ctx.new_item("event", draft.title, room)
    made = Event(
        item=number,
        room=room,
        author=ctx.who,
        title=draft.title,
        start=when.wall,
        zone=when.zone,
        length=_length(parts),
        all_day=not when.has_time,
        place=parts.named.get(plan.PLACE.key, ""),
        link=parts.named.get(plan.LINK.key, ""),
        about=parts.named.get(plan.ABOUT.key, ""),
        uid=f"{uuid4()}@minga",
    )
    return await opened(ctx, made)


def _length(parts: Parts) -> timedelta | None:
    typed = parts.named.get(plan.LASTS.key)
    if typed is None:
        return None
    found = dates.duration(typed)
    if found is None:
        raise UserError(
            _("I didn't understand “{words}” as a length of time.", words=typed[:60]),
            _("For example: `lasts:2h` or `lasts:90 min`"),
        )
    return found


async def opened(ctx: Context, made: Event) -> list[Line | Effect]:
    """Keep a new event, wait for its end, show it in its room."""
    await store.put(ctx.db, made, ctx.now)
    await wait_for_end(ctx, made)
    effects: list[Line | Effect] = [announced(ctx, made)]
    effects += await effects_beside(ctx, made, None)
    if made.room == ctx.room:
        return effects
    name = ctx.target.name if ctx.target else made.room
    return [_("Event {number} stands in {room}.", number=made.item, room=name), *effects]


def announced(ctx: Context, made: Event) -> Say:
    """The message about it, which people reply to."""
    coming = next_date(made, ctx.now)
    assert coming is not None
    said = [*say.lines(made, coming), _("To come: `going {number}`", number=made.item)]
    here = made.room == ctx.room
    return Say(
        tuple(said),
        room=made.room,
        reply_to=ctx.origin.event if here else None,
        thread=ctx.origin.thread if here else None,
        loud=True,
        item=made.item,
        slot="opening",
    )


async def wait_for_end(ctx: Context, made: Event) -> None:
    """When its next date is over, look for the one after."""
    await ctx.call_off(made.item, "over")
    coming = next_date(made, ctx.now)
    if coming is not None:
        await ctx.schedule("over", end_of(made, coming), item=made.item, room=RoomId(made.room))
