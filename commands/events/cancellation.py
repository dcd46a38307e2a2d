"""Cancel an event, or one date of a series, and tell the people who are expected."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.api import (
    CANCEL,
    ROOM_CLOSES,
    Answer,
    Context,
    Day,
    Edit,
    Effect,
    Item,
    Line,
    MessageRef,
    Person,
    RoomId,
    UserError,
    _,
)
from commands.events import texts
from commands.events.changes import (
    announce_change,
    check_open,
    load_changeable,
    save_change,
    snapshot,
)
from commands.events.consequences import message_lines
from commands.events.creation import load_event
from commands.events.declaration import feature
from commands.events.event import Date, Event, date_on, next_date
from commands.events.grammar import date_choice, phrases

feature.log_line(
    "cancelled",
    _("cancelled a date of event {number}: {day}"),
    _("cancelled event {number}"),
)


@feature.offers(CANCEL.of("event"))
async def cancel_event(ctx: Context, item: Item) -> Answer:
    """Cancel an event after confirmation; of a series ask whether one date or all. Return what to
    say, if anything.

    A date typed behind the number answers that question. Raises `UserError` for people who may not.
    """
    event = await load_changeable(ctx, item)
    check_open(ctx, event)
    theirs = event.author == ctx.me
    when = None if theirs else _chosen_date(ctx, event, _typed_date(ctx, item))
    off: Event | None = None
    if when is not None:
        off = replace(event, changed={**event.changed, when.key: None})
        if next_date(off, ctx.said_at) is None:
            when = off = None
    after = replace(off or event, cancelled=off is None, sequence=event.sequence + 1)
    _confirm_cancel(ctx, event, when)
    facts: dict[str, Any] = {"number": event.item}
    if when is not None:
        facts["day"] = f"{when.start:%d/%m}"
    await ctx.log("cancelled", facts, room=event.room, undo=snapshot(event))
    line = _cancel_line(ctx, event, when)
    await save_change(ctx, after)
    return await announce_change(ctx, event, after, when, line)


@feature.offers(ROOM_CLOSES.of("event"))
async def leave_room(ctx: Context, item: Item, goes_on: RoomId | None) -> list[Effect]:
    """Cancel an event whose room closes and tell the people expected, or move it to another of its
    rooms. Return what to send."""
    event = await load_event(ctx, item.number)
    if goes_on is not None:
        await save_change(ctx, event)  # its row names the room too
        lines = await message_lines(ctx, event)
        return [Edit(MessageRef(event.item, "opening"), lines, room=goes_on)] if lines else []
    after = replace(event, cancelled=True, sequence=event.sequence + 1)
    await save_change(ctx, after)
    line = _(
        "Event {number}, “{title}”, is cancelled: its room is closed.",
        number=event.item,
        title=texts.shorten_title(event.title),
    )
    told = await announce_change(ctx, event, after, None, line)
    return [one for one in told if not isinstance(one, Line)]


def _typed_date(ctx: Context, item: Item) -> str:
    """Return what was typed behind the number, as in `!cancelar 57 24/09`."""
    found = ctx.registry.find_command(ctx.text)
    rest = found[2] if found else ""
    return re.sub(rf"^(?:[^\W\d]+ ){{0,2}}#?{item.number}(?![\d:/.,-])\s*", "", rest).strip()


def _chosen_date(ctx: Context, event: Event, typed: str) -> Date | None:
    """Return the date to cancel, or None for the whole event."""
    if event.rule is None or date_choice.ALL_DATES.fullmatch(typed):
        return None
    day = phrases.read_day(typed, ctx.said_at, event.zone) if typed else None
    if day is not None:
        found = date_on(event, day)
        if found is None or found.at <= ctx.said_at:
            raise UserError(
                _(
                    "“{words}” is no date to come of event {number}.",
                    words=typed[:40],
                    number=event.item,
                ),
                _("To cancel all dates: `!cancel {number} all`", number=event.item),
            )
        return found
    other = _(
        "For another date: `!cancel {number} {day}`",
        number=event.item,
        day=date_choice.example_date(event, ctx.said_at),
    )
    return date_choice.ask_one_or_all(ctx, f"one or all:{event.item}", event, None, other)


def _confirm_cancel(ctx: Context, event: Event, when: Date | None) -> None:
    if event.author == ctx.me:
        ctx.confirm(
            _(
                "Event {number}, “{title}”, goes out of this agenda. In its own network nothing"
                " changes.",
                number=event.item,
                title=texts.shorten_title(event.title),
            ),
            _("Who said that they go is told."),
        )
        return
    what = (
        _(
            "I am going to cancel {moment} of “{title}”; the other dates stay.",
            moment=texts.date_line(event, when, with_zone=False),
            title=texts.shorten_title(event.title),
        )
        if when is not None
        else _(
            "I am going to cancel event {number}, “{title}”.",
            number=event.item,
            title=texts.shorten_title(event.title),
        )
        if event.rule is None
        else _(
            "I am going to cancel event {number}, “{title}”, with all its dates.",
            number=event.item,
            title=texts.shorten_title(event.title),
        )
    )
    ctx.confirm(what, _("Who said that they go is told."))


def _cancel_line(ctx: Context, event: Event, when: Date | None) -> Line:
    if event.author == ctx.me:
        return _(
            "{person} took event {number}, “{title}”, out of this agenda. It is another network's:"
            " this does not call it off there.",
            person=Person(ctx.who),
            number=event.item,
            title=texts.shorten_title(event.title),
        )
    if when is not None:
        return _(
            "{person} cancelled one date of event {number}, “{title}”: {day}. The others stay.",
            person=Person(ctx.who),
            number=event.item,
            title=texts.shorten_title(event.title),
            day=Day(when.at, event.zone),
        )
    coming = next_date(event, ctx.said_at)
    assert coming is not None
    return _(
        "{person} cancelled event {number}, “{title}”: {when}.",
        person=Person(ctx.who),
        number=event.item,
        title=texts.shorten_title(event.title),
        when=texts.date_line(event, coming) if event.rule is None else _("every date"),
    )
