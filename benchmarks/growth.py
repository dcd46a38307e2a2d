"""Point 6: what grows with the network; and the measures of single parts, without a homeserver.

Each runs in a process of its own (`benchmarks/in_process`), which can also be run by hand.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence

from benchmarks.bots import ROOT
from benchmarks.figures import Figure, Goal
from benchmarks.scene import OURS

POINT = 6
KINDS = ("votes", "events", "resources", "members")
PARTS = (
    *("votes", "rooms", "elections", "budgets", "events"),
    *("finding", "exchange", "links", "hostile", "history", "public_site"),
)
PACKAGE = "benchmarks.in_process"
GOAL = 1.2
STEPS = ("command", "tick")


async def measure(counts: Sequence[int]) -> list[Figure]:
    """Measure each kind at the sizes given, from the smallest on. One that breaks off is missing,
    and the others are not."""
    figures: list[Figure] = []
    for kind in KINDS:
        status, said = await _run("growth", kind, *map(str, counts))
        if status == 0:
            figures += _figures(kind, counts, json.loads(said[-1]))
        else:
            why = f"growth of {kind} ended with status {status}."
            figures += (
                Figure(POINT, name, "times", {OURS: [None]}, Goal(GOAL), (why,))
                for name in _names(kind, counts)
            )
    return figures


async def measure_parts(notes: dict[str, list[str]]) -> list[Figure]:
    """Run the measures of single parts. Return whether each keeps its goals; note what it said."""
    figures = []
    for part in PARTS:
        status, notes[f"{PACKAGE}.{part}"] = await _run(part)
        kept = Figure(
            POINT,
            f"{PACKAGE}.{part} keeps its goals",
            "",
            {OURS: [float(status == 0)]},
            Goal(1, at_least=True),
        )
        figures.append(kept)
    return figures


async def _run(module: str, *arguments: str) -> tuple[int, list[str]]:
    """Return the exit status of a module and the lines that it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"{PACKAGE}.{module}", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said, _errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return await process.wait(), said.decode().splitlines()


def _figures(
    kind: str, counts: Sequence[int], found: Mapping[str, Mapping[str, float]]
) -> list[Figure]:
    """Make a row for each size, and one for the largest as a multiple of the smallest."""
    units = {"command": "ms", "tick": "ms", "size": "MiB", "memory": "MiB"}
    figures = [
        Figure(POINT, f"{count} {kind}: {value}", unit, {OURS: [found[str(count)][value]]})
        for count in counts
        for value, unit in units.items()
    ]
    few, many = found[str(counts[0])], found[str(counts[-1])]
    times = (many[step] / few[step] for step in STEPS)
    return [
        *figures,
        *(
            Figure(POINT, name, "times", {OURS: [one]}, Goal(GOAL))
            for name, one in zip(_names(kind, counts), times, strict=True)
        ),
    ]


def _names(kind: str, counts: Sequence[int]) -> list[str]:
    """Return what the figures are called that have a goal."""
    return [f"{kind} from {counts[0]} to {counts[-1]}: {step}" for step in STEPS]
