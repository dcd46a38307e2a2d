"""The services that events offer: other capabilities' requests, personal data, restoring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from uuid import uuid4

from bot.api import (
    AFTER_RESTORE,
    CREATE_EVENT,
    EXPORT_PERSON,
    FORGET,
    ITEM_DELETED,
    PENDING_OF_KIND,
    SUMMARY,
    Context,
    Day,
    Effect,
    Item,
    Line,
    Moment,
    Number,
    Person,
    RoomId,
    Say,
    UserId,
    _,
    dates,
    items,
    n_,
)
from commands.events import changes, store, texts
from commands.events.creation import add_event_item, load_event, publish_event
from commands.events.declaration import feature
from commands.events.event import Event, next_date
from commands.events.extensions import expected_people
from commands.events.grammar import args
from commands.translations.services import TRANSLATABLE, TRANSLATED, TranslatableWords
from commands.translations.titles import is_gone, title_words, translated_line

feature.rows("events_event", room="room")
feature.log_line("moved", _("moved event {number}"))

MOST_IN_SUMMARY = 3
"""How many events are listed to a person who has just joined."""
MOST_PENDING = 5
"""How many upcoming events are listed among a room's open matters."""


@feature.offers(CREATE_EVENT)
async def schedule_event(
    ctx: Context, title: str, start: datetime, room: RoomId, author: UserId
) -> list[Line | Effect]:
    """Create an event for a date that was decided elsewhere, and return its messages.

    `start` is in UTC; midnight in the room's zone makes it an all-day event. A past date makes
    none.
    """
    zone = (await ctx.policy_of_room(room)).zone
    wall = dates.to_wall(start, zone)
    short = " ".join(title.split())[: args.LONGEST_TITLE]
    number = await add_event_item(ctx, short, room, author, ctx.said_at)
    made = Event(
        item=number,
        room=room,
        author=author,
        title=short,
        start=wall,
        zone=zone,
        all_day=wall.time() == time(),
        uid=f"{uuid4()}@minga",
    )
    if next_date(made, ctx.said_at) is None:
        await items.delete(ctx.db, number)
        return [_("That date has passed, so I made no event of it.")]
    return await publish_event(ctx, made)


@feature.offers(PENDING_OF_KIND.of("event"))
async def pending_events(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line for each of the next few events of a room."""
    lines = []
    for event in await store.upcoming_events(ctx.db, room, MOST_PENDING):
        coming = next_date(event, ctx.said_at)
        if coming is not None:
            lines.append(
                _(
                    "Event {number}: {when}, {title}",
                    number=event.item,
                    when=texts.date_line(event, coming, with_zone=False),
                    title=texts.shorten_title(event.title),
                )
            )
    return lines


@feature.offers(SUMMARY)
async def summarize_events(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return lines with the next events of these rooms, for a person who has just joined.

    Times are on the reader's clock.
    """
    lines = []
    for event in await store.soonest_events(ctx.db, places, MOST_IN_SUMMARY):
        coming = next_date(event, ctx.said_at)
        if coming is not None:
            shown = Day(coming.at, event.zone) if event.all_day else Moment(coming.at)
            lines.append(
                _(
                    "{when}: {title} ({number})",
                    when=shown,
                    title=texts.shorten_title(event.title),
                    number=event.item,
                )
            )
    return [_("What comes:"), *lines, _("All that comes: `!events`")] if lines else []


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete those of a person's events that nobody else is expected at. Return lines that say what
    was deleted.

    Events over for good are deleted too; the others stay, without their author.
    """
    dropped = 0
    for number in await store.events_made_by(ctx.db, person):
        event = await store.get_event(ctx.db, number)
        if event is None or [p for p in await _other_people(ctx, event) if p != person]:
            continue
        for gone in ctx.registry.offers(ITEM_DELETED):
            await gone(ctx, number)
        await ctx.cancel_jobs(number)
        await items.delete(ctx.db, number)
        dropped += 1
    return [n_("{count} event deleted", "{count} events deleted", dropped)] if dropped else []


async def _other_people(ctx: Context, event: Event) -> list[UserId]:
    """Return the people who are still expected at the event."""
    if next_date(event, ctx.said_at) is None:
        return []
    return await expected_people(ctx, event)


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each event a person made, past ones included."""
    found = []
    for number in await store.events_made_by(ctx.db, person):
        event = await store.get_event(ctx.db, number)
        if event is not None:
            at = dates.to_utc(event.start, event.zone)
            found.append(
                _(
                    'Event {number} that you made: "{title}", {moment}, {place}',
                    number=event.item,
                    title=event.title,
                    moment=Moment(at, event.zone),
                    place=tuple(filter(None, (event.place, event.link, event.about))) or ("-",),
                )
            )
    return found


@feature.offers(AFTER_RESTORE)
async def report_restore(ctx: Context, made: datetime) -> list[Effect]:
    """Tell each room which events may lack changes made after the backup. Return the messages.

    `made` is when the backup was taken (UTC).
    """
    effects: list[Effect] = []
    for room, numbers in (await store.upcoming_numbers_by_room(ctx.db)).items():
        line = n_(
            "An event to come is as it was at {moment}; what was answered or changed since is"
            " missing: {numbers}",
            "{count} events to come are as they were at {moment}; what was answered or changed"
            " since is missing: {numbers}",
            len(numbers),
            moment=Moment(made),
            numbers=_join_numbers(numbers),
        )
        effects.append(Say((line, _("To see them: `!events`")), room=room))
    return effects


def _join_numbers(numbers: list[Number]) -> str:
    shown = ", ".join(map(str, numbers[:20]))
    return f"{shown} …" if len(numbers) > 20 else shown


@feature.offers(TRANSLATABLE.of("event"))
async def translatable_words(ctx: Context, item: Item) -> TranslatableWords:
    """Return the title of an upcoming event, to be translated. Raises `UserError` for another
    one."""
    event = await load_event(ctx, item.number)
    changes.check_own_network(ctx, event)
    changes.check_open(ctx, event)
    return title_words(event.title, args.LONGEST_TITLE)


@feature.offers(TRANSLATED.of("event"))
async def show_translation(
    ctx: Context, item: Item, person: UserId, language: str
) -> Sequence[Effect]:
    """Edit the event's messages to show its translations. Return what to send. Nobody is written to
    for that."""
    event = await load_event(ctx, item.number)
    gone = is_gone(event.title, language)
    line = translated_line(event.item, event.title, Person(person), language, gone=gone)
    changed = replace(event, sequence=event.sequence + 1)
    effects = await changes.announce_change(ctx, event, changed, None, line, people=False)
    return [one for one in effects if not isinstance(one, Line)]
