"""`!config copy to …`, `!config copy from …`, and one setting for all rooms of an area."""

from __future__ import annotations

import re

from bot.api import Answer, Context, RoomId, Unfit, UserError, _
from commands.rooms import bulk_changes, room_selection
from commands.rooms.declaration import here, kept
from commands.rooms.room_selection import Targets
from commands.rooms.setting_changes import is_wide, permit_wide
from commands.rooms.setting_names import named, reason, unfit

_TO = re.compile(r"(?i)^(?:a|para|to|en|em|in)\s+(?=\S)")
_FROM = re.compile(r"(?i)^(?:de|desde|from|do|da)\s+(?=\S)")


async def copy(ctx: Context, text: str) -> Answer:
    """Copy this room's settings to other rooms, or another room's settings to this one."""
    text, why = reason(text)
    room = here(ctx)
    if (found := _FROM.match(text)) is not None:
        source = (await room_selection.read(ctx, text[found.end() :], besides=room.room)).rooms
        if len(source) != 1:
            raise UserError(_("From which one room? For example: `!config copy from Press`"))
        return await bulk_changes.change(
            ctx, Targets((room,)), await chosen(ctx, source[0].room), why
        )
    found = _TO.match(text)
    others = await room_selection.read(
        ctx, text[found.end() :] if found else text, besides=room.room
    )
    return await bulk_changes.change(ctx, others, await chosen(ctx, room.room), why)


async def chosen(ctx: Context, room: RoomId) -> dict[str, str | None]:
    """Return every room setting as stored there, or None where nobody chose one."""
    mine = [setting for setting in ctx.registry.settings if not is_wide(setting)]
    return {setting.key: await kept(ctx, setting, room) for setting in mine}


async def everywhere(ctx: Context, text: str) -> Answer:
    """Change one setting in all rooms of an area: `area press language es`."""
    text, why = reason(text)
    area, rest = await _area(ctx, text)
    setting, typed = named(ctx, rest)
    permit_wide(ctx, setting)
    if is_wide(setting):
        raise UserError(_("It holds for the whole network anyway: `!config {name}` and the value.",
                          name=setting.name))  # fmt: skip
    if not typed:
        raise UserError(_("Missing: the value. For example: `!config area press language es`"))
    try:
        value = setting.kind.read(typed)
    except Unfit as no:
        raise UserError(*unfit(setting, typed, no)) from None
    return await bulk_changes.change(ctx, area, {setting.key: value}, why)


async def _area(ctx: Context, text: str) -> tuple[Targets, str]:
    """Return the area with the longest name that the text begins with, and the rest."""
    quoted = re.match(r'"([^"]+)"\s*:?\s*(.*)$|([^:]+):\s+(.*)$', text, re.S)
    if quoted is not None:
        name, rest = (quoted[1], quoted[2]) if quoted[1] else (quoted[3], quoted[4])
        return await room_selection.of_area(ctx, name.strip()), rest
    parts = text.split()
    for count in range(min(len(parts) - 1, 5), 0, -1):
        try:
            found = await room_selection.of_area(ctx, " ".join(parts[:count]))
        except UserError:
            continue
        return found, " ".join(parts[count:])
    raise UserError(
        _("Which area, and which setting?"),
        _("For example: `!config area press language es`"),
    )
