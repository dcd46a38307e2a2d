"""A backup holds everything, tells nothing, and comes back whole or not at all."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.types import RoomId
from storage import outbox_entries, rooms, sync
from storage.database import Database
from storage.encryption import secrets
from storage.encryption.keys import DATABASE, HEADER, SecretError
from storage.encryption.root_key import unlock
from storage.files import backup as backup_module
from storage.files import restores
from storage.files.backup import MAGIC, BackupError, read_backup_info, write_backup
from storage.files.restoration import NUMBER_GAP, restore_backup
from storage.schema import migrate
from tests.storage.files.place import MARKERS, Place, make_place


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    return await make_place(tmp_path)


async def test_what_comes_back_is_what_was_there(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "minga.backup"
    await write_backup(place.data, place.keys, file)
    there = Place(tmp_path / "new", place.key_file, place.keys)
    await restore_backup(file, there.data, key_file=there.key_file)
    db = await there.open()
    async with db.reading() as tx:
        assert await secrets.get(tx, there.keys.xsign, "seeds") == b"marker-seeds"
        assert await sync.seen_among(tx, [MARKERS[2]])  # type: ignore[list-item]
        title = await tx.one("SELECT title FROM item")
    await db.close()
    assert title is not None
    assert title["title"] == "x" * 100_000
    assert (there.data / HEADER).exists()
    assert stat.S_IMODE((there.data / DATABASE).stat().st_mode) == 0o600
    assert {p.name for p in there.data.iterdir()} == {DATABASE, HEADER}


async def test_it_comes_back_as_a_new_device_that_repeats_nothing(
    place: Place, tmp_path: Path
) -> None:
    file, before = tmp_path / "minga.backup", datetime.now(UTC).timestamp()
    await write_backup(place.data, place.keys, file)
    there = Place(tmp_path / "new", place.key_file, place.keys)
    found = await restore_backup(file, there.data, key_file=there.key_file)
    db = await there.open()
    assert await sync.get_token(db) is None
    async with db.transaction() as tx:
        assert await secrets.get(tx, there.keys.xsign, "matrix-session") is None
        room = await rooms.get(tx, RoomId(MARKERS[1]))
        assert room is not None
        assert room.entered.timestamp() >= before
        number = await tx.run(
            "INSERT INTO item (feature, kind, room, author, title, at)"
            " VALUES ('polls', 'poll', '', '', '', 0)"
        )
        made = await restores.pending_restore(tx)
    await db.close()
    assert number == 2 + NUMBER_GAP
    assert made == found.made


async def test_it_works_while_the_bot_writes_and_tells_nothing(
    place: Place, tmp_path: Path
) -> None:
    file = tmp_path / "minga.backup"
    db = await place.open()
    async with db.transaction() as tx:
        await tx.run("INSERT INTO stale_room VALUES ('half', NULL)")
        made = await write_backup(place.data, place.keys, file)
    await db.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_backup_info(file) == made
    raw = file.read_bytes()
    assert not [m for m in (*MARKERS, "marker-seeds", "SQLite format") if m.encode() in raw]
    there = Place(tmp_path / "new", place.key_file, place.keys)
    await restore_backup(file, there.data, key_file=there.key_file)
    db = await there.open()
    async with db.reading() as tx:
        assert await tx.one("SELECT 1 FROM stale_room") is None
    await db.close()


async def test_a_copy_holds_nothing_that_is_on_its_way(place: Place, tmp_path: Path) -> None:
    db = await place.open()
    async with db.transaction() as tx:
        await outbox_entries.add(
            tx,
            room=RoomId(MARKERS[1]),
            person=None,
            kind="event",
            payload={"content": {"body": "private words"}},
            device="A",
            at=datetime.now(UTC),
        )
        await tx.run("INSERT INTO parked (event, room, what, at) VALUES ('$e', '!r:x', '{}', 0)")
        await tx.run(
            "INSERT INTO question VALUES ('!r:x', '', '@a:x', '', '', '{}', '{}', 0, 0, '', '')"
        )
    await db.close()
    copy = tmp_path / "copy.db"
    await backup_module._copy(place.data / DATABASE, place.keys, copy)
    db = await Database.open(copy, place.keys.bare_db)
    async with db.reading() as tx:
        for table in ("letter", "parked", "question"):
            assert await tx.all(f"SELECT 1 FROM {table}") == [], table  # noqa: S608
        assert await tx.all("SELECT * FROM item") != []
    await db.close()


async def test_nothing_is_ever_replaced(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "minga.backup"
    await write_backup(place.data, place.keys, file)
    with pytest.raises(BackupError, match="never replaces"):
        await write_backup(place.data, place.keys, file)
    with pytest.raises(BackupError, match="never replaces"):
        await restore_backup(file, place.data, key_file=place.key_file)


async def test_another_key_does_not_open_it(place: Place, tmp_path: Path) -> None:
    file, other = tmp_path / "minga.backup", tmp_path / "other"
    await write_backup(place.data, place.keys, file)
    other.touch(mode=0o600)
    other.write_bytes(b"o" * 64)
    with pytest.raises(SecretError, match="is not the key of this data"):
        await restore_backup(file, tmp_path / "new", key_file=other)
    assert not list((tmp_path / "new").iterdir())


async def test_any_changed_or_missing_byte_is_found(place: Place, tmp_path: Path) -> None:
    file, bad = tmp_path / "minga.backup", tmp_path / "bad.backup"
    await write_backup(place.data, place.keys, file)
    whole = file.read_bytes()
    places = [0, len(MAGIC) + 2, 40, len(whole) // 2, len(whole) - 1]
    broken = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    broken += [whole[:at] for at in (0, 10, 60, len(whole) // 2, len(whole) - 1)]
    broken += [whole + b"x", b"", os.urandom(500)]
    for text in broken:
        bad.write_bytes(text)
        with pytest.raises((BackupError, SecretError)):
            await restore_backup(bad, tmp_path / "new", key_file=place.key_file)
        assert not list((tmp_path / "new").iterdir())


async def test_a_passphrase_alone_brings_it_back(tmp_path: Path) -> None:
    phrase, file = tmp_path / "phrase", tmp_path / "minga.backup"
    phrase.touch(mode=0o600)
    phrase.write_text("correct horse battery")
    key_file = tmp_path / "none"
    keys = unlock(tmp_path / "data", key_file=key_file, passphrase_file=phrase)
    place = Place(tmp_path / "data", key_file, keys)
    db = await Database.open(place.data / DATABASE, keys.db)
    await migrate(db, {})
    await db.close()
    await write_backup(place.data, keys, file)
    await restore_backup(file, tmp_path / "new", key_file=key_file, passphrase_file=phrase)
    there = unlock(tmp_path / "new", key_file=key_file, passphrase_file=phrase)
    assert there.xsign == keys.xsign
    await (await Database.open(tmp_path / "new" / DATABASE, there.db, create=False)).close()


async def test_what_cannot_be_is_a_sentence(place: Place, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no folder"):
        await write_backup(place.data, place.keys, tmp_path / "no/where")
    with pytest.raises(BackupError, match="start the bot once"):
        await write_backup(tmp_path / "empty", place.keys, tmp_path / "file")
    with pytest.raises(BackupError, match="There is no file"):
        await restore_backup(tmp_path / "absent", tmp_path / "new", key_file=place.key_file)


async def test_a_change_of_key_leaves_nothing_in_the_log_to_be_moved_while_all_wait(
    place: Place,
) -> None:
    """To close a file moves what is in its log, and SQLCipher lets no thread work meanwhile."""
    db = await place.open()
    await db.rekey(os.urandom(32))
    log = place.data / f"{DATABASE}-wal"
    assert not log.exists() or log.stat().st_size == 0
    await db.close()
