"""More time for a check-in, asked for in a hurry. It is Wednesday, 10:00 in Bogotá."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.testing.talk import START_TIME, Talk
from commands.safety.delays import read_delay

pytestmark = pytest.mark.begins("10:00", "it names hours of this day")

MINUTE = timedelta(minutes=1)
OUT, ALARM = "regreso 12:00 @carla", "no me ha respondido"
NO_CHECK_IN = "No dijiste ninguna hora de regreso"


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    for who in ("ana", "bea", "carla"):
        await talk.private(who)
    return talk


async def reads(talk: Talk, *lines: str, who: str = "bea") -> str:
    """Return what somebody reads in private after the last of these lines of theirs."""
    for line in lines:
        await talk.said()
        await talk.tells(who, line)
    return "\n".join(post.plain for post in await talk.said(await talk.private(who)))


LATER: Sequence[tuple[str, int]] = [
    ("need 15 more min", 15),
    ("I need another 15 min please", 15),
    ("running 15 min late", 15),
    ("half an hour more", 30),
    ("preciso de mais meia hora", 30),
    ("to atrasada, mais meia hora", 30),
    ("vou chegar 20 min mais tarde, não avisa ainda", 20),
    ("necesito 20 min mas", 20),
    ("otra media hora", 30),
    ("voy a llegar 20 min mas tarde", 20),
    ("llego 20 minutos mas tarde, no avises todavia", 20),
    ("me atrazo 20 min", 20),
    ("1 hora más", 60),
]


@pytest.mark.parametrize(("line", "minutes"), LATER)
async def test_more_time_is_offered_and_taken_at_a_yes(talk: Talk, line: str, minutes: int) -> None:
    await reads(talk, OUT)
    hour = f"{12 + minutes // 60}:{minutes % 60:02}"
    asked = await reads(talk, line)
    assert "Todavía no cambié nada" in asked and hour in asked and "Publico" not in asked
    await talk.wait(5 * MINUTE)
    assert f"{hour} (Bogotá)" in await reads(talk, "si"), "no later than was asked"
    await talk.wait_until(START_TIME.at + timedelta(hours=2, minutes=minutes + 9))
    assert not any(ALARM in post.plain for post in await talk.said())
    await talk.wait_until(START_TIME.at + timedelta(hours=2, minutes=minutes + 10))
    assert any(ALARM in post.plain for post in await talk.said())


@pytest.mark.parametrize("said", ["no", "quizás"])
async def test_without_a_yes_the_alarm_stays_where_it_was(talk: Talk, said: str) -> None:
    await reads(talk, OUT, "necesito 20 min mas", said)
    await talk.wait_until(START_TIME.at + timedelta(hours=2, minutes=10))
    assert any(ALARM in post.plain for post in await talk.said())


async def test_who_is_overdue_gets_the_time_from_now_on(talk: Talk) -> None:
    await reads(talk, OUT)
    await talk.wait_until(START_TIME.at + timedelta(hours=2, minutes=5))
    assert "12:20" in await reads(talk, "need 15 more min")


async def test_a_yes_after_the_return_starts_none_anew(talk: Talk) -> None:
    await reads(talk, OUT, "necesito 20 min mas", "ya volví")
    assert "Anotado" not in await reads(talk, "si")


@pytest.mark.parametrize(
    "line",
    ["need 15 more min", "preciso de mais meia hora", "necesito 20 min mas", "voy 20 min tarde"],
)
async def test_without_a_check_in_it_is_no_need(talk: Talk, line: str) -> None:
    heard = await reads(talk, line)
    assert NO_CHECK_IN in heard and "`regreso 22:00" in heard and "Publico" not in heard


@pytest.mark.parametrize(
    "line",
    [
        *("need 15 more chairs", "necesito 20 min mas de video", "preciso de mais 2 horas de som"),
        *("need a ride in 15 min", "need someone for half an hour more on the door"),
    ],
)
async def test_needs_that_look_alike_are_needs(talk: Talk, line: str) -> None:
    for before in ((), (OUT,)):
        assert "Publico en la sala" in await reads(talk, *before, line)
        await reads(talk, "no")


@pytest.mark.parametrize(
    "line",
    [
        *("llego 20 min antes", "20 min", "voy 15 min tarde a la asamblea", "15 more min?"),
        *("mas tarde", "no necesito 20 min mas", "15 min mas y 20 min mas"),
    ],
)
def test_what_asks_for_no_span_of_time(line: str) -> None:
    assert read_delay(line) is None
