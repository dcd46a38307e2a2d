"""Change the fields of an event: title, place, seats, length, description and others."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    Missing,
    Parts,
    Person,
    Reach,
    UserError,
    _,
    take_apart,
    words,
)
from commands.events import texts
from commands.events.changes import check_open, check_ours, kept, may_change, snapshot, told
from commands.events.conflicts import warned
from commands.events.creation import places
from commands.events.date_changes import meant, moved
from commands.events.declaration import EVENTS, feature, on_reply
from commands.events.event import Event
from commands.events.grammar import args

_RHYTHM = (args.EVERY, args.UNTIL, args.TIMES, args.BUT, args.ZONE)
_PRESSING = (args.PLACE, args.LINK, args.LASTS)
"""A change of these fields is told to the people expected; others are only shown."""


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
    topic=EVENTS,
    reach=Reach.ROOM,
    args=args.ARGS,
)
async def change(ctx: Context, *, text: str = "") -> Answer:
    """Change fields by name; in a reply the number may be left out.

    Things of other capabilities are changed by their own service. Raises `UserError` and `Missing`.
    """
    for other in await _of_another(ctx, text):
        return await other
    item, rest = await meant(ctx, text)
    event = await may_change(ctx, item)
    check_ours(ctx, event)
    check_open(ctx, event)
    rest = rest or ctx.known.get("part:what", "")
    parts = _parts(rest)
    if not parts.named:
        if (name := re.match(r"([^\W\d_][\w-]{2,20}) ?:", parts.free)) is not None:
            raise args.unknown(name[1])
        raise Missing("what", _("what should change: `title:`, `place:`, `seats:`, `about:`"))
    return await _changed(ctx, event, parts)


async def _of_another(ctx: Context, text: str) -> list[Awaitable[Answer]]:
    """Return the change by another capability's service, if the number is of its item."""
    if await ctx.replied() is None and not re.match(r"\s*#?\d", text):
        return []
    item, rest = await ctx.item(text, takes=99)
    return [offer(ctx, item, rest) for offer in ctx.registry.services(f"change:{item.kind}")]


@on_reply
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """Change fields by a line such as `lugar: Casa Azul` in reply to the event.

    Return None for talk. Raises `UserError`.
    """
    parts = _parts(text)
    if not parts.named or parts.free or parts.quoted:
        return None
    event = await may_change(ctx, item)
    check_ours(ctx, event)
    check_open(ctx, event)
    return await _changed(ctx, event, parts)


def _parts(text: str) -> Parts:
    """Split the text into named fields. Only the description may have several lines."""
    head, _sep, tail = text.partition("\n")
    parts = take_apart(head, args.ARGS, lambda _words: False)
    if tail and args.ABOUT.key in parts.named:
        about = f"{parts.named[args.ABOUT.key]}\n{tail}".strip()
        return replace(parts, named={**parts.named, args.ABOUT.key: about})
    return take_apart(text, args.ARGS, lambda _words: False) if tail else parts


async def _changed(ctx: Context, event: Event, parts: Parts) -> Answer:
    named = parts.named
    if parts.unknown:
        raise args.unknown(parts.unknown[0])
    if any(arg.key in named for arg in _RHYTHM):
        raise UserError(
            _("How often it comes can't be changed: cancel it and make a new one."),
            _("To move its dates: `!move {number} tomorrow 20h`", number=event.item),
        )
    if args.DATE.key in named:
        if len(named) > 1:
            raise UserError(_("One after the other, please: first the date, then the rest."))
        return await moved(ctx, event, named[args.DATE.key])
    after = _with(event, named)
    if after == event:
        return _("Event {number} says that already.", number=event.item)
    if after.length != event.length:
        await warned(ctx, after)
    after = replace(after, sequence=event.sequence + 1)
    await ctx.log("changed", {"number": event.item}, room=event.room, undo=snapshot(event))
    await kept(ctx, after)
    line = _(
        "{person} changed event {number}, “{title}”. {what}",
        person=Person(ctx.who),
        number=event.item,
        title=texts.short(event.title),
        what=tuple(_shown(after, named)),
    )
    pressing = any(arg.key in named for arg in _PRESSING)
    return await told(ctx, event, after, None, line, people=pressing)


def _with(event: Event, named: Mapping[str, str]) -> Event:
    """Return the event with the new values. Raises `UserError` for one that does not fit."""
    if args.TITLE.key in named:
        event = replace(event, title=args.title(named[args.TITLE.key]) or event.title)
    if args.PLACE.key in named or args.LINK.key in named:
        where = {args.LINK.key: event.link, **named}
        found = places(_emptied(where), "" if args.PLACE.key in named else event.place)
        event = replace(event, place=found["place"], link=found["link"])
    if args.ABOUT.key in named:
        event = replace(event, about=args.about(named[args.ABOUT.key]))
    if args.SEATS.key in named:
        event = replace(event, seats=args.seats(named[args.SEATS.key]))
    if args.GUESTS.key in named:
        event = replace(event, guests=args.guests(named[args.GUESTS.key]))
    if args.LASTS.key in named:
        event = replace(event, length=args.lasts(named[args.LASTS.key]))
    if args.REMIND.key in named:
        event = replace(event, remind=args.remind(named[args.REMIND.key]))
    return event


def _emptied(named: Mapping[str, str]) -> dict[str, str]:
    """Return the values with words such as `no` replaced by an empty value."""
    return {k: "" if v.strip().casefold() in args.NONE else v for k, v in named.items()}


def _shown(after: Event, named: Mapping[str, str]) -> list[Line]:
    """Return a line for each changed field with its new value."""
    said: list[Line] = []
    for arg in args.ARGS:
        if arg.key in named:
            value = after.title if arg is args.TITLE else named[arg.key].split("\n")[0][:80]
            said.append(_("{name}: {value}", name=arg.name, value=value))
    return said
