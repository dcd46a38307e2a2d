"""Changes of many rooms' states at once, as a start after a night brings them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.matrix.http import Http
from bot.matrix.sync import state_mirror
from bot.matrix.sync.state_mirror import Mirror
from bot.types import Membership, RoomId, UserId
from storage import rooms
from storage.connection import Connection
from storage.database import Database
from tests.matrix.homeserver import ME, TOKEN, Homeserver

BEA = UserId("@bea:one.example")
MANY = [RoomId(f"!r{n:02}:one.example") for n in range(12)]


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Notes each commit."""
    noted: list[None] = []
    commit = Connection.commit

    async def note(connection: Connection) -> None:
        noted.append(None)
        await commit(connection)

    monkeypatch.setattr(Connection, "commit", note)
    return noted


@pytest.fixture
async def mirror(home: Homeserver, db: Database) -> AsyncIterator[Mirror]:
    """A mirror that knows all rooms already."""
    for room in MANY:
        home.make_room(room)
    http = Http(home.url, TOKEN)
    mirror = Mirror(http, db, UserId(ME))
    await mirror.update((room, after(*home.rooms[room].state.values())) for room in MANY)
    yield mirror
    await http.close()


def after(*events: dict[str, object]) -> dict[str, object]:
    return {"state_after": {"events": list(events)}}


def entered(home: Homeserver, room: RoomId, membership: str = "join") -> dict[str, object]:
    return home.member(BEA, membership, room=room)


async def membership_of(db: Database, room: RoomId) -> Membership | None:
    async with db.reading() as tx:
        return await rooms.membership(tx, room, BEA)


async def test_changes_of_many_rooms_are_few_commits(
    home: Homeserver,
    db: Database,
    mirror: Mirror,
    commits: list[None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state_mirror, "_TAKEN_TOGETHER", 5)
    commits.clear()
    await mirror.update([(room, after(entered(home, room))) for room in MANY])
    assert len(commits) == 3
    assert {await membership_of(db, room) for room in MANY} == {Membership.JOIN}
    assert home.count("/state") == 0


async def test_what_several_syncs_say_of_a_room_is_stored_in_their_order(
    home: Homeserver, db: Database, mirror: Mirror
) -> None:
    room = MANY[0]
    steps = [after(entered(home, room, what)) for what in ("join", "leave", "invite")]
    await mirror.update([(room, step) for step in steps])
    assert await membership_of(db, room) is Membership.INVITE


async def test_a_batch_without_changes_commits_nothing(mirror: Mirror, commits: list[None]) -> None:
    commits.clear()
    await mirror.update([(room, after()) for room in MANY])
    assert commits == []


async def test_a_room_whose_state_is_being_fetched_delays_no_other_and_is_fetched_again(
    home: Homeserver, db: Database, mirror: Mirror
) -> None:
    fetched, others = MANY[0], MANY[1:]
    async with mirror._locks[fetched]:
        told = [(room, [entered(home, room)]) for room in MANY]
        async with asyncio.timeout(60):
            await mirror._apply(told)
        assert {await membership_of(db, room) for room in others} == {Membership.JOIN}
        assert await membership_of(db, fetched) is not Membership.JOIN
    await mirror.update([])
    assert await membership_of(db, fetched) is Membership.JOIN
    assert home.count("/state") == 1
