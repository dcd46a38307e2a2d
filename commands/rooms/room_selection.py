"""Read which rooms are meant: by name, several of them, or all of an area."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.api import (
    AREA_ROOMS,
    Context,
    Line,
    Room,
    RoomId,
    UserError,
    _,
    fold,
    room_named,
    rooms,
    verbatim,
)

AREA_PREFIX = re.compile(
    r"(?i)^(?:(?:todo|toda|all)\s+)?(?:el\s+|la\s+|a\s+|o\s+|the\s+)?[aá]rea\s*:?\s+"
)
_LIST = re.compile(r"[,;|\n]")
_AND = re.compile(r"(?i) (?:y|e|and) ")
MOST_ROOMS = 100
"""Limit of rooms in one command."""


@dataclass(frozen=True, slots=True)
class RoomSelection:
    """Rooms that the person shares with the bot. `unseen`: further rooms of the area."""

    rooms: tuple[Room, ...]
    unseen: int = 0


async def read_rooms(ctx: Context, text: str, besides: RoomId | None = None) -> RoomSelection:
    """Return the rooms that the text names. Raises `UserError` if one is unknown or none is
    named."""
    text = text.strip().strip('"').strip()
    if not text:
        raise UserError(
            _("Which rooms? Name them, or an area."),
            _("For example: `!config copy to Press, Kitchen` or `!config copy to area press`"),
        )
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    if (found := AREA_PREFIX.match(text)) is not None:
        return await rooms_of_area(ctx, text[found.end() :], shared, besides)
    chosen = {room.room: room for room in _rooms_by_name(shared, text) if room.room != besides}
    if not chosen:
        raise UserError(_("That is this room itself. Which others?"))
    return RoomSelection(_limit(chosen.values()))


async def rooms_of_area(
    ctx: Context, name: str, shared: list[Room] | None = None, besides: RoomId | None = None
) -> RoomSelection:
    """Return the area's rooms that the person is in, and how many others it has."""
    shared = await rooms.shared_rooms(ctx.db, ctx.who) if shared is None else shared
    every = [room for area in ctx.registry.offers(AREA_ROOMS) for room in await area(ctx, name)]
    known = {room.room: room for room in shared}
    seen = [known[room] for room in every if room in known and room != besides]
    if not any(room in known for room in every):
        raise UserError(
            _("There is no area “{name}” with a room of yours.", name=name[:40]),
            _("All there are: `!area`"),
        )
    if not seen:
        raise UserError(_("That area has no other room of yours."), _("All there are: `!area`"))
    return RoomSelection(_limit(seen), sum(room not in known for room in every))


def _rooms_by_name(shared: list[Room], text: str) -> list[Room]:
    """Return the one room with exactly that name, else read the text as a list of names."""
    whole = [room for room in shared if fold(room.name) == fold(text)]
    if len(whole) == 1:
        return whole
    parts = [" ".join(part.replace('"', " ").split()) for part in _LIST.split(text)]
    named: list[str] = []
    for part in filter(None, parts):
        exact = any(fold(room.name) == fold(part) for room in shared)
        named += [part] if exact else [one for one in _AND.split(part) if one.strip()]
    return [room_named(shared, one) for one in named]


def _limit(found: Iterable[Room]) -> tuple[Room, ...]:
    every = tuple(found)
    if len(every) > MOST_ROOMS:
        raise UserError(_("That is more than {most} rooms at once.", most=MOST_ROOMS))
    return every


def room_name(room: Room) -> Line:
    """Return the room's name, or its id if it has none."""
    return verbatim(room.name or room.room)
