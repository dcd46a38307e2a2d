"""Check-in at the door by a code or by the host, in rooms that record who was present."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Item,
    ItemAccess,
    Line,
    People,
    Person,
    Reach,
    Say,
    Setting,
    Switch,
    UserError,
    UserId,
    _,
    is_in_any,
    items,
    n_,
    words,
)
from commands.attendance import checkin_store, event_parameters
from commands.attendance.declaration import feature
from commands.attendance.event_parameters import EventItem
from commands.events import store, texts
from commands.events.declaration import EVENTS_TOPIC
from commands.events.event import Date, Event, date_with_key, dates_after, end_of_date

PRESENCE = Setting(
    "presence",
    words("presencia", "presença", "presence"),
    Switch(),
    "no",
    _("Who was at an event is kept, by a code at the door; the room can read it."),
)
feature.settings.append(PRESENCE)
OPENS_BEFORE = timedelta(hours=2)
CLOSES_AFTER = timedelta(hours=6)
"""How long before a date begins and after it ends people can check in."""
MOST_WRONG_CODES = 5
MOST_NAMED = 60


@feature.command(
    words("puerta", "porta", "door", "código de puerta | código da porta | door code"),
    help=_("the code to show at the door, so that who comes can say `arrived`"),
    example=_("For example: `!door {number}`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    reach=Reach.ROOM,
)
async def send_door_code(ctx: Context, item: EventItem) -> Answer:
    """Send the code for checking in at the door, in private, to the event's author or a moderator.
    Return the answer.

    Raises `UserError` for others.
    """
    event = await event_parameters.load_event(ctx, item)
    await _check_host(ctx, event)
    when = await _open_date(ctx, event)
    code = await checkin_store.door_code(
        ctx.db, item.number, when.key, f"{secrets.randbelow(10_000):04}"
    )
    lines = (
        _(
            'The code at the door of "{title}" ({number}), {when}: {code}',
            title=texts.shorten_title(event.title),
            number=item.number,
            when=texts.date_line(event, when),
            code=code,
        ),
        _(
            "Who comes writes to me in private: `arrived {number} {code}`",
            number=item.number,
            code=code,
        ),
        _("Who has no phone: `arrived {number} @name:server`", number=item.number),
    )
    if ctx.is_private or ctx.answer_privately:
        return lines
    return [_("I wrote to you in private."), Say(lines, to=ctx.who, item=item.number)]


@feature.command(
    words(
        "llegué",
        "cheguei",
        "arrived",
        "ya llegué, marcar llegada | já cheguei, marcar chegada | check in, mark arrival",
    ),
    help=_("say that you are there, with the code at the door"),
    example=_("For example: `!arrived {number} 4821`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
    begins_calls=True,
)
async def check_in(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Check in with the door code; a host can check in other people by name. Return the answer.
    Raises `UserError` for a wrong or missing code, after too many wrong ones, and for people whom
    the host's line doesn't name rightly.

    After `MOST_WRONG_CODES` wrong codes only a host can check the person in.
    """
    # Without a person it is an event's number and a code, which may look alike.
    if people:
        return await _check_in_others(ctx, people, text)
    item, code = await _read_code(ctx, text)
    event = await event_parameters.load_event(ctx, item)
    when = await _open_date(ctx, event)
    right = await checkin_store.door_code(ctx.db, item.number, when.key, None)
    if await checkin_store.count_wrong_codes(ctx.db, item.number, ctx.who) >= MOST_WRONG_CODES:
        raise UserError(
            _(
                "That was {count} codes that didn't fit. Whoever hosts can mark you as there.",
                count=MOST_WRONG_CODES,
            )
        )
    if right is None or not secrets.compare_digest(right, code):
        await checkin_store.add_wrong_code(ctx.db, item.number, ctx.who)
        return _("That code doesn't fit event {number}. It stands at the door.", number=item.number)
    await checkin_store.mark_present(ctx.db, item.number, when.key, ctx.who)
    return _(
        'Noted: you are at "{title}" ({number}).',
        title=texts.shorten_title(event.title),
        number=item.number,
    )


