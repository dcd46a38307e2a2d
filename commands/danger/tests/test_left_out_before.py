"""Whom a call left out before it was kept why: a bare panic does not call them again."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.api import NamedAs
from bot.testing.talk import KEY
from bot.types import Number
from commands.danger import call_store
from storage.database import Database
from storage.schema import migrate

STEPS = Path(call_store.__file__).parent / "migrations"
BEFORE = 4
"""The steps of a database from before the reason was kept."""


async def test_who_was_left_out_before_the_reason_was_kept_counts_as_accused(
    tmp_path: Path,
) -> None:
    earlier = tmp_path / "migrations"
    earlier.mkdir()
    for step in sorted(STEPS.glob("*.sql"))[:BEFORE]:
        shutil.copy(step, earlier)
    db = await Database.open(tmp_path / "minga.db", KEY)
    await migrate(db, {"danger": earlier})
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO item (number, feature, kind, room, author, title, at)"
            " VALUES (1, 'danger', 'panic', '!r:test', '@bea:test', '', 0)"
        )
        await tx.run("INSERT INTO danger_panic (item, at, note) VALUES (1, 0, '')")
        await tx.run("INSERT INTO danger_left_out (item, person) VALUES (1, '@ana:test')")
    await migrate(db, {"danger": STEPS})
    async with db.reading() as tx:
        assert await call_store.alluded(tx, Number(1)) == {"@ana:test": NamedAs.ACCUSED}
    await db.close()
