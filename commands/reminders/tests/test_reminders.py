"""Reminders, as conversations. All begin on a Wednesday, 10:00 in Bogotá."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.testing.talk import ROOM, START_TIME, PostedEvent, Talk, day_in_words, find_number, user_id
from bot.types import EventId
from storage.membership import room_state

pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def rings(talk: Talk, at: datetime) -> PostedEvent:
    """The one message that comes when this time is reached."""
    await talk.wait_until(at)
    said = await talk.said()
    assert len(said) == 1, [post.plain for post in said]
    return said[0]


async def in_a_minute(talk: Talk, who: str = "ana") -> PostedEvent:
    await talk.answer(who, "!recordar en 1 min; regar")
    return await rings(talk, talk.clock.at + MINUTE)


# --- making one -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "!recordar mañana 17h; llevar la lona",
        "!recordar mañana 17h\nllevar la lona",
        "!recuérdame mañana 17h llevar la lona",
        "!recuerdame llevar la lona mañana 17h",
        "!remind me tomorrow 5pm to llevar la lona",
        "!me lembra de llevar la lona amanhã 17h",
        '!recordar mañana a las 17:00 que "llevar la lona"',
    ],
)
async def test_a_reminder_is_understood_in_any_order_and_language(talk: Talk, line: str) -> None:
    said = await talk.answer("bea", line)
    shown = f"{day_in_words(1, now=talk.clock.at)}, 17:00 (Bogotá), “llevar la lona”"
    assert said == f"Recordatorio 1: {shown}. Para quitarlo: `!cancelar 1`"


@pytest.mark.parametrize(
    ("language", "echo", "ring"),
    [
        ("pt", "Lembrete 1: {day}, 17:00", "Lembrete para Bea: “x y”."),
        ("en", "Reminder 1: {day}, 17:00", 'Reminder for Bea: "x y".'),
    ],
)
async def test_the_room_is_answered_in_its_language(
    talk: Talk, language: str, echo: str, ring: str
) -> None:
    await talk.set("language", language)
    echo = echo.format(day=day_in_words(1, language))
    assert echo in await talk.answer("bea", "!lembrar amanhã 17h; x y")
    assert ring in (await rings(talk, START_TIME.at + 31 * HOUR)).plain


async def test_it_rings_aloud_and_mentions_who_set_it_and_only_once(talk: Talk) -> None:
    await talk.answer("bea", "!recordar mañana 17h; llevar la lona")
    await talk.wait_until(START_TIME.at + 30 * HOUR + 59 * MINUTE)
    await talk.hears_nothing()
    post = await rings(talk, START_TIME.at + 31 * HOUR)
    assert "Recordatorio para Bea: “llevar la lona”." in post.plain
    assert "`!posponer 1 15m`" in post.plain
    assert post.content["msgtype"] == "m.text"
    assert post.content["m.mentions"] == {"user_ids": [user_id("bea")]}
    await talk.restart(DAY)
    await talk.wait(DAY)
    await talk.hears_nothing()
    assert "no hay recordatorios" in await talk.answer("bea", "!recordatorios")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_it_rings_in_the_thread_where_it_was_typed(talk: Talk) -> None:
    thread = EventId("$thread")
    await talk.says("bea", "!recordar en 5 min; pan", thread=thread)
    post = (await talk.said())[0]
    assert post.content["m.relates_to"]["event_id"] == thread
    post = await rings(talk, talk.clock.at + 5 * MINUTE)
    assert post.content["m.relates_to"]["event_id"] == thread


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_who_left_the_room_is_not_mentioned(talk: Talk) -> None:
    await talk.answer("bea", "!recordar en 5 min; pan")
    content = {"membership": "leave"}
    left = {"type": "m.room.member", "state_key": user_id("bea"), "content": content}
    async with talk.machine.db.transaction() as tx:  # as state alone, in a gap
        await room_state.apply_state(tx, ROOM, [left], whole=False)
    post = await rings(talk, talk.clock.at + 5 * MINUTE)
    assert not post.content.get("m.mentions", {}).get("user_ids")


@pytest.mark.parametrize(("answer", "hour"), [("1", "17:00"), ("2", "05:00")])
async def test_a_doubtful_hour_is_asked_back(talk: Talk, answer: str, hour: str) -> None:
    asked = await talk.answer("bea", "!recordar mañana a las 5; llevar la lona")
    assert "1) " in asked and "17:00" in asked and "2) " in asked and "05:00" in asked
    said = await talk.answer("bea", answer)
    assert (
        f"Recordatorio 1: {day_in_words(1, now=talk.clock.at)}, {hour} (Bogotá), “llevar la lona”"
        in said
    )


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_tomorrow_stays_tomorrow_when_the_answer_comes_after_midnight(talk: Talk) -> None:
    await talk.wait(13 * HOUR + 57 * MINUTE)  # 23:57 in Bogotá
    await talk.answer("bea", "!recordar mañana a las 5; x y")
    await talk.wait(5 * MINUTE)
    assert f"{day_in_words(1, now=talk.clock.at)}, 17:00" in await talk.answer("bea", "1")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_a_late_answer_is_told_that_the_question_lapsed(talk: Talk) -> None:
    await talk.answer("bea", "!recordar mañana a las 5; llevar la lona")
    await talk.restart(11 * MINUTE)
    said = await talk.answer("bea", "1")
    assert said and "Recordatorio" not in said
    assert "no hay recordatorios" in await talk.answer("bea", "!recordatorios")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_a_question_waits_through_a_restart_for_that_person_alone(talk: Talk) -> None:
    await talk.answer("bea", "!recordar mañana a las 5; llevar la lona")
    await talk.restart(MINUTE)
    assert await talk.answer("carla", "1") == ""
    assert "Recordatorio 1" in await talk.answer("bea", "1")


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("!recordar", "Falta el texto"),
        ("!recordar llevar la lona", "Falta la fecha"),
        ("!recordar mañana 17h", "Falta qué recordar"),
        ('!recordar "mañana 17h"', "Falta la fecha"),
        ("!recordar hoy; algo", "Falta la hora"),
        ("!recordar ayer 17h; algo", "ya pasó"),
        ("!recordar cada 5 minutos; algo", "No aviso más de una vez por hora"),
        ("!recordar mañana 17h; " + "a" * 1001, "caben 1000 letras"),
    ],
)
async def test_what_is_missing_or_too_much_is_said(talk: Talk, line: str, told: str) -> None:
    assert told in await talk.answer("bea", line)
    await talk.wait(2 * DAY)
    await talk.hears_nothing()


async def test_a_day_without_an_hour_rings_at_nine_and_says_so(talk: Talk) -> None:
    assert f"{day_in_words(1)}, 09:00" in await talk.answer("bea", "!recordar mañana; pan")
    assert f"{day_in_words(6)}, 09:00" in await talk.answer("bea", "!recordar cada martes; pan")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_nobody_has_more_than_two_hundred_open_ones(talk: Talk) -> None:
    for _ in range(200):
        await talk.says("bea", "!recordar mañana 17h; pan")
    assert "200 recordatorios" in await talk.answer("bea", "!recordar mañana 17h; p")
    assert "Recordatorio 201" in (await talk.answer("carla", "!recordar mañana 17h; p"))


# --- late, again and again ------------------------------------------------------------------------


async def test_a_late_one_says_by_how_much_and_why(talk: Talk) -> None:
    await talk.answer("bea", "!recordar en 1 hora; llamar")
    await talk.restart(3 * HOUR + 10 * MINUTE)
    await talk.wait(timedelta(0))
    (post,) = await talk.said()
    assert "con retraso de 2 h 10 min, porque estuve fuera de línea: “llamar”" in post.plain
    assert f"Era para el {day_in_words(now=talk.clock.at)}, 11:00 (Bogotá)" in post.plain


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_killed_between_ringing_and_sending_it_rings_once(talk: Talk) -> None:
    await talk.answer("bea", "!recordar en 1 hora; llamar")
    await talk.wait(HOUR)
    await talk.restart(HOUR)
    await talk.wait(timedelta(0))
    await talk.sent()
    rung = [p for p in talk.gateway.posted.values() if "Recordatorio para" in p.plain]
    assert len(rung) == 1


async def test_a_series_goes_on_until_it_is_cancelled(talk: Talk) -> None:
    said = await talk.answer("bea", "!recordar cada martes 19:00; reunión")
    assert f"{day_in_words(6, now=talk.clock.at)}, 19:00 (Bogotá)" in said
    assert "Se repite: cada martes 19:00." in said
    post = await rings(talk, START_TIME.at + 153 * HOUR)
    assert f"Próxima vez: {day_in_words(13, now=talk.clock.at)}, 19:00" in post.plain
    post = await rings(talk, START_TIME.at + 321 * HOUR)
    assert f"Próxima vez: {day_in_words(20, now=talk.clock.at)}, 19:00" in post.plain
    assert "Quité el recordatorio 1" in await talk.answer("bea", "!cancelar 1")
    await talk.wait(30 * DAY)
    await talk.hears_nothing()


async def test_missed_times_of_a_series_are_counted_and_not_rung_one_by_one(talk: Talk) -> None:
    await talk.answer("bea", "!lembrar toda terça 19h; reunião")
    await talk.restart(21 * DAY)
    await talk.wait(timedelta(0))
    (post,) = await talk.said()
    assert "con retraso" in post.plain
    assert "pasaron 2 veces más sin aviso" in post.plain
    assert f"Próxima vez: {day_in_words(27, now=talk.clock.at)}" in post.plain


async def test_a_series_that_ends_says_so(talk: Talk) -> None:
    await talk.answer("bea", "!remind every day 8am for 2 times; pay")
    await rings(talk, START_TIME.at + 22 * HOUR)
    post = await rings(talk, START_TIME.at + 46 * HOUR)
    assert "Esta fue la última vez." in post.plain
    await talk.wait(5 * DAY)
    await talk.hears_nothing()


async def test_a_doubtful_series_is_asked_back(talk: Talk) -> None:
    asked = await talk.answer("bea", "!recordar cada jueves a las 7; pan")
    assert "07:00" in asked and "19:00" in asked
    assert f"{day_in_words(1)}, 19:00" in await talk.answer("bea", "2")


@pytest.mark.begins("2026-11-25T10:00", "Santiago's clocks change on 4 April 2027")
async def test_the_clock_on_the_wall_is_what_counts(talk: Talk) -> None:
    await talk.set("timezone", "America/Santiago")
    await talk.answer("bea", "!recordar 2027-04-02 09:00; antes")
    said = await talk.answer("bea", "!recordar 2027-04-05 09:00; después")
    assert "09:00" in said
    assert "antes" in (await rings(talk, datetime(2027, 4, 2, 12, tzinfo=UTC))).plain
    assert "después" in (await rings(talk, datetime(2027, 4, 5, 13, tzinfo=UTC))).plain


# --- putting off ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("posponer 15m", "10:16"),
        ("posponer", "10:16"),
        ("soneca 1h", "11:01"),
        ("snooze", "10:16"),
        ("posponer 30", "10:31"),
        ("!posponer hasta las 18:00", "18:00"),
        ("adiar lembrete 2 horas", "12:01"),
    ],
)
async def test_a_reply_puts_it_off(talk: Talk, line: str, hour: str) -> None:
    post = await in_a_minute(talk)
    said = await talk.answer("ana", line, reply=post)
    assert f"Recordatorio 1 de nuevo: {day_in_words(now=talk.clock.at)}, {hour}" in said
    h, m = map(int, hour.split(":"))
    again = await rings(talk, START_TIME.at + (h - 10) * HOUR + m * MINUTE)
    assert "“regar”" in again.plain and "retraso" not in again.plain
    assert "de nuevo" in await talk.answer("ana", "posponer", reply=again)


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_a_number_puts_it_off_and_a_lone_length_is_asked_for_it(talk: Talk) -> None:
    await in_a_minute(talk)
    assert "Falta el número" in await talk.answer("ana", "!posponer 15m")
    assert "10:11" in await talk.answer("ana", "!posponer 1 10m")
    assert "no existe" in (await talk.answer("ana", "!posponer 70 10m")).lower()


async def test_fifteen_minutes_are_not_the_reminder_fifteen(talk: Talk) -> None:
    for _ in range(14):
        await talk.says("ana", "!recordar mañana 17h; pan")
    await talk.said()
    post = await in_a_minute(talk)
    assert find_number(post.plain.split("posponer")[1]) == 15
    said = await talk.answer("ana", "posponer 15 min", reply=post)
    assert f"Recordatorio 15 de nuevo: {day_in_words(now=talk.clock.at)}, 10:16" in said


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_others_cannot_put_it_off_but_the_moderators_can(talk: Talk) -> None:
    post = await in_a_minute(talk, "bea")
    assert "No puedes" in await talk.answer("carla", "posponer", reply=post)
    assert "de nuevo" in await talk.answer("ana", "posponer", reply=post)


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_thanks_in_reply_is_talk(talk: Talk) -> None:
    post = await in_a_minute(talk)
    assert await talk.answer("ana", "gracias!", reply=post) == ""
    assert await talk.answer("ana", "posponer no es una opción", reply=post) == ""


async def test_putting_off_a_series_once_leaves_its_rhythm(talk: Talk) -> None:
    await talk.answer("bea", "!recordar cada martes 19:00; reunión")
    post = await rings(talk, START_TIME.at + 153 * HOUR)
    await talk.answer("bea", "posponer 1h", reply=post)
    assert "“reunión”" in (await rings(talk, START_TIME.at + 154 * HOUR)).plain
    assert "“reunión”" in (await rings(talk, START_TIME.at + 321 * HOUR)).plain


# --- lists, taking back, private ------------------------------------------------------------------


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_the_author_and_the_moderators_cancel_and_nobody_else(talk: Talk) -> None:
    await talk.answer("bea", "!recordar mañana 17h; uno")
    await talk.answer("bea", "!recordar mañana 18h; dos")
    assert "No puedes" in await talk.answer("carla", "!cancelar 1")
    assert "Quité el recordatorio 1" in await talk.answer("bea", "!cancelar 1")
    assert "ya terminó" in await talk.answer("bea", "!cancelar 1")
    assert "Quité el recordatorio 2" in await talk.answer("ana", "!cancelar 2")
    await talk.wait(2 * DAY)
    await talk.hears_nothing()


async def test_the_list_has_pages(talk: Talk) -> None:
    for n in range(17):
        await talk.says("bea", f"!recordar mañana 17h; cosa {n}")
    await talk.said()
    first = await talk.answer("carla", "!recordatorios")
    assert f"1: {day_in_words(1, now=talk.clock.at)}, 17:00 (Bogotá), “cosa 0”" in first
    assert "cosa 14" in first and "cosa 15" not in first
    assert "2 más: `!recordatorios 2`" in first
    assert "cosa 16" in await talk.answer("carla", "!lembretes 2")


async def test_a_private_one_rings_only_for_its_author_and_nobody_sees_it(talk: Talk) -> None:
    dm = await talk.private("bea")
    said = await talk.answer("bea", "recordar mañana 17h; cita secreta", room=dm)
    assert "`cancelar 1`" in said
    for line in ("!recordatorios", "!pendientes", "!posponer 1 5m", "!cancelar 1"):
        assert "secreta" not in await talk.answer("ana", line)
    assert "secreta" not in await talk.answer("bea", "!recordatorios")
    carla = await talk.private("carla")
    assert "secreta" not in await talk.answer("carla", "recordatorios", room=carla)
    assert "secreta" in await talk.answer("bea", "recordatorios", room=dm)
    post = await rings(talk, START_TIME.at + 31 * HOUR)
    assert post.room == dm and "Recordatorio: “cita secreta”." in post.plain
    assert "de nuevo" in await talk.answer("bea", "posponer 15m", reply=post, room=dm)


async def test_in_private_what_is_missing_is_asked_one_by_one(talk: Talk) -> None:
    dm = await talk.private("bea")
    assert "Falta la fecha" in await talk.answer("bea", "recordar pagar la luz", room=dm)
    said = await talk.answer("bea", "viernes 18h", room=dm)
    assert f"{day_in_words(2, now=talk.clock.at)}, 18:00 (Bogotá), “pagar la luz”" in said
    assert "Falta qué recordar" in await talk.answer("bea", "recordar mañana 9h", room=dm)
    assert f"{day_in_words(1)}, 09:00 (Bogotá), “pan”" in await talk.answer("bea", "pan", room=dm)


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_in_private_one_sees_ones_own_of_every_room(talk: Talk) -> None:
    await talk.answer("bea", "!recordar mañana 17h; lo de bea")
    await talk.answer("carla", "!recordar mañana 17h; lo de carla")
    said = await talk.answer("bea", "recordatorios", room=await talk.private("bea"))
    assert "de bea" in said and "de carla" not in said


@pytest.mark.parametrize(
    "line",
    [
        "recuérdame mañana tempranito llevar las llaves",
        "me lembra amanhã bem cedinho de llevar las llaves",
        "remind me tomorrow early to llevar las llaves",
    ],
)
async def test_early_asks_for_the_hour_and_is_no_part_of_the_text(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    asked = "".join(post.plain for post in await talk.said())
    assert asked.startswith("¿Cuál de estas fechas?") and ", 06:00" in asked
    await talk.tells("bea", "a las 7")
    said = "".join(post.plain for post in await talk.said())
    assert ", 07:00" in said and "“llevar las llaves”" in said


async def test_an_hour_behind_early_is_the_hour(talk: Talk) -> None:
    await talk.tells("bea", "recuérdame mañana temprano a las 7am comprar pan")
    said = "".join(post.plain for post in await talk.said())
    assert ", 07:00" in said and "“comprar pan”" in said
