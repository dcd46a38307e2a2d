"""Reads and writes dates and times as people do in Spanish, Portuguese and English."""

from bot.dates import past
from bot.dates.answers import matches_answer
from bot.dates.durations import read_duration
from bot.dates.phrase_reader import read_date
from bot.dates.phrases import DatePhrase, SeriesPhrase, find_date, find_series
from bot.dates.pieces import read_near_day
from bot.dates.readings import AmbiguousDate, PastDate, Reading, UnreadableDate, ZonedTime
from bot.dates.recurrences import AmbiguousSeries, Recurrence, next_after, read_recurrence
from bot.dates.series_texts import say_series
from bot.dates.texts import say_day, say_moment, say_span, say_time
from bot.dates.zones import find_zone, is_zone, to_utc, to_wall, zone_label

__all__ = [
    "AmbiguousDate",
    "AmbiguousSeries",
    "DatePhrase",
    "PastDate",
    "Reading",
    "Recurrence",
    "SeriesPhrase",
    "UnreadableDate",
    "ZonedTime",
    "find_date",
    "find_series",
    "find_zone",
    "is_zone",
    "matches_answer",
    "next_after",
    "past",
    "read_date",
    "read_duration",
    "read_near_day",
    "read_recurrence",
    "say_day",
    "say_moment",
    "say_series",
    "say_span",
    "say_time",
    "to_utc",
    "to_wall",
    "zone_label",
]
