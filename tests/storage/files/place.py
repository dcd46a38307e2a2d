"""A bot's folder with a database that has something in it, for the tests of backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.types import RoomId
from storage import rooms, sync
from storage.database import Database
from storage.encryption import secrets
from storage.encryption.keys import DATABASE, Keys
from storage.encryption.root_key import unlock
from storage.schema import migrate

MARKERS = ["@marker-ana:example.org", "!marker-room:example.org", "$marker-event", "marker-token"]


@dataclass(frozen=True)
class Place:
    data: Path
    key_file: Path
    keys: Keys

    async def open(self) -> Database:
        keys = unlock(self.data, key_file=self.key_file)
        return await Database.open(self.data / DATABASE, keys.db)


async def make_place(folder: Path) -> Place:
    key_file = folder / "secrets/key"
    place = Place(
        folder / "data", key_file, unlock(folder / "data", key_file=key_file, create=True)
    )
    db = await place.open()
    await migrate(db, {})
    async with db.transaction() as tx:
        await secrets.put(tx, place.keys.xsign, "seeds", b"marker-seeds")
        await secrets.put(tx, place.keys.xsign, "matrix-session", b"marker-token")
        await sync.save_token(tx, "marker-token")
        await sync.mark_seen(tx, MARKERS[2], datetime.now(UTC))  # type: ignore[arg-type]
        await rooms.mark_joined(tx, RoomId(MARKERS[1]), datetime(2026, 1, 1, tzinfo=UTC))
        await tx.run(
            "INSERT INTO item (feature, kind, room, author, title, at) VALUES (?, ?, ?, ?, ?, 0)",
            *("polls", "poll", MARKERS[1], MARKERS[0], "x" * 100_000),
        )
    await db.close()
    return place


def secret(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path
