"""Calendar files that come in: what is kept of them, and what is told of the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.api import Number, RoomId, UserId
from commands.calendar.ics import reader, writer
from commands.calendar.ics.reader import CalendarFile, ImportProblem
from commands.events import event as calendar
from commands.events.event import Event

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
wall = datetime.fromisoformat


def entry(*lines: str, uid: str = "1@google.com", title: str = "Taller") -> str:
    said = (f"SUMMARY:{title}",) if title else ()
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", *said, *lines, "END:VEVENT", ""))


def file(*entries: str, head: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(entries)}END:VCALENDAR\r\n".encode()


def taken(data: bytes) -> CalendarFile:
    return reader.parse_calendar(data, "America/Bogota", NOW)


def one(*lines: str, head: str = "") -> Event:
    found = taken(file(entry(*lines), head=head))
    assert found.problems == ()
    [event] = found.events
    return event


def refused(*lines: str) -> ImportProblem:
    found = taken(file(entry(*lines)))
    assert found.events == ()
    [problem] = found.problems
    return problem


# --- zones --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("SA Pacific Standard Time", "America/Bogota"),
        ("E. South America Standard Time", "America/Sao_Paulo"),
        ('"(UTC-05:00) Bogota, Lima, Quito, Rio Branco"', "America/Bogota"),
        ("/freeassociation.sourceforge.net/America/Santiago", "America/Santiago"),
        ("/mozilla.org/20050126_1/America/Argentina/Cordoba", "America/Argentina/Cordoba"),
    ],
)
def test_zones_are_known_by_the_names_that_programs_give_them(said: str, zone: str) -> None:
    event = one(f"DTSTART;TZID={said}:20261203T190000")
    assert (event.start, event.zone) == (wall("2026-12-03 19:00"), zone)


def test_a_zone_of_no_name_is_where_its_file_says_it_is() -> None:
    head = "BEGIN:VTIMEZONE\r\nTZID:Casa\r\nX-LIC-LOCATION:America/La_Paz\r\nEND:VTIMEZONE\r\n"
    assert one("DTSTART;TZID=Casa:20261203T190000", head=head).zone == "America/La_Paz"


def test_a_definition_that_lies_is_not_believed() -> None:
    head = (
        "BEGIN:VTIMEZONE\r\nTZID:America/Bogota\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    event = one("DTSTART;TZID=America/Bogota:20261203T190000", head=head)
    assert calendar.dates_after(event, NOW)[0].at == datetime(2026, 12, 4, tzinfo=UTC)


def test_a_zone_that_nobody_knows_is_told() -> None:
    problem = refused("DTSTART;TZID=Marte/Base:20261203T190000")
    assert (problem.line, problem.title) == (3, "Taller")
    assert "time zone" in problem.why.msgid
    assert problem.why.values == {"name": "Marte/Base"}


def test_a_time_in_utc_is_shown_on_the_calendars_own_clock() -> None:
    assert one("DTSTART:20261204T000000Z").start == wall("2026-12-03 19:00")
    madrid = one("DTSTART:20261204T000000Z", head="X-WR-TIMEZONE:Europe/Madrid\r\n")
    assert (madrid.start, madrid.zone) == (wall("2026-12-04 01:00"), "Europe/Madrid")
    assert one("DTSTART:20261203T190000").zone == "America/Bogota"
    weekly = one("DTSTART:20261204T000000Z", "RRULE:FREQ=WEEKLY")
    assert (weekly.start, weekly.zone) == (wall("2026-12-04"), "UTC")


# --- lengths and days -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "length"),
    [
        ("DTEND:20261203T203000", timedelta(minutes=90)),
        ("DTEND:20261204T013000Z", timedelta(minutes=90)),
        ("DURATION:PT1H30M", timedelta(minutes=90)),
        ("DURATION:P1DT2H", timedelta(hours=26)),
        ("DURATION:P1W", timedelta(weeks=1)),
        ("DTEND:20261203T190000", None),
        ("X-NOTHING:1", None),
    ],
)
def test_lengths(line: str, length: timedelta | None) -> None:
    assert one("DTSTART:20261203T190000", line).length == length


def test_whole_days() -> None:
    day = one("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261204")
    assert (day.all_day, day.start, day.length) == (True, wall("2026-12-03"), None)
    days = one("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261206")
    assert days.length == timedelta(days=3)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART:20261203T190000", "DTEND:20261203T180000"), "ends before"),
        (("DTSTART:20261203T190000", "DURATION:-PT1H"), "ends before"),
        (("DTSTART:20261203T190000", "DURATION:PT1X"), "as a length"),
        (("DTSTART:20261203T190000", "DTEND:20280101T000000"), "lasts longer"),
        (("DTSTART:20270230T190000",), "no calendar"),
        (("DTSTART:20261203T250000",), "no calendar"),
        (("DTSTART:99991203T190000",), "no calendar"),
        (("DTSTART:20991203T190000",), "too far"),
        (("DTSTART:mañana",), "as a date"),
        (("DTSTART:",), "as a date"),
        ((), "no date"),
        (("DTSTART:20261203T190000", "RDATE:20261204T190000"), "outside its rhythm"),
    ],
)
def test_what_cannot_be_is_told(lines: tuple[str, ...], why: str) -> None:
    assert why in refused(*lines).why.msgid


# --- series -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("FREQ=WEEKLY;BYDAY=TH", "FREQ=WEEKLY;BYDAY=TH"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=TH,SU", None),
        ("FREQ=MONTHLY;BYDAY=TH;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=1TH"),
        ("FREQ=MONTHLY;BYDAY=+1TH", "FREQ=MONTHLY;BYDAY=1TH"),
        ("FREQ=MONTHLY;BYMONTHDAY=3", "FREQ=MONTHLY;BYMONTHDAY=3"),
        ("FREQ=YEARLY;BYMONTHDAY=3;BYMONTH=12", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=3"),
        ("FREQ=WEEKLY;UNTIL=20261231T000000Z", "FREQ=WEEKLY;UNTIL=20261230T190000"),
        ("FREQ=WEEKLY;UNTIL=20261231", "FREQ=WEEKLY;UNTIL=20261231T235959"),
        ("freq=weekly;count=3", "FREQ=WEEKLY;COUNT=3"),
    ],
)
def test_rules_that_can_be_said_are_kept(rule: str, kept: str | None) -> None:
    event = one("DTSTART:20261203T190000", f"RRULE:{rule}")
    expected = kept or "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,SU;WKST=SU"
    assert (event.rule, event.start) == (expected, wall("2026-12-03 19:00"))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=1000000000",
        "FREQ=MINUTELY",
        "FREQ=HOURLY",
        "FREQ=DAILY;COUNT=1000000000",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=1000000000",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=FORTNIGHTLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=53",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=1MO,2TU",
        "COUNT=3",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7",
        "FREQ=DAILY;UNTIL=mañana",
        "FREQ=DAILY;UNTIL=20200101",
        ";;;=;=;",
        "FREQ=DAILY;" + "X=1;" * 200,
    ],
)
def test_rules_without_end_sense_or_date_are_told(rule: str) -> None:
    assert refused("DTSTART:20261203T190000", f"RRULE:{rule}").why.msgid


def test_an_old_series_goes_on_and_leaves_its_past_behind() -> None:
    event = one("DTSTART:19700101T190000", "RRULE:FREQ=DAILY;INTERVAL=3")
    assert event.start > wall("2026-08-01")
    assert (event.start.date() - wall("1970-01-01").date()).days % 3 == 0
    counted = one("DTSTART:20260101T190000", "RRULE:FREQ=WEEKLY;COUNT=52")
    assert calendar.dates_after(counted, NOW)[-1].start == wall("2026-12-24 19:00")


def test_dates_that_are_off_or_elsewhere_belong_to_their_series() -> None:
    found = taken(
        file(
            entry("RECURRENCE-ID:20261217T190000", "DTSTART:20261218T203000"),
            entry("DTSTART:20261203T190000", "RRULE:FREQ=WEEKLY", "EXDATE:20261210T190000"),
            entry("RECURRENCE-ID:20261224T190000", "DTSTART:20261224T190000", "STATUS:CANCELLED"),
        )
    )
    [event] = found.events
    assert event.changed == {
        wall("2026-12-10 19:00"): None,
        wall("2026-12-17 19:00"): wall("2026-12-18 20:30"),
        wall("2026-12-24 19:00"): None,
    }


def test_a_date_whose_series_is_not_there_stands_alone() -> None:
    event = one("RECURRENCE-ID:20261217T190000", "DTSTART:20261218T203000")
    assert (event.rule, event.start) == (None, wall("2026-12-18 20:30"))


def test_what_is_over_is_counted_and_what_is_off_is_set_apart() -> None:
    found = taken(
        file(
            entry("DTSTART:20200101T190000", uid="1"),
            entry("DTSTART:20261120T190000", uid="2"),
            entry("DTSTART:20260101T190000", "RRULE:FREQ=WEEKLY;COUNT=3", uid="3"),
            entry("DTSTART:20261203T190000", "STATUS:CANCELLED", uid="4"),
            entry("DTSTART:20261205T190000", uid="5"),
            entry("DTSTART:20261204T190000", uid="6"),
            "BEGIN:VTODO\r\nSUMMARY:Comprar\r\nEND:VTODO\r\n",
        )
    )
    assert (found.past, found.others) == (3, 1)
    assert [event.uid for event in found.cancelled] == ["4"]
    assert [event.uid for event in found.events] == ["6", "5"]


def test_the_newest_of_two_with_one_name_counts() -> None:
    found = taken(
        file(
            entry("DTSTART:20261204T190000", "SEQUENCE:2"),
            entry("DTSTART:20261203T190000", "SEQUENCE:1"),
        )
    )
    assert [event.start for event in found.events] == [wall("2026-12-04 19:00")]


# --- out and in again -----------------------------------------------------------------------------


def kept(**more: Any) -> Event:
    made = Event(
        Number(57),
        RoomId("!a:b"),
        UserId("@a:b"),
        "Taller",
        wall("2026-12-03 19:00"),
        "America/Santiago",
        uid="x@minga",
    )
    return replace(made, **more)


@pytest.mark.parametrize(
    "event",
    [
        kept(),
        kept(length=timedelta(minutes=90), place="Casa; Azul, 2", about="uno\n\ndos \\n tres"),
        kept(link="https://meet.example/a"),
        kept(link="https://meet.example/a", about="Traer: pan, agua"),
        kept(
            start=wall("2026-12-03"), all_day=True, length=timedelta(days=3), zone="America/Bogota"
        ),
        kept(rule="FREQ=WEEKLY;BYDAY=TH;UNTIL=20270930T190000"),
        kept(
            rule="FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", start=wall("2026-12-31 19:00")
        ),
        kept(
            rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
            changed={
                wall("2026-12-17 19:00"): None,
                wall("2026-12-31 19:00"): wall("2027-01-01 20:00"),
            },
        ),
        kept(zone="UTC", rule="FREQ=WEEKLY"),
    ],
)
def test_what_we_write_we_read(event: Event) -> None:
    [back] = taken(writer.write_calendar([event], NOW)).events
    said = timedelta(hours=1) if event.length is None and not event.all_day else event.length
    assert back == replace(event, item=Number(0), room=RoomId(""), author=UserId(""), length=said)


# --- damaged files ------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_come_through_as_programs_save_them(codec: str) -> None:
    data = file(entry("DTSTART:20261203T190000", title="Reunión año")).decode().encode(codec)
    assert taken(data).events[0].title == "Reunión año"


def test_a_file_that_breaks_off_loses_its_last_event_only() -> None:
    found = taken(
        file(entry("DTSTART:20261203T190000"))[: -len("END:VCALENDAR\r\n")]
        + b"BEGIN:VEVENT\r\nSUMMARY:Cortad"
    )
    assert len(found.events) == 1
    assert "breaks off" in found.problems[0].why.msgid


def test_what_hides_in_an_event_is_not_another_one() -> None:
    alarm = "BEGIN:VALARM\r\nSUMMARY:Otra\r\nDTSTART:20270101T000000\r\nEND:VALARM"
    nested = "BEGIN:VEVENT\r\nSUMMARY:Adentro\r\nDTSTART:20270101T000000\r\nEND:VEVENT"
    found = taken(file(entry("DTSTART:20261203T190000", alarm, nested)))
    assert [event.title for event in found.events] == ["Taller"]


def test_folded_lines_and_escaped_words() -> None:
    lines = ("DTSTART:20261203T190000", "DESCRIPTION:uno\\, dos\\nC:\\\\Nue", " va\\; fin")
    assert one(*lines).about == "uno, dos\nC:\\Nueva; fin"
    assert one("DTSTART:20261203T190000", "URL:javascript:alert(1)").link == ""
