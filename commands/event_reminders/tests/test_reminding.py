"""Reminders of events, as conversations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Number, dates
from bot.testing.talk import PostedEvent, Talk, user_id
from commands.attendance import rsvp_store
from commands.attendance.roster import GivenAnswer
from commands.event_reminders import delivery, lead_times, reminder_times
from commands.event_reminders.reminder_times import USUAL_QUIET_HOURS, QuietHours
from commands.events.tests.days import moment
from commands.events.tests.making import changed, first_day, made, weekly
from storage.database import Tx

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SINCE, UNTIL = (datetime.fromisoformat(f"202{n}-01-01") for n in (6, 8))
NEVER = QuietHours(datetime.min.time(), datetime.min.time())


def begins() -> datetime:
    """When an event begins for which nothing else is said."""
    return first_day().at(19)


def reminders(posts: list[PostedEvent]) -> list[PostedEvent]:
    return [p for p in posts if "empieza en" in p.plain or "empezó hace" in p.plain]


async def rung(talk: Talk, at: datetime) -> list[PostedEvent]:
    await talk.wait_until(at)
    return reminders(await talk.said())


async def test_who_comes_and_who_may_is_reminded_in_private_and_nobody_else(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, seats=1, place="Casa Azul")
    for line in (f"bea voy {event.item}", f"carla voy {event.item}", f"ana tal vez {event.item}"):
        who, _, said = line.partition(" ")
        await talk.says(who, said)
    assert await rung(talk, begins() - DAY - MINUTE) == []
    day = await rung(talk, begins() - DAY)
    assert {p.room for p in day} == {await talk.private("ana"), await talk.private("bea")}
    told = {p.room: p.plain for p in day}
    bea = told[await talk.private("bea")]
    assert f"empieza en 1 día: {moment(talk, begins())}" in bea
    assert "Lugar: Casa Azul" in bea
    assert "`no voy 1`" in bea and "`posponer 1 15m`" in bea  # as they are typed in private
    assert "Dijiste tal vez" in told[await talk.private("ana")]
    assert len(await rung(talk, begins() - HOUR)) == 2
    assert await rung(talk, begins() + DAY) == []


async def test_a_wave_reads_once_who_comes(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two thousand answers with seats a wave of two hundred read them two hundred times."""
    event, _opening, _poll = await made(talk, seats=3)
    for who in ("ana", "bea", "carla"):
        await talk.says(who, f"voy {event.item}")
    await talk.wait_until(begins() - DAY - MINUTE)
    read: list[Number] = []
    every = rsvp_store.load_answers

    async def counted(tx: Tx, item: Number) -> list[GivenAnswer]:
        read.append(item)
        return await every(tx, item)

    monkeypatch.setattr(rsvp_store, "load_answers", counted)
    assert len(await rung(talk, begins() - DAY)) == 3
    assert read == [event.item]


async def test_each_in_their_zone_and_language(talk: Talk) -> None:
    event, _opening, _poll = await made(talk)
    await talk.tells("bea", "fuso São Paulo")
    await talk.tells("bea", "idioma pt")
    await talk.says("bea", f"vou {event.item}")
    await talk.sent()
    await talk.wait_until(begins() - HOUR)
    said = [p.plain for p in await talk.said(await talk.private("bea"))]
    when = f"{first_day().words(talk, 'pt')}, 21:00 (São Paulo)"
    assert any(f"começa em 1 h: {when}" in s for s in said)


async def test_the_room_or_the_event_says_when(talk: Talk) -> None:
    event, _opening, _poll = await made(talk)
    own, _opening, _poll = await made(talk, remind=(2 * HOUR,))
    await talk.says("ana", "!configurar avisos-de-eventos 3h, 30 min")
    assert "Mudei" not in await talk.answer("ana", "sí")
    for number in (event.item, own.item):
        await talk.says("bea", f"voy {number}")
    await talk.sent()
    assert await rung(talk, begins() - 3 * HOUR - MINUTE) == []
    (first,) = await rung(talk, begins() - 3 * HOUR)
    assert f"({event.item})" in first.plain
    (second,) = await rung(talk, begins() - HOUR)
    assert f"({own.item})" not in first.plain
    assert f"({own.item})" in second.plain
    (third,) = await rung(talk, begins() - 30 * MINUTE)
    assert f"({event.item})" in third.plain


