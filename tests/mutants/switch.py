"""Which mutant of the tried module is on, and to which of them a test came."""

from __future__ import annotations

import os

reached: set[int] = set()
"""The numbers of all mutants whose place was come to."""
_on = [int(os.environ.get("MINGA_MUTANT", "0"))]


def turn_on(number: int) -> None:
    """Turn one mutant on and all others off; 0 for none."""
    _on[0] = number


def is_on(number: int) -> bool:
    """Return whether the mutant of this number acts. Its place counts as reached."""
    reached.add(number)
    return number == _on[0]
