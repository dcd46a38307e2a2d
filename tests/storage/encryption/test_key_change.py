"""Another root key, step by step: which key opens what after each of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from storage.database import Database, WrongKey
from storage.encryption import key_change, key_header
from storage.encryption import secrets as vault
from storage.encryption.key_change import FormerKey, finish_change, former_key, prepare_change
from storage.encryption.key_header import HEADER, NEXT, new_header, read_header
from storage.encryption.keys import DATABASE, KEY_STORE, SecretError
from storage.encryption.root_key import find_root_key, make_root_key, unlock
from storage.encryption.sealing import unseal_bytes
from storage.encryption.secret_files import write_secret
from storage.files.disk import DatabaseDamaged
from storage.schema import migrate


@dataclass
class Scene:
    """A folder with two databases, its key, and the one that is to come."""

    data: Path
    old: Path
    new: Path

    def header(self) -> dict[str, object]:
        return read_header(self.data) or {}

    def prepare(self) -> None:
        header, how = read_header(self.data), new_header("file")
        assert header is not None
        root = make_root_key(self.new.read_bytes(), self.new, how)
        former = FormerKey(header["id"], "2026-11-28T12:00:00+00:00", "", unwanted=False)
        old_root = find_root_key(header, key_file=self.old)
        prepare_change(self.data, old_root, root, how, former, ("file", self.new))

    async def seeds(self, file: Path) -> bytes | None:
        keys = unlock(self.data, key_file=file)
        await (await Database.open(self.data / KEY_STORE, keys.niodb, create=False)).close()
        db = await Database.open(self.data / DATABASE, keys.db, create=False)
        try:
            async with db.reading() as tx:
                return await vault.get(tx, keys.xsign, "seeds")
        finally:
            await db.close()


@pytest.fixture
async def scene(tmp_path: Path) -> Scene:
    made = Scene(tmp_path / "data", tmp_path / "old", tmp_path / "new")
    keys = unlock(made.data, key_file=made.old, create=True)
    write_secret(made.new, b"another secret of thirty-two bytes and more\n")
    for name, key in ((DATABASE, keys.db), (KEY_STORE, keys.niodb)):
        db = await Database.open(made.data / name, key)
        await migrate(db, {})
        async with db.transaction() as tx:
            await vault.put(tx, keys.xsign, "seeds", b"of the identity")
        await db.close()
    return made


async def test_a_prepared_change_leaves_the_old_key_as_it_was(scene: Scene) -> None:
    scene.prepare()
    assert await scene.seeds(scene.old) == b"of the identity"
    assert not await finish_change(scene.data, key_file=scene.old)
    assert await scene.seeds(scene.old) == b"of the identity"
    with pytest.raises(SecretError, match=r"was interrupted\. Nothing is lost"):
        unlock(scene.data, key_file=scene.new)
    key_change.cancel_change(scene.data)
    assert NEXT not in scene.header()
    assert not await finish_change(scene.data, key_file=scene.new), "there is nothing to finish"


async def test_the_new_key_alone_finishes_it(scene: Scene) -> None:
    scene.prepare()
    scene.old.unlink()
    copy = scene.data / "minga-0.2.0-20261128T214005Z.db"
    copy.write_bytes(b"from before an upgrade, locked with the old one")
    assert await finish_change(scene.data, key_file=scene.new)
    assert not copy.exists(), "nothing opens it any more"
    assert await scene.seeds(scene.new) == b"of the identity"
    header = read_header(scene.data)
    assert header is not None and (former := former_key(header)) is not None
    assert former.id != header["id"]
    assert former.ended.isoformat() == "2026-11-28T12:00:00+00:00"
    assert not await finish_change(scene.data, key_file=scene.new), "it is done"


async def test_the_old_key_never_opens_the_new_one(scene: Scene) -> None:
    """Not from what stands in the header meanwhile, which a disk may keep."""
    header = read_header(scene.data)
    assert header is not None
    old_root = find_root_key(header, key_file=scene.old)
    scene.prepare()
    between = read_header(scene.data)
    assert between is not None
    sealed = bytes.fromhex(between[NEXT]["old"])
    with pytest.raises(InvalidTag):
        unseal_bytes(key_change._seal_key(old_root), header["id"].encode(), sealed)
    new_root = find_root_key(between[NEXT], key_file=scene.new)
    assert new_root.hex() not in json.dumps(between)
    assert unseal_bytes(key_change._seal_key(new_root), header["id"].encode(), sealed) == old_root


async def test_once_begun_only_the_new_key_goes_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    scene.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(key_change, "_lock_key_store", killed)
        with pytest.raises(KeyboardInterrupt):
            await finish_change(scene.data, key_file=scene.new)
    for file in (scene.old, scene.new):
        with pytest.raises(SecretError, match="was interrupted"):
            unlock(scene.data, key_file=file)
    with pytest.raises(ValueError, match="may have the new key"):
        key_change.cancel_change(scene.data)
    assert not await finish_change(scene.data, key_file=scene.old)
    assert await finish_change(scene.data, key_file=scene.new)
    assert await scene.seeds(scene.new) == b"of the identity"


@pytest.mark.parametrize("at", [1, 2])
async def test_killed_between_what_is_sealed_and_its_database(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """The secrets of `minga.db`, the key of the pickles in `matrix.db`; at a second change."""
    pickle_key = unlock(scene.data, key_file=scene.old).nio_pickle
    scene.prepare()
    assert await finish_change(scene.data, key_file=scene.new)
    scene.old, scene.new = scene.new, scene.new.with_name("third")
    write_secret(scene.new, b"a third secret of thirty-two bytes and even more\n")
    rekey, done = Database.rekey, 0

    async def killed(db: Database, key: bytes) -> None:
        nonlocal done
        done += 1
        if done == at:
            raise KeyboardInterrupt
        await rekey(db, key)

    scene.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(Database, "rekey", killed)
        with pytest.raises(KeyboardInterrupt):
            await finish_change(scene.data, key_file=scene.new)
    assert await finish_change(scene.data, key_file=scene.new)
    assert await scene.seeds(scene.new) == b"of the identity"
    keys = unlock(scene.data, key_file=scene.new)
    db = await Database.open(scene.data / KEY_STORE, keys.niodb)
    async with db.reading() as tx:
        (row,) = await tx.all("SELECT * FROM minga_sealed_key")
    await db.close()
    kept = unseal_bytes(keys.nio_pickle, key_change.PICKLE_PLACE, bytes(row["value"]))
    assert kept == pickle_key != keys.nio_pickle


async def test_the_old_header_stays_until_the_new_key_opens_everything(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = scene.header()

    async def broken(_data: Path, _keys: object) -> None:
        raise DatabaseDamaged("minga.db")

    scene.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(key_change, "check_data", broken)
        with pytest.raises(DatabaseDamaged):
            await finish_change(scene.data, key_file=scene.new)
    assert scene.header().items() >= before.items()
    assert await finish_change(scene.data, key_file=scene.new)
    assert scene.header()["live"] != before["live"]


async def test_the_old_header_is_overwritten_where_it_lay(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.prepare()
    live = str(scene.header()["live"])
    replace = key_header.replace_header

    def watched(data: Path, header: dict[str, object]) -> None:
        if NEXT not in header:
            (tmp_path / "the same").hardlink_to(data / HEADER)
        replace(data, header)

    monkeypatch.setattr(key_header, "replace_header", watched)
    await finish_change(scene.data, key_file=scene.new)
    left = (tmp_path / "the same").read_bytes()
    assert left and live.encode() not in left and left[:1] != b"{"


async def test_a_secret_that_no_key_opens_stops_it_before_it_begins(scene: Scene) -> None:
    keys = unlock(scene.data, key_file=scene.old)
    await key_change.check_data(scene.data, keys)
    db = await Database.open(scene.data / DATABASE, keys.db)
    async with db.transaction() as tx:
        await vault.put(tx, b"k" * 32, "strange", b"x")
    await db.close()
    with pytest.raises(DatabaseDamaged, match=DATABASE):
        await key_change.check_data(scene.data, keys)


async def test_a_database_of_other_data_is_no_reason_to_go_on(scene: Scene) -> None:
    keys = unlock(scene.data, key_file=scene.old)
    db = await Database.open(scene.data / KEY_STORE, keys.niodb)
    await db.rekey(b"o" * 32)
    await db.close()
    with pytest.raises(WrongKey):
        await key_change.check_data(scene.data, keys)
