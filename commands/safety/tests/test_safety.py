"""The safety check-in, as conversations. It is Wednesday 25 November 2026, 10:00 in Bogotá."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, START_TIME, Talk, day_in_words, user_id
from bot.types import Trust

pytestmark = pytest.mark.begins("10:00", "it names hours of this day")

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OUT = "regreso 12:00 @bea:test @carla; marcha en el centro"
ALARM = "no me ha respondido"


async def letters(talk: Talk) -> dict[str, list[str]]:
    """What each person has read in private since."""
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    told: dict[str, list[str]] = {}
    for post in await talk.said():
        told.setdefault(rooms.get(post.room, post.room), []).append(post.plain)
    return told


async def leaves(talk: Talk, line: str = OUT, who: str = "ana") -> dict[str, list[str]]:
    await talk.tells(who, line)
    return await letters(talk)


async def test_who_says_in_a_room_that_all_is_well_only_talks(talk: Talk) -> None:
    for line in ("estoy bien", "ya llegué a casa", "cheguei bem", "30 min más", "i'm home"):
        await talk.says("ana", line, trust=Trust.UNSIGNED)
        assert await talk.sent() == [], line


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_who_is_named_knows_it_beforehand_and_nobody_else_does(talk: Talk) -> None:
    told = await leaves(talk)
    assert set(told) == {"ana", "bea", "carla"}
    assert f"Anotado, número 1. Hora de regreso: el {day_in_words()}, 12:00" in told["ana"][0]
    assert "Bea (@bea:test) · Carla (@carla:test)" in told["ana"][0]
    assert "Si no puedes: `regreso no 1`" in told["bea"][0]
    assert not any("marcha" in text for text in told["bea"])  # only if it comes to that


async def test_ok_in_time_tells_nobody_and_nothing_is_kept(talk: Talk) -> None:
    await leaves(talk)
    await talk.wait_until(START_TIME.at + 105 * MINUTE)
    (asked,) = (await letters(talk))["ana"]
    assert "¿Ya regresaste?" in asked
    await talk.tells("ana", "Ok")
    assert "No le avisé a nadie" in (await letters(talk))["ana"][0]
    await talk.wait(2 * DAY)
    await talk.hears_nothing()
    async with talk.machine.db.reading() as tx:
        for table in ("safety_return", "safety_named", "item", "job"):
            assert not await tx.all(f"SELECT * FROM {table}"), table  # noqa: S608


@pytest.mark.parametrize(
    "word", ["ok", "ya volví", "Estoy bien!", "voltei", "I'm back", "regreso ok"]
)
async def test_many_words_say_that_somebody_is_back(talk: Talk, word: str) -> None:
    await leaves(talk)
    await talk.wait(4 * MINUTE)
    assert "Qué bueno que regresaste" in (await leaves(talk, word))["ana"][0]


async def test_without_an_ok_those_named_are_told_until_one_takes_care(talk: Talk) -> None:
    await leaves(talk)
    await talk.wait_until(START_TIME.at + 2 * HOUR)
    assert "¿Ya regresaste" in (await letters(talk))["ana"][-1]
    await talk.wait_until(START_TIME.at + 2 * HOUR + 9 * MINUTE)
    await talk.hears_nothing()
    await talk.wait_until(START_TIME.at + 2 * HOUR + 10 * MINUTE)
    told = await letters(talk)
    for who in ("bea", "carla"):
        (alarm,) = told[who]
        assert ALARM in alarm and "“marcha en el centro”" in alarm and "`me ocupo 1`" in alarm
        assert "con retraso" not in alarm
    assert "Avisé a Bea" in told["ana"][0]
    await talk.wait(15 * MINUTE)
    assert ALARM in (await letters(talk))["carla"][0]
    await talk.tells("bea", "me ocupo 1")
    told = await letters(talk)
    assert "Bea (@bea:test) se está ocupando de Ana" in told["carla"][0]
    assert "se está ocupando" in told["ana"][0]
    await talk.wait(2 * HOUR)
    await talk.hears_nothing()
    await talk.tells("ana", "estoy bien")
    told = await letters(talk)
    assert all("ya regresó y está bien" in told[who][0] for who in ("bea", "carla"))


async def test_nobody_answers_it_ends_by_itself_and_is_deleted(talk: Talk) -> None:
    await leaves(talk, "regreso 12:00 @bea:test")
    await talk.wait_until(START_TIME.at + 2 * HOUR)
    for _quarter in range(8):
        await talk.wait(15 * MINUTE)
    told = await letters(talk)
    assert sum(ALARM in text for text in told["bea"]) == 4
    await talk.wait(DAY)
    assert "borré lo que me dejó" in (await letters(talk))["bea"][0]
    async with talk.machine.db.reading() as tx:
        assert not await tx.all("SELECT * FROM item")


async def test_it_survives_restarts_and_says_how_late_it_is(talk: Talk) -> None:
    await leaves(talk)
    await talk.restart(after=3 * HOUR)
    await talk.wait(timedelta(0))
    told = await letters(talk)
    (alarm,) = told["bea"]
    assert ALARM in alarm and "con retraso" in alarm and "50 min" in alarm
    assert len(told["ana"]) == 1  # it is too late to ask first


async def test_an_ok_written_while_the_bot_was_away_counts(talk: Talk) -> None:
    await leaves(talk)
    talk.clock.at += 3 * HOUR
    await talk.tells("ana", "ok")
    assert "No le avisé a nadie" in (await letters(talk))["ana"][0]
    await talk.wait(DAY)
    await talk.hears_nothing()


async def test_more_time_is_said_by_saying_it_again(talk: Talk) -> None:
    await leaves(talk)
    told = await leaves(talk, "regreso 14:00")
    assert "número 1" in told["ana"][0] and "14:00" in told["ana"][0]
    assert "14:00" in told["bea"][0]
    await talk.wait_until(START_TIME.at + 3 * HOUR)
    await talk.hears_nothing()
    told = await leaves(talk, "regreso 14:00 @carla")
    assert "ya no te nombra" in told["bea"][0] and "carla" not in told
    await talk.wait_until(START_TIME.at + 4 * HOUR + 10 * MINUTE)
    told = await letters(talk)
    assert "marcha" in told["carla"][-1] and "bea" not in told


async def test_who_is_named_may_say_no_and_the_last_one_is_missed(talk: Talk) -> None:
    await leaves(talk)
    told = await leaves(talk, "regreso no 1", "bea")
    assert "Aviso a: Carla" in told["ana"][0]
    told = await leaves(talk, "regreso no 1", "carla")
    assert "¡Ahora no le avisaría a nadie!" in told["ana"][0]
    await talk.wait_until(START_TIME.at + 2 * HOUR)
    assert set(await letters(talk)) == {"ana"}
    await talk.wait(DAY)
    await talk.hears_nothing()


async def test_typed_in_a_room_it_is_taken_away_and_answered_in_private(talk: Talk) -> None:
    await talk.says("ana", f"!{OUT}")
    posts = await talk.sent()
    assert any(post.kind == "redact" for post in posts if post.room == ROOM)
    assert not [post for post in posts if post.room == ROOM and post.kind == "m.room.message"]
    await talk.says("bea", "!cancelar 1")
    await talk.hears("No existe")  # for others there is nothing
    await talk.says("ana", "ok")
    await talk.hears_nothing()  # in a room it is talk


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("regreso ayer 9:00 @bea", "ya pasó"),
        ("regreso en 2 min @bea", "demasiado pronto"),
        ("regreso en 60 días 10:00 @bea", "demasiado"),
        ("regreso 22:00 @zoe", "No sé quién es “@zoe”"),
        ("regreso 22:00 @zoe:elsewhere", "no compartimos ninguna sala"),
        ("regreso 22:00 @ana:test", "Nombra a otra persona"),
        ("regreso @bea", "la hora de regreso"),
        ("regreso mañana @bea", "la hora de regreso"),
        ("regreso 22:00", "a quién aviso"),
        ("regreso ok", "No dijiste ninguna hora"),
        ("regreso no 9", "nadie te espera"),
        ("me ocupo 9", "nadie te espera"),
        (f"regreso 22:00 @bea {'x' * 501}", "demasiado largo"),
    ],
)
async def test_what_does_not_do_says_what_does(talk: Talk, line: str, answer: str) -> None:
    told = await leaves(talk, line)
    assert set(told) == {"ana"}
    assert answer in told["ana"][0]


@pytest.mark.parametrize(
    "said",
    ["@bea", "Bea", "a Bea", "avisa a @Bea.", "@bea:test", "@carla y @bea:test", "bea, carla"],
)
async def test_who_is_told_may_be_answered_by_the_short_name(talk: Talk, said: str) -> None:
    await leaves(talk, "regreso 22:00")
    told = await leaves(talk, said)
    assert "Bea (@bea:test)" in told["ana"][0]
    assert set(told) == {"ana", "bea"} | ({"carla"} if "carla" in said else set())


async def test_an_answer_that_names_nobody_known_is_told_so(talk: Talk) -> None:
    await leaves(talk, "regreso 22:00")
    assert "No sé quién es “@Zoe”" in (await leaves(talk, "Zoe"))["ana"][0]


async def test_what_is_missing_is_asked_one_at_a_time(talk: Talk) -> None:
    assert "la hora de regreso" in (await leaves(talk, "regreso"))["ana"][0]
    assert "a quién aviso" in (await leaves(talk, "22:00"))["ana"][0]
    assert "Anotado, número 1" in (await leaves(talk, "@bea:test"))["ana"][0]
    await leaves(talk, "ya volví")
    assert "Bea" in (await leaves(talk, "regreso en 2 horas"))["ana"][0]  # as the last time


async def test_cancelling_tells_those_named(talk: Talk) -> None:
    await leaves(talk)
    told = await leaves(talk, "cancelar 1")
    assert "Ya no espero ningún" in told["ana"][0]
    await talk.wait(timedelta(0))
    told = await letters(talk)
    assert "lo retiró" in told["bea"][0]
    await talk.wait(DAY)
    await talk.hears_nothing()


async def test_an_alarm_that_fell_due_in_an_outage_comes_once_when_it_is_over(talk: Talk) -> None:
    """Killed in the outage too: those named hear of it, and nobody twice."""
    await leaves(talk)
    talk.gateway.broken = True
    await talk.wait_until(START_TIME.at + 2 * HOUR + 10 * MINUTE)
    await talk.restart(MINUTE)
    await talk.wait(timedelta(0))
    talk.gateway.broken = False
    await talk.wait(2 * MINUTE)
    told = await letters(talk)
    for who in ("bea", "carla"):
        assert [ALARM in text for text in told[who]] == [True]
    await talk.tells("bea", "me ocupo 1")
    assert "se está ocupando" in (await letters(talk))["ana"][0]
    await talk.wait(2 * HOUR)
    await talk.hears_nothing()


async def test_who_cannot_be_reached_is_not_said_to_be_told(talk: Talk) -> None:
    talk.gateway.unconfirmed.add(user_id("carla"))
    told = await leaves(talk)
    assert "Todavía no les llegó: Carla" in told["ana"][0]
    await talk.wait_until(START_TIME.at + 2 * HOUR + 10 * MINUTE)
    said = (await letters(talk))["ana"][-1]
    assert "Avisé a Bea (@bea:test) que" in said and "Todavía no les llegó" in said
