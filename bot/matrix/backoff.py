"""Retry with backoff: ever less often, with jitter, and as late as the server asks."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog

from bot.gateway import TryLater

T = TypeVar("T")
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
GIVE_UP_AFTER = 180.0
"""Seconds after which `insist` gives up: no room may delay the others for ever."""

_log = structlog.get_logger()


class Backoff:
    """Waiting times that double from 1 s to a minute, with jitter."""

    def __init__(self) -> None:
        self._next = FIRST_WAIT

    def reset(self) -> None:
        self._next = FIRST_WAIT

    def next_wait(self, after: timedelta | None = None) -> float:
        """Return the seconds to wait until the next try, at least `after` if the server asked for
        it."""
        usual, self._next = self._next, min(self._next * 2, LONGEST_WAIT)
        jittered = usual * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
        return max(jittered, after.total_seconds() if after else 0.0)


async def insist(what: str, work: Callable[[], Awaitable[T]]) -> T:
    """Return the result of `work`, retried while the server limits or fails it. Raises `TryLater`
    after `GIVE_UP_AFTER` seconds.

    Other exceptions of `work` are raised at once.
    """
    backoff = Backoff()
    end = asyncio.get_running_loop().time() + GIVE_UP_AFTER
    while True:
        try:
            return await work()
        except TryLater as later:
            seconds = backoff.next_wait(later.after)
            if asyncio.get_running_loop().time() + seconds > end:
                raise
            _log.info("trying again", what=what, code=later.code, seconds=round(seconds, 1))
        await asyncio.sleep(seconds)
