"""A date poll comes to its date: `!elegir`, and the event that other capabilities make of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.api import CREATE_EVENT, Context, Effect, Feature, Line, RoomId, UserId, verbatim
from bot.testing.parts import with_needs
from bot.testing.talk import ROOM, Talk, at_hour, dated, user_id
from commands.polls.tests.test_decisions import closed, heard, proposed

WHEN = '!cuando "Reunión" {+5 weekday} 18h, {+6 weekday} 20h'
SECOND = "{+6 day}, 20:00"
events = Feature("agenda", Path(__file__).parent / "nothing-more")
made: list[tuple[str, datetime, RoomId, UserId]] = []


@events.offers(CREATE_EVENT)
async def schedule(
    ctx: Context, title: str, start: datetime, room: RoomId, author: UserId
) -> list[Line | Effect]:
    """Stands in for the capability that keeps events."""
    assert ctx.feature == "agenda"
    made.append((title, start, room, author))
    return [verbatim("Evento 99")]


@pytest.fixture
async def with_events(tmp_path: Path) -> AsyncIterator[Talk]:
    made.clear()
    talk = await Talk.start(tmp_path / "events.db", [*with_needs("polls"), events])
    yield talk
    await talk.close()


@pytest.fixture
async def without_events(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = await Talk.start(tmp_path / "alone.db", with_needs("polls"))
    yield talk
    await talk.close()


@pytest.mark.parametrize("line", ["!elegir {} 2", "!escolher {} 2", "!pick {} "])
async def test_the_author_picks_a_date_and_the_poll_closes(without_events: Talk, line: str) -> None:
    talk = without_events
    _opening, native, number = await proposed(talk, dated(WHEN), who="bea")
    await talk.taps("carla", native, 1)
    await talk.says("carla", f"!elegir {number} 2")
    await heard(talk, "No puedes elegir la fecha")
    named = dated("{+6 weekday}") if line.endswith(" ") else ""
    await talk.says("bea", line.format(number) + named)
    posts = await talk.sent()
    assert [p.content["redacts"] for p in posts if p.kind == "redact"] == [native.event]
    said = "\n".join(p.plain for p in posts if not p.plain.startswith("* "))
    assert f"Bea elige la fecha de la encuesta {number}, “Reunión”: {dated(SECOND)}" in said
    assert dated("gana {+5 day}, 18:00") in said
    assert f"Fecha elegida: {dated(SECOND)}" in said
    assert "`!elegir" not in said
    assert "no puedo llevar eventos" in said
    assert f"Fecha elegida: {dated(SECOND)}" in await talk.answer("carla", f"!resultados {number}")
    await talk.says("bea", f"!elegir {number} 1")
    await heard(talk, "ya tiene fecha")


async def test_it_becomes_an_event_where_there_are(with_events: Talk) -> None:
    talk = with_events
    _opening, _native, number = await proposed(talk, dated(WHEN), who="bea")
    await talk.says("ana", f"!elegir {number} 2")
    await heard(talk, "Evento 99")
    assert made == [("Reunión", at_hour(6, 20), ROOM, user_id("ana"))]


async def test_in_private_the_room_is_told(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, dated(WHEN), who="bea")
    await talk.tells("bea", f"elegir {number} 2")
    posts = await talk.said()
    mine = await talk.private("bea")
    assert f"Fecha elegida: {dated(SECOND)}." in [
        p.plain.split("\n")[0] for p in posts if p.room == mine
    ]
    assert any("Bea elige la fecha" in p.plain for p in posts if p.room == ROOM)


async def test_when_it_ends_by_itself_the_result_shows_how(talk: Talk) -> None:
    _opening, native, number = await proposed(talk, dated(WHEN + " hasta {+2 weekday} 18h"))
    await talk.taps("bea", native, 2)
    await talk.said()
    await talk.wait(timedelta(days=3))
    await heard(talk, f"gana {dated(SECOND)}", f"`!elegir {number} 2`")
    await talk.restart()
    await talk.says("ana", f"!elegir {number} 2")
    await heard(talk, "elige la fecha")


async def test_of_equal_dates_one_is_picked(talk: Talk) -> None:
    _opening, native, number = await proposed(talk, dated(WHEN))
    await talk.taps("bea", native, 2)
    await talk.taps("carla", native, 1)
    assert f"`!elegir {number} 1`" in await closed(talk, number)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!elegir {} 7", "No hay una opción 7"),
        ("!elegir {}", "¿Qué fecha?"),
        ("!elegir {} 1 2", "¿Qué fecha?"),
        ("!elegir {} playa", "¿Qué fecha?"),
        ("!elegir 99 2", "99"),
    ],
)
async def test_what_is_no_date_is_said(talk: Talk, line: str, said: str) -> None:
    _opening, _native, number = await proposed(talk, dated(WHEN))
    await talk.says("ana", line.format(number))
    await talk.hears(said)


async def test_only_of_date_polls(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("ana", f"!elegir {number} 2")
    await heard(talk, "no es de fechas", f"`!cerrar {number}`")
