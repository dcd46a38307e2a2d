"""What was needed once is given back."""

from __future__ import annotations

import subprocess
import sys

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
