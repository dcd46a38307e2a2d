"""What is kept of a person can be seen and deleted, by them and by nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from bot.types import RoomId
from storage import rooms

MINUTE = timedelta(minutes=1)


async def lived(talk: Talk) -> None:
    """Bea does some of what people do."""
    await talk.says("bea", "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("bea", "!votar 1 1")
    await talk.says("bea", "!cerrar 1")
    await talk.tells("bea", "recordar en 2 horas; llamar a la abuela")
    await talk.tells("bea", "idioma pt")
    await talk.says("ana", "!configurar doce-horas sí")
    await talk.says("ana", "sí")
    await talk.sent()


def file(talk: Talk, posts: list[PostedEvent], ending: str) -> str:
    """The file of that ending among what was posted, as it was uploaded."""
    post = next(p for p in posts if str(p.content.get("filename", "")).endswith(ending))
    return talk.gateway.files[post.content["file"]["url"]].decode()


async def test_all_that_is_kept_comes_as_two_files_in_private(talk: Talk) -> None:
    await lived(talk)
    await talk.says("bea", "!mis-datos")
    posts = await talk.sent()
    assert {post.room for post in posts if post.kind == "m.room.message"} == {
        await talk.private("bea")
    }, "nothing of it stands in the room"
    text, data = file(talk, posts, ".txt"), json.loads(file(talk, posts, ".json"))
    for part in ("@bea:test", "Sala", "llamar a la abuela", "Norte", "Lembrete", "¿Dónde?"):
        assert part in text, part
    assert data["person"] == user_id("bea")
    lines = {line["text"] for part in data["held"] for line in part["lines"]}
    assert all(f"- {line}" in text for line in lines if "\n" not in line)
    parts = {part["of"] for part in data["held"]}
    assert {"minga", "polls", "reminders"} <= parts
    assert not any("carla" in line for line in lines), "nothing of others"


async def test_typed_in_the_room_the_line_goes(talk: Talk) -> None:
    for line in ("!mis datos", "!borrarme", "!me-apague"):
        event = await talk.says("bea", line)
        posts = await talk.sent()
        gone = [p.content["redacts"] for p in posts if p.kind == "redact"]
        assert gone == [event], line
        assert [p for p in posts if p.room == ROOM and p.kind != "redact"] == [], line


async def test_forgetting_is_shown_first_asked_and_then_done(talk: Talk) -> None:
    await lived(talk)
    asked = await talk.answer("bea", "borrarme", room=await talk.private("bea"))
    for part in ("1 voto", "1 lembrete", "Não posso apagar", "Não dá para desfazer"):
        assert part in asked, part
    assert "Norte: 1" in await talk.answer("ana", "!resultados 1"), "nothing is done before"
    assert "¿" not in await talk.answer("bea", "no", room=await talk.private("bea"))
    text = await _text_of(talk, "bea")
    assert "llamar a la abuela" in text, "left as it was"
    await talk.tells("bea", "delete me")
    await talk.sent()
    done = await talk.answer("bea", "sim", room=await talk.private("bea"))
    assert "ya no guardo nada tuyo" in done, "in the network's language: theirs is forgotten"
    assert "Norte: 1" in await talk.answer("ana", "!resultados 1"), "the total stays"
    await talk.wait(timedelta(hours=3))
    assert not any("abuela" in post.plain for post in await talk.said())
    assert "abuela" not in await _text_of(talk, "bea")


async def _text_of(talk: Talk, who: str) -> str:
    await talk.tells(who, "mis-datos")
    return file(talk, await talk.sent(), ".txt")


@pytest.mark.parametrize(
    "line",
    [
        "borra mis datos",
        "quiero borrar todo lo mío",
        "eliminar mi cuenta",
        "apaga meus dados",
        "apagar tudo sobre mim",
        "delete everything about me",
    ],
)
async def test_in_their_own_words_they_are_asked_first(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    assert "Voy a borrar todo lo que guardo de ti" in (await talk.said())[-1].plain


async def test_what_the_bot_wrote_to_them_is_taken_back_a_few_at_a_time(talk: Talk) -> None:
    room = await talk.private("bea")
    for _ in range(30):
        await talk.tells("bea", "ayuda")
        talk.clock.at += timedelta(seconds=2)
    await talk.tells("bea", "borrarme")
    before = [p.event for p in await talk.sent() if p.room == room]
    assert len(before) == 31
    talk.clock.at += timedelta(seconds=9)
    await talk.tells("bea", "sí")
    after = [p.event for p in await talk.sent() if p.room == room]
    assert talk.gateway.keys_forgotten == {room: talk.clock.at}
    gone: list[str] = []
    for turn in range(4):
        if turn == 1:
            await talk.restart(MINUTE)
        await talk.wait(MINUTE)
        found = [p.content["redacts"] for p in await talk.sent() if p.kind == "redact"]
        assert len(found) <= 20
        gone += found
    assert sorted(gone) == sorted(before), "each once, through a restart"
    assert not set(after) & set(gone), "what was said since stays"
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM sent_in") == []


async def test_where_we_wait_for_them_we_wait_no_longer(talk: Talk) -> None:
    own, waiting = await talk.private("bea"), await talk.room(RoomId("!espera:test"), "", [])
    async with talk.machine.db.transaction() as tx:
        await rooms.set_private(tx, waiting, user_id("bea"))
    for line in ("borrarme", "sí"):
        await talk.says("bea", line, room=own)
        await talk.said()
    assert talk.gateway.left == {waiting}


async def test_a_moderator_of_the_network_hears_what_the_bot_cannot_change(talk: Talk) -> None:
    assert "configuración te nombra" in await talk.answer(
        "ana", "borrarme", room=await talk.private("ana")
    )
