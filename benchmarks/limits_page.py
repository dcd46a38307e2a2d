"""Writes the figures of a run between the marks of docs/limits.md that belong to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bots import ROOT
from benchmarks.figures import Figure, Run
from benchmarks.report import OURS, markdown_table, median_text
from tests.faults.figures import commit, machine

PAGE = ROOT / "docs/limits.md"


def write_part(name: str, text: str, page: Path = PAGE) -> None:
    """Replace what stands between `<!-- NAME -->` and `<!-- /NAME -->`, with date and machine.

    Raises `ValueError` if the page has no such part.
    """
    about = f"*{datetime.now(UTC):%Y-%m-%d}, commit {commit()}, {machine()}.*"
    page.write_text(with_part(page.read_text("utf-8"), name, f"{text}\n\n{about}"), "utf-8")


def with_part(page: str, name: str, text: str) -> str:
    """Return the page's text with another one between the marks of this name.

    Raises `ValueError` if the page has no such part.
    """
    part = f"<!-- {name} -->\n{text}\n<!-- /{name} -->"
    after, count = re.subn(
        rf"<!-- {name} -->.*<!-- /{name} -->", lambda _found: part, page, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"docs/limits.md has no part {name}")
    return after


# --- the benchmarks' figures ----------------------------------------------------------------------


def with_figures(page: str, run: Run) -> str:
    """Return the page's text with the figures of a run of the benchmarks in its tables, and a dash
    for each that the run lacks."""
    found = {figure.name: figure for figure in run.figures}
    for name, rows in TABLES.items():
        lines = [
            (what, _value(found, figures), _source(run, figures[0]))
            for what, figures in rows.items()
        ]
        page = with_part(page, name, markdown_table(lines, ("What", "Measured", "Of")).rstrip())
    return with_part(page, "share", _shares(found))


LARGE, DEVICES, BURST = "360 rooms, 2000 members: ", "1000 devices: ", "burst of 1000: "
TABLES = {
    "large": {
        "a network of 360 rooms with 2,000 members: ready after a warm start": [
            f"{LARGE}warm start to ready"
        ],
        "the same: all rooms entered, from the first invitation": [
            f"{LARGE}invited until in all rooms"
        ],
        "a room of 1,000 signed devices: first answer, usual answer": [
            f"{DEVICES}first answer in a new room",
            f"{DEVICES}usual answer",
        ],
    },
    "burst": {
        "answers in encrypted rooms, eight people in four rooms": [f"{BURST}answers"],
        "processor time of the bot for an answer": [f"{BURST}processor time of an answer"],
        "processor time of the homeserver for it": [
            f"{BURST}homeserver's processor time of an answer"
        ],
    },
}
"""The page's tables: of each row what it is, and the names of its figures."""


def _value(found: Mapping[str, Figure], names: list[str]) -> str:
    return ", ".join(median_text(found[n], OURS) if n in found else "–" for n in names)


def _source(run: Run, name: str) -> str:
    for part in run.parts.values():
        if name in {figure.name for figure in part.figures}:
            return f"`{part.command}`, {part.began.partition('T')[0]}, commit {part.commit}"
    return "–"


def _shares(found: Mapping[str, Figure]) -> str:
    """Return how far the bot's own time reaches, and how much sooner the homeserver's ends; a dash
    if no burst was measured."""
    if f"{BURST}answers" not in found:
        return "–"
    answers = found[f"{BURST}answers"]
    own, server = (
        found[f"{BURST}{name}"].median(OURS)
        for name in ("processor time of an answer", "homeserver's processor time of an answer")
    )
    return (
        f"The homeserver alone takes {median_text(answers, 'nobody')} of such messages. By its own"
        f" time one bot could give some {1000 / own:.0f} answers in a second; the homeserver beside"
        f" it is at its end {server / own:.0f} times earlier."
    )