async def test_a_series_rings_for_each_date_and_not_for_one_that_is_off(talk: Talk) -> None:
    event, _opening, _poll = await made(
        talk, rule=weekly(), changed={first_day().plus(7).on_clock(19): None}, remind=(HOUR,)
    )
    await talk.says("bea", f"voy {event.item}")
    await talk.says("carla", f"voy {event.item} {first_day().plus(14).typed}")
    rooms = []
    for week in range(4):
        at = begins() - HOUR + 7 * week * DAY
        rooms.append(len(await rung(talk, at)))
    assert rooms == [1, 0, 2, 1]


async def test_what_comes_late_says_so_and_after_the_beginning_only_once(talk: Talk) -> None:
    event, _opening, _poll = await made(talk)
    await talk.says("bea", f"voy {event.item}")
    await talk.sent()
    await talk.restart(begins() - HOUR * 5 - talk.clock.at)
    (late,) = await rung(talk, talk.clock.at)
    assert late.plain.startswith("Con retraso de 19 h, porque estuve fuera de línea:")
    assert "empieza en 5 h" in late.plain
    await talk.restart(begins() + 20 * MINUTE - talk.clock.at)
    (begun,) = await rung(talk, talk.clock.at)
    assert "Con retraso de 1 h 20 min" in begun.plain
    assert "empezó hace 20 min" in begun.plain


async def test_after_the_end_nothing_rings(talk: Talk) -> None:
    event, _opening, _poll = await made(talk)
    await talk.says("bea", f"voy {event.item}")
    await talk.sent()
    await talk.restart(begins() + 3 * HOUR - talk.clock.at)
    assert await rung(talk, talk.clock.at) == []


async def test_the_night_is_left_in_peace(talk: Talk) -> None:
    event, _opening, _poll = await made(
        talk, f"!evento Caminata {first_day().typed} 8h", remind=(2 * HOUR,)
    )
    morning = first_day().at(8)
    for who in ("bea", "carla", "ana"):
        await talk.says(who, f"voy {event.item}")
    assert "De 22:00 a 07:00" in await talk.answer("ana", "!descanso")
    assert "a cualquier hora" in await talk.answer("ana", "!descanso no")
    assert "De 23:00 a 05:30" in await talk.answer("carla", "!descanso de 23 a 5:30")
    assert "No entendí" in await talk.answer("carla", "!descanso mucho")
    at_six = await rung(talk, morning - 2 * HOUR)
    assert {p.room for p in at_six} == {await talk.private("ana"), await talk.private("carla")}
    (at_seven,) = await rung(talk, morning - HOUR)
    assert at_seven.room == await talk.private("bea")
    assert "Con retraso" not in at_seven.plain


async def test_putting_off(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, rule=weekly())
    await talk.says("bea", f"voy {event.item}")
    await talk.sent()
    (first,) = await rung(talk, begins() - HOUR)
    await talk.tells("bea", "posponer 20m", reply=first)
    await talk.hears("Te aviso otra vez")
    assert await rung(talk, begins() - 41 * MINUTE) == []
    (again,) = await rung(talk, begins() - 40 * MINUTE)
    assert "empieza en 40 min" in again.plain
    assert "empieza antes" in await talk.answer("bea", "posponer 2h", room=again.room, reply=again)
    await talk.tells("bea", "no voy", reply=again)
    await talk.hears("no vas a")
    line = f"!asistentes {event.item} {first_day().plus(7).typed}"
    assert "Bea" in await talk.answer("ana", line), "that date only"
    assert "Aquí no" not in await talk.answer("carla", f"!posponer {event.item} 10m")


async def test_a_person_can_turn_them_off(talk: Talk) -> None:
    event, _opening, _poll = await made(talk)
    for who in ("bea", "carla", "ana"):
        await talk.says(who, f"voy {event.item}")
    assert "No te aviso de" in await talk.answer("bea", f"!sin avisos {event.item}")
    assert "ningún evento" in await talk.answer("carla", "!sin avisos todos")
    (only,) = await rung(talk, begins() - DAY)
    assert only.room == await talk.private("ana")
    assert "Te aviso de" in await talk.answer("bea", f"!con avisos {event.item}")
    assert "Te aviso de los" in await talk.answer("carla", "!con avisos todos")
    assert len(await rung(talk, begins() - HOUR)) == 3


