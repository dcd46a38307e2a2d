"""A million events of every kind, as fast as the bot takes them, over 50,000 stored sessions."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.faults.figures import FULL, Figure, full_or
from tests.real.servers import in_memory

EVENTS = int(os.environ.get("MINGA_SOAK_EVENTS") or full_or(1_000_000, 400))
SESSIONS = full_or(50_000, 100)


async def test_memory_does_not_grow(figure: Figure, tmp_path: Path) -> None:
    """The endless homeserver and the members live in the same process: their memory counts too."""
    figure.mark(
        "1,000,000 events: ≤ 1 MiB more per 100,000 after the warm-up; start ≤ 10 s with 50,000"
        " sessions; those past their time purged; open files constant ±5"
    )
    with in_memory(tmp_path) as folder:
        soaking = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.soaking"),
            *(str(EVENTS), str(SESSIONS), str(folder)),
            stdout=asyncio.subprocess.PIPE,
        )
        said, _errors = await soaking.communicate()
    assert soaking.returncode == 0
    found = json.loads(said.splitlines()[-1])
    print(found["mib"])  # noqa: T201  (MiB held, at forty moments)
    fewest, most = found["files"]
    growth, left = found["mib_per_100000"], found["sessions_after_purge"]
    figure.result(
        f"{EVENTS:,} events in {found['seconds']:,} s: {growth} MiB more per 100,000"
        f" ({found['mib_warm']} → {found['mib_end']} MiB); start {found['start_seconds']} s with"
        f" {found['sessions']:,} sessions, {left:,} of them after the purge;"
        f" {fewest}–{most} open files",
        passed=(growth <= 1 or not FULL)  # in a short run all caches are still filling
        and (found["start_seconds"] <= 10 or not FULL)  # nor does a busy machine fail
        and left <= found["sessions_kept"]
        and most - fewest <= 10,
        **{key: value for key, value in found.items() if key not in ("files", "mib")},
    )
