"""Builds the machine on its own database file without a homeserver, for tests."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.capability.discovery import migration_folders
from bot.capability.feature import Feature
from bot.capability.room_policy import Defaults
from bot.gateway import TryLater
from bot.run.machine import Machine, assemble, check_declared_rows, migrate_database
from bot.run.stages.limits import Limits
from bot.testing.fake_gateway import FakeGateway, signer_of
from bot.testing.kept_files import KeptDatabase
from bot.testing.no_thread import NoThread
from storage.database import Database
from storage.encryption.keys import Keys
from storage.rows.declared_rows import Schema, read_schema

KEY = bytes(32)
KEYS = replace(Keys.from_root(KEY), db=KEY, bare_db=KEY)
_MADE: dict[tuple[tuple[str, Path], ...], bytes] = {}
"""The content of a migrated file, by its capabilities."""
_MIGRATED: dict[tuple[tuple[str, Path], ...], tuple[bytes, Schema]] = {}
"""The content of a migrated file and its columns, by the folders of migrations."""
_QUICK: dict[tuple[tuple[str, Path], ...], dict[str, bool]] = {}
"""Which changes find their rows by a key, by the capabilities: SQLite plans them the same
in each file with these tables, and each would ask it anew."""


@dataclass(slots=True)
class StartTime:
    """When conversations begin: Wednesday 25 November 2026, 10:00 in Bogotá by default."""

    at: datetime = datetime(2026, 11, 25, 15, tzinfo=UTC)


START_TIME = StartTime()


@dataclass(slots=True)
class FakeClock:
    """A clock that tests set."""

    at: datetime = field(default_factory=lambda: START_TIME.at)

    def now(self) -> datetime:
        return self.at


SIGNER = signer_of(FakeGateway(now=FakeClock().now))
"""The bot's signing key in every conversation."""


async def _open_new(path: Path, features: Sequence[Feature], content: bytes | None) -> Database:
    """Create a file and open it: with this content, which these capabilities left, else with
    tables that are empty. Migrations run once per process and are then copied."""
    made = _identity(features)
    if content is None and made not in _MADE:
        _MADE[made] = await _content(path.with_name(f"{path.name}-first"), features)
    content = content or _MADE[made]
    plans = _QUICK.setdefault(made, {})
    if kept := await KeptDatabase.take(path, content, KEY, plans):
        return kept
    path.touch(mode=0o600)
    path.write_bytes(content)
    return await Database.open(path, KEY, plans=plans, thread=NoThread())


def _identity(features: Sequence[Feature]) -> tuple[tuple[str, Path], ...]:
    """Return what tells these capabilities, and so the tables that they make, from others."""
    return tuple((one.name, one.folder) for one in features)


async def _content(path: Path, features: Sequence[Feature]) -> bytes:
    """Return a migrated file's content: for more capabilities with the same migrations, the same.

    Raises `ValueError` if they declare rows that it does not have.
    """
    steps = tuple(migration_folders(features).items())
    if steps not in _MIGRATED:
        _MIGRATED[steps] = await _migrate(path, features)
    content, schema = _MIGRATED[steps]
    check_declared_rows(schema, features)
    return content


async def _migrate(path: Path, features: Sequence[Feature]) -> tuple[bytes, Schema]:
    """Return a migrated file's content and columns."""
    db = await Database.open(path, KEY)
    try:
        await migrate_database(db, features)
        async with db.reading() as tx:
            schema = await read_schema(tx)
    finally:
        await db.close()
    content = path.read_bytes()
    path.unlink()
    return content, schema


async def build_machine(
    path: Path,
    gateway: FakeGateway,
    clock: FakeClock,
    features: Sequence[Feature],
    defaults: Defaults,
    limits: Limits,
    content: bytes | None = None,
) -> Machine:
    """Return the machine on this file, which is created if needed, with this content if given."""
    if path.exists():
        db = await Database.open(path, KEY, thread=NoThread())
        await migrate_database(db, features)
    else:
        db = await _open_new(path, features, content)
    async with db.reading() as tx:  # no test here cuts the power
        await tx.run("PRAGMA synchronous = OFF")
    try:
        machine = assemble(db, gateway, clock, features, defaults, limits, signer_of(gateway))
    except ValueError:
        await db.close()
        raise
    machine.dispatcher.conversation.attention.bot_name = "Minga"
    with contextlib.suppress(TryLater):  # a bot waits for its homeserver; here nothing is forgotten
        await machine.dispatcher.announce_restore(await machine.dispatcher.forget_again())
    return machine
