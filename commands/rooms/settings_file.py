"""`!config export` and `!config import`: a room's settings as TOML, to keep, read and bring back.

https://toml.io/en/v1.0.0: keys that are not bare and all values are basic strings, whose escapes
are those of JSON.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from bot.api import (
    NOTHING,
    Answer,
    Context,
    FileContent,
    Line,
    RenderLine,
    Rest,
    SendFile,
    Setting,
    UnfitValue,
    UserError,
    _,
    n_,
    settings,
)
from commands.rooms import bulk_changes
from commands.rooms.declaration import effective_value
from commands.rooms.room_selection import RoomSelection
from commands.rooms.setting_changes import affects_network
from commands.rooms.setting_names import unfit_value_lines, unknown_setting_lines

MOST_BYTES = 20_000
"""Size limit of a settings file: three times that of an export."""
LONGEST_LINE = 2000
"""Limit of characters of a line: parsing a key of thousands of parts takes seconds."""
LARGEST_NUMBER = 10**9
"""Bound for numbers: no setting takes more, and formatting a huge one may take long."""
MOST_SHOWN = 8
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_FENCE = re.compile(r"^\s*```\w*\s*\n|\n?(?<![^\S\n])[^\S\n]*```\s*$")


async def export_settings(ctx: Context) -> Answer:
    """Send this room's settings as a file in the reader's language. Return what to say, if
    anything.

    Values that nobody chose are commented out.
    """
    room = ctx.target_room
    mine = [setting for setting in ctx.registry.settings if not affects_network(setting)]
    values = await settings.settings_of(ctx.db, room.room)

    def write(tell: RenderLine) -> FileContent:
        lines = [
            "# " + tell(_("Settings of “{room}”", room=room.name or room.room)),
            "# " + tell(_("To bring them into a room: send this file with `!config import`")),
            "",
            "[settings]",
        ]
        for setting in mine:
            holds = effective_value(ctx, setting, values.get(setting.key))
            typed = _typed_form(tell, setting, holds)
            if typed is None:
                continue
            lines += ["", "# " + tell(setting.help)]
            start = "" if setting.key in values else "# "
            lines.append(f"{start}{_toml_key(tell(_name_line(setting)))} = {_toml_string(typed)}")
        return FileContent(("\n".join(lines) + "\n").encode())

    caption = (
        _("The settings of this room, as a file that you can read and change."),
        _("To bring them into another room: send the file there with `!config import`"),
    )
    return SendFile("settings.toml", "application/toml", write, caption)


def _name_line(setting: Setting) -> Line:
    return Line("{choice}", {"choice": setting.name})


def _typed_form(tell: RenderLine, setting: Setting, holds: str) -> str | None:
    """Return how the value can be typed, or None if it cannot."""
    seconds = f"{int(holds) // 60} min" if holds.isdecimal() else holds
    for way in (holds, tell(setting.kind.show(holds)), seconds, "no"):
        try:
            if setting.kind.read(way) == holds:
                return way
        except UnfitValue:
            continue
    return None


def _toml_key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _toml_string(name)


def _toml_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


async def import_settings(ctx: Context, *, text: Rest = NOTHING) -> Answer:
    """Set all settings in a file, or none if a line is wrong. Return what to say, if anything.

    Raises `UserError` with the lines that cannot be read.
    """
    written = _FENCE.sub("", text) if text else ctx.attached_file(MOST_BYTES, _decode)
    if len(written) > MOST_BYTES:
        raise UserError(_("That is too long for settings."))
    wanted, wrong = _read_values(ctx, _parse(written))
    if wrong:
        raise UserError(
            n_(
                "{count} line can't be taken, so nothing was changed:",
                "{count} lines can't be taken, so nothing was changed:",
                len(wrong),
            ),
            *wrong[:MOST_SHOWN],
            _("Change the text and send it again. What there is: `!config`"),
        )
    if not wanted:
        raise UserError(
            _("There are no settings in it."),
            _("A file to begin with: `!config export`"),
        )
    return await bulk_changes.change_settings(ctx, RoomSelection((ctx.target_room,)), wanted)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(
            _("That is no text file."), _("A file to begin with: `!config export`")
        ) from None


def _parse(written: str) -> dict[str, Any]:
    for number, line in enumerate(written.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise _unreadable_line(number)
    try:
        found = tomllib.loads(written)
    except (ValueError, RecursionError) as error:  # also for too long numbers and too deep nesting
        place = re.search(r"at line (\d+)", str(error))
        raise _unreadable_line(int(place[1]) if place else written.count("\n") + 1) from None
    flat: dict[str, Any] = {}
    for key, value in found.items():
        flat |= value if isinstance(value, dict) else {key: value}
    return flat


def _unreadable_line(line: int) -> UserError:
    return UserError(
        _("I can't read line {line} of it.", line=line),
        _("Each line is a name and a value in quotes: `{example}`", example='prefijo = "!"'),
    )


def _read_values(ctx: Context, found: dict[str, Any]) -> tuple[dict[str, str | None], list[Line]]:
    wanted: dict[str, str | None] = {}
    wrong: list[Line] = []
    for name, value in found.items():
        setting = ctx.registry.setting_named(name)
        typed = _typed_text(value)
        if setting is None:
            wrong.append(unknown_setting_lines(ctx, name)[0])
        elif affects_network(setting):
            wrong.append(_("`{name}` holds for the whole network, not for a room.", name=name[:40]))
        else:
            try:
                wanted[setting.key] = setting.kind.read(typed)
            except UnfitValue as no:
                wrong += unfit_value_lines(setting, typed, no)[:1]
    return wanted, wrong


def _typed_text(value: Any) -> str:
    """Return text for text, numbers and booleans; '' for any other type."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if abs(value) < LARGEST_NUMBER else ""
    return value if isinstance(value, str) else ""
