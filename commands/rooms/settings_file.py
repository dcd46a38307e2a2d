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
    Answer,
    Context,
    Line,
    Made,
    SendFile,
    Setting,
    Tell,
    Unfit,
    UserError,
    _,
    n_,
    settings,
)
from commands.rooms import bulk_changes
from commands.rooms.declaration import here, in_force
from commands.rooms.room_selection import Targets
from commands.rooms.setting_changes import is_wide
from commands.rooms.setting_names import unfit, unknown

MOST = 20_000
"""Size limit of a settings file: three times that of an export."""
LONGEST = 2000
"""Limit of characters of a line: parsing a key of thousands of parts takes seconds."""
HUGE = 10**9
"""Bound for numbers: no setting takes more, and formatting a huge one may take long."""
SHOWN = 8
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_FENCE = re.compile(r"^\s*```\w*\s*\n|\n?(?<![^\S\n])[^\S\n]*```\s*$")


async def export(ctx: Context, text: str) -> Answer:
    """Send this room's settings in the reader's language.

    Values that nobody chose are commented out.
    """
    room = here(ctx)
    mine = [setting for setting in ctx.registry.settings if not is_wide(setting)]
    values = await settings.all_of(ctx.db, room.room)

    def write(tell: Tell) -> Made:
        lines = ["# " + tell(_("Settings of “{room}”", room=room.name or room.room)),
                 "# " + tell(_("To bring them into a room: send this file with `!config import`")),
                 "", "[settings]"]  # fmt: skip
        for setting in mine:
            holds = in_force(ctx, setting, values.get(setting.key))
            typed = _typed(tell, setting, holds)
            if typed is None:
                continue
            lines += ["", "# " + tell(setting.help)]
            start = "" if setting.key in values else "# "
            lines.append(f"{start}{_key(tell(_name(setting)))} = {_string(typed)}")
        return Made(("\n".join(lines) + "\n").encode())

    caption = (
        _("The settings of this room, as a file that you can read and change."),
        _("To bring them into another room: send the file there with `!config import`"),
    )
    return SendFile("settings.toml", "application/toml", write, caption)


def _name(setting: Setting) -> Line:
    return Line("{choice}", {"choice": setting.name})


def _typed(tell: Tell, setting: Setting, holds: str) -> str | None:
    """Return how the value can be typed, or None if it cannot."""
    seconds = f"{int(holds) // 60} min" if holds.isdecimal() else holds
    for way in (holds, tell(setting.kind.show(holds)), seconds, "no"):
        try:
            if setting.kind.read(way) == holds:
                return way
        except Unfit:
            continue
    return None


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


async def load(ctx: Context, text: str) -> Answer:
    """Change all settings of the file or none.

    Raises `UserError` with the lines that cannot be read.
    """
    written = _FENCE.sub("", text) if text.strip() else ctx.file(MOST, _decoded)
    if len(written) > MOST:
        raise UserError(_("That is too long for settings."))
    wanted, wrong = _read(ctx, _parsed(written))
    if wrong:
        raise UserError(
            n_("{count} line can't be taken, so nothing was changed:",
               "{count} lines can't be taken, so nothing was changed:", len(wrong)),
            *wrong[:SHOWN],
            _("Change the text and send it again. What there is: `!config`"),
        )  # fmt: skip
    if not wanted:
        raise UserError(
            _("There are no settings in it."),
            _("A file to begin with: `!config export`"),
        )
    return await bulk_changes.change(ctx, Targets((here(ctx),)), wanted)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(
            _("That is no text file."), _("A file to begin with: `!config export`")
        ) from None


def _parsed(written: str) -> dict[str, Any]:
    for number, line in enumerate(written.split("\n"), start=1):
        if len(line) > LONGEST:
            raise _unread(number)
    try:
        found = tomllib.loads(written)
    except (ValueError, RecursionError) as error:  # also for too long numbers and too deep nesting
        place = re.search(r"at line (\d+)", str(error))
        raise _unread(int(place[1]) if place else written.count("\n") + 1) from None
    flat: dict[str, Any] = {}
    for key, value in found.items():
        flat |= value if isinstance(value, dict) else {key: value}
    return flat


def _unread(line: int) -> UserError:
    return UserError(
        _("I can't read line {line} of it.", line=line),
        _("Each line is a name and a value in quotes: `{example}`", example='prefijo = "!"'),
    )


def _read(ctx: Context, found: dict[str, Any]) -> tuple[dict[str, str | None], list[Line]]:
    wanted: dict[str, str | None] = {}
    wrong: list[Line] = []
    for name, value in found.items():
        setting = ctx.registry.setting(name)
        typed = _as_typed(value)
        if setting is None:
            wrong.append(unknown(ctx, name)[0])
        elif is_wide(setting):
            wrong.append(_("`{name}` holds for the whole network, not for a room.", name=name[:40]))
        else:
            try:
                wanted[setting.key] = setting.kind.read(typed)
            except Unfit as no:
                wrong += unfit(setting, typed, no)[:1]
    return wanted, wrong


def _as_typed(value: Any) -> str:
    """Return text for text, numbers and booleans; '' for any other type."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if abs(value) < HUGE else ""
    return value if isinstance(value, str) else ""
