"""The calendar file (`.ics`) of an event, on request; in rooms that want it, beside each event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.api import (
    EXPORT_ITEM,
    Answer,
    CommandPlace,
    Context,
    Effect,
    Item,
    ItemAccess,
    Line,
    Reach,
    Redact,
    RoomId,
    SendFile,
    Setting,
    Switch,
    UserError,
    UserId,
    _,
    items,
    n_,
    words,
)
from commands.calendar.declaration import feature
from commands.events import other_rooms, store, texts
from commands.events.creation import load_event
from commands.events.declaration import CREATION_EXAMPLE, EVENTS_TOPIC
from commands.events.event import Event
from commands.events.extensions import (
    CHANGE_STEPS,
    EVENT_CHANGED,
    EVENT_ELSEWHERE,
    EVENT_STEPS,
)

CALENDAR_FILES = Setting(
    "calendar files",
    words("archivo-calendario", "arquivo-calendário", "calendar-file", "archivos-calendario"),
    Switch(),
    "no",
    _("Whether each event comes with a file that puts it into people's own calendars."),
)
feature.settings.append(CALENDAR_FILES)
FILE_NAME = words("evento", "evento", "event")
FILE_NAME_OF_ALL = words("eventos", "eventos", "events")
MIME = "text/calendar"
SLOT = "calendar file"
MOST_IN_FILE = 300


@feature.offers(EVENT_CHANGED)
async def post_calendar_file(ctx: Context, event: Event, before: Event | None) -> Sequence[Effect]:
    """Post the calendar file of a new event; of a changed one redact the old file and post a new
    one. Return what to send.

    A change of what the file does not contain (seats, reminders) posts none.
    """
    if before is not None and _file_content(before) == _file_content(event):
        return []
    old = await items.forget_posts(ctx.db, event.item, SLOT)
    gone = [Redact(one, room=room, quiet=True) for one, room in old]
    if await ctx.setting_value(CALENDAR_FILES, event.room) != "yes":
        return gone
    caption = _caption(event, is_new=before is None)
    return [*gone, await _posted_file(ctx, event, caption, event.room, SLOT)]


@feature.offers(EVENT_ELSEWHERE)
async def post_file_elsewhere(
    ctx: Context, item: Item, event: Event, room: RoomId, stage: str
) -> list[Effect]:
    """Post an event's calendar file in another of its rooms where none stands now. Return the
    messages."""
    slot = item.ref(room, SLOT)
    if stage not in (other_rooms.OPEN, other_rooms.CHANGED):
        return []
    wanted = await ctx.setting_value(CALENDAR_FILES, room) == "yes"
    if not wanted or await items.event_of(ctx.db, slot) is not None:
        return []
    caption = _caption(event, is_new=stage == other_rooms.OPEN)
    return [await _posted_file(ctx, event, caption, room, slot.slot)]


async def _posted_file(
    ctx: Context, event: Event, caption: Line, room: RoomId, slot: str
) -> SendFile:
    language = (await ctx.policy_of_room(room)).language
    return SendFile(
        file_name(event, language),
        MIME,
        _calendar_of([event], ctx.now),
        caption=(caption,),
        room=room,
        thread=ctx.origin.thread if room == ctx.room else None,
        item=event.item,
        slot=slot,
    )


@feature.offers(EVENT_STEPS)
async def calendar_steps(ctx: Context, event: Event, room: RoomId) -> list[Line]:
    """Return how to get the calendar file of an event, where none stands beside it."""
    if await ctx.setting_value(CALENDAR_FILES, room) == "yes":
        return []
    return [_("to your calendar: `!events file {number}`", number=event.item)]


@feature.offers(CHANGE_STEPS)
async def calendar_change_steps(_ctx: Context, before: Event, after: Event) -> list[Line]:
    """Return how to bring an event's change into one's calendar, if the calendar file has
    changed."""
    if _file_content(before) == _file_content(after):
        return []
    return [_("For your calendar: `events file {number}`", number=after.item)]


def _calendar_of(events: Sequence[Event], now: datetime) -> bytes:
    # icalendar takes 3 MiB: it is loaded for the first file.
    from commands.calendar.ics.writer import write_calendar

    return write_calendar(events, now)


def file_name(event: Event, language: str) -> str:
    """Return the name of a calendar file. It contains no words of the event."""
    return f"{FILE_NAME.in_language(language)}-{event.item}.ics"


def _file_content(event: Event) -> Event:
    return replace(event, seats=None, guests=0, remind=None, sequence=0)


def _caption(event: Event, *, is_new: bool) -> Line:
    title = texts.shorten_title(event.title)
    if event.cancelled:
        return _(
            "{number}, “{title}”: open this file to take it out of your calendar.",
            number=event.item,
            title=title,
        )
    if not is_new:
        return _(
            "{number}, “{title}”: open this file to change it in your calendar.",
            number=event.item,
            title=title,
        )
    return _(
        "{number}, “{title}”: open this file to put it into your calendar.",
        number=event.item,
        title=title,
    )


@feature.command(
    words(
        "eventos-archivo",
        "eventos-arquivo",
        "events-file",
        "agenda archivo, calendario archivo, evento archivo"
        " | agenda arquivo, calendário arquivo, evento arquivo"
        " | calendar file, event file, ics",
    ),
    help=_("all that comes as one calendar file; with a number, that event alone"),
    example=_("For example: `!events file` or `!events file {number}`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
)
async def export_events(ctx: Context, item: Item | None = None) -> Answer:
    """Send all upcoming events, or one event, as a calendar file. Return the answer. Raises
    `UserError` if nothing is planned.

    Works whatever the room's setting says about files beside new events.
    """
    if item is not None:
        given: Answer = await export_event(ctx, item)
        return given
    room = ctx.place
    found = await store.upcoming_events(ctx.db, room, MOST_IN_FILE)
    if not found:
        raise UserError(_("Nothing is planned yet."), CREATION_EXAMPLE)
    caption = n_(
        "{count} event to come: open this file to put it into your calendar.",
        "{count} events to come: open this file to put them into your calendar.",
        len(found),
    )
    name = f"{FILE_NAME_OF_ALL.in_language(ctx.policy.language)}.ics"
    return [_build_file(ctx, found, name, caption)]


@feature.offers(EXPORT_ITEM.of("event"))
async def export_event(ctx: Context, item: Item) -> Answer:
    """Send one event as a calendar file. Return what to say, if anything. Raises `UserError` if it
    is gone.

    It goes to the person in private if they asked in a room that may not see the event.
    """
    event = await load_event(ctx, item.number)
    to = None if ctx.is_private or item.stands_in(ctx.room) else ctx.who
    name = file_name(event, ctx.policy.language)
    file = _build_file(ctx, [event], name, _caption(event, is_new=True), to)
    return [file]


def _build_file(
    ctx: Context, events: Sequence[Event], name: str, caption: Line, to: UserId | None = None
) -> SendFile:
    return SendFile(
        name,
        MIME,
        _calendar_of(events, ctx.now),
        caption=(caption,),
        to=to,
        reply_to=None if to else ctx.origin.event,
        thread=None if to else ctx.origin.thread,
    )
