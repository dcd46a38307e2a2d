"""Count the steps of Python that a call takes: a cost that no busy machine changes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

TraceFunction = Callable[[FrameType, str, Any], Any]


def count_steps(call: Callable[[], object]) -> int:
    """Return the number of lines of Python that a call runs, which is the same on every machine."""
    steps = 0

    def step(_frame: FrameType, what: str, _more: object) -> TraceFunction:
        nonlocal steps
        steps += what == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        call()
    finally:
        sys.settrace(before)
    return steps
