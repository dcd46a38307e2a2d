"""Spaces: who comes into a room is invited to the space that lists it, and leaves it with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import rooms
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId, UserId
from storage.membership import room_state

SPACE, DESK, DOOR = RoomId("!espacio:test"), RoomId("!mesa:test"), RoomId("!puerta:test")
DORA = "@dora:lejos.org"
NOW = timedelta(0)
VIA = {"via": ["test"]}


async def a_space(
    talk: Talk, *children: RoomId, invite: int = 50, bot_power: int = 50, owner: str = "owner"
) -> None:
    """As Element makes one: only who moderates it may invite. Its owner is no one of the room."""
    await talk.room(
        SPACE, "Red", [owner, "carla"], {owner: 100}, bot_power=bot_power, encrypted=False
    )
    levels = {"users": {user_id(owner): 100, "@minga:test": bot_power}, "invite": invite}
    create = {"type": "m.space", "room_version": "11"}
    await state(talk, ("m.room.create", "", create), ("m.room.power_levels", "", levels))
    await state(talk, *(("m.space.child", child, VIA) for child in children))


async def state(talk: Talk, *events: tuple[str, str, Mapping[str, Any]]) -> None:
    said = [
        {"type": t, "state_key": k, "content": c, "sender": "@owner:test"} for t, k, c in events
    ]
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, SPACE, said, whole=False)


async def a_door(talk: Talk) -> None:
    """Ana moderates the door and the desk, which are one area."""
    for room, name, rule in ((DOOR, "Vestíbulo", "knock"), (DESK, "Mesa", "invite")):
        await talk.room(room, name, ["ana", "bea"], {"ana": 50}, join_rule=rule)
        await talk.answer("ana", "!area agregar prensa", room=room)


async def lets_in(talk: Talk) -> str:
    """Dora knocks, answers, and is admitted; all that the bot says."""
    await talk.moves(DORA, Membership.KNOCK, DOOR)
    await talk.wait(NOW)
    await talk.tells(DORA, "por la radio")
    await talk.says("ana", "!admitir 1", room=DOOR)
    said = ""
    for _ in range(3):
        await talk.wait(timedelta(seconds=5))
        said = "\n".join([said, *(p.plain for p in await talk.said())])
    return said


def invited(talk: Talk, who: str = DORA) -> list[RoomId]:
    every = [p for p in talk.gateway.posted.values() if p.kind == "invite"]
    return [p.room for p in every if p.content["user"] == who]


async def test_who_is_let_in_is_invited_to_the_space_once(talk: Talk) -> None:
    """It lists both rooms; what its moderators listed is the say of the rooms' moderators."""
    await a_door(talk)
    await a_space(talk, DOOR, DESK)
    said = await lets_in(talk)
    assert sorted(invited(talk)) == sorted([DOOR, DESK, SPACE])
    assert "Te estoy invitando a: Vestíbulo · Mesa · Red" in said
    told = {p.room for p in talk.gateway.posted.values() if p.kind == "m.room.message"}
    assert SPACE not in told  # nor is it the moderators' room, though its id comes first


async def test_a_space_that_lists_another_room_is_no_part_of_it(talk: Talk) -> None:
    await a_door(talk)
    await a_space(talk, ROOM)
    await lets_in(talk)
    assert sorted(invited(talk)) == sorted([DOOR, DESK])


async def test_what_a_space_lists_no_more_does_not_count(talk: Talk) -> None:
    await a_door(talk)
    await a_space(talk, DOOR)
    await state(talk, ("m.space.child", DOOR, {}))
    await lets_in(talk)
    assert SPACE not in invited(talk)


async def test_only_a_space_is_a_space(talk: Talk) -> None:
    """Anybody who may set state in a room could list another there."""
    await a_door(talk)
    await a_space(talk, DOOR)
    await state(talk, ("m.room.create", "", {"room_version": "11"}))
    await lets_in(talk)
    assert SPACE not in invited(talk)


async def test_where_the_bot_may_not_invite_it_is_told_and_tried_again(talk: Talk) -> None:
    await a_door(talk)
    await a_space(talk, DOOR, bot_power=0)
    said = await lets_in(talk)
    assert "En “Red” no tengo permiso para invitar" in said
    assert sorted(invited(talk)) == sorted([DOOR, DESK])
    await talk.restart()
    await talk.wait(timedelta(hours=1))
    await talk.said()
    talk.gateway.uninvitable = {}
    levels = {"users": {"@minga:test": 50}, "invite": 50}
    await state(talk, ("m.room.power_levels", "", levels))
    await talk.wait(timedelta(hours=1))
    await talk.said()
    assert SPACE in invited(talk)


