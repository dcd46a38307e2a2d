"""docs/abuse.md names tests that there are, and each test of this folder stands in it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.source_files import ROOT

PAGE = (ROOT / "docs/abuse.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line][1:]
NAMED = [name for row in ROWS for name in re.findall(r"`([\w/]+\.py(?:::\w+)?)`", row)]
MOST_ROWS = 30


def test_each_rule_is_held_by_a_test_that_there_is() -> None:
    wrong = []
    for name in NAMED:
        path, _, test = name.partition("::")
        text = (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else ""
        if not re.search(rf"def {test}\b" if test else r"def test_", text):
            wrong.append(name)
    assert wrong == []
    bare = [row for row in ROWS if len(row.strip("| ").split(" | ")) != 3]
    assert bare == []
    assert [row for row in ROWS if not re.search(r"`[\w/]+\.py", row)] == []
    assert 15 <= len(ROWS) <= MOST_ROWS


def test_each_file_here_stands_in_it() -> None:
    here = {f"tests/abuse/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}
    missing = here - {name.partition("::")[0] for name in NAMED} - {"tests/abuse/test_page.py"}
    assert missing == set()
