"""The database that a bot runs on holds nothing of the steps that made it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.capability.feature import Feature
from bot.run import machine
from storage.database import Database

KEY = b"k" * 32


def watch(patch: pytest.MonkeyPatch, *, fails: bool = False) -> list[Database]:
    """The databases that are upgraded from now on."""
    seen: list[Database] = []
    usual = machine.upgrade_database

    async def upgrade(db: Database, features: Sequence[Feature]) -> None:
        seen.append(db)
        await usual(db, features)
        if fails:
            raise ValueError("a step failed")

    patch.setattr(machine, "upgrade_database", upgrade)
    return seen


async def test_the_steps_have_a_connection_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = watch(monkeypatch)
    db = await machine.open_upgraded(tmp_path / "m.db", KEY, [])
    assert db._conn is not seen[0]._conn
    assert seen[0]._conn._is_closed
    async with db.reading() as tx:
        assert await tx.has_table("schema_version")
    await db.close()


async def test_a_step_that_fails_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = watch(monkeypatch, fails=True)
    with pytest.raises(ValueError, match="failed"):
        await machine.open_upgraded(tmp_path / "m.db", KEY, [])
    assert seen[0]._conn._is_closed
