"""`!area`: show areas, and put a room into one or take it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Line,
    Rest,
    Room,
    RoomId,
    Say,
    Sentence,
    SubCommands,
    UserError,
    _,
    find_help_kind,
    n_,
    one_line,
    rooms,
    split_room,
    words,
)
from commands.onboarding.areas import permissions, store
from commands.onboarding.areas.store import RoomArea
from commands.onboarding.declaration import NEWCOMERS, feature

LONGEST = 30
"""Letters of an area's name."""
MOST_ROOMS = 100
MOST_AREAS = 20
"""How many areas a room can be in."""
SHOWN = 20
ADD = words("agregar", "adicionar", "add", "añadir, poner, acrescentar, incluir, put")
REMOVE = words("quitar", "remover", "remove", "sacar, borrar, tirar, excluir, delete")
ROOMS = words("salas", "salas", "rooms", "mis salas | minhas salas | my rooms")
AREA = SubCommands()


@feature.command(
    words("área", "área", "area", "áreas | áreas | areas"),
    help=_("areas: rooms that belong together, for inviting into all of them"),
    example=_("For example: `!area` or `!area add press`"),
    topic=NEWCOMERS,
    subs=AREA,
)
async def area(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """Show all areas (named groups of rooms), or one of them. Return the answer. Raises `UserError`
    for an unknown one."""
    return await (_show_area(ctx, name) if name else _show_areas(ctx))


@AREA.sub(ADD, help=_("put this room into an area"), example=_("For example: `!area add press`"))
async def add_to_area(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """Put the room into an area (a named group of rooms), which is made if need be. Return the
    answer.

    Raises `UserError` without the right, and for an impossible name.
    """
    room, rest = await _place_to_change(ctx, name)
    return await _add(ctx, room, clean_name(rest))


@AREA.sub(REMOVE, help=_("take this room out of an area"), suggested=False)
async def take_from_area(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """Take the room out of an area. Return the answer. Raises `UserError` without the right, and if
    it is in none."""
    room, rest = await _place_to_change(ctx, name)
    return await _remove(ctx, room, clean_name(rest))


@AREA.sub(ROOMS, help=_("the rooms we share, and how to come into others"))
async def show_rooms(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """Return, in private, the person's rooms and whom to ask about another, whatever its `name`."""
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    names = tuple(permissions.room_label(one) for one in shared[:SHOWN])
    lines = (
        *((_("We share: {rooms}", rooms=names),) if names else ()),
        _("Into another one you come by an invitation: ask who moderates it."),
    )
    if ctx.is_private:
        return lines
    return [_("I wrote to you in private."), Say(lines, to=ctx.who, loud=True)]


_NAMED = (
    r"(?!(?:me|mi|minha|meu|my|nos|que|si|pero|porque|sin|sem|but|if|because|he|she|they)(?!\w))"
    r"\w{1,20}"
)
"""A word of a room's name, and none with which somebody goes on to tell what happens."""
_ASKS_FOR_ROOMS = re.compile(
    r"¿?(?:y |e |and )?"
    r"(?:(?:que|cuales|quais|a que|em que|en que|what|which)(?: otras| outras| other)?"
    r" (?:salas|grupos|rooms|groups)"
    r" (?:hay|existen|tienen|tiene la red|puedo entrar|tem|ha|existem|posso entrar|are there"
    r"|exist|can i (?:join|enter))(?: (?:aqui|aca|en la red|na rede|here))?"
    r"|(?:(?:quiero|quisiera|puedo|quero|queria|posso|can i|i want to|i'd like to|how do i|como) "
    r"(?:entrar|entro|unirme|entrar|join|get into|enter) "
    r"(?:(?:a|en|na|no|em|al|to) )?(?:(?:la|el|o|a|the) )?"
    rf"(?:(?:sala|grupo)(?:(?! (?:y|e|mas|and) )(?: {_NAMED}){{1,6}})?"
    rf"|(?:{_NAMED} ){{0,4}}(?:room|group))))[\s.?!]{{0,5}}"
)
feature.sentences.append(
    Sentence(_ASKS_FOR_ROOMS, "area rooms", only_if=lambda text: find_help_kind(text) is None)
)


async def _place_to_change(ctx: Context, text: str) -> tuple[Room, str]:
    """Return the room and the area's name. Raises `UserError` unless the person moderates it."""
    named, rest = await split_room(ctx, text)
    room = named or await ctx.choose_room()
    if not await ctx.moderates(room.room):
        raise UserError(
            _("You can't do that here: it is for the room's moderators."),
            _("The areas of this room: `!area`"),
        )
    return room, rest


def clean_name(name: str) -> str:
    """Return the name of an area on one line.

    Raises `UserError` if it is missing or can't be the name of an area.
    """
    name = one_line(name).strip("\"'“” ")
    example = _("For example: `!area add press`")
    if not store.comparison_key(name) or name.isdecimal() or AREA.has_word(name):
        raise UserError(_("Missing: the name of the area."), example)
    if len(name) > LONGEST or len(name.split()) > 3 or re.search(r"[@#:,;|]", name):
        raise UserError(
            _("An area's name has up to three words and {most} letters.", most=LONGEST), example
        )
    return name


# --- looking --------------------------------------------------------------------------------------


async def _show_areas(ctx: Context) -> Answer:
    found = await permissions.visible_areas(ctx)
    if not found:
        return [
            _("There are no areas here yet. An area is a set of rooms that belong together."),
            _("To put a room into one, its moderators write there: `!area add press`"),
        ]
    lines = [await _area_line(ctx, one) for one in found[:SHOWN]]
    return [
        *lines,
        _("To invite into all its rooms: `!invite @name:server {name}`", name=found[0].name),
    ]


async def _area_line(ctx: Context, one: RoomArea) -> Line:
    names = [permissions.room_label(room) for room in await permissions.rooms_of(ctx, one)]
    return n_(
        "{area}: {count} room: {names}",
        "{area}: {count} rooms: {names}",
        len(names),
        area=one.name,
        names=tuple(names[:SHOWN]),
    )


async def _show_area(ctx: Context, name: str) -> Answer:
    found = await permissions.visible_areas(ctx)
    for one in found:
        if one.name and store.comparison_key(one.name) == store.comparison_key(name):
            return [
                await _area_line(ctx, one),
                _("Who moderates one of its rooms may invite into all of them."),
                _("To invite: `!invite @name:server {name}`", name=one.name),
            ]
    if AREA.nearest(name) is not None:
        raise AREA.unknown(name)
    raise permissions.unknown_area(name.strip(), found)


# --- changing -------------------------------------------------------------------------------------


async def _add(ctx: Context, room: Room, name: str) -> Answer:
    one = await area_to_extend(ctx, room.room, name)
    if one is not None and room.room in one.rooms:
        return [_("It is so already."), await _area_line(ctx, one)]
    if one is not None and len(one.rooms) >= MOST_ROOMS:
        raise UserError(_("An area has {most} rooms at most.", most=MOST_ROOMS))
    if len(await store.areas_of_room(ctx.db, room.room)) >= MOST_AREAS:
        raise UserError(_("A room is in {most} areas at most.", most=MOST_AREAS))
    after = await put_room(ctx, room.room, one.name if one else name)
    return [
        await _area_line(ctx, after),
        _("Who moderates one of its rooms may invite into all of them."),
        _("It stands in `!log`. To go back: `!undo`"),
    ]


async def area_to_extend(ctx: Context, room: RoomId | None, name: str) -> RoomArea | None:
    """Return the area of that name if the person may add a room to it; None if there is none yet.

    All moderators of an area can invite into all its rooms, so one of them has to agree to a room
    more. Raises `UserError` if the person is none of them.
    """
    one = await store.find_area(ctx.db, name)
    if one is None or room in one.rooms or await permissions.moderates_any_room(ctx, one):
        return one
    if not await permissions.rooms_of(ctx, one):
        return one  # nobody is left who could agree
    raise UserError(
        _("You can't add to “{name}”: who moderates one of its rooms can.", name=one.name),
        _("They need to moderate this room too. Or choose another name."),
    )


feature.log_line("added", _("put this room into the area “{area}”"))
feature.log_line("joined", _("put the room “{name}” into the area “{area}”"))


async def put_room(ctx: Context, room: RoomId, name: str) -> RoomArea:
    """Put the room into an area (a named group of rooms), which is made if need be, and log it in
    all its rooms. Return the area."""
    await store.add_room(ctx.db, name, room)
    after = await store.find_area(ctx.db, name)
    assert after is not None
    await ctx.log("added", {"area": after.name}, room=room, undo={"area": name, "room": room})
    for other in after.rooms:
        if other != room:
            named = await permissions.room_label_of(ctx, room)
            await ctx.log("joined", {"area": after.name, "name": named}, room=other)
    return after


async def _remove(ctx: Context, room: Room, name: str) -> Answer:
    one = await store.find_area(ctx.db, name)
    if one is None or room.room not in one.rooms:
        raise permissions.unknown_area(name, await store.areas_of_room(ctx.db, room.room))
    await _take_room(ctx, room.room, one)
    return [
        _("This room is not in “{name}” any more. Who is in the room stays in it.", name=one.name),
        _("It stands in `!log`. To go back: `!undo`"),
    ]


feature.log_line("removed", _("took this room out of the area “{area}”"))


async def _take_room(ctx: Context, room: RoomId, one: RoomArea) -> None:
    await store.remove_room(ctx.db, one, room)
    undo = {"area": one.name, "room": room}
    await ctx.log("removed", {"area": one.name}, room=room, undo=undo)


@feature.undo("added")
async def undo_added(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Take the room out of the area again, for `!undo`. Return what to say, if anything."""
    one, room = await store.find_area(ctx.db, str(kept["area"])), RoomId(kept["room"])
    if one is not None and room in one.rooms:
        await store.remove_room(ctx.db, one, room)
    return None


@feature.undo("removed")
async def undo_removed(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Put the room into the area again, for `!undo`. Return what to say, if anything. Raises
    `UserError` if they no longer may."""
    name, room = str(kept["area"]), RoomId(kept["room"])
    await area_to_extend(ctx, room, name)
    await store.add_room(ctx.db, name, room)
    return None
