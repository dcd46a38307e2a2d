"""Calendars with any dates and rules: the reader tells what can't be kept, and never breaks."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from commands.calendar.ics import writer
from commands.calendar.ics.reader import UnreadableCalendar
from commands.calendar.tests.test_ics_in import NOW, entry, file, taken
from commands.events import event as calendar

STAMPS = st.one_of(
    st.sampled_from(["00010101", "00010101T000000Z", "99991231T235959Z", "20260229", "T", ""]),
    st.builds(
        "{:04}{:02}{:02}T{:02}{:02}{:02}{}".format,
        st.integers(0, 9999),
        st.integers(0, 13),
        st.integers(0, 32),
        st.integers(0, 25),
        st.integers(0, 61),
        st.integers(0, 61),
        st.sampled_from(["", "Z"]),
    ),
)
RULES = st.builds(
    "FREQ={};INTERVAL={};{}={};BYDAY={};BYMONTHDAY={}".format,
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "SECONDLY", ""]),
    st.integers(-1, 10_000),
    st.sampled_from(["UNTIL", "COUNT"]),
    st.one_of(STAMPS, st.integers(-1, 10_000).map(str)),
    st.sampled_from(["MO", "5MO", "-1SU", "XX", "", "MO,TU,WE"]),
    st.integers(-32, 32),
)
LINES = st.one_of(
    st.builds("DTSTART:{}".format, STAMPS),
    st.builds("DTEND:{}".format, STAMPS),
    st.builds("RRULE:{}".format, RULES),
    st.builds("RRULE:FREQ=DAILY;UNTIL={}".format, STAMPS),
    st.builds("EXDATE:{}".format, STAMPS),
    st.builds("RECURRENCE-ID:{}".format, STAMPS),
    st.builds("DTSTART;TZID={}:{}".format, st.sampled_from(["America/Bogota", "X", ""]), STAMPS),
    st.builds("DURATION:{}".format, st.sampled_from(["PT1H", "-P9999W", "P999999999D", "PT", ""])),
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=3), st.sampled_from(["20261203T190000", "20261203"]) | STAMPS)
def test_no_calendar_breaks_whoever_reads_it(lines: list[str], start: str) -> None:
    """What is kept can be shown and written again; all else is told."""
    with suppress(UnreadableCalendar):
        for event in taken(file(entry(f"DTSTART:{start}", *lines))).events:
            calendar.dates_after(event, NOW)
            assert writer.write_calendar([event], NOW)
