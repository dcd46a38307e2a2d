"""What was needed once is given back."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
