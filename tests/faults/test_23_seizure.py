"""The disk is taken: markers, a wrong key, shredded ballots, and kills while keys are changed."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands.ballot_secrecy.tests.secret_world import World
from commands.ballot_secrecy.tests.test_secret_votes import (
    test_every_receipt_of_500_voters_checks_and_nothing_links_after_shredding as nothing_links,
)
from storage.database import Database, WrongKey
from storage.encryption import key_header, live_salt, root_key
from storage.encryption import keys as keyring
from storage.encryption.keys import SecretError
from tests.faults.figures import ROOT, Figure
from tests.real.fixtures import EnterPlain
from tests.real.servers import Pair
from tests.real.test_seizure import seized
from tests.storage.old_data import put
from tests.storage.test_killed_migrations import COMMIT, holds

KILLS, MARKERS, BALLOTS = 20, 200, 500
CHILD = """
import asyncio, sys
from pathlib import Path
from storage.encryption import keys, live_salt
data, key_file = map(Path, sys.argv[1:])
found = root_key.unlock(data, key_file=key_file)
print("begins", flush=True)
asyncio.run(live_salt.ensure_live_salt(data, found))
"""
"""Encrypts both databases anew, with a key that has another salt."""


@pytest.mark.full  # tests/real/test_seizure.py is the same with fewer markers
async def test_files_tell_nothing(
    figure: Figure, pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    figure.mark("0 of 200 markers readable in data, write-ahead log, backup or log")
    planted, hits = await seized(pair, plain, tmp_path)
    figure.result(
        f"{len(hits)} of {planted} markers readable; with the key, all of them are found",
        passed=not hits and planted >= MARKERS,
        hits=len(hits),
        planted=planted,
    )


@pytest.mark.full  # in tests/storage/test_killed_migrations.py and commands/ballot_secrecy/tests
async def test_keys_and_ballots(figure: Figure, tmp_path: Path) -> None:
    figure.mark(
        "a wrong key never creates a database; 0 of 500 ballots can be linked after shredding; the"
        " databases open after 20 of 20 kills while they are encrypted anew"
    )
    opened, moving = await killed(tmp_path)
    created = await made_by_wrong_keys(tmp_path)
    worlds: list[World] = []

    async def start(path: Path, voters: int, **terms: object) -> World:
        worlds.append(await World.start(path, voters, **terms))
        return worlds[-1]

    await nothing_links(tmp_path / "ballots.db", start)
    for world in worlds:
        await world.talk.close()
    figure.result(
        f"{created} databases created or changed by a wrong key; 0 of {BALLOTS} ballots linked (a"
        f" scan of all pages with the key); {opened} of {KILLS} opened, {moving} of them killed"
        " half-way",
        passed=created == 0 and opened == KILLS and moving >= KILLS // 4,
        created=created,
        opened=opened,
        moving=moving,
    )


async def killed(folder: Path) -> tuple[int, int]:
    """Kill the process at `KILLS` moments while it encrypts the databases anew.

    Return how often all data was there afterwards, and how often the kill came half-way.
    """
    data, key_file = folder / "a", folder / "key"
    put(COMMIT, folder)
    bare = root_key.unlock(data, key_file=key_file)
    whole = await holds(data / keyring.DATABASE, bare.bare_db)
    keys_whole = await holds(data / keyring.KEY_STORE, bare.bare_niodb)
    took = await rekeyed(folder, None)
    opened = moving = 0
    for n in range(KILLS):
        for name in (keyring.DATABASE, keyring.KEY_STORE, "key.json"):
            for left in data.glob(f"{name}*"):
                left.unlink()
        put(COMMIT, folder)
        await rekeyed(folder, took * (n + 0.5) / KILLS)
        moving += key_header.MOVING_SALT in (keyring.read_header(data) or {})
        keys = await live_salt.ensure_live_salt(data, root_key.unlock(data, key_file=key_file))
        same = await holds(data / keyring.DATABASE, keys.db) == whole
        opened += same and await holds(data / keyring.KEY_STORE, keys.niodb) == keys_whole
    return opened, moving


async def rekeyed(folder: Path, kill_after: float | None) -> float:
    """Encrypt the databases anew in a process, killed after `kill_after` seconds; None: never.

    Return how many seconds it ran.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHILD, str(folder / "a"), str(folder / "key")),
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"begins\n"
    began = time.monotonic()
    if kill_after is None:
        assert await process.wait() == 0
        return time.monotonic() - began
    await asyncio.sleep(kill_after)
    if process.returncode is None:
        process.kill()
    assert await process.wait() in (0, -signal.SIGKILL)
    return time.monotonic() - began


async def made_by_wrong_keys(folder: Path) -> int:
    """Try wrong keys on databases and key files; return how many files that changed or made."""
    data, wrong = folder / "a", folder / "wrong"
    wrong.write_text("ab" * 32)
    wrong.chmod(0o600)
    before = {path: path.read_bytes() for path in data.iterdir()}
    for path in (data / keyring.DATABASE, data / keyring.KEY_STORE):
        with pytest.raises(WrongKey):
            await Database.open(path, b"w" * 32, create=False)
        with pytest.raises(WrongKey):
            await Database.open(path, b"w" * 32)
    for key_file in (wrong, folder / "none"):
        with pytest.raises(SecretError):
            root_key.unlock(data, key_file=key_file, create=True)
    after = {path: path.read_bytes() for path in data.iterdir()}
    return sum(before.get(path) != after.get(path) for path in {*before, *after})
