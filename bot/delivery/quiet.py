"""When all is sent that can be sent now."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager


class Quiet:
    """Tells when no address is worked for but those that rest: for another server, or a next try.

    `woken` is set while new entries may have been written; `working` are the addresses of now.
    """

    def __init__(self, woken: asyncio.Event, working: Collection[str]) -> None:
        self._woken = woken
        self._working = working
        self._resting: set[str] = set()
        self._reached = asyncio.Event()

    async def wait(self) -> None:
        """Wait until the outbox has nothing left to send."""
        await self._reached.wait()

    def end(self) -> None:
        """Note that something was written to the outbox, so that it is no longer quiet."""
        self._reached.clear()

    def look(self) -> None:
        """Find out whether the outbox has nothing left to send, and wake the tasks that wait for
        that."""
        if not self._woken.is_set() and self.all_rest(self._working):
            self._reached.set()

    def all_rest(self, addresses: Collection[str]) -> bool:
        """Return whether nobody waits for any of these."""
        return all(one in self._resting for one in addresses)

    @contextmanager
    def rest(self, address: str, rests: bool = True) -> Iterator[None]:
        """Return a context in which nobody waits for what is owed to this address, if it
        `rests`."""
        if rests:
            self._resting.add(address)
            self.look()
        try:
            yield
        finally:
            self._resting.discard(address)
