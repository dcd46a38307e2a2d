"""Notice a homeserver that was brought back from an older copy while the bot ran.

It has forgotten what it showed us, and Synapse then bounds our token to its newest event: what was
said there before our first sync would never come by /sync (measured: the first command was lost).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.gateway import Refused, TryLater
from bot.matrix.backoff import insist
from bot.matrix.fields import event_list, is_event_id
from bot.matrix.http import Http, path_segment
from bot.types import RoomId

if TYPE_CHECKING:
    from bot.matrix.sync.batches import SyncBatch


class RollbackWatch:
    """Remembers the newest event that a sync brought, and asks for it after an outage."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._newest: tuple[RoomId, str] | None = None

    def note(self, batch: SyncBatch) -> None:
        """Remember the last event of this batch, of any room."""
        for room, section in batch.sections("join"):
            timeline = section.get("timeline")
            for event in event_list(timeline)[-1:]:
                if is_event_id(event.get("event_id")):
                    self._newest = room, str(event["event_id"])

    async def has_forgotten(self) -> bool:
        """Return whether the homeserver no longer knows that event, or can't be asked."""
        if self._newest is None:
            return False
        room, event = self._newest
        path = f"/_matrix/client/v3/rooms/{path_segment(room)}/event/{path_segment(event)}"
        try:
            await insist("event", partial(self._http.call, "GET", path))
        except Refused as error:
            return error.code == "M_NOT_FOUND"
        except TryLater:
            return True
        return False
