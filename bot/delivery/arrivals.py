"""Who has just come into a room: what waited for them waits a moment longer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from bot.types import UserId

PAUSE_AFTER_JOIN = 3.0
"""Seconds for which what waited for somebody goes on waiting once they have come in: their app has
to ask for the bot's devices first, and a strict Element never shows what comes before."""


class Arrivals:
    """People who came in less than `PAUSE_AFTER_JOIN` seconds ago; `ended` is called each time that
    one of these pauses ends."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._recent = Counter[UserId]()

    def __contains__(self, person: UserId | None) -> bool:
        return person in self._recent

    def add(self, person: UserId) -> None:
        """Note that a person has just come into a room."""
        self._recent[person] += 1
        asyncio.get_running_loop().call_later(PAUSE_AFTER_JOIN, self._end_pause, person)

    def forget(self) -> None:
        """End all pauses at once, without a call of `ended`."""
        self._recent.clear()

    def _end_pause(self, person: UserId) -> None:
        self._recent -= Counter([person])
        self._ended()
