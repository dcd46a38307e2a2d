"""What is of one room is not read in another, where others are, because a member names it there."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from bot.types import RoomId

OTHER = RoomId("!other:test")
MADE = {
    "event": "!evento SECRETO taller en 33 horas",
    "task": "!tarea @ana SECRETO pan para pasado mañana",
    "action": '!accion "SECRETO carta" "SECRETO paso" "Llamar"',
    "reminder": "!recordar mañana 17:00; SECRETO imprenta",
    "poll": '!encuesta "SECRETO plan?" "uno" "dos"',
    "teams": '!equipos "SECRETO curso"\nNorte: @bea:test',
}


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.room(OTHER, "Otra", ["ana", "eva"], {"ana": 50})
    return talk


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("event", "!voy 1"),
        ("event", "!tal vez 1"),
        ("event", "!evento 1"),
        ("event", "!cambiar 1 lugar: Casa"),
        ("event", "!mover 1 viernes 20h"),
        ("event", "!asistentes 1"),
        ("event", "!sin avisos 1"),
        ("event", "!cancelar 1"),
        ("task", "!tarea 1"),
        ("task", "!tarea 1 yo"),
        ("task", "!hecho 1"),
        ("task", "!hecho"),
        ("task", "!cancelar 1"),
        ("action", "!accion 1"),
        ("action", "!hecho 1"),
        ("reminder", "!posponer 1 1h"),
        ("reminder", "!cancelar 1"),
        ("poll", "!cancelar 1"),
        ("teams", "!equipos 1"),
    ],
)
async def test_another_rooms_things_are_spoken_of_in_private(
    talk: Talk, kind: str, typed: str
) -> None:
    await talk.says("ana", MADE[kind])
    if kind == "teams":
        await talk.says("ana", "sí")
    assert any("SECRETO" in one.plain for one in await talk.sent())
    await talk.says("ana", typed, room=OTHER)
    sent = await talk.sent()
    own = await talk.private("ana")
    assert not [one.plain for one in sent if one.room == OTHER and "SECRETO" in one.plain]
    assert [one for one in sent if one.room == own and "SECRETO" in one.plain]
    assert [one.plain for one in sent if one.room == OTHER] == ["Te escribí en privado."]
    assert not [one for one in sent if one.kind == "m.room.redaction"]


async def test_what_has_to_be_asked_is_asked_there(talk: Talk) -> None:
    await talk.says("ana", MADE["event"])
    await talk.says("ana", "!cancelar 1", room=OTHER)
    await talk.sent()
    await talk.says("ana", "sí", room=OTHER)
    assert not await talk.sent()
    await talk.tells("ana", "sí")
    assert [one for one in await talk.sent() if "canceló" in one.plain]


async def test_whose_room_it_is_reads_it_there(talk: Talk) -> None:
    await talk.says("ana", MADE["event"])
    await talk.sent()
    posted = await talk.says("bea", "!voy 1")
    said = (await talk.sent())[0]
    assert "Anotado: vas a “SECRETO taller”" in said.plain
    assert said.room == talk.gateway.said[posted].room


async def test_who_may_not_see_it_hears_so_in_the_room(talk: Talk) -> None:
    await talk.says("ana", MADE["event"])
    await talk.sent()
    await talk.says("eva", "!voy 1", room=OTHER)
    (said,) = await talk.sent()
    assert said.room == OTHER
    assert "SECRETO" not in said.plain
