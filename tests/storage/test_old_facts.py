"""What stood in the catch-all table of old versions is in tables with columns afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.run.app import features
from bot.run.machine import migrate_database
from bot.testing.talk import KEY, ROOM
from bot.types import RoomId, UserId
from storage import help_rooms
from storage.catch_up import stale_rooms
from storage.database import Database, Tx
from storage.encryption import keys as keyring
from storage.encryption import own_identity, root_key
from storage.files import maintenance, restores, run_history
from storage.membership import invitations, private_room_attempts
from storage.rows import room_moves
from tests.storage.old_data import add_facts, put

ANA, BEA, EVA, FEDE, GALA = (
    UserId(f"@{who}:test") for who in ("ana", "bea", "eva", "fede", "gala")
)
KEPT = 1795619160
"""About when those data were written, in seconds of UTC."""


_MIGRATED: list[bytes] = []


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """The old database with a fact of each kind, brought up to today: once, then it is copied."""
    put("796e93f", tmp_path)
    path = tmp_path / "a" / keyring.DATABASE
    key = root_key.unlock(tmp_path / "a", key_file=tmp_path / "key").bare_db
    if not _MIGRATED:
        await add_facts(path, key)
        db = await Database.open(path, key, create=False)
        await migrate_database(db, features())
        await db.close()
        _MIGRATED.append(path.read_bytes())
    path.write_bytes(_MIGRATED[0])
    db = await Database.open(path, key, create=False)
    yield db
    await db.close()


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(KEPT + seconds, UTC)


def day(hour: int, minute: int, second: float = 0) -> datetime:
    return datetime(2026, 11, 25, hour, minute, tzinfo=UTC) + timedelta(seconds=second)


async def rows(tx: Tx, table: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in await tx.all(f"SELECT * FROM {table}"))  # noqa: S608


async def test_the_table_is_gone(db: Database) -> None:
    async with db.reading() as tx:
        assert not await tx.has_table("fact")


async def test_help_rooms_and_whose_they_are(db: Database) -> None:
    async with db.transaction() as tx:
        assert await help_rooms.open_for(tx, EVA) == "!help:test"
        assert await help_rooms.open_for(tx, BEA) is None
        assert await help_rooms.person_of(tx, RoomId("!closed:test")) == BEA
        assert await help_rooms.person_of(tx, RoomId("!former:test")) == help_rooms.GONE
        assert not await help_rooms.may_open(tx, BEA, at(-86400) + help_rooms.INTERVAL * 0.9)
        assert await help_rooms.may_open(tx, BEA, at(-86400) + help_rooms.INTERVAL)
        await help_rooms.mark_closed(tx, EVA)
        assert not await help_rooms.may_open(tx, EVA, at(0.25) + help_rooms.INTERVAL * 0.9)


async def test_who_has_trouble_with_a_device(db: Database) -> None:
    async with db.transaction() as tx:
        assert await help_rooms.unread_since(tx, EVA) == at(10.5)
        assert await help_rooms.unread_since(tx, FEDE) == at(20)
        assert await help_rooms.unread_since(tx, GALA) is None
        waited = [await help_rooms.take_waiting(tx, one) for one in (EVA, FEDE, GALA, BEA)]
        assert waited == [True, True, True, False]


async def test_invitations_and_attempts_at_private_rooms(db: Database) -> None:
    async with db.reading() as tx:
        assert await invitations.get(tx, RoomId("!new:test")) == (ANA, False)
        assert await invitations.get(tx, RoomId("!private:test")) == (BEA, True)
        assert await private_room_attempts.last_attempt(tx, GALA) == at(0.5)
        assert await private_room_attempts.last_attempt(tx, ANA) == at(0), "as it was in the data"


async def test_rooms_that_moved_or_are_behind(db: Database) -> None:
    async with db.reading() as tx:
        assert await room_moves.successor_of(tx, RoomId("!former:test")) == "!next:test"
        assert await stale_rooms.get_all(tx) == {"!quiet:test": at(0.75), "!first:test": None}


async def test_what_rooms_are_to_be_told_and_what_was_decided(db: Database) -> None:
    async with db.reading() as tx:
        assert await restores.pending_restore(tx) == day(16, 11)
        assert await own_identity.pending_new_identity(tx) == day(16, 12, 0.5)
        assert await own_identity.is_destruction_due(tx)


async def test_earlier_runs_and_upkeep(db: Database) -> None:
    async with db.reading() as tx:
        past = run_history.RunHistory(("one", "two"), "f", "w", stale=True, why="gone")
        assert await run_history.get_history(tx) == past
        assert await maintenance.zones_version(tx) == "2025.2"
        assert await maintenance.last_cleaned(tx) == "2026-11-25"


async def test_what_is_under_way_at_the_doors(db: Database) -> None:
    async with db.reading() as tx:
        assert await rows(tx, "doors_door") == [("!door:test", 1, 7), ("!gate:test", 0, 8)]
        crowd = (ROOM, "far.example:8448", day(16, 13).timestamp(), 3)
        assert await rows(tx, "doors_crowd") == [crowd]


async def test_what_newcomers_and_moderators_were_told(db: Database) -> None:
    async with db.reading() as tx:
        assert await rows(tx, "welcome_nobody_free") == [(1, day(16, 14).timestamp())]
        assert await rows(tx, "welcome_summary_round") == [(1,)]
        assert await rows(tx, "rules_stuck_told") == [("2026-11-25", 4)]


async def test_a_capability_that_comes_later_finds_no_such_table(tmp_path: Path) -> None:
    """The core has dropped it by then."""
    db = await Database.open(tmp_path / "new.db", KEY)
    without = [
        one for one in features() if one.name != "onboarding" and "onboarding" not in one.needs
    ]
    await migrate_database(db, without)
    await migrate_database(db, features())
    async with db.reading() as tx:
        assert await rows(tx, "doors_door") == []
    await db.close()
