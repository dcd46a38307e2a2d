"""A practice room: everything works there, nothing counts, and nothing of it leaves the room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir

import pytest

from bot.testing.talk import PostedEvent, Talk, user_id
from bot.types import Membership, RoomId


@pytest.fixture
async def talk(talk: Talk) -> AsyncIterator[Talk]:
    yield talk
    assert talk.machine.dispatcher.practice is not None
    await talk.machine.dispatcher.practice.close()


async def opened(talk: Talk) -> RoomId:
    """Bea asked for one and came in."""
    await talk.tells("bea", "practica")
    await talk.sent()
    await talk.wait(timedelta(0))
    posts = await talk.sent()
    (room,) = talk.gateway.opened
    assert user_id("bea") in [post.content["user"] for post in posts if post.kind == "invite"]
    await talk.moves("bea", Membership.JOIN, room)
    assert "nada se guarda" in (await talk.said(room))[0].plain
    return room


async def tries(talk: Talk, room: RoomId, line: str) -> list[PostedEvent]:
    await talk.says("bea", line, room=room)
    assert talk.machine.dispatcher.practice is not None
    await talk.machine.dispatcher.practice.handle_pending()
    return await talk.sent()


async def kept(talk: Talk) -> dict[str, int]:
    async with talk.machine.db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            t["name"]: len(await tx.all(f'SELECT 1 FROM "{t["name"]}"'))  # noqa: S608
            for t in tables
        }


async def test_all_works_and_nothing_is_kept_or_leaves(talk: Talk) -> None:
    room = await opened(talk)
    before, state = await kept(talk), dict(talk.gateway.state)
    files = {path.name for path in Path(gettempdir()).glob("minga-practice-*")}
    for line, said in {
        "!encuesta ¿Dónde? Norte, Sur": "¿Dónde?",
        "!votar 1 1": "Anotado",
        "!recordar en 1 hora; llamar": "llamar",
        "!publicar sala #noticias": "Aquí nada se hace público",
        "!socorro me siguen": "está en peligro y pide ayuda",
        "!autodestruir": "Esto destruye las claves",
    }.items():
        posts = await tries(talk, room, line)
        assert {post.room for post in posts} == {room}, line
        texts = [post.plain for post in posts if post.kind == "m.room.message"]
        assert all(text.removeprefix("* ").startswith("(práctica") for text in texts), texts
        assert any(said in text for text in texts), (line, texts)
    assert await kept(talk) == before
    assert talk.gateway.state == state
    assert talk.machine.dispatcher.practice is not None
    await talk.machine.dispatcher.practice.close()
    assert {path.name for path in Path(gettempdir()).glob("minga-practice-*")} <= files


async def test_it_stays_one_after_a_restart_and_self_destruction_is_only_tried(talk: Talk) -> None:
    room = await opened(talk)
    await tries(talk, room, "!ayuda")
    assert talk.machine.dispatcher.practice is not None
    await talk.machine.dispatcher.practice.close()
    await talk.restart()
    await tries(talk, room, "!autodestruir codigo")
    posts = await tries(talk, room, "sí")
    said = next(p.plain for p in posts if "Para usarlo" in p.plain)
    code = said.partition("Para usarlo: `autodestruir ")[2].partition("`")[0]
    talk.clock.at += timedelta(days=3, minutes=1)  # nobody else confirms the code
    posts = await tries(talk, room, f"!autodestruir {code}")
    assert any("Destruyo las claves y termino" in post.plain for post in posts)
    talk.clock.at += timedelta(seconds=10)
    await tries(talk, room, "!ayuda")
    assert not talk.machine.dispatcher.ended.is_set()


async def test_beside_it_the_bot_is_as_ever(talk: Talk) -> None:
    await opened(talk)
    assert "Encuesta 2" in await talk.answer("bea", "!encuesta ¿Cuándo? Hoy, Ayer")
