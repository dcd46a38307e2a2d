"""What a fault test measured: one line of `dist/faults.jsonl`, and whether that passes."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from ast import AsyncFunctionDef, FunctionDef, get_docstring, parse, walk
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LINES = ROOT / "dist/faults.jsonl"
FULL = os.environ.get("MINGA_FULL") == "1"
"""`make faults` runs every test at its size; `make test` a share of it of the same kind."""
FILE = re.compile(r"test_(\d\d)_(\w+)\.py")


def full_or(full: int, share: int) -> int:
    """Return how many rounds to run: all of them with MINGA_FULL=1, else a share."""
    return full if FULL else share


@dataclass
class Figure:
    """One test's number, what it must be, and what came out. It is given by the `figure` fixture.

    A test says `figure.mark(…)` first and ends with `figure.result(…)`.
    """

    path: Path
    part: str
    _mark: str = ""
    _began: datetime = field(default_factory=lambda: datetime.now(UTC))
    concluded: bool = False

    def mark(self, text: str) -> None:
        """Note which result passes, in words for the page."""
        self._mark = text

    def result(self, text: str, *, passed: bool, **numbers: float) -> None:
        """Write the result down, print it, and fail if it did not pass."""
        self._write(text, passed=passed, **numbers)
        assert passed, f"{text}; the mark is: {self._mark}"

    def broke_off(self) -> None:
        """Note that the test failed before it had a result."""
        self._mark = self._mark or "–"
        self._write("it broke off before there was a figure", passed=False)

    def _write(self, text: str, *, passed: bool, **numbers: float) -> None:
        assert self._mark, "say the mark first"
        self.concluded = True
        number, name, what = described(self.path)
        line = {
            "number": number,
            "name": name,
            "part": self.part,
            "what": what,
            "mark": self._mark,
            "result": text,
            "passed": passed,
            "numbers": numbers,
            "full": FULL,
            "date": f"{self._began:%Y-%m-%d}",
            "at": self._began.isoformat(timespec="seconds"),
            "seconds": round((datetime.now(UTC) - self._began).total_seconds(), 1),
            "commit": commit(),
            "machine": machine(),
        }
        _append(line)
        print(f"\n{number:2} {name} ({'full' if FULL else 'share'}): {text}")  # noqa: T201


def described(path: Path) -> tuple[int, str, str]:
    """Return the number and the name of a fault test's file, and its first line."""
    found = FILE.fullmatch(path.name)
    assert found, f"{path.name} is not test_NN_name.py"
    first = (get_docstring(parse(path.read_text("utf-8"))) or "").partition("\n")[0]
    return int(found[1]), found[2].replace("_", "-"), first


def parts(path: Path) -> list[str]:
    """Return the names of the tests in a file that give a figure, in order."""
    found = [
        node
        for node in walk(parse(path.read_text("utf-8")))
        if isinstance(node, FunctionDef | AsyncFunctionDef) and node.name.startswith("test_")
    ]
    return [
        node.name.removeprefix("test_")
        for node in found
        if "figure" in {argument.arg for argument in node.args.args}
    ]


def files() -> list[Path]:
    """Return the files of the fault tests, by their number."""
    return sorted(path for path in Path(__file__).parent.glob("test_*.py") if FILE.match(path.name))


@cache
def commit() -> str:
    """Return the commit that runs, with a + where something in the code was changed since."""
    said = _git("rev-parse", "--short=10", "HEAD")
    return said + ("+" if _git("status", "--porcelain", "--", "bot", "commands", "storage") else "")


@cache
def machine() -> str:
    """Return the cores, the memory and the Python of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def at_share(values: list[float], share: float) -> float:
    """Return the value that this share of them does not exceed (0.95: p95)."""
    assert values
    ordered = sorted(values)
    return ordered[ceil(len(ordered) * share) - 1]


def _git(*arguments: str) -> str:
    said = subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip()


def _append(line: dict[str, Any]) -> None:
    LINES.parent.mkdir(exist_ok=True)
    with LINES.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps(line, ensure_ascii=False) + "\n")
