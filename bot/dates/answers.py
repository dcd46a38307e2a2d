"""Matches short answers to one of several times: `7am`, `de la mañana`, `el sábado`."""

from __future__ import annotations

import re
from datetime import datetime

from bot.dates.words import DAY, HOUR, HOURS, fold_plain, parse_weekday

_HALVES = (
    ("am", r"a ?\.? ?m\.?|mananas?|manha|morning|madrugada"),
    ("pm", r"p ?\.? ?m\.?|tarde|noche|noite|afternoon|evening|night"),
)
_HALF = "|".join(f"(?P<{name}>{words})" for name, words in _HALVES)
_LINK = r"(?:(?:de|por|en|em|in|at|a|da|na|pela|as|las?|the|o|el|do|on|para|pra) ){0,4}"
"""Few: three times any number takes minutes for a line of nothing else."""
_ANSWER = re.compile(
    rf"{_LINK}(?:(?P<day>{DAY})(?:-feira)?,? ?)?{_LINK}"
    rf"(?:(?P<hour>\d{{1,2}}|{HOUR})(?:[:h.](?P<minute>\d\d))?(?: ?(?P<unit>h|hs|hrs|horas?))? ?)?"
    rf"{_LINK}(?:{_HALF})?[ .!]*"
)


def matches_answer(wall: datetime, said: str) -> bool:
    """Return whether a typed short answer (a date or a time) fits this local time. An answer with
    neither fits none."""
    found = _ANSWER.fullmatch(fold_plain(said))
    if found is None or not any(found[part] for part in ("day", "hour", "am", "pm")):
        return False
    if found["day"] and parse_weekday(found["day"]) != wall.weekday():
        return False
    if (found["am"] and wall.hour >= 12) or (found["pm"] and wall.hour < 12):
        return False
    return not found["hour"] or _at(wall, found)


def _at(wall: datetime, found: re.Match[str]) -> bool:
    digits = found["hour"]
    hour = int(digits) if digits.isdigit() else HOURS[digits]
    half = found["am"] or found["pm"]
    whole = found["unit"] or found["minute"] or hour > 12 or digits.startswith("0")
    same = hour == wall.hour if whole and not half else hour % 12 == wall.hour % 12
    return same and int(found["minute"] or 0) == wall.minute
