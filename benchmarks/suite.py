"""Point 9: what the tests take of the processor, by file, as `make test-cost` found it.

`python -m benchmarks.suite --seconds 700` takes the dearest files of dist/test-cost.txt into the
figures that are kept, and writes the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks import page
from benchmarks.bots import ROOT
from benchmarks.figures import Figure, Goal, Part, read_run
from benchmarks.pictures import KEPT
from benchmarks.report import OURS

POINT = 9
NAME = "tests"
TABLE = ROOT / "dist/test-cost.txt"
ALL = "(all)"
SHOWN = 30
AIM = Goal(360)
"""Seconds that `make test` may take on two cores."""


def read_table(lines: Sequence[str], seconds: float) -> list[Figure]:
    """Return the figures of a table of `tests/processor_time.py`, and of how long all took.

    Raises `ValueError` if that is not a table of a whole run: the tests of a few files say nothing.
    """
    rows = [line.split(maxsplit=3) for line in lines[1:]]
    spent = {name: float(whole) for whole, _own, _started, name in rows}
    files = [name for name in spent if name.endswith(".py")]
    if ALL not in spent or len(files) < SHOWN:
        raise ValueError(f"the table has {len(files)} files of tests: it is of no whole run")
    shown = [name for name in spent if not name.endswith(".py")] + files[:SHOWN]
    return [
        Figure(POINT, "all tests, by the clock", "s", {OURS: [seconds]}, AIM),
        *(Figure(POINT, _words(name, len(files)), "s", {OURS: [spent[name]]}) for name in shown),
    ]


def _words(name: str, files: int) -> str:
    return f"processor time of all {files} files" if name == ALL else name


@click.command()
@click.option("--seconds", type=float, required=True, help="how long the tests took")
def main(seconds: float) -> None:
    """Take the table of the tests into the page."""
    part = Part("whole", "make test-cost", seconds=seconds)
    part.figures = read_table(Path(TABLE).read_text("utf-8").splitlines(), seconds)
    run = read_run(KEPT)
    run.take(NAME, part)
    run.write(KEPT)
    page.publish()


if __name__ == "__main__":
    main()
