"""The event that a line names, replies to or leaves open, and the date of it that is meant."""

from __future__ import annotations

from typing import Annotated

from bot.api import Context, Item, Line, MissingArgument, UserError, _, dates, items
from commands.attendance import date_keys, rsvp_phrases
from commands.events import store, texts
from commands.events.event import Date, Event, date_on, date_with_key, dates_after

_LOOKED_AT = 50


async def find_item(ctx: Context, rest: str) -> tuple[Item, str]:
    """Return the event that the text names by number, and the rest of the text, which may hold a
    date.

    In a reply the number may be left out, and words of its title may stand for it. Raises
    `UserError` and `MissingArgument`.
    """
    item = await ctx.replied_item("event")
    numbered = rsvp_phrases.split_event_number(rest)
    if item is not None:
        own = numbered is not None and numbered[0] == item.number
        return (item, numbered[1]) if own and numbered else (item, rest)
    if numbered is not None:
        return (await ctx.parse_item(str(numbered[0]), "event"))[0], numbered[1]
    asked = ctx.answers.get("part:number")
    if asked is not None:  # whatever named no event before is nothing but a date now
        read = dates.read_date(rest, ctx.said_at, ctx.policy.zone)
        is_date = not isinstance(read, dates.UnreadableDate)
        return (await ctx.parse_item(asked, "event"))[0], rest if is_date else ""
    if rest and (called := await ctx.item_called(rest, "event")) is not None:
        return called
    if rest:
        label = _("the number (I don't know “{words}”)", words=rest[:60])
        raise MissingArgument("number", label)
    raise MissingArgument("number", _("the number"))


async def find_event_or_next(ctx: Context, text: str) -> tuple[Event, str]:
    """Return the event named or replied to, the only one of the room on the day that the text says,
    or without words the room's next one, and the rest of the text.

    Raises `UserError` and `MissingArgument`.
    """
    try:
        item, rest = await find_item(ctx, text)
    except MissingArgument:
        if ctx.is_private:
            raise
        if text.strip():
            event = await _only_event_on(ctx, text)
            if event is None:
                raise
            return event, text
        coming = await store.upcoming_events(ctx.db, ctx.room, 1)
        if not coming:
            raise
        return coming[0], ""
    return await load_event(ctx, item), rest


async def _only_event_on(ctx: Context, text: str) -> Event | None:
    """Return the room's event on the day that the text says, None if there is none or several."""
    read = dates.read_date(text, ctx.said_at, ctx.policy.zone)
    options = read.options if isinstance(read, dates.AmbiguousDate) else (read,)
    days = {one.wall.date() for one in options if isinstance(one, dates.ZonedTime)}
    coming = await store.upcoming_events(ctx.db, ctx.room, _LOOKED_AT)
    found = [event for event in coming if any(date_on(event, day) for day in days)]
    return found[0] if len(found) == 1 else None


async def load_event(ctx: Context, item: Item) -> Event:
    """Return the event of this item. Raises `UserError` if it was deleted."""
    event = await store.get_event(ctx.db, item.number)
    if event is None:
        raise UserError(_("There is no number {number} here.", number=item.number))
    return event


async def find_date(ctx: Context, event: Event, rest: str, *, every: bool) -> Date | None:
    """Return the date of the event that the text names, or that the message replied to is about;
    None means all dates.

    Raises `UserError` if the event is not on that day.
    """
    if rest:
        return await _read_date(ctx, event, rest)
    if every or event.rule is None or ctx.origin.reply_to is None:
        return None
    key = date_keys.key_of_slot(await items.slot_of(ctx.db, ctx.origin.reply_to))
    return date_with_key(event, key) if key is not None else None


async def _read_date(ctx: Context, event: Event, rest: str) -> Date:
    read = dates.read_date(rest, ctx.said_at, event.zone)
    if isinstance(read, dates.AmbiguousDate):
        days = {option.wall.date() for option in read.options}
        found = [when for day in sorted(days) if (when := date_on(event, day))]
        if len(found) == 1:
            return found[0]
    when = date_on(event, ctx.choose_reading(rest, read).wall.date())
    if when is None:
        raise UserError(
            _(
                '"{title}" ({number}) is not on that day.',
                title=texts.shorten_title(event.title),
                number=event.item,
            ),
            *next_dates_lines(event, ctx),
        )
    return when


def next_dates_lines(event: Event, ctx: Context) -> list[Line]:
    """Return a line with the next dates of an event, if there are any."""
    shown = tuple(
        texts.date_line(event, when, with_zone=False) for when in dates_after(event, ctx.said_at, 3)
    )
    return [_("What comes: {dates}", dates=shown)] if shown else []


EventItem = Annotated[Item, find_item]
EventOrNext = Annotated[Event, find_event_or_next]
