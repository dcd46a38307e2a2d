"""`!config copy to …`, `!config copy from …`, and one setting for all rooms of an area."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import NOTHING, Answer, Context, Rest, RoomId, Setting, UnfitValue, UserError, _
from commands.rooms import bulk_changes, room_selection
from commands.rooms.declaration import stored_value
from commands.rooms.room_selection import RoomSelection
from commands.rooms.setting_changes import affects_network, require_may_set_network
from commands.rooms.setting_names import Reason, find_setting, unfit_value_lines

_TO = re.compile(r"(?i)^(?:a|para|to|en|em|in)\s+(?=\S)")
_FROM = re.compile(r"(?i)^(?:de|desde|from|do|da)\s+(?=\S)")


async def find_source(ctx: Context, text: str) -> tuple[RoomSelection | None, str]:
    """Return the rooms named behind a `from`, or None without one."""
    found = _FROM.match(text)
    if found is None:
        return None, text
    here = ctx.target_room.room
    return await room_selection.read_rooms(ctx, text[found.end() :], besides=here), ""


async def copy_settings(
    ctx: Context,
    why: Reason,
    source: Annotated[RoomSelection | None, find_source] = None,
    *,
    others: Rest = NOTHING,
) -> Answer:
    """Copy this room's settings to other rooms, or another room's settings to this one. Return what
    to say, if anything."""
    room = ctx.target_room
    if source is None:
        into = await room_selection.read_rooms(ctx, _TO.sub("", others), besides=room.room)
        return await bulk_changes.change_settings(
            ctx, into, await stored_values(ctx, room.room), why
        )
    if len(source.rooms) != 1:
        raise UserError(_("From which one room? For example: `!config copy from Press`"))
    return await bulk_changes.change_settings(
        ctx, RoomSelection((room,)), await stored_values(ctx, source.rooms[0].room), why
    )


async def stored_values(ctx: Context, room: RoomId) -> dict[str, str | None]:
    """Return a room's stored value of every setting, None where nobody chose one."""
    mine = [setting for setting in ctx.registry.settings if not affects_network(setting)]
    return {setting.key: await stored_value(ctx, setting, room) for setting in mine}


async def find_area(ctx: Context, text: str) -> tuple[RoomSelection, str]:
    """Return the area with the longest name that begins the text, and the rest of the text."""
    quoted = re.match(r'"([^"]+)"\s*:?\s*(.*)$|([^:]+):\s+(.*)$', text, re.S)
    if quoted is not None:
        name, rest = (quoted[1], quoted[2]) if quoted[1] else (quoted[3], quoted[4])
        return await room_selection.rooms_of_area(ctx, name.strip()), rest
    parts = text.split()
    for count in range(min(len(parts) - 1, 5), 0, -1):
        try:
            found = await room_selection.rooms_of_area(ctx, " ".join(parts[:count]))
        except UserError:
            continue
        return found, " ".join(parts[count:])
    raise UserError(
        _("Which area, and which setting?"),
        _("For example: `!config area press language es`"),
    )


async def set_in_area(
    ctx: Context,
    why: Reason,
    area: Annotated[RoomSelection, find_area],
    setting: Annotated[Setting, find_setting],
    *,
    typed: Rest = NOTHING,
) -> Answer:
    """Set one setting in all rooms of an area: `area press language es`. Return what to say, if
    anything."""
    require_may_set_network(ctx, setting)
    if affects_network(setting):
        raise UserError(
            _(
                "It holds for the whole network anyway: `!config {name}` and the value.",
                name=setting.name,
            )
        )
    if not typed:
        raise UserError(_("Missing: the value. For example: `!config area press language es`"))
    try:
        value = setting.kind.read(typed)
    except UnfitValue as no:
        raise UserError(*unfit_value_lines(setting, typed, no)) from None
    return await bulk_changes.change_settings(ctx, area, {setting.key: value}, why)
