"""Change the fields of an event: title, place, seats, length, description and others."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace

from bot.api import (
    CHANGE_ITEM,
    Answer,
    Context,
    Item,
    Line,
    MissingArgument,
    NamedArgument,
    ParsedArguments,
    Person,
    Reach,
    UserError,
    _,
    fold_in_place,
    split_arguments,
    words,
)
from commands.events import other_rooms, texts
from commands.events.changes import (
    announce_change,
    check_open,
    check_own_network,
    load_changeable,
    save_change,
    snapshot,
)
from commands.events.conflicts import confirm_conflicts
from commands.events.creation import read_places
from commands.events.date_changes import find_item, move_dates
from commands.events.declaration import EVENTS_TOPIC, feature
from commands.events.event import Event
from commands.events.grammar import args, corrections
from commands.events.grammar.corrections import Correction
from commands.many_rooms.declaration import ROOMS_ARGUMENT

_RHYTHM_FIELDS = (args.EVERY, args.UNTIL, args.TIMES, args.BUT, args.ZONE)
_URGENT_FIELDS = (args.PLACE, args.LINK, args.LASTS)
"""A change of these fields is told to the people expected; others are only shown."""


feature.stands_for(
    words(
        "pasa",
        "passa",
        "shift",
        "pasar, pasen, pásalo, corre, cambia, cambien, mueve | muda, mude, passe, passar | push",
    ),
    "move",
    takes=re.compile(
        r"(?:el|la|lo|o|a|os|as|the) .{1,80} (?:para|pra|pro|pal?|al?|ao|to|till|until)"
        r" (?:(?:el|la|las|o|a|as|às) )?(?:lun|mar|mi[eé]|jue|vie|s[aá]b|dom|seg|ter|qua|qui|sex"
        r"|mon|tue|wed|thu|fri|sat|sun|hoy|hoje|ma[nñ]ana|amanh[aã]|today|tomorrow|next|\d).{0,60}",
        re.IGNORECASE,
    ),
)
feature.stands_for(
    words(
        "cambia el lugar",
        "muda o local",
        "change the place",
        "cambiar el lugar, cambien el lugar, cambia la dirección, pon el lugar"
        " | mudar o local, muda o lugar, mude o local, muda o endereço"
        " | change the location, change the venue, change place, set the place",
    ),
    "change",
    is_kept=True,
    only_if=lambda rest: re.match(r"\s*:", rest) is None,
)
_OF_PLACE = re.compile(
    r"(?:cambi\w+|pon|mud\w+|change|set) (?:(?:el|la|o|the) )?"
    r"(?:lugar|direccion|local|endereco|place|location|venue) (?:(?:de|del|d[ao]|of) (?=\S))?"
)
_TO_PLACE = re.compile(r"(?:(?:al|para|pra|pro|to|en|em|na|no|ao?|a) )?(?=\S)")


@feature.command(
    words(
        "cambiar",
        "mudar",
        "change",
        "editar, modificar, corregir | editar, alterar, corrigir | edit",
    ),
    help=_(
        "change what an event says (`title:`, `place:`, `seats:`, `lasts:`, `about:`), or a"
        " proposal's words until the first vote"
    ),
    example=_("For example: `!change {number} place: Blue House`", number=57),
    topic=EVENTS_TOPIC,
    reach=Reach.ROOM,
    args=args.WITH_ROOMS,
)
async def change_event(ctx: Context, *, text: str = "") -> Answer:
    """Change fields of an event by name; in a reply the number may be left out. Return the answer.

    Things of other capabilities are changed by their own service. Raises `UserError` and
    `MissingArgument`.
    """
    # Which field is meant shows in its value.
    for other in await _changes_elsewhere(ctx, text):
        return await other
    of_place = _OF_PLACE.match(fold_in_place(text))
    item, rest = await find_item(ctx, text[of_place.end() :] if of_place is not None else text)
    if of_place is not None and (to := _TO_PLACE.match(fold_in_place(rest))) is not None:
        rest = f"{args.PLACE.name.en}: {rest[to.end() :]}"
    event = await load_changeable(ctx, item)
    check_own_network(ctx, event)
    check_open(ctx, event)
    rest = rest or ctx.answers.get("part:what", "")
    parts = _split_fields(rest, args.WITH_ROOMS)
    if ROOMS_ARGUMENT.key in parts.named:
        if len(parts.named) > 1:
            raise UserError(_("One after the other, please: first the rooms, then the rest."))
        return await other_rooms.add_rooms(ctx, event, parts.named[ROOMS_ARGUMENT.key])
    if not parts.named:
        if (name := re.match(r"([^\W\d_][\w-]{2,20}) ?:", parts.free)) is not None:
            raise args.unknown_field(name[1])
        raise MissingArgument(
            "what", _("what should change: `title:`, `place:`, `seats:`, `about:`")
        )
    return await _change_fields(ctx, event, parts)


async def _changes_elsewhere(ctx: Context, text: str) -> list[Awaitable[Answer]]:
    """Return the change by another capability's service, if the number is of its item."""
    if await ctx.replied_item() is None and not re.match(r"\s*#?\d", text):
        return []
    item, rest = await ctx.parse_item(text, takes=99)
    return [offer(ctx, item, rest) for offer in ctx.registry.offers(CHANGE_ITEM.of(item.kind))]


