"""Read which rooms are meant, and find those in which the person may post something.

That is a moderator of the room, or one of the network's moderators where the room agreed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.api import (
    AREA_ROOMS,
    YES_NO,
    Context,
    FindHomes,
    Line,
    NamedArgument,
    Room,
    RoomId,
    UserError,
    UserId,
    _,
    fold,
    moderated_rooms,
    n_,
    require_voice,
    rooms,
    split_arguments,
    verbatim,
)
from commands.many_rooms.declaration import NETWORK_NOTICES, ROOMS_ARGUMENT

MOST_ROOMS = 1000
NAMES_SHOWN = 8
NEAR = 0.75
"""How alike the name of a room must be to be meant (`difflib`): a letter or two of a short word."""
_LIST = re.compile(r"[,;|\n]")
_AND = re.compile(r"\s(?:y|e|and|&)\s", re.IGNORECASE)
ALL_ROOMS = r"(?:tod[oa]s l?[ao]s salas|tod[oa] (?:la red|a rede)|(?:all|every)(?: the)? rooms?)"
"""A pattern of what people call all rooms in a sentence."""
BOTH_ROOMS = (
    r"(?:(?:las|los|as|os|the) )?(?:dos|duas|dois|ambas|ambos|both|two)(?: (?:the|as))?"
    r" (?:salas|rooms|grupos|groups|chats)"
)
"""A pattern of what people call their two rooms in a sentence."""
_BOTH = re.compile(rf"{BOTH_ROOMS}|(?:las |as )?(?:dos|duas)|ambas|both")
_ALL = re.compile(rf"{ALL_ROOMS}|tod[oa]s|all|everywhere")
_ARTICLE = re.compile(r"^(?:el |la |las |los |o |a |os |as |the )?(?:[aá]rea )?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ChosenRooms:
    """The room in which it is made, the others in which it is to stand, and which may not be."""

    home: RoomId
    others: tuple[Room, ...] = ()
    unasked: tuple[Room, ...] = ()
    """Rooms that the person doesn't moderate, and that did not agree."""
    mute: tuple[Room, ...] = ()
    """Rooms in which the bot may not write."""

    @property
    def every(self) -> tuple[RoomId, ...]:
        """All rooms in which the item is to stand, that in which it is made first."""
        return (self.home, *(room.room for room in self.others))


async def named_homes(ctx: Context, typed: str | None) -> list[Room]:
    """Return the room that is home to what the argument names several rooms for, in private: the
    first that the person moderates, else the first in which they are. None without the argument.

    Raises `UserError` for a name that is unknown.
    """
    if typed is None or not ctx.is_private:
        return []
    shared = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    named = await _named_rooms(ctx, typed)
    mine = [room for room in named.values() if room.room in shared]
    return ([room for room in mine if await ctx.moderates(room.room)] or mine)[:1]


def homes_by(args: Sequence[NamedArgument]) -> FindHomes:
    """Return the function that finds the home in a command's text with these arguments."""

    async def find_homes(ctx: Context, text: str) -> list[Room]:
        parts = split_arguments(text, args, lambda _words: False)
        return await named_homes(ctx, parts.named.get(ROOMS_ARGUMENT.key))

    return find_homes


async def choose_rooms(ctx: Context, home: RoomId, typed: str | None) -> ChosenRooms:
    """Return the rooms that the argument names, or only `home` without one.

    Raises `UserError` for a name that is unknown, if nothing may stand in any of them, and for a
    device that counts in its own room only.
    """
    if typed is None:
        return ChosenRooms(home)
    named = await _named_rooms(ctx, typed)
    is_home = named.pop(home, None) is not None
    if is_home and not named and ctx.is_private:
        return ChosenRooms(home)
    if not named:
        raise UserError(_("That is this room itself. Which others?"), rooms_example())
    if len(named) > MOST_ROOMS:
        raise UserError(_("That is more than {most} rooms at once.", most=MOST_ROOMS))
    allowed: list[Room] = []
    unasked: list[Room] = []
    mute: list[Room] = []
    for room in named.values():
        if not await may_post(ctx, room.room, ctx.who):
            unasked.append(room)
        elif room.power_of(ctx.me) < room.power_to_write:
            mute.append(room)
        else:
            allowed.append(room)
    found = ChosenRooms(home, tuple(allowed), tuple(unasked), tuple(mute))
    if not allowed:
        raise UserError(*await left_out_lines(ctx, found))
    await require_voice(ctx, allowed[0].room)
    return found


async def _named_rooms(ctx: Context, typed: str) -> dict[RoomId, Room]:
    network = {
        room.room: room for room in await rooms.network_rooms(ctx.db) if room.kind != "m.space"
    }
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    found: dict[RoomId, Room] = {}
    for name in await _split_names(ctx, shared, typed):
        if _BOTH.fullmatch(fold(name)) and len(mine := await moderated_rooms(ctx)) == 2:
            found |= {room.room: room for room in mine}
            continue
        if (places := await _area(ctx, name)) is None and _ALL.fullmatch(
            fold(name).replace("-", " ")
        ):
            places = list(network)
        if places is None:
            places = [_room_called(ctx, shared, name)]
        found |= {room: network[room] for room in places if room in network}
    return found