async def _read_code(ctx: Context, text: str) -> tuple[Item, str]:
    """Return the event's item and the code. In reply to an event the code is enough."""
    numbers = re.findall(r"\d{1,9}", text[:200])
    replied = await ctx.replied_item("event")
    if replied is not None and numbers:
        return replied, numbers[-1]
    if len(numbers) < 2:
        raise UserError(
            _("Missing: the number of the event, and the code at the door."),
            _("For example: `!arrived {number} 4821`", number=await ctx.example_number("events")),
        )
    return (await ctx.parse_item(numbers[0], "event"))[0], numbers[1]


feature.log_line(
    "there",
    n_(
        "noted that {count} person was at event {number}",
        "noted that {count} people were at event {number}",
        0,
    ),
)


async def _check_in_others(ctx: Context, people: People, text: str) -> Answer:
    item, _rest = await event_parameters.find_item(ctx, text)
    event = await event_parameters.load_event(ctx, item)
    await _check_host(ctx, event)
    when = await _open_date(ctx, event)
    here: list[UserId] = []
    strangers: list[UserId] = []
    for person in people:
        joined = await is_in_any(ctx, item, person)
        (here if joined else strangers).append(person)
    for person in here:
        await checkin_store.mark_present(ctx.db, item.number, when.key, person)
    lines = []
    if here:
        lines.append(
            _(
                'Noted at "{title}" ({number}): {people}',
                title=texts.shorten_title(event.title),
                number=item.number,
                people=tuple(Person(one) for one in here),
            )
        )
        await ctx.log("there", {"number": item.number, "count": len(here)}, room=event.room)
    if strangers:
        shown = tuple(Person(one, full=True) for one in strangers[:20])
        lines.append(_("Not in the room of this event: {people}", people=shown))
    return lines


# --- who may, when --------------------------------------------------------------------------------


async def _check_host(ctx: Context, event: Event) -> None:
    if not await ctx.may_change(event):
        raise UserError(
            _(
                "You can't do that for event {number}: it is for its author or the moderators.",
                number=event.item,
            )
        )


async def _open_date(ctx: Context, event: Event) -> Date:
    """Return the date that is open for check-in now.

    Raises `UserError` if there is none, and if the room keeps no presence.
    """
    if await ctx.setting_value(PRESENCE, event.room) != "yes":
        raise UserError(
            _("This room doesn't keep who was at its events."),
            _("Its moderators can change that: `!config presence yes`"),
        )
    lasts = (event.length or timedelta(days=1)) + CLOSES_AFTER
    for when in dates_after(event, ctx.said_at - lasts, 10):
        if (
            not event.cancelled
            and when.at - OPENS_BEFORE <= ctx.said_at <= end_of_date(event, when) + CLOSES_AFTER
        ):
            return when
    raise UserError(
        _(
            'Who is at "{title}" ({number}) is noted from {before} h before it begins to {after} h '
            "after its end.",
            title=texts.shorten_title(event.title),
            number=event.item,
            before=int(OPENS_BEFORE.total_seconds()) // 3600,
            after=int(CLOSES_AFTER.total_seconds()) // 3600,
        )
    )


async def presence_lines(ctx: Context, event: Event) -> list[Line]:
    """Return lines with the people who were present at the latest recorded date of an event, if
    there is one."""
    found = await checkin_store.last_presence(ctx.db, event.item)
    if found is None:
        return []
    key, people = found
    when = date_with_key(event, key)
    head = (
        _(
            'At "{title}" ({number}), {when}',
            title=texts.shorten_title(event.title),
            number=event.item,
            when=texts.date_line(event, when),
        )
        if when
        else None
    )
    shown = tuple(Person(one) for one in people[:MOST_NAMED])
    lines = [_("Were there ({count}): {people}", count=len(people), people=shown)]
    if len(people) > MOST_NAMED:
        more = len(people) - MOST_NAMED
        lines.append(n_("and {count} more", "and {count} more", more))
    return [head, *lines] if head else lines


async def presence_of_person(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each date at which this person was present."""
    lines = []
    for number, key in await checkin_store.presence_of_person(ctx.db, person):
        event, item = await store.get_event(ctx.db, number), await items.get(ctx.db, number)
        when = date_with_key(event, key) if event else None
        if event and item and when:
            lines.append(
                _(
                    'You were at "{title}" ({number}), {when}',
                    title=texts.shorten_title(item.title),
                    number=number,
                    when=texts.date_line(event, when),
                )
            )
    return lines
