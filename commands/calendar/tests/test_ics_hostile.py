"""Calendar files made to harm: what they cost, and that none makes the reader fail."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.testing.growth import grows_evenly
from bot.testing.step_count import count_steps
from commands.calendar.ics import reader
from commands.calendar.ics.reader import UnreadableCalendar
from commands.calendar.tests.test_ics_in import NOW, entry, file, taken
from commands.events import event as calendar

OPEN = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
DAILY = "DTSTART:20261203T190000", "RRULE:FREQ=DAILY"
OLD = "DTSTART:19{:02}0130T190000"
BOMBS: dict[str, Callable[[int], bytes]] = {
    "5 MB on a line": lambda n: OPEN + b"SUMMARY:" + b"x" * (n * 625_000),
    "5 MB folded": lambda n: OPEN + b"SUMMARY:" + b"x\r\n " * (n * 156_250),
    "2 MB of line ends": lambda n: b"BEGIN:VCALENDAR\r\n" + b"\n" * (n * 250_000),
    "a million quotes": lambda n: OPEN + b"DTSTART;X=" + b'"' * (n * 125_000),
    "a million parameters": lambda n: OPEN + b"DTSTART" + b";A=B" * (n * 62_500),
    "nested for ever": lambda n: b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * (n * 18_750),
    "calendars in calendars": lambda n: b"BEGIN:VCALENDAR\r\n" * (n * 18_750),
    "exceptions": lambda n: file(entry(*DAILY, "EXDATE:" + "20270101T190000," * (n * 7_500))),
    "lines without end": lambda n: file(entry(DAILY[0], *["EXDATE:20270101"] * (n * 12_500))),
    "40,000 zones": lambda n: file(
        head="".join(f"BEGIN:VTIMEZONE\r\nTZID:{i}\r\nEND:VTIMEZONE\r\n" for i in range(n * 5_000))
    ),
    "series without a past": lambda n: file(
        *(entry(OLD.format(i % 90), DAILY[1], uid=str(i)) for i in range(n * 1_125))
    ),
    "zeros": lambda n: bytes(n * 250_000),
    "noise": lambda n: bytes(range(256)) * (n * 1_000),
}
"""Files that ask for much, each in eight sizes."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_time_and_memory_in_step_with_its_size(name: str) -> None:
    bombs = {size: BOMBS[name](size) for size in (1, 4, 8)}

    def read(size: int) -> None:
        try:
            assert len(taken(bombs[size]).events) <= reader.MOST_SERIES
        except UnreadableCalendar as error:
            assert "no calendar" in error.lines[0].msgid

    assert grows_evenly(read, 4)
    assert count_steps(lambda: read(1)) < 3_000_000  # the most are 1,900,000, of a series
    tracemalloc.start()
    read(8)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * len(bombs[8]) + 10_000_000


def test_ten_thousand_events_are_read_and_more_are_not() -> None:
    every = [entry(f"DTSTART:202612{n % 28 + 1:02}T190000", uid=str(n)) for n in range(10_000)]
    assert len(taken(file(*every)).events) == 10_000
    with pytest.raises(UnreadableCalendar) as told:
        taken(file(*every, entry("DTSTART:20261203T190000")))
    assert told.value.lines[0].values["count"] == 10_001


PIECES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM"),
        *("DTSTART:20261203T190000", "DTSTART;VALUE=DATE:20261203", "DTSTART:00000000T000000Z"),
        *("DTEND:20261203T180000Z", "DURATION:-P99999W", "DURATION:PT99999999S", "SUMMARY:a\\"),
        *("RRULE:FREQ=WEEKLY;BYDAY=TH", "RRULE:FREQ=MONTHLY;BYDAY=5MO", "RRULE:FREQ=DAILY;COUNT=9"),
        *("RRULE:FREQ=DAILY;UNTIL=99991231T235959Z", "RRULE:FREQ=DAILY;UNTIL=00010101", "UID:1"),
        *("EXDATE:20261203T190000,20261204", "RECURRENCE-ID:20261203T190000", "STATUS:CANCELLED"),
        *("RECURRENCE-ID;RANGE=THISANDFUTURE:20261203", "SUMMARY:b", "SEQUENCE:-9", "SEQUENCE:²"),
        *("TZID:x", "BEGIN:VTIMEZONE", "X-WR-TIMEZONE:Nada", " folded", "\t", "DTSTART;TZID=:2026"),
    ]
)


@settings(max_examples=500)
@given(lines=st.lists(PIECES | st.text(max_size=40), max_size=40), torn=st.integers(0, 50))
def test_no_file_makes_the_reader_fail(lines: list[str], torn: int) -> None:
    data = "\r\n".join(["BEGIN:VCALENDAR", "METHOD:PUBLISH", *lines]).encode(
        "utf-8", "surrogatepass"
    )
    with suppress(UnreadableCalendar):
        for one in taken(data[: len(data) - torn]).events:
            assert one.title
            assert calendar.next_date(one, NOW) is not None
