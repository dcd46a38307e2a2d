"""Shifts of an event: set the list, take and drop shifts, show what is open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.api import (
    NOTHING,
    TAKE_ON,
    Answer,
    Context,
    Item,
    ItemAccess,
    Line,
    Message,
    MissingArgument,
    Number,
    Person,
    Reach,
    Rest,
    Say,
    UserError,
    UserId,
    _,
    fold,
    fold_in_place,
    is_author,
    items,
    words,
)
from commands.attendance import (
    date_keys,
    event_parameters,
    rsvp,
    rsvp_commands,
    rsvp_phrases,
    shift_phrases,
    shift_store,
)
from commands.attendance.declaration import feature
from commands.attendance.event_parameters import EventItem
from commands.attendance.shift_store import Shift
from commands.events import texts
from commands.events.declaration import EVENTS_TOPIC
from commands.events.event import Date, Event, next_date
from commands.events.extensions import EVENT_FIELD, SaveField
from commands.events.grammar import args


@feature.offers(EVENT_FIELD)
async def read_shifts_field(_ctx: Context, key: str, typed: str) -> SaveField | None:
    """Return the function that saves the shifts of a new event, parsed from `shifts:` in its line.

    Raises `UserError` for a list that `parse_shifts` refuses.
    """
    if key != args.SHIFTS.key:
        return None
    wanted = shift_phrases.parse_shifts(typed)

    async def save(ctx: Context, event: Event) -> None:
        await shift_store.save_shifts(ctx.db, event.item, wanted)

    return save


# --- lines of the event's message -----------------------------------------------------------------


async def shift_lines(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return the lines of an event's message with the shifts of its next date and how many people
    are missing."""
    shifts = await shift_store.load_shifts(ctx.db, event.item)
    if not shifts:
        return []
    taken = await shift_store.people_by_shift(ctx.db, event.item, date_keys.answer_key(event, when))
    parts = tuple(_count_text(one, len(taken.get(one.key, ()))) for one in shifts)
    line = _("Shifts: {shifts}", shifts=parts)
    open_ = _open_shifts(shifts, taken)
    return [texts.join_parts([line, _take_line(event, open_[0])]) if open_ else line]


def _count_text(shift: Shift, done: int) -> Line:
    return _("{name} {done} of {people}", name=shift.name, done=done, people=shift.people)


def _open_shifts(shifts: Sequence[Shift], taken: Mapping[str, Sequence[UserId]]) -> list[Shift]:
    return [one for one in shifts if len(taken.get(one.key, ())) < one.people]


def _take_line(event: Event, shift: Shift) -> Line:
    return _("To take one: `take {number} {name}`", number=event.item, name=shift.name)


async def own_shift_lines(ctx: Context, event: Event, when: Date, person: UserId) -> list[Line]:
    """Return a line with the person's shifts on a date of an event, for their reminder."""
    taken = await shift_store.people_by_shift(ctx.db, event.item, date_keys.answer_key(event, when))
    names = tuple(
        one.name
        for one in await shift_store.load_shifts(ctx.db, event.item)
        if person in taken.get(one.key, ())
    )
    return [_("Your shift: {names}", names=names)] if names else []


# --- commands -------------------------------------------------------------------------------------


