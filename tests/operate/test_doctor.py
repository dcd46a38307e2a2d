"""`minga doctor` ends with 0 only when all is well, names what `run` names, and never breaks."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from pathlib import Path

import pytest

from bot.operate.doctor.checks import run_checks
from storage.database import Database
from storage.encryption.keys import DATABASE, HEADER, KEY_STORE
from storage.encryption.root_key import unlock
from storage.schema import migrate
from tests.operate.doctor.scene import flip
from tests.operate.test_config import write


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    """A bot that ran before, at a homeserver that is off."""
    path = write(tmp_path, homeserver='"http://127.0.0.1:1"')
    (tmp_path / "secrets").mkdir(mode=0o700)
    for name, text in (("key", bytes(range(32)).hex()), ("password", "a long password")):
        (tmp_path / "secrets" / name).touch(mode=0o600)
        (tmp_path / "secrets" / name).write_text(text)
    data = tmp_path / "data"
    keys = unlock(data, key_file=tmp_path / "secrets/key")
    for name, key in ((DATABASE, keys.db), (KEY_STORE, keys.niodb)):
        db = await Database.open(data / name, key)
        await migrate(db, {})
        async with db.transaction() as tx:
            await tx.run("CREATE TABLE padding (words TEXT)")
            await tx.many("INSERT INTO padding VALUES (?)", [("x" * 900,) for _ in range(200)])
        await db.close()
    return path


async def wrong(config: Path) -> list[str]:
    """What doctor calls bad, but for the homeserver, which is off."""
    before = {p: p.stat().st_mtime_ns for p in config.parent.rglob("*") if p.is_file()}
    found = [f.what for f in await run_checks(config) if not f.is_fine]
    after = {p: p.stat().st_mtime_ns for p in config.parent.rglob("*") if p.is_file()}
    assert {p for p in before if p.suffix != ".db"} <= after.keys(), "it only looks"
    assert [line for line in found if "nothing listens there" in line], "the homeserver is off"
    return [line for line in found if "nothing listens there" not in line]


async def test_a_bot_in_order_has_nothing_wrong(config: Path) -> None:
    assert await wrong(config) == []


async def test_a_key_store_whose_first_page_broke_is_called_damaged(config: Path) -> None:
    flip(config.parent / "data" / KEY_STORE, 100)
    (line,) = await wrong(config)
    assert re.search("matrix.db is damaged.*the key is right.*minga init --new-device", line)


@pytest.mark.root
@pytest.mark.parametrize("name", [DATABASE, KEY_STORE, HEADER])
async def test_a_file_that_the_bots_user_cannot_read_is_seen_by_root(
    config: Path, name: str
) -> None:
    data = config.parent / "data"
    for file in (data, *data.iterdir()):
        os.chown(file, 61_234, 61_234)
    os.chown(data / name, 0, 0)
    found = await wrong(config)
    assert len(found) == 1
    assert f"{name} belongs to user 0" in found[0]
    assert "chown -R --reference" in found[0]


async def test_whatever_is_wrong_there_is_no_traceback(config: Path) -> None:
    for path in sorted(config.parent.rglob("*"), reverse=True):
        if path == config or not path.is_file():
            continue
        kept, mode = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
        for content in (b"", b"\x00\xff" * 3000, b"[]"):
            path.write_bytes(content)
            assert all(f.what for f in await run_checks(config))
        path.unlink()
        path.mkdir()
        assert all(f.what for f in await run_checks(config))
        await asyncio.to_thread(path.rmdir)
        path.touch(mode=mode)
        path.write_bytes(kept)
