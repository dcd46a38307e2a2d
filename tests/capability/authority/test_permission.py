"""One answer to who may see, change, moderate and outrank, and no second one beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId, Trust
from storage import rooms
from storage.membership import departures, room_state

HERE = Path(__file__).parents[3]
BIG = RoomId("!big:test")
COUNTED = (
    "commands/codes/command.py",
    "commands/expected_lists/list_creation.py",
)
"""How many of them one person has."""
DM_OTHER = RoomId("!other:test")


# --- rules --------------------------------------------------------------------------------------


def _compares() -> Iterator[tuple[str, ast.Compare]]:
    for folder in ("bot", "commands", "storage"):
        for file in sorted((HERE / folder).rglob("*.py")):
            if "tests" in file.parts or file.name == "permission.py":
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Compare):
                    yield f"{file.relative_to(HERE)}:{node.lineno}", node


def _names(node: ast.Compare) -> set[str]:
    sides = [node.left, *node.comparators]
    return {one.attr for one in sides if isinstance(one, ast.Attribute)} | {
        one.id for one in sides if isinstance(one, ast.Name)
    }


def _is_ordering(node: ast.Compare) -> bool:
    return all(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in node.ops)


def test_authorship_is_compared_in_one_place() -> None:
    """Elsewhere only: is it the bot's own or nobody's, and a list's own list of people."""
    allowed = {"me", "person"}
    found = [
        where
        for where, node in _compares()
        if "author" in _names(node)
        and "who" in _names(node)
        and not (_names(node) & allowed)
        and not where.startswith(COUNTED)
    ]
    assert found == []


def test_what_it_takes_to_moderate_is_compared_in_one_place() -> None:
    found = [
        where
        for where, node in _compares()
        if (_is_ordering(node) and any("MODERAT" in name for name in _names(node)))
        or any(
            isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and one.func.attr == "power_of"
            and any(isinstance(other, ast.Constant) and other.value == 50 for other in sides)
            for sides in [[node.left, *node.comparators]]
            for one in sides
        )
    ]
    assert found == []


# --- who was put out ----------------------------------------------------------------------------


async def _put_out(talk: Talk) -> None:
    await talk.room(DM_OTHER, "Otra", ["bea", "carla"], {"carla": 50})
    await talk.says("bea", "!evento Taller en 3 días 19h lugar: Casa")
    await talk.moves("bea", Membership.BAN, by="ana")
    await talk.says("ana", "!cambiar 1 lugar: CASA SEGURA")
    await talk.says("carla", "voy 1")
    await talk.sent()


async def test_a_banned_author_neither_reads_nor_writes(talk: Talk) -> None:
    await _put_out(talk)
    for line in (
        "cambiar 1 lugar: calle falsa",
        "mover 1 en 6 días 20h",
        "cancelar 1",
        "evento 1",
        "asistentes 1",
        "hora 1",
        "turnos 1",
        "acta 1",
        "exportar 1",
    ):
        await talk.tells("bea", line)
        [said] = await talk.said()
        assert "No existe el número 1" in said.plain, line
        assert said.room not in (ROOM, DM_OTHER)


async def test_who_knocks_and_takes_it_back_after_a_removal_did_not_leave(talk: Talk) -> None:
    await talk.says("bea", "!evento Taller en 3 días 19h")
    await talk.moves("bea", Membership.LEAVE, by="ana")
    await talk.moves("bea", Membership.KNOCK)
    await talk.moves("bea", Membership.LEAVE)
    async with talk.machine.db.reading() as tx:
        assert not await departures.has_left_willingly(tx, ROOM, user_id("bea"))


async def test_that_somebody_left_survives_a_restart_and_the_state_told_anew(talk: Talk) -> None:
    await talk.says("bea", "!evento Taller en 3 días 19h")
    await talk.sent()
    await talk.moves("bea", Membership.LEAVE)
    await talk.restart(timedelta(days=2))
    left = {
        "type": "m.room.member",
        "state_key": user_id("bea"),
        "sender": user_id("bea"),
        "content": {"membership": "leave"},
    }
    async with talk.machine.db.transaction() as tx:
        await rooms.delete_departed(tx)
        await room_state.apply_state(tx, ROOM, [left], whole=False)
        assert await departures.has_left_willingly(tx, ROOM, user_id("bea"))
        await room_state.apply_state(tx, ROOM, [left | {"sender": user_id("ana")}], whole=False)
        assert not await departures.has_left_willingly(tx, ROOM, user_id("bea"))


