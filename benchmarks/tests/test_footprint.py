"""What a process takes from its start to its end holds what its imports take."""

from __future__ import annotations

import sys

from benchmarks.footprint import run_timed


async def test_imports_have_a_time_of_their_own_within_that_of_the_process() -> None:
    slow = await run_timed(sys.executable, "print('loading')\nsum(range(3_000_000))")
    quick = await run_timed(sys.executable, "import sys")
    assert 0 <= quick.imports < slow.imports < slow.wall
    assert quick.imports < quick.wall / 4, "Python itself starts before"
