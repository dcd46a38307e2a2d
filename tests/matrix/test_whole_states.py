"""A first sync tells whole states (MSC4222): no room's state is asked for besides."""

from __future__ import annotations

import pytest

from bot.types import RoomId
from storage.database import Database
from tests.matrix.fakes import FakeMachine, running
from tests.matrix.homeserver import ANA, ME, ROOM, Homeserver

OTHER = "!other:one.example"


@pytest.fixture
def server(home: Homeserver) -> Homeserver:
    home.msc4222 = True
    home.make_room()
    return home


async def test_a_whole_state_is_taken_as_it_is(server: Homeserver, db: Database) -> None:
    server.make_room(OTHER)
    server.say("hola")
    async with running(server.url, db, FakeMachine()) as (gateway, inbox):
        await inbox.says("hola")
        assert await gateway._mirror.members(RoomId(OTHER)) == [ANA, ME]
        other = await gateway._mirror.get_room(RoomId(OTHER))
    assert other is not None
    assert other.is_encrypted
    assert other.power["users"] == {ANA: 100}
    assert server.count("/state") == 0


async def test_a_state_that_is_not_whole_is_asked_for(server: Homeserver, db: Database) -> None:
    created = server.rooms[ROOM].order[0]
    del server.rooms[ROOM].told[created["event_id"]]
    server.say("hola")
    async with running(server.url, db, FakeMachine()) as (gateway, inbox):
        await inbox.says("hola")
        assert await gateway._mirror.get_room(RoomId(ROOM)) is not None
    assert server.count("/state") == 1
