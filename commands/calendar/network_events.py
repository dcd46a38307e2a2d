"""Share events with linked networks as calendar files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.api import (
    PARSE_SHARED,
    SHARE,
    STORE_SHARED,
    WITHDRAW_SHARED,
    Context,
    Effect,
    Line,
    Number,
    RoomId,
    SharedItem,
    UserError,
    _,
    items,
    quotable_line,
    quoted_line,
    verbatim,
)
from commands.calendar.declaration import feature
from commands.calendar.file_import import hash_uid, merge_event
from commands.calendar.ics import reader
from commands.events import store, texts
from commands.events.changes import announce_change, save_change
from commands.events.creation import add_event_item, load_event, publish_event
from commands.events.event import Event, next_date

BODY_KEY = "calendar"


@feature.offers(SHARE.of("event"))
async def share_event(ctx: Context, item: Number) -> SharedItem:
    """Return an upcoming event as its calendar file, without people or room. Raises `UserError` if
    it is over or cancelled."""
    event = await load_event(ctx, item)
    if event.cancelled or next_date(event, ctx.now) is None:
        raise UserError(_("Event {number} is over or cancelled.", number=item))
    made = await items.get(ctx.db, item)
    # icalendar takes 3 MiB: it is loaded for the first file.
    from commands.calendar.ics.writer import write_calendar

    text = write_calendar([event], made.at if made else ctx.now).decode()  # same bytes each time
    return SharedItem(event.title, {BODY_KEY: text}, tuple(_content_lines(ctx, event)))


@feature.offers(PARSE_SHARED.of("event"))
async def preview_event(ctx: Context, body: Mapping[str, str]) -> SharedItem:
    """Return an event received from another network in words, to be shown before it is accepted.
    Raises `UserError` if the file has no event to come that can be taken."""
    event, _off = _read_body(ctx, body)
    words = (event.title, event.place, event.link, event.about)
    return SharedItem(event.title, body, tuple(_content_lines(ctx, event)), words)


@feature.offers(STORE_SHARED.of("event"))
async def receive_event(
    ctx: Context,
    body: Mapping[str, str],
    room: RoomId,
    origin: str,
    copy: Number | None,
    mark: Callable[[Number], Awaitable[None]],
) -> list[Line | Effect]:
    """Add an event received from another network to the room's agenda, or apply a change to its
    copy. Return what to say.

    People who go are told of a change. Raises `UserError` if the file has no event to come that can
    be taken.
    """
    event, off = _read_body(ctx, body)
    if copy is None:
        number = await add_event_item(ctx, event.title, room, ctx.me, ctx.now)
        await mark(number)
        uid = hash_uid(event.uid)
        made = replace(event, item=number, room=room, author=ctx.me, uid=uid, sequence=0)
        return await publish_event(ctx, made)
    before = await load_event(ctx, copy)
    after = replace(merge_event(before, event), cancelled=off)
    if next_date(after, ctx.now) is None and not off:
        raise UserError(_("No date would be left."))
    await save_change(ctx, after)
    line = (
        _(
            "{network} cancelled event {number}, “{title}”.",
            network=origin,
            number=copy,
            title=texts.shorten_title(before.title),
        )
        if off
        else _(
            "{network} changed event {number}: {event}",
            network=origin,
            number=copy,
            event=_event_line(ctx, after),
        )
    )
    return await announce_change(ctx, before, after, None, line)


@feature.offers(WITHDRAW_SHARED.of("event"))
async def withdraw_event(ctx: Context, copy: Number, origin: str) -> list[Line | Effect]:
    """Cancel the copy of an event that its network took back, and tell the people who go. Return
    what to say."""
    before = await store.get_event(ctx.db, copy)
    if before is None or before.cancelled or next_date(before, ctx.now) is None:
        return []
    after = replace(before, cancelled=True, sequence=before.sequence + 1)
    await save_change(ctx, after)
    line = _(
        "{network} took back event {number}, “{title}”: it is in this agenda no more.",
        network=origin,
        number=copy,
        title=texts.shorten_title(before.title),
    )
    return await announce_change(ctx, before, after, None, line)


def _read_body(ctx: Context, body: Mapping[str, str]) -> tuple[Event, bool]:
    """Return the one event of the file and whether it is cancelled. Raises `UserError`.

    Texts shown on a line of their own keep the marks of other people's words everywhere.
    """
    found = reader.parse_calendar(body.get(BODY_KEY, "").encode(), ctx.defaults.zone, ctx.now)
    for event in found.events:
        return _quote_event(event), False
    for event in found.cancelled:
        return _quote_event(event), True
    raise UserError(_("I find no event to come in it that I can take."))


def _quote_event(event: Event) -> Event:
    return replace(
        event,
        title=quotable_line(event.title) or "?",
        place=quotable_line(event.place),
        link="".join(event.link.split()),
        about=quoted_line(event.about),
    )


def _content_lines(ctx: Context, event: Event) -> list[Line]:
    """Return the whole content, for the person who decides about it."""
    every = map(
        quoted_line, (event.place, event.link, event.about.removeprefix("“").removesuffix("”"))
    )
    return [_event_line(ctx, event), *(verbatim(text) for text in every if text)]


def _event_line(ctx: Context, event: Event) -> Line:
    coming = next_date(event, ctx.now)
    title = texts.shorten_title(event.title)
    if coming is None:
        return _("{text}", text=title)
    if event.rule is None:
        return _("{when}: {title}", when=texts.date_line(event, coming), title=title)
    rhythm = texts.describe_rhythm(event, ctx.policy.language, ctx.now)
    return _(
        "{when}: {title} ({rhythm})",
        when=texts.date_line(event, coming),
        title=title,
        rhythm=rhythm,
    )
