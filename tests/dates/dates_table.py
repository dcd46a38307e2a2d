"""What people write, and how it has to be read. The tables grow with every phrase that was misread.

It is Wednesday 25 November 2026, 15:00 UTC: 10:00 in Bogotá. `?` is asked back (the readings, the
likeliest first), `past` is over, `-` is not readable. In `readings.txt` a line `@zone` sets it
from there on. In `findings.txt` stand the reading and the rest of the text, or `none`. In
`series.txt` stand the rule without `FREQ=` and the first occurrence, a day where no hour was said.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.dates import (
    AmbiguousDate,
    AmbiguousSeries,
    PastDate,
    Reading,
    Recurrence,
    UnreadableDate,
    ZonedTime,
)

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
BOGOTA = "America/Bogota"
ZONES = (
    BOGOTA,
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/Argentina/Buenos_Aires",
    "America/Santiago",
    "America/Havana",
    "America/New_York",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
)


def naive(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time on the wall."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001


def when(said: ZonedTime) -> str:
    return f"{said.wall:%a %Y-%m-%d %H:%M}" if said.has_time else f"{said.wall:%a %Y-%m-%d}"


def shown(reading: Reading) -> str:
    match reading:
        case ZonedTime():
            return when(reading)
        case AmbiguousDate(options):
            return "? " + " / ".join(map(when, options))
        case PastDate(over):
            return "past " + when(over)
        case UnreadableDate():
            return "-"


def series(said: Recurrence) -> str:
    first = f"{said.start:%a %m-%d %H:%M}" if said.has_time else f"{said.start:%a %m-%d}"
    return f"{said.rule.removeprefix('FREQ=')} from {first}"


def shown_series(reading: Recurrence | AmbiguousSeries | UnreadableDate) -> str:
    match reading:
        case Recurrence():
            return series(reading)
        case AmbiguousSeries(options):
            return "? " + " / ".join(map(series, options))
        case UnreadableDate():
            return "-"


def readings() -> list[tuple[str, str, str]]:
    """(zone, phrase, expected)."""
    rows, zone = [], BOGOTA
    for line in _lines("readings"):
        if line.startswith("@"):
            zone = line[1:]
            continue
        phrase, _, expected = line.rpartition(" = ")
        rows.append((zone, phrase, expected))
    return rows


def findings() -> list[tuple[str, str]]:
    """(free text, expected); `\\n` in the text is a new line."""
    rows = (line.rpartition(" => ") for line in _lines("findings"))
    return [(text.replace("\\n", "\n"), expected) for text, _, expected in rows]


def all_series() -> list[tuple[str, str]]:
    """(phrase, expected)."""
    rows = (line.rpartition(" = ") for line in _lines("series"))
    return [(phrase, expected) for phrase, _, expected in rows]


def _lines(name: str) -> list[str]:
    path = Path(__file__).parent / f"{name}.txt"
    return path.read_text(encoding="utf-8").splitlines()


def options(reading: Recurrence | AmbiguousSeries | UnreadableDate) -> tuple[Recurrence, ...]:
    match reading:
        case Recurrence():
            return (reading,)
        case AmbiguousSeries(several):
            return several
        case UnreadableDate():
            return ()
