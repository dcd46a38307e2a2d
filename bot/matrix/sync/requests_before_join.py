"""Requests for verification from just before the bot came into a room for two.

An app makes the room and asks at once, while the invitation is still on its way to us. Nothing
else from before the bot came is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.gateway import Inbox, TryLater
from bot.matrix.fields import event_list, sent_at
from bot.matrix.sync.gap_fill import GapFiller, MessageClock
from bot.matrix.sync.inbound_events import EventReader
from bot.matrix.sync.verification_steps import REQUEST_LASTS
from bot.types import VerificationStep
from storage import rooms
from storage.database import Database
from storage.membership.room import Room

TWO = 2
"""The members of a private room: a person and the bot."""

_log = structlog.get_logger()


class RequestsBeforeJoin:
    """Finds them in a sync or in the room's history."""

    def __init__(self, db: Database, gaps: GapFiller, reader: EventReader) -> None:
        self._db, self._gaps, self._reader = db, gaps, reader

    async def read_requests(
        self,
        inbox: Inbox,
        room: Room,
        timeline: Mapping[str, Any],
        said: Sequence[Mapping[str, Any]],
        when: MessageClock,
    ) -> None:
        """Hand over the requests that stand before our join in a room's timeline, or in the page of
        history before it where the sync cut it off, as it does for a room of another homeserver.

        What was `said` since, the timeline's last events, is to be handed over already: a request
        that was called off is left out, and one whose sender has asked again since."""
        async with self._db.reading() as tx:
            if len(await rooms.members(tx, room.room)) != TWO:
                return
        told, before = event_list(timeline), timeline.get("prev_batch")
        earlier = told[: len(told) - len(said)]
        if timeline.get("limited") is True and isinstance(before, str):
            try:
                earlier = [*await self._gaps.page_before(room, before), *earlier]
            except TryLater as later:  # then the app has to ask again
                _log.info("no history", code=later.code)
        since = when.now - REQUEST_LASTS
        recent = [event for event in earlier if sent_at(event) >= since]
        steps = await self._steps(room, recent, when)
        if not any(one.step == "request" for one in steps):
            return
        since_join = await self._steps(room, said, when)
        again = {one.sender for one in since_join if one.step == "request"}
        ended = {(s.sender, s.request) for s in [*steps, *since_join] if s.step == "cancel"}
        for one in steps:
            over = one.sender in again or (one.sender, one.request) in ended
            if one.step == "request" and not over:
                await inbox.receive(one)

    async def _steps(
        self, room: Room, events: Sequence[Mapping[str, Any]], when: MessageClock
    ) -> list[VerificationStep]:
        found = await self._reader.peek(room, events, when)
        return [what for what in found if isinstance(what, VerificationStep)]
