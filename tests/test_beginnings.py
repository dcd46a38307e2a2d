"""Conversations begin at any moment, the same for all of one run."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from tests.beginnings import BOGOTA, any_instant, pinned, read_start, write_start

ROOT = Path(__file__).parents[1]


def test_what_is_printed_can_be_given_again() -> None:
    for seed in range(50):
        at = any_instant(Random(seed))  # noqa: S311
        assert read_start(write_start(at)) == at


def test_runs_begin_on_all_days_of_the_week() -> None:
    found = [any_instant(Random(seed)).astimezone(BOGOTA) for seed in range(200)]  # noqa: S311
    assert {at.weekday() for at in found} == set(range(7))
    assert len(set(found)) > 60


@pytest.mark.parametrize(
    ("pin", "at"),
    [
        ("10:00", "2027-12-31T10:00-05:00"),
        ("wednesday 10:00", "2027-12-29T10:00-05:00"),
        ("sunday 23:58", "2028-01-02T23:58-05:00"),
        ("2026-11-25T10:00", "2026-11-25T10:00-05:00"),
    ],
)
def test_a_test_takes_no_more_of_the_clock_than_it_needs(pin: str, at: str) -> None:
    start = read_start("2027-12-31T23:50-05:00")
    assert pinned(start, pin) == datetime.fromisoformat(at)


def test_all_workers_of_a_run_begin_alike() -> None:
    """What is tried of the sixty instants follows from the beginning: xdist compares it."""
    line = [sys.executable, "-m", "pytest", "-n", "2", "-k", "sixty", "tests/test_any_day.py"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout
    assert "START=" in done.stdout
