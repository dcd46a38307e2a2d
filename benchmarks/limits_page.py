"""Writes the figures of a run between the marks of docs/limits.md that belong to it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bots import ROOT
from tests.faults.figures import commit, machine

PAGE = ROOT / "docs/limits.md"


def write_part(name: str, text: str, page: Path = PAGE) -> None:
    """Replace what stands between `<!-- NAME -->` and `<!-- /NAME -->`, with date and machine.

    Raises `ValueError` if the page has no such part.
    """
    before = page.read_text("utf-8")
    about = f"*{datetime.now(UTC):%Y-%m-%d}, commit {commit()}, {machine()}.*"
    part = f"<!-- {name} -->\n{text}\n\n{about}\n<!-- /{name} -->"
    after, count = re.subn(
        rf"<!-- {name} -->.*<!-- /{name} -->", lambda _found: part, before, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"{page.name} has no part {name}")
    page.write_text(after, "utf-8")
