"""What was needed once is given back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.loopback import write_secret
from bot.operate.config import Config, load_config
from bot.operate.watch.service_manager import ServiceManager
from bot.run import app
from bot.types import RoomId
from storage.database import Database
from storage.encryption.keys import Keys
from storage.schema import migrate
from tests.matrix.fakes import FakeInbox
from tests.operate.doctor.homeserver import ME, PASSWORD, OperatorsServer
from tests.operate.test_config import write

USED = """
import os
from benchmarks.processes import read_memory
from bot.run.free_memory import return_free_memory
blocks = [bytes(2000) for _ in range(40_000)]
last = bytes(2000)
full = read_memory(os.getpid())
del blocks
kept = read_memory(os.getpid())
return_free_memory()
print(full - kept, kept - read_memory(os.getpid()))
"""


def test_freed_pages_are_returned_though_a_later_block_is_in_use() -> None:
    command = [sys.executable, "-c", USED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    by_itself, returned = map(float, done.stdout.split())
    assert by_itself < 10
    assert returned > 60


IN_THREADS = """
import sys, threading
from pathlib import Path
from bot.run.free_memory import share_one_arena

def read_heap():
    maps = Path("/proc/self/smaps").read_text().split("[heap]")[1:]
    return sum(int(one.split("Rss:")[1].split()[0]) for one in maps) / 1024

if "shared" in sys.argv:
    share_one_arena()
before, kept = read_heap(), []
for _ in range(4):
    thread = threading.Thread(target=lambda: kept.extend(bytes(2000) for _ in range(4_000)))
    thread.start()
    thread.join()
print(read_heap() - before)
"""


@pytest.mark.parametrize("how", ["shared", "apart"])
def test_what_threads_allocate_lies_in_one_place(how: str) -> None:
    command = [sys.executable, "-c", IN_THREADS, how]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert (float(done.stdout) > 25) == (how == "shared")


@pytest.fixture
async def config(tmp_path: Path) -> AsyncIterator[Config]:
    """A bot at a homeserver that is there."""
    server = OperatorsServer()
    await server.start()
    (tmp_path / "secrets").mkdir(mode=0o700)
    write_secret(tmp_path / "secrets/password", PASSWORD)
    (tmp_path / "data").mkdir()
    yield load_config(write(tmp_path, homeserver=f'"{server.url}"', user_id=f'"{ME}"'))
    await server.stop()


async def test_once_keys_were_given_ahead_what_that_took_is_returned(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned = asyncio.Event()
    monkeypatch.setattr(app, "return_free_memory", returned.set)
    monkeypatch.setattr("bot.matrix.rooms.keys_ahead.TOGETHER", 0)
    keys = Keys.from_root(b"r" * 32)
    db = await Database.open(config.storage.database, keys.db)
    await migrate(db, {})
    gateway = await app.connect(config, keys, db, ServiceManager())
    running = asyncio.create_task(gateway.run(FakeInbox(db)))
    assert not returned.is_set()
    gateway.machine.sharer.wanting.add(RoomId("!room:one.example"))
    async with asyncio.timeout(60):
        await returned.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await gateway.close()
    await db.close()
