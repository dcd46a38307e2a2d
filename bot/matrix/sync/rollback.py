"""Notice a homeserver that was brought back from an older copy while the bot ran.

It has forgotten what it showed us, and Synapse then bounds our token to its newest event: what was
said there before our first sync would never come by /sync (measured: the first command was lost).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.gateway import Refused, TryLater
from bot.matrix.backoff import insist
from bot.matrix.fields import event_list, is_event_id
from bot.matrix.http import Http, path_segment
from bot.matrix.sync.gap_rechecks import GapRechecks
from bot.types import RoomId

if TYPE_CHECKING:
    from bot.matrix.sync.batches import SyncBatch

_log = structlog.get_logger()


class RollbackWatch:
    """Remembers the newest event that a sync brought, and asks for it after an outage."""

    def __init__(self, http: Http, rechecks: GapRechecks) -> None:
        self._http = http
        self._rechecks = rechecks
        self._newest: tuple[RoomId, str] | None = None

    async def follow(self, batch: SyncBatch, away_since: datetime | None) -> None:
        """Take note of a batch. After an outage have all rooms looked through if need be."""
        if away_since is not None:
            lasted = (batch.answered - away_since).total_seconds()
            _log.warning("sync again", after_seconds=round(lasted))
            if await self._has_forgotten():
                _log.warning("the homeserver came back from an older copy")
                await self._rechecks.schedule_everywhere(batch.when.floor or away_since)
        for room, section in batch.sections("join"):
            for event in event_list(section.get("timeline"))[-1:]:
                if is_event_id(event.get("event_id")):
                    self._newest = room, str(event["event_id"])

    async def _has_forgotten(self) -> bool:
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
