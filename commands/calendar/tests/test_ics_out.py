"""Calendar files that we write, read back by other programs' rules: vobject and dateutil."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api import Number, RoomId, UserId
from commands.calendar.ics import reader, text_values, writer
from commands.events import event as calendar
from commands.events.event import Event
from commands.events.grammar import args

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
ZONES = (
    "America/Bogota",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/Havana",
    "America/Asuncion",
    "America/St_Johns",
    "Europe/Madrid",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
)


wall = datetime.fromisoformat


def event(**more: Any) -> Event:
    made = Event(
        item=Number(57),
        room=RoomId("!secret:home.example"),
        author=UserId("@ana:home.example"),
        title="Taller de radio",
        start=wall("2026-12-03 19:00"),
        zone="America/Bogota",
        uid="0b8e@minga",
    )
    return replace(made, **more)


def text(*events: Event, now: datetime = NOW) -> str:
    return writer.write_calendar(events, now).decode()


def entries(file: str) -> list[Any]:
    """The events of the file as vobject reads them."""
    return list(vobject.readOne(file).contents.get("vevent", []))


def test_one_event_is_one_entry_with_its_zone_and_its_end() -> None:
    [entry] = entries(text(event(length=timedelta(hours=2), place="Casa Azul, piso 2")))
    assert entry.summary.value == "Taller de radio"
    assert entry.location.value == "Casa Azul, piso 2"
    assert entry.dtstart.value == datetime(2026, 12, 3, 19, tzinfo=ZoneInfo("America/Bogota"))
    assert entry.dtend.value - entry.dtstart.value == timedelta(hours=2)
    file = text(event())
    assert "DTSTART;TZID=America/Bogota:20261203T190000\r\n" in file
    assert "DTEND;TZID=America/Bogota:20261203T200000\r\n" in file
    assert "BEGIN:VTIMEZONE\r\nTZID:America/Bogota\r\n" in file
    assert "METHOD:PUBLISH\r\n" in file
    assert "STATUS:CONFIRMED\r\n" in file
    assert "DTSTAMP:20261125T150000Z\r\n" in file


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    moved = text(event(sequence=3, start=wall("2026-12-04 20:00")))
    assert "UID:0b8e@minga\r\n" in moved
    assert "SEQUENCE:3\r\n" in moved
    off = text(event(sequence=4, cancelled=True))
    assert "UID:0b8e@minga\r\n" in off
    assert "STATUS:CANCELLED\r\n" in off


def test_a_day_without_an_hour_is_a_date() -> None:
    whole = event(start=wall("2026-12-03"), all_day=True)
    [entry] = entries(text(whole))
    assert str(entry.dtstart.value) == "2026-12-03"
    assert str(entry.dtend.value) == "2026-12-04"
    assert "VTIMEZONE" not in text(whole)
    [three] = entries(text(replace(whole, length=timedelta(days=3))))
    assert str(three.dtend.value) == "2026-12-06"


def test_nobody_and_no_homeserver_stands_in_a_file() -> None:
    told = event(
        title="Con @ana:home.example",
        place="sala #taller:home.example",
        about="Pregunten a @bea:home.example en !abc:home.example\nhttps://matrix.to/#/@x:home.example",
        link="https://matrix.to/#/!abc:home.example?via=home.example",
    )
    file = text(told).replace("\r\n ", "")
    assert "home.example" not in file.replace("via=", "")
    assert "ATTENDEE" not in file
    assert "ORGANIZER" not in file
    assert "SUMMARY:Con @ana\r\n" in file
    assert "!secret" not in file


def test_a_link_stands_where_every_phone_shows_it() -> None:
    [entry] = entries(text(event(link="https://meet.example/radio?a=1,2;3")))
    assert entry.url.value == "https://meet.example/radio?a=1,2;3"
    assert entry.location.value == "https://meet.example/radio?a=1,2;3"
    assert entry.description.value == "https://meet.example/radio?a=1,2;3"
    [point] = entries(text(event(place="Casa Azul", link="geo:4.609,-74.081")))
    assert (point.geo.value, "url" in point.contents) == ("4.609;-74.081", False)
    [odd] = entries(text(event(link="javascript:alert(1)\r\nATTENDEE:mailto:a@b")))
    assert "url" not in odd.contents


# --- series, as dateutil counts them by the zone that the file itself defines ---------------------


def instants(file: str, until: datetime) -> list[datetime]:
    """When the events of a file begin (UTC), by nothing but what stands in it."""
    zones = tzical(io.StringIO(file))
    blocks = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", file.replace("\r\n ", ""), re.DOTALL)

    def at(block: str, name: str) -> list[datetime]:
        found = re.search(rf"^{name};TZID=([^:]+):(.+?)\r$", block, re.MULTILINE)
        if found is None:
            return []
        zone = zones.get(found[1])
        walls = [datetime.strptime(w, "%Y%m%dT%H%M%S") for w in found[2].split(",")]  # noqa: DTZ007
        return [wall.replace(tzinfo=zone) for wall in walls]

    keys: set[datetime] = set()
    for block in blocks:
        [start] = at(block, "DTSTART")
        if moved := at(block, "RECURRENCE-ID"):
            keys.discard(moved[0].astimezone(UTC))
            keys.add(start.astimezone(UTC))
            continue
        [rule] = re.findall(r"^RRULE:(.+?)\r$", block, re.MULTILINE)
        off = {one.replace(tzinfo=None) for one in at(block, "EXDATE")}
        bare = re.sub(r";UNTIL=[^;]+", "", rule)
        ends = re.search(r"UNTIL=(\d{8}T\d{6})Z", rule)
        last = datetime.strptime(ends[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if ends else until
        for wall in rrulestr(bare, dtstart=start.replace(tzinfo=None)):
            found = wall.replace(tzinfo=start.tzinfo).astimezone(UTC)
            if found > min(last, until):
                break
            if wall not in off:
                keys.add(found)
    return sorted(keys)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", ["02:15", "00:00", "19:00"])
def test_a_series_is_when_we_say_it_is_across_changes_of_clocks(zone: str, hour: str) -> None:
    start = wall(f"2026-11-27 {hour}")
    series = event(zone=zone, start=start, rule="FREQ=DAILY")
    until = NOW + timedelta(days=390)
    ours = [when.at for when in calendar.dates_after(series, NOW) if when.at <= until]
    assert len(ours) > 380
    assert instants(text(series), until) == ours


def test_dates_moved_and_off_and_the_end_are_in_the_file() -> None:
    series = event(
        zone="America/Santiago",
        rule="FREQ=WEEKLY;BYDAY=TH;UNTIL=20270930T190000",
        changed={
            wall("2026-12-10 19:00"): None,
            wall("2026-12-17 19:00"): wall("2026-12-18 20:30"),
        },
    )
    ours = [when.at for when in calendar.dates_after(series, NOW)]
    assert instants(text(series), NOW + timedelta(days=700)) == ours
    assert ours[-1] == datetime(2027, 9, 30, 22, tzinfo=UTC)
    assert text(series).count("BEGIN:VEVENT") == 2


def test_a_series_of_whole_days_ends_on_a_date() -> None:
    file = text(
        event(
            start=wall("2026-12-03"),
            all_day=True,
            rule="FREQ=WEEKLY;UNTIL=20270101T235959",
            changed={wall("2026-12-10"): wall("2026-12-11")},
        )
    )
    assert "RRULE:FREQ=WEEKLY;UNTIL=20270101\r\n" in file
    assert "RECURRENCE-ID;VALUE=DATE:20261210\r\n" in file


def test_all_events_of_a_room_are_one_file_with_each_zone_once() -> None:
    other = event(uid="2@minga", zone="Europe/Madrid", title="Otra")
    file = text(event(), event(uid="1@minga"), other)
    assert len(entries(file)) == 3
    assert file.count("BEGIN:VTIMEZONE") == 2


# --- hostile words ------------------------------------------------------------------------------

NASTY = st.sampled_from(
    [
        *(
            "\r\n",
            "\n",
            "\r",
            "\t",
            "\x00",
            "\x07",
            "\x0b",
            "\x0c",
            "\x1c",
            "\x85",
            "\u2028",
            "\u2029",
        ),
        *(
            "\u202e",
            "\u2066",
            "\u200f",
            "\ufeff",
            "\ud800",
            "🎉",
            "👩\u200d🌾",
            "ñ",
            "e\u0301",
            '"',
            "^n",
        ),
        *("\\n", "\\N", "\\\\", "\\", "\\;", ";", ",", ":", "%0D%0A", " " * 80, "x" * 10_000),
        *("\r\nBEGIN:VEVENT\r\n", "\nEND:VCALENDAR\n", "\r\nRRULE:FREQ=SECONDLY", "C:\\Nueva"),
        *("ATTENDEE:mailto:x@y", "=HYPERLINK(1)", "@ana:test.org"),
    ]
)
HOSTILE = st.lists(NASTY | st.text(max_size=30), min_size=1, max_size=12).map("".join)


@settings(max_examples=1000 if os.environ.get("MINGA_FULL") == "1" else 200, deadline=None)
@given(title=HOSTILE)
def test_hostile_titles_come_back_as_one_event_with_their_words(title: str) -> None:
    meant = text_values.join_lines(text_values.strip_addresses(title))
    file = writer.write_calendar([event(title=title, about=title, place=title)], NOW)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", file)
    assert max(map(len, file.split(b"\r\n"))) <= 75
    [entry] = entries(file.decode())
    assert getattr(entry, "summary", None) is None if not meant else entry.summary.value == meant
    assert set(entry.contents) <= {
        "uid",
        "sequence",
        "dtstamp",
        "status",
        "class",
        "dtstart",
        "dtend",
        "summary",
        "location",
        "description",
    }
    found = reader.parse_calendar(file, "America/Bogota", NOW)
    if meant and len(meant) <= args.LONGEST_TITLE:
        [back] = found.events
        assert back.title == meant
    else:
        [problem] = found.problems
        assert problem.line
