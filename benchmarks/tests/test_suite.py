"""The table of the tests' cost becomes figures, the dearest files alone."""

from __future__ import annotations

import pytest

from benchmarks.suite import SHOWN, read_table


def table(files: int) -> list[str]:
    rows = [f"{500 - n:9.2f}{1:9.2f}{2:9.2f}  tests/test_{n}.py" for n in range(files)]
    head = "  seconds   python  started  file"
    return [head, f"{9000:9.2f}{1:9.2f}{2:9.2f}  (all)", *rows[:3], *_collected(), *rows[3:]]


def _collected() -> list[str]:
    return [f"{71.22:9.2f}{71.22:9.2f}{0:9.2f}  (import and collect)"]


def test_the_dearest_files_are_told_with_the_whole_and_its_goal() -> None:
    clock, whole, collected, *files = read_table(table(SHOWN + 5), 400.0)
    assert (clock.median("minga"), clock.outcome("minga")) == (400.0, False)
    assert (whole.name, whole.median("minga")) == (f"processor time of all {SHOWN + 5} files", 9000)
    assert collected.name == "(import and collect)"
    assert [one.name for one in files] == [f"tests/test_{n}.py" for n in range(SHOWN)]


def test_a_run_of_a_few_files_is_none() -> None:
    with pytest.raises(ValueError, match="no whole run"):
        read_table(table(SHOWN - 1), 40.0)