async def change_by_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Change fields of an event by a line such as `lugar: Casa Azul` in reply to it, or by one that
    says when or where it is now.

    Return None for other text. Raises `UserError` for a value that can't be read, an event that is
    over or another network's, and a no.
    """
    parts = _split_fields(text)
    if not parts.named or parts.free or parts.quoted:
        said = corrections.read_correction(text, ctx.said_at, ctx.policy.zone)
        if said is None or not await ctx.may_change(item):
            return None
        return await _correct(ctx, item, said)
    event = await load_changeable(ctx, item)
    check_own_network(ctx, event)
    check_open(ctx, event)
    return await _change_fields(ctx, event, parts)


async def _correct(ctx: Context, item: Item, said: Correction) -> Answer:
    """Change when or, after a yes, where an event is; a day that the line only names needs a yes
    too. Raises `UserError` for one that is over, and for an hour behind a place."""
    event = await load_changeable(ctx, item)
    check_own_network(ctx, event)
    check_open(ctx, event)
    if said.is_doubtful:
        when = _(
            "When “{title}” ({number}) is: {when}",
            title=texts.shorten_title(event.title),
            number=event.item,
            when=said.value,
        )
        ctx.confirm(when, to="date")
    if not said.is_place:
        return await move_dates(ctx, event, said.value)
    if said.has_hour:
        raise UserError(_("One after the other, please: first the date, then the rest."))
    ctx.confirm(
        _(
            "The place of “{title}” ({number}): {place}",
            title=texts.shorten_title(event.title),
            number=event.item,
            place=said.value,
        )
    )
    return await _change_fields(ctx, event, _split_fields(f"{args.PLACE.name.en}: {said.value}"))


def _split_fields(text: str, known: Sequence[NamedArgument] = args.ARGS) -> ParsedArguments:
    """Split the text into named fields. Only the description may have several lines."""
    head, _sep, tail = text.partition("\n")
    parts = split_arguments(head, known, lambda _words: False)
    if tail and args.ABOUT.key in parts.named:
        about = f"{parts.named[args.ABOUT.key]}\n{tail}".strip()
        return replace(parts, named={**parts.named, args.ABOUT.key: about})
    return split_arguments(text, known, lambda _words: False) if tail else parts


feature.log_line("changed", _("changed event {number}"))


async def _change_fields(ctx: Context, event: Event, parts: ParsedArguments) -> Answer:
    named = parts.named
    if parts.unknown:
        raise args.unknown_field(parts.unknown[0])
    if any(arg.key in named for arg in _RHYTHM_FIELDS):
        raise UserError(
            _("How often it comes can't be changed: cancel it and make a new one."),
            _("To move its dates: `!move {number} tomorrow 20h`", number=event.item),
        )
    if args.DATE.key in named:
        if len(named) > 1:
            raise UserError(_("One after the other, please: first the date, then the rest."))
        return await move_dates(ctx, event, named[args.DATE.key])
    after = _with_fields(event, named)
    if after == event:
        return _("Event {number} says that already.", number=event.item)
    if after.length != event.length:
        await confirm_conflicts(ctx, after)
    after = replace(after, sequence=event.sequence + 1)
    await ctx.log("changed", {"number": event.item}, room=event.room, undo=snapshot(event))
    await save_change(ctx, after)
    line = _(
        "{person} changed event {number}, “{title}”. {what}",
        person=Person(ctx.who),
        number=event.item,
        title=texts.shorten_title(event.title),
        what=tuple(_value_lines(after, named)),
    )
    pressing = any(arg.key in named for arg in _URGENT_FIELDS)
    return await announce_change(ctx, event, after, None, line, people=pressing)


def _with_fields(event: Event, named: Mapping[str, str]) -> Event:
    """Return the event with the new values. Raises `UserError` for one that does not fit."""
    if args.TITLE.key in named:
        event = replace(event, title=args.read_title(named[args.TITLE.key]) or event.title)
    if args.PLACE.key in named or args.LINK.key in named:
        where = {args.LINK.key: event.link, **named}
        found = read_places(_clear_values(where), "" if args.PLACE.key in named else event.place)
        event = replace(event, place=found["place"], link=found["link"])
    if args.ABOUT.key in named:
        event = replace(event, about=args.read_description(named[args.ABOUT.key]))
    if args.SEATS.key in named:
        event = replace(event, seats=args.read_seats(named[args.SEATS.key]))
    if args.GUESTS.key in named:
        event = replace(event, guests=args.read_guests(named[args.GUESTS.key]))
    if args.LASTS.key in named:
        event = replace(event, length=args.read_length(named[args.LASTS.key]))
    if args.REMIND.key in named:
        event = replace(event, remind=args.read_reminders(named[args.REMIND.key]))
    return event


def _clear_values(named: Mapping[str, str]) -> dict[str, str]:
    """Return the values with words such as `no` replaced by an empty value."""
    return {k: "" if v.strip().casefold() in args.NO_WORDS else v for k, v in named.items()}


def _value_lines(after: Event, named: Mapping[str, str]) -> list[Line]:
    """Return a line for each changed field with its new value."""
    said: list[Line] = []
    for arg in args.ARGS:
        if arg.key in named:
            value = after.title if arg is args.TITLE else named[arg.key].split("\n")[0][:80]
            said.append(_("{name}: {value}", name=arg.name, value=value))
    return said
