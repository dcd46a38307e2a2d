"""`python -m tests.faults.page`: keeps the newest figures and writes docs/faults.md of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.faults.canaries import CANARIES
from tests.faults.figures import LINES, ROOT, described, files, parts

KEPT = Path(__file__).parent / "results.jsonl"
PAGE = ROOT / "docs/faults.md"
Line = dict[str, Any]

HEAD = """# Twenty-five faults, and what came out

Each row is a test that hurts the bot at its full size and counts. `make faults` runs them all and
writes this page; `make test` runs a share of each, or another test that shows the same. The figures
are those of the last full run of each row, on the commit and the machine that stand beside them.

The column for plain matrix-nio (0.26.0, the usual library of Python for Matrix) says what a bot
that stands on it alone does: *measured* by a test of ours that runs it, or *reported* elsewhere and
not measured here.
"""
COLUMNS = (
    *("#", "Name", "What is done", "It passes with", "Result", "Plain matrix-nio"),
    *("Date", "Commit", "Machine"),
)


def newest(lines: list[Line]) -> dict[tuple[int, str], Line]:
    """Return the newest line of a full run for each test, by its number and name."""
    full = sorted((line for line in lines if line["full"]), key=lambda line: line["at"])
    return {(line["number"], line["part"]): line for line in full}


def read(path: Path) -> list[Line]:
    """Return the lines of a file of figures; none where there is no file."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def kept() -> dict[tuple[int, str], Line]:
    """Return the figures of the tests that exist, from those kept before and the new ones."""
    known = [(described(path)[0], part) for path in files() for part in parts(path)]
    found = newest(read(KEPT) + read(LINES))
    return {key: found[key] for key in known if key in found}


def write_page(figures: dict[tuple[int, str], Line]) -> str:
    """Return the page: one row for each file of the suite."""
    rows = [_row(path, figures) for path in files()]
    table = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    return HEAD + "\n" + "\n".join(f"| {' | '.join(row)} |" for row in table) + "\n"


def _row(path: Path, figures: dict[tuple[int, str], Line]) -> tuple[str, ...]:
    number, name, what = described(path)
    lines = [figures[number, part] for part in parts(path) if (number, part) in figures]
    missing = len(parts(path)) - len(lines)
    results = [f"{'✓' if line['passed'] else '✗'} {line['result']}" for line in lines]
    results += ["not run in full yet"] * bool(missing)
    canary = CANARIES.get(number)
    return (
        *(str(number), name, _cell(what)),
        _joined(line["mark"] for line in lines),
        _joined(results),
        _cell(str(canary)) if canary else "–",
        *(_joined(line[key] for line in lines) for key in ("date", "commit", "machine")),
    )


def _joined(texts: Any) -> str:
    """Return the texts one under the other, each once."""
    return "<br>".join(dict.fromkeys(_cell(text) for text in texts)) or "–"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def main() -> None:
    figures = kept()
    lines = [json.dumps(line, ensure_ascii=False) for line in figures.values()]
    KEPT.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    PAGE.write_text(write_page(figures), "utf-8")


if __name__ == "__main__":
    main()
