"""Runs what waits for the disk on the event loop, for conversations on files in memory.

A thread's start and the hops to it took a quarter of what a conversation took of the processor.
What a thread does to statements, its own tests try (tests/storage/test_connection.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from storage.files.disk_thread import DiskThread, ThreadEnded, Value


class NoThread(DiskThread):
    """Runs functions in the order in which they are given, each after the loop went round once.

    So others go on where a caller waits for the disk, as they do with a thread.
    """

    def __init__(self) -> None:
        self._begun, self._ended = 0, 0
        self._has_ended = False

    async def call(self, function: Callable[..., Value], *args: object) -> Value:
        """Run a function, and return its result or raise what it raises; leave it out if the caller
        is cancelled before. Raises `ThreadEnded` after `close`."""
        if self._has_ended:
            raise ThreadEnded("closed")
        self._begun += 1
        try:
            await asyncio.sleep(0)
            return function(*args)
        finally:
            self._ended += 1

    def close(self) -> None:
        """End it. Whoever calls it later is refused."""
        self._has_ended = True
