"""Reminders of who went, and series that are over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from bot.types import EventId, Membership, MembershipChanged, RoomId

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "by"), [(Membership.LEAVE, None), (Membership.LEAVE, "ana"), (Membership.BAN, "ana")]
)
async def test_what_a_person_set_for_a_room_ends_when_they_go(
    talk: Talk, now: Membership, by: str | None
) -> None:
    await talk.answer("bea", "!recordar en 1 hora; pan")
    await talk.answer("bea", "!recordar cada martes 19:00; reunión")
    await talk.answer("carla", "!recordar en 2 horas; agua")
    await talk.moves("bea", now, by=by)
    (told,) = await talk.hears(
        "Bea ya no está en esta sala, así que terminan sus recordatorios: 1, 2."
    )
    assert told.content["msgtype"] == "m.notice"
    assert not told.content["m.mentions"]
    assert "terminaron los recordatorios 1, 2" in await talk.answer("ana", "!historial")
    await talk.wait(10 * DAY)
    await talk.hears("agua")
    assert "Aquí no hay recordatorios pendientes" in await talk.answer("ana", "!recordatorios")


async def test_one_is_told_as_one_and_none_not_at_all(talk: Talk) -> None:
    await talk.set("language", "pt")
    await talk.moves("carla", Membership.LEAVE)
    await talk.hears_nothing()
    await talk.answer("bea", "!recordar en 1 hora; pan")
    await talk.moves("bea", Membership.LEAVE)
    await talk.hears("Bea não está mais nesta sala, então termina este lembrete: 1.")


async def test_what_rings_for_them_alone_or_elsewhere_goes_on(talk: Talk) -> None:
    other = await talk.room(RoomId("!otra:test"), "Otra", ["ana", "bea"])
    await talk.tells("bea", "recordar en 1 hora; mamá")
    await talk.says("bea", "!recordar en 2 horas; pan", room=other)
    await talk.said()
    await talk.moves("bea", Membership.BAN, by="ana")
    await talk.hears_nothing()
    await talk.wait(3 * HOUR)
    rung = {post.room: post.plain for post in await talk.said()}
    assert "pan" in rung[other]
    assert "mamá" in rung[await talk.private("bea")]


async def test_who_is_back_when_it_is_read_keeps_them(talk: Talk) -> None:
    await talk.answer("bea", "!recordar en 1 hora; pan")
    bea = user_id("bea")
    left = (ROOM, EventId("$left"), bea, talk.clock.at, bea, Membership.LEAVE, Membership.JOIN)
    await talk.happens(MembershipChanged(*left, late=True))
    await talk.hears_nothing()
    await talk.wait(HOUR)
    await talk.hears("pan")


async def test_who_was_banned_puts_nothing_off_into_that_room(talk: Talk) -> None:
    await talk.answer("bea", "!recordar en 1 hora; pan")
    await talk.moves("bea", Membership.BAN, by="ana")
    await talk.said()
    await talk.tells("bea", "posponer 1 1h")
    await talk.hears("No existe el número 1 aquí")
    await talk.wait(3 * HOUR)
    await talk.hears_nothing()


async def test_a_cancelled_series_is_not_put_off(talk: Talk) -> None:
    await talk.answer("bea", "!recordar cada martes 19:00; reunión")
    await talk.answer("bea", "!cancelar 1")
    assert "El recordatorio 1 ya se quitó" in await talk.answer("bea", "!posponer 1 1h")
    await talk.wait(10 * DAY)
    await talk.hears_nothing()
    assert "Aquí no hay recordatorios pendientes" in await talk.answer("bea", "!recordatorios")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_the_last_time_of_a_series_is_put_off_once_and_over_then(talk: Talk) -> None:
    await talk.answer("bea", "!remind every day 8am for 2 times; pay")
    await talk.wait_until(START_TIME.at + 22 * HOUR)
    await talk.wait_until(START_TIME.at + 46 * HOUR)
    last = (await talk.said())[-1]
    assert "última vez" in last.plain
    assert "de nuevo" in await talk.answer("bea", "posponer 1h", reply=last)
    assert "09:00" in await talk.answer("bea", "!recordatorios")
    await talk.wait(HOUR)
    await talk.hears("pay")
    assert "Aquí no hay recordatorios pendientes" in await talk.answer("bea", "!recordatorios")
    await talk.wait(5 * DAY)
    await talk.hears_nothing()
