"""Fill gaps in a room's history from the server before its later events are handled.

C10 is described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.gateway import Refused
from bot.matrix.backoff import insist
from bot.matrix.fields import at_stamp, event_id, mapping, membership, said_at
from bot.matrix.http import Http, part
from bot.types import EventId, Membership, UserId
from storage import sync, undecrypted_events
from storage.database import Database
from storage.rooms import Room

PAGE = 100
MOST_PAGES = 1000
MOST_AGAIN = 50
ALWAYS = datetime.max.replace(tzinfo=UTC)
SKEW = timedelta(days=1)
"""How wrong another server's clock may be before its messages look older than our join."""
SLACK = timedelta(minutes=1)
"""How far before a gap its oldest message may be stamped."""
KNOWN_PAGES = 3
"""A recheck stops after so many pages without news: the bot's own answers may fill the first."""


@dataclass(frozen=True, slots=True)
class When:
    """Tells when a message was sent: for live events our clock, for late ones their bounded
    stamp."""

    now: datetime
    late: bool
    floor: datetime | None = None  # the end of our last live sync

    def of(self, stamp: int) -> datetime:
        """Return the time (UTC) for an `origin_server_ts` in milliseconds."""
        if not self.late:
            return self.now
        at = at_stamp(stamp)
        return min(max(at, self.floor) if self.floor else at, self.now)


@dataclass(slots=True)
class Filled:
    """New events, oldest first, in pages. Kept as JSON, so that a long gap fits in memory."""

    whole: bool = True
    _pages: list[bytes] = field(default_factory=list)

    def put_before(self, page: Sequence[Mapping[str, Any]]) -> None:
        """Put a page of older events before those there are."""
        if page:
            self._pages.append(json.dumps(page).encode())

    def take(self) -> list[dict[str, Any]] | None:
        """Remove and return the oldest page, or None after the last one."""
        found: list[dict[str, Any]] | None = json.loads(self._pages.pop()) if self._pages else None
        return found


class Gaps:
    """Reads a room's history backwards until known events."""

    def __init__(self, http: Http, db: Database, me: UserId) -> None:
        self._http = http
        self._db = db
        self._me = me

    async def fill(self, room: Room, token: str | None, now: datetime) -> Filled:
        """Return all unseen events since we joined, from before `token` (None: from now).

        Reads back without a `to` token until a whole page brings nothing new: events that
        federation brings late have stream positions before our last token, so a bound would hide
        them.
        """
        return await self._back(room, token, now, MOST_PAGES, 1, ALWAYS)

    async def again(self, room: Room, floor: datetime, now: datetime) -> Filled:
        """Return what has arrived meanwhile, from now back to `floor` (see `GapRechecks`)."""
        return await self._back(room, None, now, MOST_AGAIN, KNOWN_PAGES, floor - SLACK)

    async def _back(
        self,
        room: Room,
        token: str | None,
        now: datetime,
        most: int,
        known_pages: int,
        until: datetime,
    ) -> Filled:
        """Read back until `known_pages` pages in a row are known, the last of them from before
        `until`."""
        filled, oldest = Filled(), max(now - sync.KEPT, room.entered - SKEW)
        known = 0
        for _ in range(most):
            chunk, end = await self._page(room, token)
            page, joined = since_join(chunk[::-1], self._me)
            new = await self._unknown([e for e in page if said_at(e) >= oldest])
            filled.put_before(new)
            known = 0 if new else known + bool(chunk)
            done = bool(chunk) and known >= known_pages and said_at(chunk[-1]) < until
            if joined or end is None or done:
                return filled
            token = end
        filled.whole = False
        return filled

    async def _page(self, room: Room, token: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """Return a page, newest first, and the token of the next one."""
        path = f"/_matrix/client/v3/rooms/{part(room.room)}/messages"
        query = {"dir": "b", "limit": str(PAGE)} | ({"from": token} if token else {})
        try:
            answer = await insist("messages", lambda: self._http.call("GET", path, query=query))
        except Refused:
            return [], None  # not in the room any more
        chunk, end = answer.get("chunk"), answer.get("end")
        found = [e for e in chunk if isinstance(e, dict)] if isinstance(chunk, list) else []
        return found, end if isinstance(end, str) and end != token else None

    async def _unknown(self, page: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        named = {EventId(e["event_id"]): e for e in page if event_id(e.get("event_id"))}
        if not named:
            return []
        async with self._db.reading() as tx:
            known = await sync.already_seen(tx, named) | await undecrypted_events.among(tx, named)
        return [e for name, e in named.items() if name not in known]


def since_join(timeline: list[dict[str, Any]], me: UserId) -> tuple[list[dict[str, Any]], bool]:
    """Return the events from our last join on, and whether that join is among them.

    The position decides, not the stamp: another server's clock may be behind ours.
    """
    for index in range(len(timeline) - 1, -1, -1):
        if _enters(timeline[index], me):
            return timeline[index:], True
    return timeline, False


def _enters(event: Mapping[str, Any], me: UserId) -> bool:
    if event.get("type") != "m.room.member" or event.get("state_key") != me:
        return False
    before = mapping(mapping(event.get("unsigned")).get("prev_content"))
    now = membership(mapping(event.get("content")))
    return now is Membership.JOIN and membership(before) is not Membership.JOIN