async def _split_names(ctx: Context, shared: Sequence[Room], typed: str) -> list[str]:
    """Return the names in a list. `and` parts two names, unless one room or area is called so."""
    known = {fold(room.name) for room in shared}
    found: list[str] = []
    for name in filter(None, (one.strip(" \"'.") for one in _LIST.split(typed))):
        parts = _AND.split(name)
        is_one = len(parts) == 1 or fold(name) in known or await _area(ctx, name) is not None
        found += [name] if is_one else parts
    return found


async def _area(ctx: Context, name: str) -> list[RoomId] | None:
    """Return the rooms of the area or the cohort of this name, or None."""
    for typed in dict.fromkeys((name, _ARTICLE.sub("", name))):
        for offer in ctx.registry.offers(AREA_ROOMS):
            if found := await offer(ctx, typed):
                return found
    return None


def _room_called(ctx: Context, shared: Sequence[Room], name: str) -> RoomId:
    """Return the room of this name, or of one a letter or two away after a yes."""
    fits = [room.room for room in shared if fold(room.name) == fold(name)]
    if len(fits) != 1:
        known = {fold(room.name): room.name for room in shared if room.name}
        unknown = _(
            "I know no area, no teams and no room of yours called “{name}”.", name=name[:40]
        )
        close = [] if fits else difflib.get_close_matches(fold(name), known, 1, NEAR)
        for near in close:
            meant = _("Is it “{name}”?", name=verbatim(known[near]))
            if ctx.ask(f"room {near}", YES_NO, unknown, meant) == "yes":
                return _room_called(ctx, shared, known[near])
        raise UserError(
            unknown,
            rooms_example(),
            _("The areas: `!area`"),
            _("If it is the text in English: `english: …`"),
        )
    return fits[0]


async def may_post(ctx: Context, room: RoomId, person: UserId) -> bool:
    """Return whether the person moderates the room, or may post there for the network."""
    if await ctx.moderates(room, person):
        return True
    agreed = person in ctx.defaults.moderators
    return agreed and await ctx.setting_value(NETWORK_NOTICES, room) == "yes"


# --- what is said of them ------------------------------------------------------------------------


def rooms_example() -> Line:
    """Return an example of the argument that names rooms."""
    return _("For example: `in: press` (an area), `in: Kitchen, Garden` or `in: all`")


async def preview_lines(ctx: Context, chosen: ChosenRooms, people: int) -> tuple[Line, ...]:
    """Return lines that say in how many rooms an item will stand, before how many people, and which
    are left out."""
    if chosen.home != ctx.room and (home := await rooms.get(ctx.db, chosen.home)) is not None:
        every = (home, *chosen.others)
        counted = n_("It will stand in {count} room", "It will stand in {count} rooms", len(every))
        where = _listed(counted, await _names(ctx, every))
    else:
        where = _listed(
            n_(
                "It will stand here and in {count} other room",
                "It will stand here and in {count} other rooms",
                len(chosen.others),
            ),
            await _names(ctx, chosen.others),
        )
    reach = n_(
        "In all these rooms together there is {count} person.",
        "In all these rooms together there are {count} people.",
        people,
    )
    return (where, reach, *await left_out_lines(ctx, chosen))


async def further_rooms_lines(ctx: Context, chosen: ChosenRooms) -> tuple[Line, ...]:
    """Return lines that say in which other rooms an item will stand, if in any, and which are left
    out."""
    if not chosen.others:
        return ()
    also = _listed(
        n_("And in {count} other room", "And in {count} other rooms", len(chosen.others)),
        await _names(ctx, chosen.others),
    )
    return (also, *await left_out_lines(ctx, chosen))


async def left_out_lines(ctx: Context, chosen: ChosenRooms) -> tuple[Line, ...]:
    """Return lines that say which of the named rooms are left out, why, and what would change
    that."""
    lines: list[Line] = []
    if chosen.unasked:
        lines.append(
            _listed(
                n_(
                    "Without {count} room that you don't moderate",
                    "Without {count} rooms that you don't moderate",
                    len(chosen.unasked),
                ),
                await _names(ctx, chosen.unasked),
            )
        )
        lines.append(
            _("There its moderators can allow it to the network: `!config network-notices yes`")
        )
    if chosen.mute:
        lines.append(
            _listed(
                n_(
                    "Without {count} room where I can't write",
                    "Without {count} rooms where I can't write",
                    len(chosen.mute),
                ),
                await _names(ctx, chosen.mute),
            )
        )
    return tuple(lines)


async def _names(ctx: Context, found: Iterable[Room]) -> tuple[Line, ...]:
    """Return the names of those that the person is in; the others are only counted."""
    mine = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    every = list(found)
    named = [room for room in every if room.room in mine][:NAMES_SHOWN]
    shown = [verbatim(room.name or room.room) for room in named]
    left = len(every) - len(named)
    if left and shown:
        return (*shown, n_("and {count} more", "and {count} more", left))
    return tuple(shown)


def _listed(counted: Line, names: tuple[Line, ...]) -> Line:
    """Return a line that counts rooms, with those names of them that the person may know."""
    if not names:
        return _("{counted}.", counted=counted)
    return _("{counted}: {rooms}", counted=counted, rooms=names)


async def people_of(ctx: Context, chosen: ChosenRooms) -> set[UserId]:
    """Return everybody who is in one of the rooms, without this bot."""
    found: set[UserId] = set()
    for room in chosen.every:
        found |= set(await rooms.members(ctx.db, room))
    return found - {ctx.me}
