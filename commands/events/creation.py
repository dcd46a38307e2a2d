"""Make an event from one typed line, publish its message, and go on when a date has ended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict
from uuid import uuid4

from bot.api import (
    TEXT,
    YES_NO,
    Answer,
    CommandPlace,
    Context,
    Edit,
    Effect,
    Job,
    Line,
    MessageRef,
    Number,
    Reach,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    dates,
    find_stray_setting,
    items,
    require_voice,
    split_arguments,
    words,
)
from commands.embargo.typed_times import refuse_time
from commands.events import agenda, other_rooms, store, told_dates
from commands.events.conflicts import conflict_lines
from commands.events.consequences import event_message, follow_change, message_lines
from commands.events.declaration import (
    CREATION_EXAMPLE,
    EVENTS_TOPIC,
    OVER_JOB,
    feature,
)
from commands.events.event import Event, end_of_date, next_date
from commands.events.extensions import EVENT_FIELD, SaveField
from commands.events.grammar import args, drafts, phrases
from commands.events.grammar.event_times import (
    BLANK_EVENT,
    resolve_times,
    unclear_date,
)
from commands.many_rooms.declaration import ROOMS_ARGUMENT
from commands.many_rooms.room_choice import choose_rooms, homes_by, people_of, preview_lines
from commands.translations.declaration import WITH_TITLES
from commands.translations.titles import read_titles
from commands.translations.typed_texts import require_known_languages

MOST_UPCOMING = 300
"""How many upcoming events one person may have made."""
_LINK = re.compile(r"https?://\S+")

GATHERINGS = words(
    "taller",
    "oficina",
    "workshop",
    "actividad, encuentro, jornada, marcha | atividade, encontro, mutirão, ato | gathering",
)
"""What people call an event by: the word begins its title."""
feature.stands_for(GATHERINGS, "event", is_kept=True)
feature.stands_for(words("convocar", "convocar", "convene", "agendar | agendar, marcar |"), "event")


@feature.command(
    words("evento", "evento", "event"),
    help=_("make an event; `place:`, `seats:10`, `every:week`, `in: press` (rooms) can follow"),
    example=CREATION_EXAMPLE,
    topic=EVENTS_TOPIC,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
    args=(*args.WITH_ROOMS, *WITH_TITLES),
    homes=homes_by((*args.WITH_ROOMS, *WITH_TITLES)),
)
async def create_event(ctx: Context, *, text: str = "") -> Answer:
    """Make an event from a title and a date in either order, with further fields by name. Return
    the answer.

    The message replied to becomes the description. A number alone shows that event; nothing at all
    shows the agenda. Raises `UserError` and `MissingArgument`, and asks about what is doubtful.
    """
    # Title, times, places and rhythm are one sentence: `grammar/` reads it.
    replied = _replied_text(ctx)
    if not text.strip() and replied is None:
        return await agenda.list_events(ctx)
    if re.fullmatch(r"#?\d{1,9}", text.strip()):
        return await _show_event(ctx, text)
    await told_dates.refuse_date_of_another(ctx, text)
    refuse_time(ctx)
    require_known_languages(text)
    room = ctx.place
    zone = (await ctx.policy_of_room(room)).zone
    draft = _complete_draft(ctx, text.strip() or (replied or ""), zone)
    title, linked = _split_title(draft.title or ctx.answers.get("part:title", ""))
    if not title:
        raise args.missing_field("title")
    when = resolve_times(ctx, draft, zone)
    if next_date(when.apply_to(BLANK_EVENT), ctx.said_at) is None:
        raise UserError(_("No date would be left."))
    named = draft.named
    about = named.get(args.ABOUT.key) or draft.about or (replied if text.strip() else "") or ""
    made = when.apply_to(
        Event(
            item=Number(0),
            room=room,
            author=ctx.who,
            title=title,
            start=when.start,
            zone=zone,
            **read_places({args.LINK.key: linked, **named}, draft.place),
            about=args.read_description(about),
            seats=args.read_seats(named.get(args.SEATS.key) or draft.seats or "no"),
            guests=args.read_guests(named.get(args.GUESTS.key, "0")),
            remind=args.read_reminders(named[args.REMIND.key])
            if args.REMIND.key in named
            else None,
            uid=f"{uuid4()}@minga",
        )
    )
    chosen = await choose_rooms(ctx, room, named.get(ROOMS_ARGUMENT.key))
    doubts = await conflict_lines(ctx, made)
    if chosen.others:
        people = await people_of(ctx, chosen)
        doubts = [*await preview_lines(ctx, chosen, len(people)), *doubts]
    if doubts:
        ctx.confirm(*doubts)
    if not ctx.defaults.unlimited and await store.count_upcoming(ctx.db, ctx.who) >= MOST_UPCOMING:
        raise UserError(
            _(
                "You have {count} events to come; that is all I keep for one person.",
                count=MOST_UPCOMING,
            ),
            _("To see them: `!events`"),
        )
    savers = await _read_further_fields(ctx, named)
    typed = split_arguments(text, WITH_TITLES, lambda _words: False)
    typed = replace(typed, named=dict(named))
    titles = await read_titles(ctx, typed, title, args.LONGEST_TITLE)
    if titles.texts:
        savers.append(lambda here, event: titles.save(here, event.item))
        made = replace(made, title=titles.with_translations(title))
    number = await add_own_item(ctx, title, room)
    others = chosen.every[1:]
    await items.show_in(ctx.db, number, others)
    return await publish_event(ctx, replace(made, item=number, others=others), savers)


async def _read_further_fields(ctx: Context, named: Mapping[str, str]) -> list[SaveField]:
    """Return what saves the fields that are for others. Raises `UserError` if nobody reads one."""
    savers: list[SaveField] = []
    for key in (args.SHIFTS.key,):
        if key not in named:
            continue
        read = [await reader(ctx, key, named[key]) for reader in ctx.registry.offers(EVENT_FIELD)]
        found = [save for save in read if save is not None]
        if not found:
            raise args.unknown_field(key)
        savers += found
    return savers


def _split_title(typed: str) -> tuple[str, str]:
    """Return the title and the link found in it, as in `Reunión https://meet.jit.si/radio`."""
    found = _LINK.search(typed)
    if found is None:
        return args.read_title(typed), ""
    rest = (typed[: found.start()] + typed[found.end() :]).strip(" ,;:-")
    return (args.read_title(rest), found[0]) if rest else (args.read_title(typed), "")


async def load_event(ctx: Context, number: Number) -> Event:
    """Return the event of this number. Raises `UserError` if it was deleted."""
    event = await store.get_event(ctx.db, number)
    if event is None:
        raise UserError(_("There is no event {number} any more.", number=number))
    return event


async def _show_event(ctx: Context, text: str) -> Say:
    """Return the message about the event with this number. Replies to it are about it too."""
    item, _rest = await ctx.parse_item(text, "event")
    event = await load_event(ctx, item.number)
    lines = await message_lines(ctx, event) or tuple(agenda.past_event_lines(event))
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=item.number)


def _replied_text(ctx: Context) -> str | None:
    """Return the text of the message replied to, if a person wrote it."""
    message = ctx.replied_message()
    if message is None or message.sender == ctx.me:
        return None
    return message.text.strip() or None


def _complete_draft(ctx: Context, text: str, zone: str) -> drafts.EventDraft:
    """Parse the text and complete it with a date that was asked for later."""
    more = (ROOMS_ARGUMENT, *WITH_TITLES)
    draft = drafts.parse_draft(text, ctx.said_at, zone, more)
    if (named := draft.named.get(args.ZONE.key)) is not None:
        zone = args.read_zone(named)
        draft = drafts.parse_draft(text, ctx.said_at, zone, more)
    told = draft.title if draft.has_date else text.split("\n")[0]
    name = None if f'"{told}"' in text else find_stray_setting(told)
    if draft.unknown or name is not None:
        raise args.unknown_field(draft.unknown[0] if draft.unknown else str(name))
    if not draft.has_date and (later := ctx.answers.get("part:when")) is not None:
        found = drafts.parse_date(later, ctx.said_at, zone)
        if isinstance(found.when, dates.UnreadableDate | dates.PastDate) and ctx.is_private:
            ctx.ask_again("part:when", TEXT, *unclear_date(ctx, later).lines)
        draft = replace(
            found,
            title=draft.title,
            place=draft.place,
            about=draft.about,
            seats=draft.seats,
            named=draft.named,
        )
    asked = (
        phrases.rhythm_in_title(draft.title) if draft.when is not None and not draft.every else ""
    )
    if asked and args.EVERY.key not in draft.named:
        repeats = _("Does it repeat (“{word}”), or only once? `yes`: it repeats", word=asked)
        if ctx.ask("repeats", YES_NO, repeats) == "yes":
            return replace(draft, every=asked)
    return draft


class EventPlaces(TypedDict):
    """The place and the link of an event, either of them empty."""

    place: str
    link: str


def read_places(named: Mapping[str, str], said: str) -> EventPlaces:
    """Return place and link of an event, from the named fields and the place found in the line.

    A web address counts as the link whichever field it stands in. Raises `UserError` for a place or
    link that is too long or none.
    """
    place, link = named.get(args.PLACE.key) or said, named.get(args.LINK.key, "")
    found = _LINK.search(place)
    if found and not link:
        place, link = (place[: found.start()] + place[found.end() :]).strip(" ,;+"), found[0]
    return EventPlaces(place=args.read_place(place), link=args.read_link(link) if link else "")


async def add_event_item(
    ctx: Context, title: str, room: RoomId, author: UserId, at: datetime
) -> Number:
    """Create the item of an event, whichever capability makes it, and return its number."""
    return await items.add(ctx.db, feature.name, "event", room, author, title, at)


async def add_own_item(ctx: Context, title: str, room: RoomId) -> Number:
    """Create the item of an event that the person makes, and return its number. Raises `UserError`
    without a voice."""
    await require_voice(ctx, room)
    return await add_event_item(ctx, title, room, ctx.who, ctx.said_at)


async def publish_event(
    ctx: Context, made: Event, savers: Sequence[SaveField] = ()
) -> list[Line | Effect]:
    """Store a new event with its further fields, schedule its end, and return the messages that
    announce it."""
    await store.save_event(ctx.db, made, ctx.said_at)
    for save in savers:
        await save(ctx, made)
    await schedule_end(ctx, made)
    effects: list[Line | Effect] = [await event_message(ctx, made)]
    effects += await follow_change(ctx, made, None)
    await other_rooms.repeat(ctx, made, other_rooms.OPEN)
    if made.room == ctx.room:
        return effects
    name = ctx.target.name if ctx.target else made.room
    return [_("Event {number} stands in {room}.", number=made.item, room=name), *effects]


async def schedule_end(ctx: Context, made: Event) -> None:
    """Schedule the job that runs when the event's next date ends. Replaces an earlier one."""
    await ctx.cancel_jobs(made.item, OVER_JOB)
    coming = next_date(made, ctx.said_at)
    if coming is not None:
        await ctx.schedule(
            OVER_JOB, end_of_date(made, coming), item=made.item, room=RoomId(made.room)
        )


@feature.runs(OVER_JOB)
async def end_date(ctx: Context, job: Job) -> Answer:
    """Edit the event's message at the end of a date to show the next one, or close the item. Nobody
    is mentioned. Return what to say, if anything."""
    event = await store.get_event(ctx.db, job.item) if job.item else None
    if event is None:
        return None
    await store.save_event(ctx.db, event, ctx.said_at)
    lines = await message_lines(ctx, event)
    if not lines:
        await items.close(ctx.db, event.item)
        return None
    await schedule_end(ctx, event)
    await other_rooms.repeat(ctx, event, other_rooms.EDITED)
    return Edit(MessageRef(event.item, "opening"), lines, room=event.room)
