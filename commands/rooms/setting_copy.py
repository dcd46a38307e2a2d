"""`!config copy to …`, `!config copy from …`, and one setting for all rooms of an area."""

from __future__ import annotations

import re

from bot.api import Answer, Context, RoomId, UnfitValue, UserError, _
from commands.rooms import bulk_changes, room_selection
from commands.rooms.declaration import current_room, stored_value
from commands.rooms.room_selection import RoomSelection
from commands.rooms.setting_changes import affects_network, require_may_set_network
from commands.rooms.setting_names import split_reason, split_setting, unfit_value_lines

_TO = re.compile(r"(?i)^(?:a|para|to|en|em|in)\s+(?=\S)")
_FROM = re.compile(r"(?i)^(?:de|desde|from|do|da)\s+(?=\S)")


async def copy_settings(ctx: Context, *, text: str = "") -> Answer:
    """Copy this room's settings to other rooms, or another room's settings to this one."""
    # Rooms are named by name, number or area, with a reason at the end.
    text, why = split_reason(text)
    room = current_room(ctx)
    if (found := _FROM.match(text)) is not None:
        source = (
            await room_selection.read_rooms(ctx, text[found.end() :], besides=room.room)
        ).rooms
        if len(source) != 1:
            raise UserError(_("From which one room? For example: `!config copy from Press`"))
        return await bulk_changes.change_settings(
            ctx, RoomSelection((room,)), await stored_values(ctx, source[0].room), why
        )
    found = _TO.match(text)
    others = await room_selection.read_rooms(
        ctx, text[found.end() :] if found else text, besides=room.room
    )
    return await bulk_changes.change_settings(ctx, others, await stored_values(ctx, room.room), why)


async def stored_values(ctx: Context, room: RoomId) -> dict[str, str | None]:
    """Return every room setting as stored there, or None where nobody chose one."""
    mine = [setting for setting in ctx.registry.settings if not affects_network(setting)]
    return {setting.key: await stored_value(ctx, setting, room) for setting in mine}


async def set_in_area(ctx: Context, *, text: str = "") -> Answer:
    """Change one setting in all rooms of an area: `area press language es`."""
    # The setting reads its value in its own way.
    text, why = split_reason(text)
    area, rest = await _split_area(ctx, text)
    setting, typed = split_setting(ctx, rest)
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


async def _split_area(ctx: Context, text: str) -> tuple[RoomSelection, str]:
    """Return the area with the longest name that the text begins with, and the rest."""
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
