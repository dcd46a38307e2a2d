"""Destroyed keys: the old key file opens nothing, and a start makes no new ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.operate.config import load_config
from bot.run.duties import self_destruction
from bot.run.farewell import destroy_keys
from storage.database import Database, WrongKey
from storage.encryption import key_destruction, key_header, live_salt
from storage.encryption.key_destruction import (
    TOMBSTONE,
    is_destroyed,
    overwrite_keys,
    remove_databases,
)
from storage.encryption.keys import DATABASE, HEADER, KEY_STORE, Keys, SecretError
from storage.encryption.root_key import unlock
from storage.files.backup import read_backup_info, write_backup
from storage.files.restoration import restore_backup
from storage.schema import migrate
from tests.operate.test_config import LEAST


@pytest.fixture
def data(tmp_path: Path) -> Path:
    unlock(tmp_path / "data", key_file=tmp_path / "secrets/key", create=True)
    return tmp_path / "data"


async def fill(path: Path, keys: Keys) -> None:
    db = await Database.open(path, keys.db)
    await migrate(db, {})
    await db.close()


async def test_nothing_that_anybody_kept_opens_what_was_destroyed(
    data: Path, tmp_path: Path
) -> None:
    key = tmp_path / "secrets/key"
    keys = unlock(data, key_file=key)
    await fill(data / DATABASE, keys)
    await write_backup(data, keys, tmp_path / "copy.backup")
    for name in ("minga-0.2.0-20261128T214005Z.db", ".upgrade-1", ".rollback-1"):
        (data / name).write_bytes((data / DATABASE).read_bytes())
    copy, disk = key.read_bytes(), (data / DATABASE).read_bytes()
    assert overwrite_keys(data, key)
    remove_databases(data)
    assert {p.name for p in data.iterdir()} == {TOMBSTONE}
    assert not key.exists()
    assert is_destroyed(data, key)
    key.touch(mode=0o600)
    key.write_bytes(copy)  # as who had taken a copy of it, and of the disk as it was at the end
    kept = dict(read_backup_info(tmp_path / "copy.backup").key_header)
    assert not {"live", "moving"} & kept.keys()
    (tmp_path / "seized").mkdir()
    (tmp_path / "seized" / DATABASE).write_bytes(disk)
    for header in (kept, kept | {"live": "ab" * 32}):
        (tmp_path / "seized" / HEADER).write_text(json.dumps(header))
        theirs = unlock(tmp_path / "seized", key_file=key)
        for one in (theirs.db, theirs.bare_db):
            with pytest.raises(WrongKey):
                await Database.open(tmp_path / "seized" / DATABASE, one)
    await restore_backup(
        tmp_path / "copy.backup", tmp_path / "new", key_file=key, passphrase_file=None
    )
    again = await Database.open(
        tmp_path / "new" / DATABASE, unlock(tmp_path / "new", key_file=key).db
    )
    await again.close()


async def test_each_restore_has_a_live_salt_of_its_own(data: Path, tmp_path: Path) -> None:
    key = tmp_path / "secrets/key"
    keys = unlock(data, key_file=key)
    await fill(data / DATABASE, keys)
    await write_backup(data, keys, tmp_path / "copy.backup")
    found = [keys.db]
    for name in ("one", "two"):
        await restore_backup(tmp_path / "copy.backup", tmp_path / name, key_file=key)
        found.append(unlock(tmp_path / name, key_file=key).db)
        assert unlock(tmp_path / name, key_file=key).xsign == keys.xsign
    assert len(set(found)) == 3


async def old_folder(tmp_path: Path) -> tuple[Path, Path]:
    """Of before the live salt."""
    data, key = tmp_path / "old", tmp_path / "secrets/key"
    unlock(data, key_file=key, create=True)
    header = json.loads((data / HEADER).read_text())
    del header["live"]
    (data / HEADER).write_text(json.dumps(header))
    keys = unlock(data, key_file=key)
    assert keys.db == keys.bare_db
    await fill(data / DATABASE, keys)
    await fill(data / KEY_STORE, replace(keys, db=keys.niodb))
    return data, key


async def test_a_folder_of_before_gets_its_live_salt_and_stays_readable(tmp_path: Path) -> None:
    data, key = await old_folder(tmp_path)
    before = unlock(data, key_file=key)
    keys = await live_salt.ensure_live_salt(data, before)
    assert unlock(data, key_file=key) == keys
    assert await live_salt.ensure_live_salt(data, keys) == keys
    for name, old, new in ((DATABASE, before.db, keys.db), (KEY_STORE, before.niodb, keys.niodb)):
        await (await Database.open(data / name, new, create=False)).close()
        with pytest.raises(WrongKey):
            await Database.open(data / name, old, create=False)


@pytest.mark.parametrize("steps", range(5))
async def test_killed_at_any_step_it_is_finished_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    data, key = await old_folder(tmp_path)
    left = iter(range(steps))

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any) -> Any:
            next(left)
            return real(*given)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(key_header, "replace_header", counted(key_header.replace_header))
        patch.setattr(Database, "rekey", counted(Database.rekey))
        try:
            await live_salt.ensure_live_salt(data, unlock(data, key_file=key))
        except (RuntimeError, StopIteration):
            assert steps < 4
        else:
            assert steps == 4
    keys = await live_salt.ensure_live_salt(data, unlock(data, key_file=key))
    await (await Database.open(data / DATABASE, keys.db, create=False)).close()
    await (await Database.open(data / KEY_STORE, keys.niodb, create=False)).close()


def test_a_passphrase_opens_nothing_without_its_salt(tmp_path: Path) -> None:
    phrase, data = tmp_path / "phrase", tmp_path / "data"
    phrase.touch(mode=0o600)
    phrase.write_text("seis palabras al azar son buenas")
    unlock(data, key_file=tmp_path / "key", passphrase_file=phrase)
    (data / DATABASE).write_bytes(b"x")
    overwrite_keys(data, tmp_path / "key")
    with pytest.raises(SecretError, match="without its salt"):
        unlock(data, key_file=tmp_path / "key", passphrase_file=phrase)


def test_a_power_cut_in_the_middle_is_made_good_at_the_next_start(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_path: Path) -> None:
        raise KeyboardInterrupt

    key = tmp_path / "secrets/key"
    with monkeypatch.context() as patch:
        patch.setattr(key_destruction, "overwrite_file", cut)
        with pytest.raises(KeyboardInterrupt):
            overwrite_keys(data, key)
    assert (data / TOMBSTONE).exists() and key.exists()
    assert is_destroyed(data, key)
    assert not key.exists() and not (data / HEADER).exists()
    (data / "night.backup").write_bytes(b"theirs")
    key.write_bytes(b"another")  # what is put there later is left alone
    assert is_destroyed(data, key) and key.read_bytes() == b"another"


async def test_it_ends_everything_that_runs_beside_it() -> None:
    told = asyncio.Event()
    told.set()
    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.Event().wait())
            tasks.create_task(self_destruction.raise_when_ended(told))
    assert ended.group_contains(self_destruction.DestructionDue)


async def test_the_passphrase_of_the_backups_goes_with_the_keys(data: Path, tmp_path: Path) -> None:
    key, phrase = tmp_path / "secrets/key", tmp_path / "secrets/backup_passphrase"
    phrase.write_text("six words that nobody guesses")
    assert overwrite_keys(data, key, phrase)
    assert not phrase.exists()
    remove_databases(data)
    assert is_destroyed(data, key, phrase)


async def test_a_former_key_goes_too_wherever_it_was_kept(data: Path, tmp_path: Path) -> None:
    """Of a passphrase that became a key file: backups from before open with it."""
    key, phrase = tmp_path / "secrets/key", tmp_path / "run/passphrase-0a1b2c3d4e5f"
    phrase.parent.mkdir()
    phrase.write_text("six words that nobody guesses")
    header = json.loads((data / HEADER).read_text())
    header["former"] = {"id": "0a1b2c3d4e5f", "at": "2026-11-28", "file": str(phrase)}
    header["former"]["unwanted"] = False
    (data / HEADER).write_text(json.dumps(header))
    assert overwrite_keys(data, key)
    assert not phrase.exists()


async def test_no_section_that_a_kill_left_half_cut_out_can_be_read(
    data: Path, tmp_path: Path
) -> None:
    key, theirs = tmp_path / "secrets/key", tmp_path / "stick/section.key"
    await fill(data / DATABASE, unlock(data, key_file=key))
    left = data / f"{key_destruction.UNFINISHED_SPLIT}0a1b2c3d"
    await fill(left / DATABASE, unlock(left, key_file=theirs, create=True))
    disk = (left / DATABASE).read_bytes()
    overwrite_keys(data, key)
    (tmp_path / "seized").mkdir()
    (tmp_path / "seized" / DATABASE).write_bytes(disk)  # as who stopped the machine just then
    with pytest.raises(SecretError, match="without its salt"):
        unlock(tmp_path / "seized", key_file=theirs)
    assert not (left / HEADER).exists()
    remove_databases(data)
    assert {file.name for file in data.iterdir()} == {TOMBSTONE}


def test_all_passphrases_that_are_named_go(tmp_path: Path) -> None:
    names = ("data_phrase", "backup_phrase")
    (tmp_path / "config.toml").write_text(
        f'{LEAST}[storage]\npassphrase_file = "{names[0]}"\n'
        f'[backup]\npassphrase_file = "{names[1]}"\n'
    )
    for name in names:
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text("seis palabras al azar son buenas")
    config = load_config(tmp_path / "config.toml")
    where = config.storage
    unlock(where.data_dir, key_file=where.key_file, passphrase_file=where.passphrase_file)
    destroy_keys(config)
    assert not [name for name in names if (tmp_path / name).exists()]