async def test_a_date_that_was_moved_rings_anew_and_a_cancelled_one_not(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, rule=weekly(), remind=(HOUR,))
    await talk.says("bea", f"voy {event.item}")
    await talk.sent()
    start, week = event.start, 7 * DAY
    await changed(talk, event.item, changed={start: start + 2 * HOUR, start + week: None})
    assert await rung(talk, begins() - HOUR) == []
    (moved,) = await rung(talk, begins() + HOUR)
    assert f"{first_day().words(talk)}, 21:00" in moved.plain
    assert await rung(talk, begins() + week) == []
    await changed(talk, event.item, cancelled=True)
    assert await rung(talk, begins() + 2 * week) == []


async def test_two_thousand_come_in_waves_and_each_is_reminded_once(talk: Talk) -> None:
    people = 2_000
    event, _opening, _poll = await made(talk, remind=(HOUR,))
    async with talk.machine.db.transaction() as tx:
        await come(tx, event.item, people)
    await talk.wait_until(begins() - HOUR)
    assert await letters(talk) == delivery.WAVE
    for _wave in range(people // delivery.WAVE):
        before = await letters(talk)
        await talk.restart(timedelta(seconds=30))  # killed between the waves
        await talk.wait(timedelta(0))
        assert await letters(talk) - before <= delivery.WAVE
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT person, payload FROM letter WHERE person IS NOT NULL")
    assert len(rows) == len({row["person"] for row in rows}) == people
    assert not any("Con retraso" in row["payload"] for row in rows)


async def come(tx: Tx, item: int, people: int) -> None:
    await tx.many(
        "INSERT INTO attendance_answer (item, person, date, says, guests, place)"
        " VALUES (?, ?, '', 'yes', 0, ?)",
        [(item, user_id(f"m{n:05}"), n) for n in range(people)],
    )


async def letters(talk: Talk) -> int:
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT count(*) AS n FROM letter WHERE person IS NOT NULL")
    return int(row["n"]) if row else 0


# --- when a bell rings ----------------------------------------------------------------------------

ZONES = ["America/Bogota", "America/Sao_Paulo", "Australia/Lord_Howe", "Europe/Madrid", "UTC"]
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
HOURS = st.one_of(st.just(USUAL_QUIET_HOURS), st.just(NEVER), st.builds(QuietHours, TIMES, TIMES))
LEADS = st.lists(st.integers(1, 4000), min_size=1, max_size=4, unique=True)


@given(
    st.datetimes(SINCE, UNTIL),
    LEADS,
    HOURS,
    st.sampled_from(ZONES),
)
def test_bells_ring_in_order_never_early_and_before_the_beginning(
    begins: datetime, minutes: list[int], quiet: QuietHours, zone: str
) -> None:
    start = begins.replace(tzinfo=UTC, second=0, microsecond=0)
    leads = sorted((timedelta(minutes=m) for m in minutes), reverse=True)
    at = {lead: reminder_times.reminder_time(start, leads, lead, quiet, zone) for lead in leads}
    rings = [(lead, when) for lead, when in at.items() if when is not None]
    assert rings, "one of them always rings"
    assert at[leads[-1]] is not None
    assert [when for _lead, when in rings] == sorted({when for _lead, when in rings})
    for lead, when in rings:
        assert start - lead <= when < start
        inside = quiet.contains(dates.to_wall(when, zone).time())
        assert not inside or when >= start - max(lead, reminder_times.LAST_MOMENT)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1d, 1h", (DAY, HOUR)),
        ("15 min y 2 horas", (2 * HOUR, 15 * MINUTE)),
        ("1 día antes", (DAY,)),
        ("nunca jamás", None),
        ("1 año", None),
        ("1h,2h,3h,4h,5h,6h", None),
    ],
)
def test_times_before_an_event_are_read(typed: str, expected: tuple[timedelta, ...] | None) -> None:
    assert lead_times.parse_leads(typed) == expected


async def test_what_was_put_off_and_what_was_set_later_ring_as_one_after_an_outage(
    talk: Talk,
) -> None:
    event, _opening, _poll = await made(talk)
    await talk.says("bea", f"voy {event.item}")
    await talk.tells("bea", f"posponer {event.item} 10m")
    await talk.sent()
    await talk.restart(begins() - 30 * MINUTE - talk.clock.at)
    (one,) = await rung(talk, talk.clock.at)
    assert one.plain.startswith("Con retraso de 30 min")
