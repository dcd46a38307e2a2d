"""Which entries only the homeserver keeps waiting: not their reader, and no other server."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

ALWAYS = datetime.min.replace(tzinfo=UTC)


class OwedEntries:
    """Knows of each address whether its entries could go, and since when.

    `queues` are the entries of each address, `failing` those that another server keeps waiting.
    """

    def __init__(self, queues: Mapping[str, Sequence[int]], failing: Collection[int]) -> None:
        self._queues = queues
        self._failing = failing
        self._put_off: set[str] = set()
        self._free_since: dict[str, datetime] = {}

    def put_off(self, address: str) -> None:
        """Note that entries for this address wait for its reader, or for another entry, until
        `free` is called."""
        self._put_off.add(address)

    def free(self, address: str, now: datetime) -> None:
        """Note that entries for this address wait for nobody any more but the homeserver."""
        if address in self._put_off:
            self._put_off.discard(address)
            self._free_since[address] = now
        if address not in self._queues:
            self._free_since.pop(address, None)

    def entries(self) -> dict[int, datetime]:
        """Return the undelivered entries that wait for nobody but the homeserver, with when each
        could first be sent (UTC).

        `ALWAYS` where that was from the start: since the entry was written.
        """
        return {
            entry: self._free_since.get(address, ALWAYS)
            for address, queue in self._queues.items()
            if address not in self._put_off and queue[0] not in self._failing
            for entry in queue
        }
