"""What a file of tests takes of the processor is told, with the processes that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.testing.growth import grows_evenly
from tests.processor_time import measure

ROOT = Path(__file__).parents[1]
BUSY = "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\ninput()"
FILE = """
import subprocess, sys
def test_one():
    child = subprocess.Popen([sys.executable, "-c", {busy!r}], stdin=-1, stdout=-1)
    child.stdout.readline()
    child.communicate(b"\\n") if {waits} else globals().update(kept=child)
"""


def test_a_process_is_counted_while_it_runs_and_no_second_time_when_it_ended() -> None:
    before = measure()
    child = subprocess.Popen([sys.executable, "-c", BUSY], stdin=-1, stdout=-1)  # noqa: S603
    assert child.stdout is not None
    child.stdout.readline()
    running = measure() - before
    child.communicate(b"\n")
    ended = measure() - before
    assert running.started + 0.02 >= 0.3  # the system counts in hundredths
    assert running.started - 0.02 <= ended.started < running.started + 0.29


def test_each_file_is_told_by_whatever_worker_it_ran(tmp_path: Path) -> None:
    for name, waits in (("test_waits.py", True), ("test_leaves.py", False)):
        (tmp_path / name).write_text(FILE.format(busy=BUSY, waits=waits))
    (tmp_path / "test_idle.py").write_text("def test_two():\n    pass\n")
    table = tmp_path / "tables" / "cost.txt"
    options = ["-p", "tests.processor_time", f"--processor-time={table}", "-n", "2"]
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", "-q", "--dist", "loadfile", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    rows = [line.split(maxsplit=3) for line in table.read_text().splitlines()[1:]]
    seconds = {where: float(whole) for whole, _own, _started, where in rows}
    assert {"(all)", "test_waits.py", "test_leaves.py", "test_idle.py"} <= set(seconds)
    assert min(seconds["test_waits.py"], seconds["test_leaves.py"]) > 0.28
    assert seconds["test_idle.py"] < 0.2
    assert {"(import and collect)", "(deal out and report)"} <= set(seconds)


def run(steps: int) -> None:
    for _step in range(steps):
        pass


def test_a_square_is_told_from_a_line_though_the_first_try_was_slow() -> None:
    tries = iter([1_000_000])  # what is loaded at the first call, and never again

    def squared(size: int) -> None:
        run(size * size + next(tries, 0))

    assert not grows_evenly(squared, 1_000)
    assert grows_evenly(lambda size: run(size * 1_000), 1_000)
