"""Rename a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    ActRequest,
    Answer,
    CommandPlace,
    Context,
    Reach,
    Rest,
    Room,
    RoomId,
    SetState,
    UserError,
    _,
    carry_out,
    strip_hidden,
    words,
)
from commands.governance.declaration import GOVERNANCE, feature, require_may

NAME_EVENT = "m.room.name"
LONGEST_NAME = 100
RENAME = words("renombrar", "renomear", "rename")


@feature.command(
    RENAME,
    help=_("give this room another name"),
    example=_("For example: `!rename Press and radio`"),
    topic=GOVERNANCE,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
)
async def rename_room(ctx: Context, *, name: Rest) -> Answer:
    """Rename the room under its rules. The server can read a room's name. Return the answer."""
    room, named = ctx.target_room, " ".join(strip_hidden(name).strip(' "').split())
    if not 0 < len(named) <= LONGEST_NAME:
        raise UserError(_("A name has up to {most} letters.", most=LONGEST_NAME))
    await require_may(ctx, "rename")
    _require_bot_power(ctx, room)
    if named == room.name:
        raise UserError(_("It is called so already."))
    what = _("this room is called “{name}”", name=named)
    ctx.confirm(
        _("Name: before, “{before}” → after, “{after}”.", before=room.name, after=named),
        _("The server reads it, for a room's name can't be encrypted."),
    )
    return await carry_out(ctx, ActRequest("rename", room.room, what, {"name": named}))


def _require_bot_power(ctx: Context, room: Room) -> None:
    mine, needed = room.power_of(ctx.me), room.power_for(NAME_EVENT, state=True)
    if mine < needed:
        raise UserError(
            _(
                "I can't rename this room: I have a power of {mine} and it takes {needed}.",
                mine=mine,
                needed=needed,
            ),
            _("Whoever has that power can give it to me in their app, or do this there."),
        )


feature.log_line("rename", _("the room's name: “{before}” → “{after}”", before=""))


@feature.act("rename", RENAME, _("rename the room"), value=True)
async def set_room_name(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act of setting the name of the room. Return what to say, if anything."""
    known, name = await ctx.joined_room(room), str(payload["name"])
    _require_bot_power(ctx, known)
    facts = {"before": known.name, "after": name}
    await ctx.log("rename", facts, room=room, undo={"name": known.name, "now": name})
    return [
        _("This room is called “{name}” now. To go back: `!undo`", name=name),
        SetState(NAME_EVENT, {"name": name}, room=room),
    ]


@feature.undo("rename")
async def restore_room_name(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Set the name that the room had before, if it was not changed since, for `!undo`. Return what
    to say, if anything."""
    room = ctx.target_room
    _require_bot_power(ctx, room)
    if room.name != kept["now"]:
        raise UserError(_("That was changed again since then."))
    return SetState(NAME_EVENT, {"name": kept["name"]}, room=room.room)
