"""An outbound Megolm session of a room, and the rooms that want theirs given ahead of need.

H12 is described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import vodozemac

from bot.matrix.crypto.history_marks import SHARED_HISTORY
from bot.matrix.crypto.trust import Device
from bot.matrix.crypto.wire import MEGOLM
from bot.types import RoomId, UserId


@dataclass(slots=True)
class RoomSession:
    """A session that we encrypt with. It is never stored: a restart starts a new one."""

    session: vodozemac.GroupSession
    born: float
    shared: bool
    messages: int = 0
    has_copy: bool = False
    """Whether our own copy was stored before the first message, unless that was rolled back."""
    given: set[Device] = field(default_factory=set)
    withheld: set[Device] = field(default_factory=set)
    known: dict[UserId, set[str]] = field(default_factory=dict)
    settled: tuple[object, ...] = ()
    retry_at: float | None = None


class WantingRooms:
    """Rooms in which something changed that a message would have to wait for, oldest first."""

    def __init__(self) -> None:
        self._rooms: dict[RoomId, None] = {}
        self._any = asyncio.Event()

    def add(self, room: RoomId) -> None:
        """Add a room whose keys are to be prepared, once however often it is added before
        `take`."""
        self._rooms[room] = None
        self._any.set()

    async def wait(self) -> None:
        """Wait until there is a room whose keys are to be prepared."""
        await self._any.wait()

    def take(self) -> list[RoomId]:
        """Return the rooms whose keys are to be prepared, and empty the list."""
        rooms = list(self._rooms)
        self._rooms.clear()
        self._any.clear()
        return rooms


def must_rotate(outbound: RoomSession, readers: set[Device]) -> bool:
    """Return whether a new Megolm session must replace the room's: somebody who was given its key
    may no longer read, or somebody whose devices we knew has one that we did not know (H12).

    A known device whose keys or signature changed counts as another one, and may read no more. Who
    joined, or had no device that we could give the key to, gets the key of the session as it is.
    """
    if outbound.given - readers:
        return True
    return any(
        d.user_id in outbound.known and d.id not in outbound.known[d.user_id] for d in readers
    )


def key_content(
    room: RoomId, session: vodozemac.GroupSession, shared: bool = False
) -> dict[str, Any]:
    """Return the content of the `m.room_key` that gives a session to a device; `shared`: it may be
    passed on."""
    mark = {SHARED_HISTORY: True} if shared else {}
    return mark | {
        "algorithm": MEGOLM,
        "room_id": room,
        "session_id": session.session_id,
        "session_key": session.session_key.to_base64(),
    }
