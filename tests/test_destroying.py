"""Destroyed keys: the old key file opens nothing, and a start makes no new ones."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import ending
from storage import destroying
from storage.backup import backup, restore
from storage.database import Database, WrongKey
from storage.destroying import TOMBSTONE, destroy, is_destroyed
from storage.keys import DATABASE, HEADER, Keys, SecretError, root_of, unlock
from storage.migrate import migrate


@pytest.fixture
def data(tmp_path: Path) -> Path:
    unlock(tmp_path / "data", key_file=tmp_path / "secrets/key", create=True)
    return tmp_path / "data"


async def test_a_copy_of_the_key_file_opens_nothing_afterwards(data: Path, tmp_path: Path) -> None:
    key = tmp_path / "secrets/key"
    keys = unlock(data, key_file=key)
    db = await Database.open(data / DATABASE, keys.db)
    await migrate(db, {})
    await db.close()
    await backup(data, keys, tmp_path / "copy.backup")
    copy = key.read_bytes()
    assert destroy(data, key)
    assert not key.exists() and not (data / HEADER).exists()
    assert is_destroyed(data, key)
    key.touch(mode=0o600)
    key.write_bytes(copy)  # as who had taken a copy of it
    with pytest.raises(SecretError, match="without its salt"):
        unlock(data, key_file=key)
    with pytest.raises(WrongKey):
        await Database.open(data / DATABASE, Keys.of(root_of(copy, key)).db)
    await restore(tmp_path / "copy.backup", tmp_path / "new", key_file=key, passphrase_file=None)
    again = await Database.open(
        tmp_path / "new" / DATABASE, unlock(tmp_path / "new", key_file=key).db
    )
    await again.close()


def test_a_passphrase_opens_nothing_without_its_salt(tmp_path: Path) -> None:
    phrase, data = tmp_path / "phrase", tmp_path / "data"
    phrase.touch(mode=0o600)
    phrase.write_text("seis palabras al azar son buenas")
    unlock(data, key_file=tmp_path / "key", passphrase_file=phrase)
    (data / DATABASE).write_bytes(b"x")
    destroy(data, tmp_path / "key")
    with pytest.raises(SecretError, match="without its salt"):
        unlock(data, key_file=tmp_path / "key", passphrase_file=phrase)


def test_a_power_cut_in_the_middle_is_made_good_at_the_next_start(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_path: Path) -> None:
        raise KeyboardInterrupt

    key = tmp_path / "secrets/key"
    with monkeypatch.context() as patch:
        patch.setattr(destroying, "_overwrite", cut)
        with pytest.raises(KeyboardInterrupt):
            destroy(data, key)
    assert (data / TOMBSTONE).exists() and key.exists()
    assert is_destroyed(data, key)
    assert not key.exists() and not (data / HEADER).exists()
    key.write_bytes(b"another")  # what is put there later is left alone
    assert is_destroyed(data, key) and key.read_bytes() == b"another"


async def test_it_ends_everything_that_runs_beside_it() -> None:
    told = asyncio.Event()
    told.set()
    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.Event().wait())
            tasks.create_task(ending.watch(told))
    assert ended.group_contains(ending.Ended)
