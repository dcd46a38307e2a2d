"""Areas and spaces into which the rooms of teams come, and what becomes of rooms and people."""

from __future__ import annotations

from bot.api import items
from bot.testing.talk import Talk, user_id
from bot.types import EventId, Membership, Number, RoomId, RoomUpgraded
from commands.teams.tests.test_teams import LIST, goes_on, in_team, invited, opened, room_of
from storage.membership import room_state


async def test_the_rooms_come_into_an_area(talk: Talk) -> None:
    shown = await talk.answer("ana", LIST.replace("Escuela", "Escuela área: escuela"))
    assert "Las salas entran en el área “escuela”" in shown and "“Escuela”: 2" in shown
    await talk.answer("ana", "sí")
    await goes_on(talk)
    private = await talk.private("ana")
    for name in ("Norte", "Sur"):
        await talk.moves("ana", Membership.JOIN, room_of(talk, name))
    assert "escuela: 2 salas: Norte · Sur" in await talk.answer("ana", "area", room=private)


async def test_an_area_that_others_took_meanwhile_is_theirs(talk: Talk) -> None:
    """Whoever moderates a room of an area invites into all of them: that needs their yes."""
    await talk.answer("ana", LIST.replace("Escuela", "Escuela area: prensa"))
    await talk.answer("ana", "sí")
    other = await talk.room(RoomId("!otra:test"), "Otra", ["bea"], {"bea": 50})
    await talk.answer("bea", "!area agregar prensa", room=other)
    said = await goes_on(talk)
    assert "No puedes" in said
    assert list(talk.gateway.opened.values()) == ["Norte", "Sur"]
    assert set(invited(talk).values()) == {1}
    assert "prensa: 1 sala: Otra" in await talk.answer("bea", "!area", room=other)


async def test_an_area_of_others_is_theirs(talk: Talk) -> None:
    other = await talk.room(RoomId("!otra:test"), "Otra", ["bea"], {"bea": 50})
    await talk.answer("bea", "!area agregar prensa", room=other)
    said = await talk.answer("ana", LIST.replace("Escuela", "Escuela area: prensa"))
    assert "No puedes" in said
    await talk.answer("ana", "sí")
    await goes_on(talk)
    assert talk.gateway.opened == {}


async def space(talk: Talk, *, power: int, bot_power: int = 50) -> RoomId:
    found = await talk.room(
        RoomId("!casa:test"), "Casa", ["ana"], {"ana": power}, bot_power=bot_power
    )
    create = {"room_version": "11", "type": "m.space"}
    event = {"type": "m.room.create", "state_key": "", "content": create, "sender": "@owner:test"}
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, found, [event], whole=False)
    return found


async def test_the_rooms_come_into_a_space(talk: Talk) -> None:
    house = await space(talk, power=50)
    shown = await talk.answer("ana", LIST.replace("Escuela", "Escuela espacio: casa"))
    assert "Las salas entran en el espacio “Casa”" in shown
    await talk.answer("ana", "sí")
    await goes_on(talk)
    for room in talk.gateway.opened:
        assert talk.gateway.state[house, "m.space.child", room] == {"via": ["test"]}
        assert talk.gateway.state[room, "m.space.parent", house]["canonical"] is True


async def test_a_space_needs_the_right_of_both(talk: Talk) -> None:
    line = LIST.replace("Escuela", "Escuela espaço: {}")
    assert "No estoy en ningún espacio" in await talk.answer("ana", line.format("Casa"))
    await space(talk, power=0)
    assert "No puedes poner salas" in await talk.answer("ana", line.format("Casa"))
    await space(talk, power=50, bot_power=0)
    assert "No tengo permiso" in await talk.answer("ana", line.format("casa"))


# --- the rest -------------------------------------------------------------------------------------


async def test_an_upgraded_room_is_the_teams_room(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Lectura, Ensayo")
    north = await in_team(talk, "eva")
    new = await talk.room(RoomId("!nueva:test"), "Norte", ["eva", "ana"], {"ana": 50})
    await talk.happens(
        RoomUpgraded(north, EventId("$u"), user_id("ana"), talk.clock.at, new, True, True)
    )
    await talk.said()
    assert "paso 1, Lectura, listo" in await talk.answer("eva", "!paso 1", room=new)
    assert "2 Norte: 1 de 2" in await talk.answer("ana", "!equipos")


async def test_who_began_the_teams_was_forgotten_and_others_lead_them(talk: Talk) -> None:
    await talk.answer("ana", LIST)
    await talk.answer("ana", "sí")
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE item SET author = ''")
    await goes_on(talk)
    assert sorted(talk.gateway.opened.values()) == ["Norte", "Sur"]
    sur = room_of(talk, "Sur")
    assert (sur, "m.room.power_levels", "") not in talk.gateway.state
    async with talk.machine.db.reading() as tx:
        assert (await items.get(tx, Number(3))).room == sur  # type: ignore[union-attr]
    assert "Lectura" in await talk.answer("ana", "!equipos pasos 1 Lectura, Ensayo")
    assert "Acompaña" not in await talk.answer("ana", "!equipos 3")
