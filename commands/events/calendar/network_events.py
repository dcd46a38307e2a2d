"""Share events with linked networks as calendar files, and only totals of who goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.api import (
    Context,
    Effect,
    Line,
    Number,
    RoomId,
    Shared,
    UserError,
    _,
    items,
    quotable,
    quoted,
    verbatim,
)
from commands.events import store, texts
from commands.events.attendance import headcount, rsvp
from commands.events.calendar.file_import import own_uid, updated
from commands.events.calendar.ics import reader, writer
from commands.events.changes import kept, told
from commands.events.creation import opened
from commands.events.declaration import beside, feature, says_more
from commands.events.event import Date, Event, next_date

FILE = "calendar"


@feature.service("share:event")
async def share(ctx: Context, item: Number) -> Shared:
    """Return an upcoming event as its calendar file, without people or room. Raises `UserError`."""
    event = await _own(ctx, item)
    if event.cancelled or next_date(event, ctx.read) is None:
        raise UserError(_("Event {number} is over or cancelled.", number=item))
    made = await items.get(ctx.db, item)
    text = writer.calendar([event], made.at if made else ctx.read).decode()  # same bytes each time
    return Shared(event.title, {FILE: text}, tuple(_lines(ctx, event)))


@feature.service("peek:event")
async def peek(ctx: Context, body: Mapping[str, str]) -> Shared:
    """Return what a received event says, to be shown before it is accepted. Raises `UserError`."""
    event, _off = _read(ctx, body)
    words = (event.title, event.place, event.link, event.about)
    return Shared(event.title, body, tuple(_lines(ctx, event)), words)


@feature.service("receive:event")
async def receive(
    ctx: Context,
    body: Mapping[str, str],
    room: RoomId,
    origin: str,
    copy: Number | None,
    mark: Callable[[Number], Awaitable[None]],
) -> list[Line | Effect]:
    """Add a received event to the room's agenda, or apply a change to its copy.

    People who go are told of a change. Raises `UserError`.
    """
    event, off = _read(ctx, body)
    if copy is None:
        number = await items.add(ctx.db, feature.name, "event", room, ctx.me, event.title, ctx.read)
        await mark(number)
        uid = own_uid(event.uid)
        made = replace(event, item=number, room=room, author=ctx.me, uid=uid, sequence=0)
        return await opened(ctx, made)
    before = await _own(ctx, copy)
    after = replace(updated(before, event), cancelled=off)
    if next_date(after, ctx.read) is None and not off:
        raise UserError(_("No date would be left."))
    await kept(ctx, after)
    line = (
        _("{network} cancelled event {number}, “{title}”.", network=origin, number=copy,
          title=texts.short(before.title))
        if off
        else _("{network} changed event {number}: {event}", network=origin, number=copy,
               event=_short(ctx, after))
    )  # fmt: skip
    return await told(ctx, before, after, None, line)


@feature.service("recede:event")
async def recede(ctx: Context, copy: Number, origin: str) -> list[Line | Effect]:
    """Cancel the copy of an event that its network took back, and tell the people who go."""
    before = await store.get(ctx.db, copy)
    if before is None or before.cancelled or next_date(before, ctx.read) is None:
        return []
    after = replace(before, cancelled=True, sequence=before.sequence + 1)
    await kept(ctx, after)
    line = _("{network} took back event {number}, “{title}”: it is in this agenda no more.",
             network=origin, number=copy, title=texts.short(before.title))  # fmt: skip
    return await told(ctx, before, after, None, line)


@feature.service("totals:event")
async def totals(ctx: Context, item: Number) -> Mapping[str, int]:
    """Return how many go and may go to the next date. Raises `UserError` if the event is gone."""
    event = await _own(ctx, item)
    when = next_date(event, ctx.read)
    if when is None:
        return {}
    found = await headcount.roster_of(ctx, event, when)
    return {"going": found.taken, "maybe": len(found.maybe)}


@feature.service("retell:event")
async def retell(ctx: Context, item: Number) -> None:
    """Schedule an edit of the event's message. Raises `UserError` if the event is gone."""
    await rsvp.count_later(ctx, await _own(ctx, item))


@beside
async def altered(ctx: Context, event: Event, _before: Event | None) -> Sequence[Effect]:
    """Notify linked networks that the event has changed, so that they get its new version."""
    for offer in ctx.registry.services("altered"):
        await offer(ctx, event.item)
    return []


@says_more
async def elsewhere(ctx: Context, event: Event, _when: Date) -> list[Line]:
    """Return lines that say whose event it is and how many come from other networks."""
    return [
        line
        for offer in ctx.registry.services("elsewhere")
        for line in await offer(ctx, event.item)
    ]


async def _own(ctx: Context, item: Number) -> Event:
    event = await store.get(ctx.db, item)
    if event is None:
        raise UserError(_("There is no event {number} any more.", number=item))
    return event


def _read(ctx: Context, body: Mapping[str, str]) -> tuple[Event, bool]:
    """Return the one event of the file and whether it is cancelled. Raises `UserError`.

    Texts shown on a line of their own keep the marks of other people's words everywhere.
    """
    found = reader.calendar(body.get(FILE, "").encode(), ctx.defaults.zone, ctx.read)
    for event in found.events:
        return _theirs(event), False
    for event in found.cancelled:
        return _theirs(event), True
    raise UserError(_("I find no event to come in it that I can take."))


def _theirs(event: Event) -> Event:
    return replace(
        event,
        title=quotable(event.title) or "?",
        place=quotable(event.place),
        link="".join(event.link.split()),
        about=quoted(event.about),
    )


def _lines(ctx: Context, event: Event) -> list[Line]:
    """Return the whole content, for the person who decides about it."""
    every = map(quoted, (event.place, event.link, event.about.removeprefix("“").removesuffix("”")))
    return [_short(ctx, event), *(verbatim(text) for text in every if text)]


def _short(ctx: Context, event: Event) -> Line:
    coming = next_date(event, ctx.read)
    title = texts.short(event.title)
    if coming is None:
        return _("{text}", text=title)
    if event.rule is None:
        return _("{when}: {title}", when=texts.moment(event, coming), title=title)
    rhythm = texts.rhythm(event, ctx.policy.language, ctx.read)
    return _("{when}: {title} ({rhythm})", when=texts.moment(event, coming), title=title,
             rhythm=rhythm)  # fmt: skip
