"""A room that somebody took the bot out of is remembered, until the bot is in it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.matrix.http import Http
from bot.matrix.sync.state_mirror import Mirror
from bot.types import RoomId, UserId
from storage import rooms
from storage.database import Database
from storage.membership import removals
from tests.matrix.homeserver import ANA, ME, ROOM, Homeserver

HERE = RoomId(ROOM)
AT = datetime(2026, 11, 28, 19, 0, tzinfo=UTC)


@pytest.fixture
def server(home: Homeserver) -> Homeserver:
    home.make_room()
    home.set("m.room.name", {"name": "Sala"})
    return home


@pytest.fixture
async def mirror(http: Http, db: Database) -> Mirror:
    """It is in the room."""
    mirror = Mirror(http, db, UserId(ME))
    assert await mirror.get_room(HERE) is not None
    return mirror


def left(sender: str, membership: str = "leave", user: str = ME) -> Mapping[str, Any]:
    return {
        "type": "m.room.member",
        "state_key": user,
        "sender": sender,
        "content": {"membership": membership},
        "origin_server_ts": int(AT.timestamp() * 1000),
    }


async def known(db: Database) -> list[removals.Removal]:
    async with db.reading() as tx:
        return await removals.all_removals(tx)


@pytest.mark.parametrize("membership", ["leave", "ban"])
async def test_it_is_remembered_by_the_name_of_the_room(
    db: Database, mirror: Mirror, membership: str
) -> None:
    await mirror.note_left(HERE, said=[left(ANA, user=ANA), left(ANA, membership)])
    assert await known(db) == [removals.Removal("Sala", AT)]
    await mirror.fetch_state(HERE)  # somebody invited it again
    assert await known(db) == []


async def test_it_is_told_after_the_state_was_refused(db: Database, mirror: Mirror) -> None:
    await mirror.note_left(HERE)
    assert await known(db) == []
    await mirror.note_left(HERE, said=[left(ANA)])
    assert await known(db) == [removals.Removal("Sala", AT)]


async def test_its_own_leave_is_none(db: Database, mirror: Mirror) -> None:
    await mirror.note_left(HERE, said=[left(ME)])
    assert await known(db) == []


async def test_of_a_private_room_nothing_is_kept(db: Database, mirror: Mirror) -> None:
    async with db.transaction() as tx:
        await rooms.set_private(tx, HERE, UserId(ANA))
    await mirror.note_left(HERE, said=[left(ANA)])
    assert await known(db) == []


async def test_it_is_forgotten_after_a_time(db: Database, mirror: Mirror) -> None:
    await mirror.note_left(HERE, said=[left(ANA)])
    async with db.transaction() as tx:
        await removals.forget_before(tx, AT)
    assert len(await known(db)) == 1
    async with db.transaction() as tx:
        await removals.forget_before(tx, AT + removals.KEPT_FOR)
    assert await known(db) == []
