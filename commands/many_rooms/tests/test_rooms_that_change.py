"""Rooms of a poll or an announcement that overlap, come later, are upgraded, lost, restored."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, find_number, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded
from commands.many_rooms.tests.test_many_rooms import (
    AT_ONCE,
    GARDEN,
    KITCHEN,
    asked,
    heard_in,
    three_rooms,
)
from storage import rooms
from storage.files import restores

NEW = RoomId("!new:test")
ANNOUNCED = "!avisar Mañana no hay agua en: Cocina, Huerta con leído"


async def announced(talk: Talk, line: str = ANNOUNCED) -> int:
    """Announce it and agree; return its number."""
    await talk.says("ana", line)
    await talk.sent()
    await talk.says("ana", "sí")
    await talk.wait(AT_ONCE)
    return find_number(next(post for post in await talk.said() if post.room == ROOM))


async def upgrade(talk: Talk, old: RoomId, people: list[str]) -> None:
    """The room is replaced, and these people are in the new one."""
    await talk.room(NEW, "Nueva", people, {"ana": 50})
    at = talk.clock.at
    await talk.happens(RoomUpgraded(old, EventId("$u"), user_id("ana"), at, NEW, True, True))
    await talk.wait(AT_ONCE)


async def in_area(talk: Talk, area: str, *places: RoomId) -> None:
    """Ana puts these rooms into an area."""
    for place in places:
        await talk.answer("ana", f"!area agregar {area}", room=place)


# --- areas ---------------------------------------------------------------------------------------


async def test_a_room_of_two_areas_is_asked_once(talk: Talk) -> None:
    await three_rooms(talk)
    await in_area(talk, "norte", KITCHEN, GARDEN)
    await in_area(talk, "mujeres", ROOM, KITCHEN)
    shown = await talk.answer("ana", "!encuesta ¿Qué día? martes, jueves en: norte, mujeres")
    assert "aquí y en 2 salas más" in shown
    assert "En todas estas salas juntas hay 5 personas." in shown
    await talk.says("ana", "sí")
    await talk.wait(AT_ONCE)
    polls = [post.room for post in await talk.sent() if post.is_poll]
    assert sorted(polls) == sorted((ROOM, KITCHEN, GARDEN))


async def test_a_room_that_joins_the_area_later_is_not_asked(talk: Talk) -> None:
    """The roll is fixed when the poll opens; who asked was told of the rooms there were."""
    await three_rooms(talk)
    await in_area(talk, "norte", KITCHEN)
    number, _polls = await asked(talk, "!encuesta ¿Qué día? martes, jueves en: norte")
    await in_area(talk, "norte", GARDEN)
    assert "No existe el número" in await talk.answer("elsa", f"!votar {number} 1", room=GARDEN)
    await talk.says("ana", f"!cerrar {number}")
    assert GARDEN not in await heard_in(talk)


async def test_who_comes_later_into_one_of_its_rooms_is_not_on_the_roll(talk: Talk) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk)
    await talk.moves("gil", Membership.JOIN, GARDEN)
    await talk.taps("gil", polls[GARDEN], 1)
    await talk.taps("elsa", polls[GARDEN], 2)
    told = await talk.answer("ana", f"!resultados {number}")
    assert "martes: 0" in told and "jueves: 1" in told


async def test_a_person_in_a_hundred_rooms_votes_once(talk: Talk) -> None:
    for n in range(100):
        await talk.room(RoomId(f"!r{n:02}:test"), f"Equipo {n}", ["ana", "bea"], {"ana": 50})
    line = "!encuesta ¿Qué día? martes, jueves en: todas"
    shown = await talk.answer("ana", line)
    assert "aquí y en 100 salas más" in shown and "y 92 más" in shown
    assert "En todas estas salas juntas hay 3 personas." in shown
    await talk.says("ana", "sí")
    for _page in range(60):
        await talk.wait(timedelta(milliseconds=250))
    posts = await talk.sent()
    number = find_number(next(p for p in posts if p.kind == "m.room.message" and p.room == ROOM))
    polls = [p for p in posts if p.is_poll]
    assert len({p.room for p in polls}) == len(polls) == 101
    for poll in polls:
        await talk.taps("bea", poll, 1 + (poll is polls[-1]))
    assert sum("Una persona tiene un voto" in p.plain for p in await talk.said()) == 1
    told = await talk.answer("ana", f"!resultados {number}")
    assert "jueves: 1" in told and "martes: 0" in told
    told = await talk.answer("ana", f"!resultados {number} salas")
    assert "Aún sin votos de 100 salas" in told


# --- upgrades ------------------------------------------------------------------------------------


@pytest.mark.parametrize("old", [ROOM, KITCHEN])
async def test_a_poll_goes_on_in_the_room_that_replaced_one_of_its_rooms(
    talk: Talk, old: RoomId
) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk)
    await talk.taps("bea", polls[old], 1)
    await talk.sent()
    await upgrade(talk, old, ["ana", "bea", "carla", "dora"])
    posts = await talk.sent()
    assert {p.room for p in posts if p.kind == "redact"} == {old}
    (fresh,) = [p for p in posts if p.is_poll]
    assert fresh.room == NEW
    await talk.taps("carla" if old == ROOM else "dora", fresh, 2)
    told = await talk.answer("ana", f"!resultados {number} salas", room=NEW)
    assert "Nueva: martes: 1 · jueves: 1" in told
    await talk.says("ana", f"!cerrar {number}", room=GARDEN)
    heard = await heard_in(talk)
    assert all("empate" in heard[room] for room in {ROOM, KITCHEN, GARDEN, NEW} - {old})


@pytest.mark.parametrize("old", [ROOM, KITCHEN])
async def test_an_announcement_is_answered_in_the_room_that_replaced_one(
    talk: Talk, old: RoomId
) -> None:
    await three_rooms(talk)
    number = await announced(talk)
    await upgrade(talk, old, ["ana", "bea", "carla", "dora"])
    await talk.answer("bea", f"leído {number}", room=NEW)
    told = await talk.answer("ana", f"!avisos {number}")
    assert "en 1 de 3 salas" in told
    assert "Nueva" not in told and "Huerta" in told


# --- lost rooms ----------------------------------------------------------------------------------


async def test_who_reads_which_rooms_have_not_answered_reads_of_lost_ones(talk: Talk) -> None:
    await three_rooms(talk)
    number = await announced(talk)
    await talk.answer("dora", f"leído {number}", room=KITCHEN)
    async with talk.machine.db.transaction() as tx:
        await rooms.mark_left(tx, GARDEN)
    told = await talk.answer("ana", f"!avisos {number}")
    assert "Lo leyó 1 persona, en 1 de 3 salas." in told
    assert "Falta leerlo en: Sala" in told and "Huerta" not in told
    assert "Ya no estoy en 1 de sus salas" in told


async def test_a_room_that_was_lost_and_found_hears_the_end(talk: Talk) -> None:
    await three_rooms(talk)
    number, _polls = await asked(talk)
    async with talk.machine.db.transaction() as tx:
        await rooms.mark_left(tx, GARDEN)
    await talk.says("ana", f"!extender {number} en 5 días")
    assert GARDEN not in await heard_in(talk)
    async with talk.machine.db.transaction() as tx:
        await rooms.mark_joined(tx, GARDEN, talk.clock.at)
    await talk.says("ana", f"!cerrar {number}")
    assert f"Encuesta {number}" in (await heard_in(talk))[GARDEN]


# --- restored ------------------------------------------------------------------------------------


async def restored(talk: Talk) -> dict[str, str]:
    """The database is one that was restored just now; what each room heard of it."""
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, talk.clock.at)
    assert await talk.machine.dispatcher.announce_restore()
    return await heard_in(talk)


async def test_after_a_restore_each_room_hears_that_the_poll_goes_on(talk: Talk) -> None:
    await three_rooms(talk)
    number, _polls = await asked(talk)
    heard = await restored(talk)
    for room in (ROOM, KITCHEN, GARDEN):
        assert f"!votar {number} …" in heard[room]


async def test_a_poll_whose_votes_are_lost_ends_and_goes_on_in_each_room(talk: Talk) -> None:
    await three_rooms(talk)
    number, _polls = await asked(
        talk, "!encuesta ¿Qué día? martes, jueves en: todas hasta en 2 días"
    )
    talk.clock.at += timedelta(days=3)
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, talk.clock.at)
    assert await talk.machine.dispatcher.announce_restore()
    posts = await talk.sent()
    assert {p.room for p in posts if p.kind == "redact"} == {ROOM, KITCHEN, GARDEN}
    for room in (ROOM, KITCHEN, GARDEN):
        assert any("sin resultado" in p.plain for p in posts if p.room == room)
    await talk.says("ana", f"!extender {number} en 5 días")
    await talk.wait(AT_ONCE)
    assert {p.room for p in await talk.sent() if p.is_poll} == {ROOM, KITCHEN, GARDEN}


async def test_after_a_restore_an_announcement_of_many_rooms_is_told_in_each(talk: Talk) -> None:
    await three_rooms(talk)
    await announced(talk)
    heard = await restored(talk)
    assert {ROOM, KITCHEN, GARDEN} <= set(heard)