async def test_the_space_is_none_of_who_moderates_no_room_in_it(talk: Talk) -> None:
    """Bea may invite into the door's room; its space lets only its moderators invite."""
    await a_door(talk)
    await a_space(talk, DOOR, DESK)
    await talk.answer("bea", f"!invitar {DORA} prensa", room=DOOR)
    await talk.wait(timedelta(seconds=5))
    said = "\n".join(p.plain for p in await talk.said())
    assert "Invité a 1 persona" in said and "Red" not in said
    assert sorted(invited(talk)) == sorted([DOOR, DESK])
    await talk.says("ana", "!invitar @eva:lejos.org prensa", room=DOOR)
    await talk.sent()
    assert sorted(invited(talk, "@eva:lejos.org")) == sorted([DOOR, DESK, SPACE])


async def test_the_bot_keeps_quiet_in_a_space(talk: Talk) -> None:
    """Nobody reads there, and it is never the moderators' room."""
    await a_space(talk, ROOM, owner="ana")
    await talk.invites("ana", SPACE)
    await talk.moves("@minga:test", Membership.JOIN, SPACE)
    assert await talk.said() == []


async def test_leaving_the_network_leaves_its_space(talk: Talk) -> None:
    await a_space(talk, ROOM)
    private = await talk.private("carla")
    assert "Sales de 2 salas: Red · Sala" in await talk.answer("carla", "salir", room=private)
    await talk.says("carla", "sí", room=private)
    kicked = {p.room for p in await talk.sent() if p.kind == "kick"}
    assert kicked == {ROOM, SPACE}


async def test_a_space_that_the_bot_left_is_forgotten(talk: Talk) -> None:
    await a_space(talk, ROOM)
    async with talk.machine.db.transaction() as tx:
        assert [space.room for space in await rooms.spaces_of(tx, ROOM)] == [SPACE]
        await rooms.mark_left(tx, SPACE)
        assert await rooms.spaces_of(tx, ROOM) == []
        assert await tx.all("SELECT * FROM space_child") == []


async def test_what_a_whole_state_does_not_list_is_gone(talk: Talk) -> None:
    await a_space(talk, ROOM, DESK)
    create = {"type": "m.room.create", "state_key": "", "content": {"type": "m.space"}}
    child = {"type": "m.space.child", "state_key": DESK, "content": VIA}
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, SPACE, [create, child], whole=True)
        assert await rooms.spaces_of(tx, ROOM) == []
        assert [space.room for space in await rooms.spaces_of(tx, DESK)] == [SPACE]


# --- which of the two is meant --------------------------------------------------------------------


async def test_unsubscribing_asks_which_of_the_two_is_meant(talk: Talk) -> None:
    private = await talk.private("carla")
    said = await talk.answer("carla", "darme de baja", room=private)
    assert "1) salir de las salas" in said and "2) que borre lo que guardo" in said
    await talk.restart()
    assert "Sales de 1 sala: Sala" in await talk.answer("carla", "1", room=private)
    await talk.says("carla", "sí", room=private)
    assert [p.room for p in await talk.sent() if p.kind == "kick"] == [ROOM]


async def test_the_other_of_the_two_takes_nobody_out(talk: Talk) -> None:
    private = await talk.private("carla")
    assert "1) sa" in await talk.answer("carla", "me descadastrar", room=private)
    said = await talk.answer("carla", "2", room=private)
    known = talk.machine.registry.find_command("forget-me")
    assert ("`borrarme`" if known else "pídelo a la moderación") in said
    assert UserId(user_id("carla")) not in {
        p.content.get("user") for p in talk.gateway.posted.values() if p.kind == "kick"
    }


async def test_which_rooms_somebody_is_in_is_said_to_them_alone(talk: Talk) -> None:
    private = await talk.private("carla")
    await talk.says("carla", "!salir")
    posts = await talk.said()
    assert [p.room for p in posts] == [private] and "Sales de 1 sala: Sala" in posts[0].plain
    await talk.says("carla", "sí", room=private)
    assert [p.room for p in await talk.sent() if p.kind == "kick"] == [ROOM]