@feature.command(  # Shifts are a list of their own: `2 reception, 4 sound`.
    words("turnos", "turnos", "shifts"),
    help=_("what there is to do at an event, and who does it"),
    example=_(
        "For example: `!shifts {number}` or `!shifts {number} 2 reception, 4 sound`", number=57
    ),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def show_shifts(ctx: Context, item: EventItem, *, text: str = "") -> Answer:
    """Show an event's shifts, or set them for its author and moderators. Return the answer. Raises
    `UserError` if there are none to show, for others who set them, and if more people have taken
    one than it would hold."""
    event = await event_parameters.load_event(ctx, item)
    if text:
        return await _set_shifts(ctx, event, text)
    when = next_date(event, ctx.said_at)
    every = await shift_store.load_shifts(ctx.db, event.item)
    if not every or when is None:
        raise UserError(
            _("Event {number} has no shifts.", number=event.item),
            _(
                "Who made it can add some: `!shifts {number} 2 reception, 4 sound`",
                number=event.item,
            ),
        )
    return await _shift_table(ctx, event, when, every)


async def _shift_table(
    ctx: Context, event: Event, when: Date, every: Sequence[Shift]
) -> list[Line]:
    taken = await shift_store.people_by_shift(ctx.db, event.item, date_keys.answer_key(event, when))
    lines = [
        _(
            '"{title}" ({number}), {when}',
            title=texts.shorten_title(event.title),
            number=event.item,
            when=texts.date_line(event, when),
        )
    ]
    for one in every:
        people = taken.get(one.key, [])
        who = tuple(Person(person) for person in people[:40])
        count = _count_text(one, len(people))
        lines.append(_("{shift}: {people}", shift=count, people=who) if who else count)
    open_ = _open_shifts(every, taken)
    lines.append(_take_line(event, open_[0]) if open_ else _("Every shift is taken."))
    return lines


async def _set_shifts(ctx: Context, event: Event, typed: str) -> Answer:
    if not await ctx.may_change(event):
        raise UserError(
            _(
                "You can't do that for event {number}: it is for its author or the moderators.",
                number=event.item,
            )
        )
    wanted = shift_phrases.parse_shifts(
        typed.partition(":")[2] if _begins_with_name(typed) else typed
    )
    for one in wanted:
        if await shift_store.most_people(ctx.db, event.item, one.key) > one.people:
            raise UserError(
                _("More people than that have taken “{name}” already.", name=one.name),
                _("Who has what: `!shifts {number}`", number=event.item),
            )
    await shift_store.save_shifts(ctx.db, event.item, wanted)
    if not is_author(ctx, event):
        await ctx.log("changed", {"number": event.item}, room=event.room)
    await rsvp.schedule_count(ctx, event)
    parts = tuple(Line("{n} {name}", {"n": one.people, "name": one.name}) for one in wanted)
    return [
        _("Shifts of event {number}: {shifts}", number=event.item, shifts=parts),
        _take_line(event, wanted[0]),
    ]


def _begins_with_name(typed: str) -> bool:
    return re.match(r"(?:turnos|shifts)\s*:", fold(typed)) is not None


@feature.command(
    words("tomar turno", "pegar turno", "take shift", "| assumir turno |"),
    help=_("take a shift of an event"),
    example=_("For example: `take {number} sound`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.COUNTS,
    reach=Reach.ROOM,
)
async def take_shift(ctx: Context, item: EventItem, *, name: Rest = NOTHING) -> Answer:
    """Take a shift of an event by name, on the next date or the one named. Return the answer.
    Raises `UserError` if there is no such shift or date, or if it is taken already."""
    return await _take_shift(ctx, item, name)


@feature.command(
    words("dejar turno", "deixar turno", "drop shift", "| largar turno |"),
    help=_("leave a shift that you took"),
    example=_("For example: `drop {number} sound`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.COUNTS,
    reach=Reach.ROOM,
)
async def drop_shift(ctx: Context, item: EventItem, *, name: Rest = NOTHING) -> Answer:
    """Leave a shift by name or, without a name, all that the person has on that date. Return the
    answer. Raises `UserError` if there is no such shift or date, or if the person has none."""
    return await _drop_shift(ctx, item, name)


async def answer_by_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Take or leave a shift by `tomo sonido` in reply to the event. Return None for other text."""
    return await _answer_bare(ctx, item, text)


@feature.on(Message)
async def answer_unprefixed(ctx: Context, _message: Message) -> Answer:
    """Take or leave a shift by a whole line such as `tomo 57 sonido`. Return None for other
    text."""
    found = re.match(r"\S+\s+#?(\d{1,9})\b", ctx.text.strip())
    item = await items.get(ctx.db, Number(int(found[1]))) if found else None
    if item is None or item.kind != "event" or not await ctx.may_see(item):
        return None
    here = ctx.is_private or item.stands_in(ctx.room)
    return await _answer_bare(ctx, item, ctx.text) if here else None


async def _answer_bare(ctx: Context, item: Item, text: str) -> Answer:
    head, _sep, rest = text.strip().partition(" ")
    word = fold(head.strip("!¡"))
    if (
        word not in rsvp_phrases.TAKE_WORDS + rsvp_phrases.DROP_WORDS
        or len(text) > shift_phrases.LONGEST_NAME + 40
    ):
        return None
    rest = re.sub(rf"^#?{item.number}\b\s*", "", rest.strip())
    name, _when = await _split_name(ctx, item, rest)
    whole = word in rsvp_phrases.DROP_WORDS and not name
    if not whole and await _find_shift(ctx, item.number, name) is None:
        return None
    return await (_take_shift if word in rsvp_phrases.TAKE_WORDS else _drop_shift)(ctx, item, rest)


async def _find_shift(ctx: Context, item: Number, name: str) -> Shift | None:
    """Return the shift with this name, or the only one that begins with it, or None."""
    every = await shift_store.load_shifts(ctx.db, item)
    wanted = fold(name.strip(" \"'.!"))
    exact = [one for one in every if one.key == wanted]
    near = [one for one in every if wanted and one.key.startswith(wanted)]
    return exact[0] if exact else near[0] if len(near) == 1 else None


async def _split_name(ctx: Context, item: Item, rest: str) -> tuple[str, str]:
    """Split the text into the name of a shift and the date behind it."""
    for one in sorted(
        await shift_store.load_shifts(ctx.db, item.number), key=lambda s: -len(s.key)
    ):
        name, typed = fold_in_place(one.name), fold_in_place(rest)
        if typed.startswith(name) and not typed[len(name) :][:1].isalpha():
            return one.name, rest[len(one.name) :].strip(" ,")
    return rest, ""


async def _find_event(ctx: Context, item: Item, rest: str) -> tuple[Event, Date, str]:
    """Return the event, its date and the name. Raises `UserError` if it is too late."""
    event = await event_parameters.load_event(ctx, item)
    name, phrase = await _split_name(ctx, item, rest)
    when = await event_parameters.find_date(ctx, event, phrase, every=False)
    refused = rsvp_commands.closed_lines(ctx, event, when)
    coming = when or next_date(event, ctx.said_at)
    if refused is not None or coming is None:
        raise UserError(*(refused or ()))
    return event, coming, name


async def _take_shift(ctx: Context, item: Item, rest: str) -> Answer:
    event, when, name = await _find_event(ctx, item, rest)
    every = await shift_store.load_shifts(ctx.db, item.number)
    if not every:
        raise UserError(_("Event {number} has no shifts.", number=item.number))
    if not name:
        raise MissingArgument("text", _("the shift"))
    shift, key = await _find_shift(ctx, item.number, name), date_keys.answer_key(event, when)
    taken = await shift_store.people_by_shift(ctx.db, item.number, key)
    if shift is None:
        raise UserError(
            _("Event {number} has no shift “{name}”.", number=item.number, name=name[:60]),
            *await _shift_table(ctx, event, when, every),
        )
    people = taken.get(shift.key, [])
    if ctx.who not in people and len(people) >= shift.people:
        open_ = _open_shifts(every, taken)
        raise UserError(
            _("“{name}” is taken already.", name=shift.name),
            _("Still open: {shifts}", shifts=tuple(one.name for one in open_))
            if open_
            else _("Every shift is taken."),
        )
    await shift_store.save_taken(ctx.db, item.number, key, shift.key, ctx.who)
    await rsvp.schedule_count(ctx, event)
    return _reply_about_event(
        ctx,
        item,
        _(
            'Noted: you do “{name}” at "{title}" ({number}), {when}. If that changes: '
            "`drop {number} {name}`",
            name=shift.name,
            title=texts.shorten_title(event.title),
            number=item.number,
            when=texts.date_line(event, when),
        ),
    )


async def _drop_shift(ctx: Context, item: Item, rest: str) -> Answer:
    event, when, name = await _find_event(ctx, item, rest)
    shift = await _find_shift(ctx, item.number, name) if name else None
    if name and shift is None:
        raise UserError(
            _("Event {number} has no shift “{name}”.", number=item.number, name=name[:60])
        )
    key = date_keys.answer_key(event, when)
    left = await shift_store.delete_taken(
        ctx.db, item.number, ctx.who, key, shift.key if shift else None
    )
    if not left:
        return _("You had no such shift at event {number}.", number=item.number)
    await rsvp.schedule_count(ctx, event)
    line = _(
        'Noted: that shift of "{title}" ({number}) is open again.',
        title=texts.shorten_title(event.title),
        number=item.number,
    )
    return _reply_about_event(ctx, item, line)


def _reply_about_event(ctx: Context, item: Item, *lines: Line) -> Say:
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=item.number)


@feature.offers(TAKE_ON.of("event"))
async def taking_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to take a shift of an event, or None if it has none or is hidden here."""
    if not await ctx.may_see(item) or not await shift_store.load_shifts(ctx.db, item.number):
        return None
    return f"take shift {item.number}"
