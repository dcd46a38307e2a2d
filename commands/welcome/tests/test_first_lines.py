"""Who is new reads what they need first when they ask for help or greet the bot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Membership


@pytest.fixture
async def newcomer(talk: Talk) -> str:
    await talk.moves("dora", Membership.JOIN)
    await talk.sent()
    return "dora"


@pytest.mark.parametrize("line", ["ayuda", "hola", "help"])
async def test_a_newcomer_reads_where_they_are_and_whom_to_ask(
    talk: Talk, newcomer: str, line: str
) -> None:
    await talk.tells(newcomer, line)
    [post] = await talk.said()
    lines = post.plain.splitlines()
    assert len(lines) <= 10
    assert "Te damos la bienvenida a Red de prueba" in post.plain and "Sala" in post.plain
    assert "Pregunta a Ana" in post.plain
    assert "toca la opción" in post.plain and "`voy " in post.plain
    assert "`incidente`" in lines[-1] and "`pánico`" in lines[-1]


async def test_in_a_room_one_line_and_the_rest_in_private(talk: Talk, newcomer: str) -> None:
    await talk.says(newcomer, "!ayuda")
    posts = await talk.said()
    room = [post.plain for post in posts if post.room == ROOM]
    assert [len(said.splitlines()) for said in room] == [2]
    assert any("bienvenida" in post.plain for post in posts if post.room != ROOM)


async def test_after_two_weeks_nobody_is_new(talk: Talk, newcomer: str) -> None:
    await talk.wait(timedelta(days=15))
    await talk.sent()
    await talk.tells(newcomer, "ayuda")
    [post] = await talk.said()
    assert "bienvenida" not in post.plain and "`votar " in post.plain


async def test_who_moderates_reads_the_moderators_help(talk: Talk, newcomer: str) -> None:
    await talk.tells("ana", "ayuda")
    [post] = await talk.said()
    assert post.plain.startswith("Moderas: Sala")
