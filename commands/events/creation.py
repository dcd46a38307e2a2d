"""Make an event from one typed line, and publish its message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypedDict
from uuid import uuid4

from bot.api import (
    TEXT,
    YES_NO,
    Answer,
    Context,
    Effect,
    Line,
    Number,
    Reach,
    RoomId,
    Say,
    UserError,
    Where,
    _,
    dates,
    stray,
    words,
)
from commands.events import agenda, store, texts
from commands.events.attendance import shift_store, shifts
from commands.events.attendance.shift_store import Shift
from commands.events.conflicts import warned
from commands.events.declaration import EVENTS, effects_beside, feature, lines_beside
from commands.events.event import Event, end_of, next_date
from commands.events.grammar import args, drafts, phrases
from commands.events.grammar.event_times import NOBODY, notes, timing, unclear

EXAMPLE = _("For example: `!event Radio workshop tomorrow 19h`")
MOST = 300
"""How many upcoming events one person may have made."""
_LINK = re.compile(r"https?://\S+")


@feature.command(
    words("evento", "evento", "event"),
    help=_("make an event; `place:`, `seats:10`, `every:week`, `lasts:2h` can follow"),
    example=EXAMPLE,
    topic=EVENTS,
    reach=Reach.ROOM,
    where=Where.ROOM,
    args=args.ARGS,
)
async def event(ctx: Context, *, text: str = "") -> Answer:
    """Make an event from a title and a date in either order, with further fields by name.

    The message replied to becomes the description. A number alone shows that event; nothing at all
    shows the agenda. Raises `UserError` and `Missing`, and asks about what is doubtful.
    """
    replied = _replied(ctx)
    if not text.strip() and replied is None:
        return await agenda.listed(ctx)
    if re.fullmatch(r"#?\d{1,9}", text.strip()):
        return await _shown_again(ctx, text)
    room = ctx.target.room if ctx.target else ctx.room
    zone = (await ctx.for_room(room)).zone
    draft = _draft(ctx, text.strip() or (replied or ""), zone)
    title, linked = _title(draft.title or ctx.known.get("part:title", ""))
    if not title:
        raise args.need("title")
    when = timing(ctx, draft, zone)
    if next_date(when.of(NOBODY), ctx.now) is None:
        raise UserError(_("No date would be left."))
    named = draft.named
    about = named.get(args.ABOUT.key) or draft.about or (replied if text.strip() else "") or ""
    made = when.of(
        Event(
            item=Number(0),
            room=room,
            author=ctx.who,
            title=title,
            start=when.start,
            zone=zone,
            **places({args.LINK.key: linked, **named}, draft.place),
            about=args.about(about),
            seats=args.seats(named.get(args.SEATS.key) or draft.seats or "no"),
            guests=args.guests(named.get(args.GUESTS.key, "0")),
            remind=args.remind(named[args.REMIND.key]) if args.REMIND.key in named else None,
            uid=f"{uuid4()}@minga",
        )
    )
    await warned(ctx, made)
    if not ctx.defaults.unlimited and await store.count_coming(ctx.db, ctx.who) >= MOST:
        raise UserError(
            _("You have {count} events to come; that is all I keep for one person.", count=MOST),
            _("To see them: `!events`"),
        )
    wanted = shifts.read(named[args.SHIFTS.key]) if args.SHIFTS.key in named else []
    number = await ctx.new_item("event", title, room)
    return await opened(ctx, replace(made, item=number), wanted)


def _title(typed: str) -> tuple[str, str]:
    """Return the title and the link found in it, as in `Reunión https://meet.jit.si/radio`."""
    found = _LINK.search(typed)
    if found is None:
        return args.title(typed), ""
    rest = (typed[: found.start()] + typed[found.end() :]).strip(" ,;:-")
    return (args.title(rest), found[0]) if rest else (args.title(typed), "")


async def _shown_again(ctx: Context, text: str) -> Say:
    """Return the message about the event with this number. Replies to it are about it too."""
    item, _rest = await ctx.item(text, "event")
    event = await store.get(ctx.db, item.number)
    if event is None:
        raise UserError(_("There is no event {number} any more.", number=item.number))
    lines = await shown(ctx, event) or tuple(agenda.over(event))
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=item.number)


def _replied(ctx: Context) -> str | None:
    """Return the text of the message replied to, if a person wrote it."""
    message = ctx.replied_message()
    if message is None or message.sender == ctx.me:
        return None
    return message.text.strip() or None


def _draft(ctx: Context, text: str, zone: str) -> drafts.Draft:
    """Parse the text and complete it with a date that was asked for later."""
    draft = drafts.read(text, ctx.now, zone)
    if (named := draft.named.get(args.ZONE.key)) is not None:
        zone = args.zone(named)
        draft = drafts.read(text, ctx.now, zone)
    told = draft.title if draft.dated else text.split("\n")[0]
    name = None if f'"{told}"' in text else stray(told)
    if draft.unknown or name is not None:
        raise args.unknown(draft.unknown[0] if draft.unknown else str(name))
    if not draft.dated and (later := ctx.known.get("part:when")) is not None:
        found = drafts.dated(later, ctx.now, zone)
        if isinstance(found.when, dates.Unreadable | dates.Past) and ctx.private:
            ctx.ask_anew("part:when", TEXT, *unclear(ctx, later).lines)
        draft = replace(found, title=draft.title, place=draft.place, about=draft.about,
                        seats=draft.seats, named=draft.named)  # fmt: skip
    asked = phrases.usually(draft.title) if draft.when is not None and not draft.every else ""
    if asked and args.EVERY.key not in draft.named:
        repeats = _("Does it repeat (“{word}”), or only once? `yes`: it repeats", word=asked)
        if ctx.ask("repeats", YES_NO, repeats) == "yes":
            return replace(draft, every=asked)
    return draft


class Places(TypedDict):
    """The place and the link of an event, either of them empty."""

    place: str
    link: str


def places(named: Mapping[str, str], said: str) -> Places:
    """Return place and link from the named fields and the place found in the line.

    A web address counts as the link whichever field it stands in. Raises `UserError`.
    """
    place, link = named.get(args.PLACE.key) or said, named.get(args.LINK.key, "")
    found = _LINK.search(place)
    if found and not link:
        place, link = (place[: found.start()] + place[found.end() :]).strip(" ,;+"), found[0]
    return Places(place=args.place(place), link=args.link(link) if link else "")


async def opened(ctx: Context, made: Event, wanted: Sequence[Shift] = ()) -> list[Line | Effect]:
    """Store a new event with its shifts, schedule its end, and return its messages."""
    await store.put(ctx.db, made, ctx.now)
    await shift_store.put(ctx.db, made.item, wanted)
    await wait_for_end(ctx, made)
    effects: list[Line | Effect] = [await announced(ctx, made)]
    effects += await effects_beside(ctx, made, None)
    if made.room == ctx.room:
        return effects
    name = ctx.target.name if ctx.target else made.room
    return [_("Event {number} stands in {room}.", number=made.item, room=name), *effects]


async def shown(ctx: Context, event: Event) -> tuple[Line, ...]:
    """Return the current lines of the message about an event, or none if no date is upcoming."""
    coming = next_date(event, ctx.now)
    if coming is None:
        return ()
    language = (await ctx.for_room(event.room)).language
    more = await lines_beside(ctx, event, coming)
    return (
        *texts.lines(event, coming, language, ctx.now),
        *notes(event),
        *more,
        _("To come: `going {number}`", number=event.item),
    )


async def announced(ctx: Context, made: Event) -> Say:
    """Return the message about an event, to which people reply."""
    said = await shown(ctx, made)
    here = made.room == ctx.room
    return Say(
        said,
        room=made.room,
        reply_to=ctx.origin.event if here else None,
        thread=ctx.origin.thread if here else None,
        loud=True,
        item=made.item,
        slot="opening",
    )


async def wait_for_end(ctx: Context, made: Event) -> None:
    """Schedule the job that runs when the next date ends. Replaces an earlier one."""
    await ctx.call_off(made.item, "over")
    coming = next_date(made, ctx.now)
    if coming is not None:
        await ctx.schedule("over", end_of(made, coming), item=made.item, room=RoomId(made.room))
