"""How the time that a call takes grows with what it reads, whatever the machine and whoever else
uses it."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES, TRIES = 4, 5


def grows_evenly(call: Callable[[int], object], size: int) -> bool:
    """Return whether the call takes in step with the size that it is given: for four times as much
    less than eight times as long, where one that grows with the square takes sixteen times.

    Only this process' time counts, the shortest of several tries of each.
    """
    tries = [(_time(call, size // TIMES), _time(call, size)) for _try in range(TRIES)]
    small, large = min(one for one, _ in tries), min(one for _, one in tries)
    return large < 2 * TIMES * small


def _time(call: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    call(size)
    return time.process_time() - began
