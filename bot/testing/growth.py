"""How the time that a call takes grows with what it reads, whatever the machine and whoever else
uses it."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES, TRIES = 4, 5


def grows_evenly(call: Callable[[int], object], size: int) -> bool:
    """Return whether the call takes in step with the size that it is given: for four times as much
    less than eight times as long, where one that grows with the square takes sixteen times.

    Only this process' time counts, the shortest of several tries of each: of two, or of more as
    long as it seems to grow faster.
    """
    small = large = float("inf")
    for tried in range(1, TRIES + 1):
        small = min(small, _time(call, size // TIMES))
        large = min(large, _time(call, size))
        if tried > 1 and large < 2 * TIMES * small:
            return True
    return False


def _time(call: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    call(size)
    return time.process_time() - began