async def test_who_is_silenced_changes_nothing_and_still_votes(talk: Talk) -> None:
    await talk.says("bea", "!evento Taller en 3 días 19h")
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur hasta en 5 días")
    await talk.sent()
    levels = {"users": {user_id("ana"): 50, user_id("bea"): -1, talk.gateway.me: 100}}
    await talk.state(ROOM, "m.room.power_levels", levels)
    await talk.tells("bea", "cambiar 1 titulo: ANA ES UNA LADRONA")
    [said] = await talk.said()
    assert "no puedes escribir en “Sala”" in said.plain
    await talk.tells("bea", "votar 2 1")
    [said] = await talk.said()
    assert "Norte" in said.plain


# --- power --------------------------------------------------------------------------------------


async def _power(talk: Talk, who: str) -> int:
    async with talk.machine.db.reading() as tx:
        room = await rooms.get(tx, BIG)
    assert room is not None
    return room.power_of(user_id(who))


@pytest.mark.parametrize(("theirs", "asks"), [(90, "!votar"), (50, "!apoyar")])
async def test_nobody_unmakes_through_the_bot_who_does_not_stand_lower(
    talk: Talk, theirs: int, asks: str
) -> None:
    """Against an equal another moderator has to agree; against who stands above, the room."""
    people = ["ana", "bea", "carla", "dora"]
    await talk.room(BIG, "Grande", people, {"ana": 50, "bea": theirs, "carla": 50}, bot_power=100)
    await talk.says("ana", "!quitar-moderacion @bea:test", room=BIG)
    await talk.says("ana", "sí", room=BIG)
    said = "\n".join(post.plain for post in await talk.said())
    assert asks in said
    assert await _power(talk, "bea") == theirs


async def test_an_emergency_gives_nobody_power_over_who_stands_above(talk: Talk) -> None:
    people = ["ana", "bea", "carla"]
    await talk.room(BIG, "Grande", people, {"ana": 50, "bea": 90, "carla": 50}, bot_power=100)
    await talk.says("ana", "!urgente quitar-moderacion @bea:test", room=BIG)
    await talk.says("ana", "sí", room=BIG)
    await talk.sent()
    assert await _power(talk, "bea") == 90


async def test_who_moderates_by_a_role_hears_of_a_flood(talk: Talk) -> None:
    await talk.says("ana", "!cargo nuevo cuidado modera")
    await talk.says("ana", "!cargo dar cuidado @carla:test")
    await talk.set("flood_room", "5")
    await talk.said()
    for n in range(10):
        await talk.says("bea", f"hola {n}")
    told = {post.room for post in await talk.said() if "mensajes por minuto" in post.plain}
    assert told == {await talk.private("ana"), await talk.private("carla")}


async def test_who_moderates_by_a_role_is_no_flood(talk: Talk) -> None:
    await talk.says("ana", "!cargo nuevo cuidado modera")
    await talk.says("ana", "!cargo dar cuidado @bea:test")
    await talk.set("flood_person", "2")
    await talk.sent()
    for _n in range(6):
        await talk.says("bea", "hola a la sala")
    assert await talk.said() == []


# --- places -------------------------------------------------------------------------------------


async def test_of_a_third_person_in_a_private_room_nothing_is_handled(talk: Talk) -> None:
    theirs = await talk.private("bea")
    await talk.says("carla", "mis-datos", room=theirs)
    await talk.hears_nothing()
    await talk.tells("bea", "mis-datos")
    assert await talk.said()


async def test_i_agree_tells_nobody_what_numbers_there_are(talk: Talk) -> None:
    secret = await talk.room(RoomId("!secreta:test"), "Secreta", ["ana"], {"ana": 50})
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur hasta en 5 días", room=secret)
    await talk.sent()
    for number in (1, 70):
        await talk.tells("bea", f"acepto {number}")
        [said] = await talk.said()
        assert f"No existe el número {number}" in said.plain


async def test_a_loosened_room_gives_a_server_no_hold_on_the_network(talk: Talk) -> None:
    small = await talk.room(RoomId("!small:test"), "Chica", ["ana", "carla"], {"carla": 50})
    await talk.set("unsigned", "yes", small)
    for line in (
        "!red conectar @minga:evil.example",
        "!configurar moderacion si",
        "!vetos",
        "!dar-moderacion @carla:test",
        "!perfil lugar Cali",
        "!panico",
    ):
        await talk.says("ana", line, room=small, trust=Trust.UNSIGNED)
        posts = await talk.said()
        assert [post.room for post in posts] == [small], line
        assert "va más allá de esta sala" in posts[0].plain, line
    await talk.says(
        "ana", "!encuesta ¿Dónde? Norte, Sur hasta en 5 días", room=small, trust=Trust.UNSIGNED
    )
    assert "Norte" in (await talk.said(small))[0].plain
