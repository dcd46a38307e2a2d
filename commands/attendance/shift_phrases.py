"""Read what there is to do at an event: `2 reception, 4 sound`. Pure."""

from __future__ import annotations

import re

from bot.api import UserError, _
from commands.attendance.shift_store import Shift

MOST_SHIFTS = 20
MOST_PEOPLE = 500
LONGEST_NAME = 60
_SPLIT = re.compile(r"[,;\n]|\s[ye]\s(?=\d)|\sand\s(?=\d)")
_BEFORE = re.compile(r"(\d{1,4})\s?(?:x|×|de|of)?\s+(\S.*)")
_BEHIND = re.compile(r"(\S.*?)\s?[(:x×]\s?(\d{1,4})\)?|(\S.*?)\s(\d{1,4})")


def parse_shifts(typed: str) -> list[Shift]:
    """Return the shifts in a list such as `2 recepción, 4 sonido`. Raises `UserError` for too many
    shifts, a name twice or too long, and too many people for one."""
    parts = [" ".join(part.split()) for part in _SPLIT.split(typed) if part.strip()]
    found = [_parse_shift(part) for part in parts[: MOST_SHIFTS + 1]]
    keys = {one.key for one in found}
    if not found or len(found) > MOST_SHIFTS or len(keys) < len(found):
        raise UserError(
            _("Up to {count} shifts, each with its own name.", count=MOST_SHIFTS), _EXAMPLE
        )
    if any(not 0 < one.people <= MOST_PEOPLE or len(one.name) > LONGEST_NAME for one in found):
        raise UserError(
            _(
                "A shift is for {most} people at most, its name has {letters} letters at most.",
                most=MOST_PEOPLE,
                letters=LONGEST_NAME,
            ),
            _EXAMPLE,
        )
    return found


_EXAMPLE = _("For example: `shifts: 2 reception, 4 sound`")


def _parse_shift(part: str) -> Shift:
    if found := _BEFORE.fullmatch(part):
        return Shift(found[2], int(found[1]))
    if found := _BEHIND.fullmatch(part):
        return Shift(found[1] or found[3], int(found[2] or found[4]))
    return Shift(part, 1)
