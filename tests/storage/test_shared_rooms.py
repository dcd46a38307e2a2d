"""Whether a person shares a room is asked without reading all their rooms, with the same answer."""

from __future__ import annotations

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId, UserId
from storage import rooms

KITCHEN, SPACE, LEFT = RoomId("!cocina:test"), RoomId("!red:test"), RoomId("!antes:test")


async def test_one_room_is_shared_where_all_of_them_say_so(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"])
    await talk.room(SPACE, "Red", ["ana", "bea", "eva"], kind="m.space")
    await talk.room(LEFT, "Antes", ["ana", "bea"])
    await talk.moves("bea", Membership.LEAVE, LEFT)
    private = await talk.private("bea")
    every = (ROOM, KITCHEN, SPACE, LEFT, private)
    async with talk.machine.db.reading() as tx:
        for who in map(user_id, ("ana", "bea", "carla", "eva")):
            shared = {one.room for one in await rooms.shared_rooms(tx, who)}
            assert {one for one in every if await rooms.is_shared_room(tx, one, who)} == shared
            assert await rooms.shares_chat_room(tx, who) == bool(shared)
            for room in every:
                assert await rooms.shares_other_room(tx, room, who) == bool(shared - {room})


async def test_who_is_called_is_in_a_room_of_the_network(talk: Talk) -> None:
    """A space may be open to all: else a stranger there is called, or hides who was meant."""
    stranger = UserId("@carla:elsewhere.org")
    await talk.room(SPACE, "Red", ["bea", stranger], kind="m.space")
    await talk.room(LEFT, "Antes", ["bea", stranger])
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET joined = 0 WHERE room = ?", LEFT)
        found = await rooms.people_called(tx, user_id("bea"), "carla")
    assert found == [user_id("carla")]
