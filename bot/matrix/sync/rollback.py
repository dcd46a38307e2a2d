"""Notice a homeserver that was brought back from an older copy, while the bot ran or was off.

It has forgotten what it showed us, and Synapse then bounds our token to its newest event: what was
said there before our first sync would never come by /sync (measured: the first command was lost).
The same holds for keys of messages, and the one-time keys that it gives out were used before: who
goes on in a session would never be read again. So the bot goes on as a new device, to which the
apps of people give their keys anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.gateway import Refused, TryLater
from bot.i18n import ToldError, _
from bot.matrix.backoff import insist
from bot.matrix.fields import as_mapping, event_list, is_event_id, sent_at
from bot.matrix.http import Http, path_segment
from bot.matrix.rooms.membership import ROOMS_API
from bot.matrix.sync.gap_rechecks import GapRechecks
from bot.types import EventId
from storage import sync
from storage.database import Database
from storage.sync import NewestEvent

if TYPE_CHECKING:
    from bot.matrix.sync.sync_batch import SyncBatch

PROVES_FOR = timedelta(days=1)
"""For how long after it was sent a missing event is proof. A homeserver that deletes by age without
a room's wish keeps a day (Synapse: `retention`), and most keep all."""

_log = structlog.get_logger()


class OlderHomeserver(ToldError):
    """The homeserver came back from an older copy: the next start is as a new device."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The homeserver came back from an older copy: the bot starts again, as a new"
                " device."
            ),
            _("The old device would miss the keys of messages."),
        )


class RollbackWatch:
    """Remembers the newest event that a sync brought, and asks for it after an outage and at the
    start: a machine that breaks down takes both with it."""

    def __init__(self, http: Http, db: Database, rechecks: GapRechecks) -> None:
        self.can_begin_anew = False
        """Whether the account's password is known, without which there is no new device."""
        self._http = http
        self._db = db
        self._rechecks = rechecks
        self._newest: NewestEvent | None = None

    async def load(self) -> None:
        """Load the newest event that was stored with the sync token."""
        self._newest = await sync.newest_event(self._db)

    async def follow(self, batch: SyncBatch, away_since: datetime | None) -> None:
        """Note a batch, to find out whether the homeserver went back to an older state.

        `away_since`: after an outage, or while the bot was off, since when (UTC). Then all rooms
        are looked through if need be. Raises `OlderHomeserver` if the bot can begin anew; the
        stored event is to be deleted then, with the old device.
        """
        left = {room for room, _section in batch.sections("leave")}
        if self._newest is not None and self._newest.room in left:
            self._newest = None  # of such a room the homeserver shows nothing, and proves nothing
        if away_since is not None:
            forgot = await self._has_forgotten(batch.answered)
            if forgot is not False:
                _log.warning("the homeserver may have come back from an older copy", sure=forgot)
                await self._rechecks.schedule_everywhere(batch.when.floor or away_since)
            if forgot and self.can_begin_anew:
                raise OlderHomeserver
            if forgot:
                self._newest = None
        self._note_newest(batch)

    def _note_newest(self, batch: SyncBatch) -> None:
        """Remember the batch's newest event that can prove something. A sender may say that it is
        old: then it takes no younger one's place, with which the proof would end earlier."""
        for room, section in batch.sections("join"):
            for event in event_list(section.get("timeline")):
                at = min(sent_at(event), batch.answered)
                is_old = batch.answered - at >= PROVES_FOR
                if self._newest is not None:  # one of the future: our clock was set back since
                    is_old = is_old or at < self._newest.at <= batch.answered
                if is_event_id(event.get("event_id")) and not is_old:
                    self._newest = NewestEvent(room, EventId(str(event["event_id"])), at)
        batch.newest = self._newest

    async def _has_forgotten(self, now: datetime) -> bool | None:
        """Return whether the homeserver no longer knows that event, or None if that can't be
        asked or proves nothing: events are deleted by age, too, and with a room."""
        if self._newest is None:
            return False
        here, age = f"{ROOMS_API}/{path_segment(self._newest.room)}", now - self._newest.at
        try:
            if await self._get(f"{here}/event/{path_segment(self._newest.event)}") is not None:
                return False
            if age < PROVES_FOR and await self._is_kept(here, age):
                return True
        except TryLater:
            return None
        except Refused:
            return False
        self._newest = None  # to look once is enough, in a quiet room too
        return None

    async def _is_kept(self, room: str, age: timedelta) -> bool:
        """Return whether the room's own rule lets the homeserver keep events of that age; False if
        the rule can't be read. Raises `TryLater`."""
        try:
            rule = await self._get(f"{room}/state/m.room.retention/")
        except Refused:
            return False
        longest = as_mapping(rule).get("max_lifetime")
        return not isinstance(longest, int) or age / timedelta(milliseconds=1) < longest

    async def _get(self, path: str) -> Mapping[str, Any] | None:
        """Return what the homeserver has at this path, or None if it says that there is nothing.
        Raises `Refused` or `TryLater`."""
        try:
            return await insist("event", partial(self._http.call, "GET", path))
        except Refused as error:
            if error.code != "M_NOT_FOUND":
                raise
            return None
