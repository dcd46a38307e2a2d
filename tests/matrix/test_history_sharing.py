"""Who is given a room's keys before an invitation, and how often they are uploaded (0035)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.crypto.history_bundles import KeyBundle
from bot.matrix.http import Http
from bot.matrix.rooms.history_sharing import UPLOAD_REUSED_FOR, HistorySharing
from bot.matrix.rooms.membership import RoomMembership
from bot.matrix.sync.state_mirror import Mirror
from bot.types import Membership, RoomId, UserId
from storage import settings
from storage.database import Database
from storage.membership.room import Room
from storage.schema import migrate
from tests.matrix.people import ROOM, room

EVA, DORA = UserId("@eva:one.example"), UserId("@dora:one.example")
ME = UserId("@minga:one.example")


@dataclass
class World:
    """All that the sharing asks: the room, who is where, the keys, the file store, the time."""

    db: Database
    user: UserId = ME
    known: Room | None = field(default_factory=room)
    there: dict[UserId, Membership] = field(default_factory=dict)
    keys: bytes | None = b"keys"
    confirmed: bool = True
    uploads: list[bytes] = field(default_factory=list)
    given: list[tuple[UserId, str]] = field(default_factory=list)
    at: datetime = datetime(2026, 11, 28, tzinfo=UTC)

    @property
    def history(self) -> World:
        return self

    async def upload(self, sealed: bytes) -> str:
        self.uploads.append(sealed)
        return f"mxc://one.example/{len(self.uploads)}"

    async def get_room(self, _room: RoomId) -> Room | None:
        return self.known

    async def get_membership(self, _room: RoomId, user: UserId) -> Membership:
        return self.there.get(user, Membership.LEAVE)

    async def build(self, _room: RoomId) -> KeyBundle | None:
        return None if self.keys is None else KeyBundle(self.keys, 1, 0)

    async def has_readers(self, _http: Any, _user: UserId) -> bool:
        return self.confirmed

    async def give(
        self, _http: Any, _room: RoomId, user: UserId, file: Mapping[str, Any], _keys: Any
    ) -> int:
        self.given.append((user, str(file["url"])))
        return 1


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A room that shows its history and wants it given."""
    db = await Database.open(tmp_path / "minga.db", b"k" * 32)
    await migrate(db, {})
    async with db.transaction() as tx:
        await settings.set_value(tx, ROOM, settings.HISTORY, "yes")
    yield World(db)
    await db.close()


def sharing(world: World) -> HistorySharing:
    return HistorySharing(
        cast(Http, world),
        world.db,
        cast(CryptoMachine, world),
        cast(Mirror, world),
        cast(RoomMembership, world),
        lambda: world.at,
    )


@pytest.mark.parametrize("there", Membership)
async def test_only_who_comes_new_is_given_anything(world: World, there: Membership) -> None:
    """Neither somebody banned, nor, after a crash, somebody who was invited already."""
    world.there[EVA] = there
    comes = there in (Membership.LEAVE, Membership.KNOCK)
    assert await sharing(world).share(ROOM, EVA, {}) is comes
    assert [user for user, _url in world.given] == [EVA] * comes


@pytest.mark.parametrize("history", ["joined", "invited", "", "anything"])
async def test_a_room_that_keeps_its_history_gives_none(world: World, history: str) -> None:
    world.known = replace(room(), history=history)
    assert not await sharing(world).share(ROOM, EVA, {})
    assert (world.uploads, world.given) == ([], [])


@pytest.mark.parametrize("right", [True, False])
async def test_nobody_is_given_keys_where_we_may_not_invite(world: World, right: bool) -> None:
    """Else they would hold the keys of a room that they never come into."""
    world.known = replace(room(), power={"invite": 50, "users": {world.user: 50 * right}})
    assert await sharing(world).share(ROOM, EVA, {}) is right
    assert len(world.uploads) == right


async def test_it_stops_when_the_room_takes_it_back(world: World) -> None:
    """Also for an invitation that was waiting."""
    async with world.db.transaction() as tx:
        await settings.set_value(tx, ROOM, settings.HISTORY, None)
    assert not await sharing(world).share(ROOM, EVA, {})
    assert (world.uploads, world.given) == ([], [])


async def test_nothing_is_uploaded_for_who_could_not_read_it(world: World) -> None:
    world.confirmed = False
    assert not await sharing(world).share(ROOM, EVA, {})
    world.confirmed, world.known = True, None
    assert not await sharing(world).share(ROOM, EVA, {})
    world.known, world.keys = room(), None
    assert not await sharing(world).share(ROOM, EVA, {})
    assert (world.uploads, world.given) == ([], [])


async def test_many_share_one_file_while_the_keys_are_the_same(world: World) -> None:
    one = sharing(world)
    for user in (EVA, DORA):
        assert await one.share(ROOM, user, {})
    assert len(world.uploads) == 1
    assert world.given == [(EVA, "mxc://one.example/1"), (DORA, "mxc://one.example/1")]
    world.keys = b"more keys"
    await one.share(ROOM, EVA, {})
    assert len(world.uploads) == 2
    world.at += UPLOAD_REUSED_FOR + timedelta(seconds=1)
    await one.share(ROOM, EVA, {})
    assert len(world.uploads) == 3


async def test_the_server_gets_no_key_in_clear(world: World) -> None:
    await sharing(world).share(ROOM, EVA, {})
    assert world.keys is not None
    assert world.keys not in world.uploads[0]
