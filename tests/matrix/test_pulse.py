"""The sync task says by when it moves again: through an outage it does, and stuck it does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.matrix.sync import sync_loop
from bot.matrix.sync.pulse import Pulse
from bot.matrix.sync.state_mirror import Mirror
from storage.database import Database
from storage.schema import migrate
from tests.matrix.fakes import FakeMachine, running
from tests.matrix.homeserver import Homeserver


async def test_a_pulse_is_alive_until_its_deadline() -> None:
    pulse = Pulse()
    assert pulse.is_alive(), "before it begins nothing stands still"
    pulse.expect_within(60)
    assert pulse.is_alive()
    pulse.expect_within(-1)
    assert not pulse.is_alive()
    pulse.expect_within(float("inf"))
    assert pulse.is_alive()


@pytest.fixture
async def db(tmp_path: Path) -> Database:
    db = await Database.open(tmp_path / "minga.db", b"k" * 32)
    await migrate(db, {})
    return db


async def test_in_an_outage_sync_moves(db: Database) -> None:
    async with running("http://127.0.0.1:1", db, FakeMachine()) as (gateway, _inbox):
        async with asyncio.timeout(60):
            while not gateway.sync._failed:  # noqa: ASYNC110 - nobody is told of a failed sync
                await asyncio.sleep(0.01)
        assert gateway.sync.pulse.is_alive()
    await db.close()


async def test_a_sync_task_that_hangs_is_seen(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = asyncio.Event()

    async def hang(*_: object) -> None:
        stuck.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Mirror, "update", hang)
    monkeypatch.setattr(sync_loop, "LONGEST_STEP", 0.05)
    server = Homeserver()
    await server.start()
    server.make_room()
    async with running(server.url, db, FakeMachine()) as (gateway, _inbox):
        async with asyncio.timeout(60):
            await stuck.wait()
            await asyncio.sleep(0.1)
        assert not gateway.sync.pulse.is_alive()
    await db.close()
    await server.stop()


async def test_behind_far_too_much_work_it_waits_and_lives(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start with months to read must not be cut off, for it would begin anew each time."""
    monkeypatch.setattr(sync_loop, "LONGEST_STEP", 0.05)
    waiting = asyncio.Event()

    async def accept(*_: object) -> None:
        waiting.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.matrix.sync.batches.BatchIntake.accept", accept)
    server = Homeserver()
    await server.start()
    server.make_room()
    async with running(server.url, db, FakeMachine()) as (gateway, _inbox):
        async with asyncio.timeout(60):
            await waiting.wait()
            await asyncio.sleep(0.1)
        assert gateway.sync.pulse.is_alive()
    await db.close()
    await server.stop()
