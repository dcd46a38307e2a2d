"""Lines of a calendar file that are too long: they are cut, and what follows is read as ever."""

from __future__ import annotations

import pytest

from commands.calendar.tests.test_ics_in import entry, file, taken


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_behind_a_line_that_is_cut_the_numbers_go_on(end: str) -> None:
    long = "DESCRIPTION:" + "\r\n x" * 40_000
    data = file(entry("DTSTART:20261203T190000", long), entry(title="Sin fecha"))
    found = taken(data.replace(b"\r\n", end.encode()))
    assert found.events[0].about.startswith("xxx")
    assert [problem.line for problem in found.problems] == [40_009]
