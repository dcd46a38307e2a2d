"""What came out of a week in fast time: `python -m benchmarks.week_report`, as `make week` runs it.

`--page` writes it into docs/limits.md.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.limits_page import write_part
from benchmarks.week import FULL_DISK, HOUR, OUTAGE, RESTARTS, Day, Week, is_excused, run_week


async def summary(week: Week) -> dict[str, Any]:
    """Return the figures of a week, and whether nothing was lost, doubled or early."""
    counted = await week.votes_counted()
    found: dict[str, Any] = {
        "expected": len(week.expected),
        "said": sum(bool(one.said) for one in week.expected.values()),
        "excused": sum(not one.said and is_excused(one) for one in week.expected.values()),
        "lost": week.lost(),
        "doubled": week.doubled(),
        "early": week.early(),
        "votes": (week.votes_taken, counted),
        "lines": week.lines,
        "refused": week.refused,
        "left": len(week.talk.later),
        "days": week.days,
    }
    wrong = (found["lost"], found["doubled"], found["early"], found["left"])
    found["fine"] = not any(wrong) and week.votes_taken == counted
    return found


def as_text(found: dict[str, Any], took: float, used: float) -> str:
    """Return the figures as lines for the page."""
    taken, counted = found["votes"]
    days: list[Day] = found["days"]
    table = [
        f"| {n} | {d.memory:.0f} | {d.disk:.2f} | {d.jobs} | {d.waiting} |"
        for n, d in enumerate(days, start=1)
    ]
    outcome = (
        f"{found['lines']:,} lines of people; {found['expected']:,} things to say at their time,"
        f" {found['said']:,} said, {found['excused']} past their use or after the week; lost"
        f" {len(found['lost'])}, said too often {len(found['doubled'])}, early"
        f" {len(found['early'])}; {taken} votes acknowledged, {counted} counted."
    )
    weather = (
        f"{RESTARTS} restarts; the homeserver away for {OUTAGE[1] // HOUR} h; the disk full for"
        f" {FULL_DISK[1] // HOUR} h, in which the database refused {found['refused']} times. It"
        f" took {took:.0f} s, {used:.0f} s of processor time."
    )
    head = ("| Day | Memory, MiB | Database, MiB | Jobs | Waiting to go out |", "| --- " * 5 + "|")
    return "\n".join((outcome, "", weather, "", *head, *table))


async def main() -> int:
    """Run a week, say what came out, and write it to docs/limits.md with `--page`."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rooms", type=int, default=360)
    options.add_argument("--page", action="store_true")
    given = options.parse_args()
    began, cpu = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        week = await run_week(Path(folder), given.rooms)
        took, used = time.monotonic() - began, time.process_time() - cpu
        result = await summary(week)
        await week.talk.close()
    text = as_text(result, took, used)
    sys.stdout.write(text + "\n")
    if given.page:
        write_part("week", text)
    return 0 if result["fine"] else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
