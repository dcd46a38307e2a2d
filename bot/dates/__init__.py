"""Reads and writes dates and times as people do in Spanish, Portuguese and English."""

from bot.dates import past
from bot.dates.answers import tells
from bot.dates.durations import duration
from bot.dates.phrase_reader import read
from bot.dates.phrases import Found, FoundSeries, find, find_series
from bot.dates.readings import Doubtful, Past, Reading, Unreadable, When
from bot.dates.recurrences import DoubtfulSeries, Recurrence, next_after, recurrence
from bot.dates.series_texts import say_series
from bot.dates.texts import say_day, say_moment, say_span, say_time
from bot.dates.zones import is_zone, to_utc, to_wall, zone_label, zone_named

__all__ = [
    "Doubtful",
    "DoubtfulSeries",
    "Found",
    "FoundSeries",
    "Past",
    "Reading",
    "Recurrence",
    "Unreadable",
    "When",
    "duration",
    "find",
    "find_series",
    "is_zone",
    "next_after",
    "past",
    "read",
    "recurrence",
    "say_day",
    "say_moment",
    "say_series",
    "say_span",
    "say_time",
    "tells",
    "to_utc",
    "to_wall",
    "zone_label",
    "zone_named",
]
