"""Who has just come into their private or help room: what waited for them waits a moment longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.types import RoomId, UserId

PAUSE_AFTER_JOIN = 3.0
"""Seconds for which what waited for somebody goes on waiting once they have come in: their app has
to ask for the bot's devices first, and a strict Element never shows what comes before."""
NO_PAUSE_FOR = 600.0
"""Seconds in which coming in again holds nothing back, so that nobody's comings and goings keep a
call for help from them."""


class Arrivals:
    """People who came into a room less than `PAUSE_AFTER_JOIN` seconds ago; `ended` is called when
    what waited for one of them may go out."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._paused = set[tuple[RoomId, UserId]]()
        self._lately = set[tuple[RoomId, UserId]]()

    def add(self, room: RoomId, person: UserId) -> None:
        """Note that a person has just come into a room; who did so lately is given no pause."""
        key = room, person
        if key in self._lately:
            self._ended()
            return
        loop = asyncio.get_running_loop()
        self._lately.add(key)
        self._paused.add(key)
        loop.call_later(PAUSE_AFTER_JOIN, self._end_pause, key)
        loop.call_later(NO_PAUSE_FOR, self._lately.discard, key)

    def has(self, room: RoomId, person: UserId | None) -> bool:
        """Return whether what waits for the person in this room is to wait a moment longer."""
        return (room, person) in self._paused

    def forget(self) -> None:
        """End all pauses at once, without a call of `ended`."""
        self._paused.clear()

    def _end_pause(self, key: tuple[RoomId, UserId]) -> None:
        self._paused.discard(key)
        self._ended()
