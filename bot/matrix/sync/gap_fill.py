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
from bot.matrix.fields import as_mapping, is_event_id, read_membership, sent_at, stamp_time
from bot.matrix.http import Http, path_segment
from bot.types import EventId, Membership, UserId
from storage import sync
from storage.catch_up import undecrypted_events
from storage.database import Database
from storage.membership.room import Room

PAGE_EVENTS = 100
MOST_PAGES = 1000
MOST_RECHECK_PAGES = 50
SHORT_WAIT = 5.0
"""Seconds for a page without which a room's events can be handled too: they wait for it."""
NO_LIMIT = datetime.max.replace(tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)
"""How wrong another server's clock may be before its messages look older than our join."""
STAMP_SLACK = timedelta(minutes=1)
"""How far before a gap its oldest message may be stamped."""
KNOWN_PAGES_TO_STOP = 3
"""A recheck stops after so many pages without news: the bot's own answers may fill the first."""


@dataclass(frozen=True, slots=True)
class MessageClock:
    """Tells when a message was sent: for live events our clock, for late ones their bounded
    stamp."""

    now: datetime
    late: bool
    floor: datetime | None = None  # the end of our last live sync

    def time_of(self, stamp: int) -> datetime:
        """Return when an event counts as sent (UTC), for an `origin_server_ts` in milliseconds."""
        if not self.late:
            return self.now
        at = stamp_time(stamp)
        return min(max(at, self.floor) if self.floor else at, self.now)


@dataclass(slots=True)
class GapEvents:
    """New events, oldest first, in pages. Kept as JSON, so that a long gap fits in memory."""

    is_whole: bool = True
    _pages: list[bytes] = field(default_factory=list)

    def prepend(self, page: Sequence[Mapping[str, Any]]) -> None:
        """Put a page of older events before those that are stored."""
        if page:
            self._pages.append(json.dumps(page).encode())

    def pop_page(self) -> list[dict[str, Any]] | None:
        """Remove and return the oldest page of events, or None after the last one."""
        found: list[dict[str, Any]] | None = json.loads(self._pages.pop()) if self._pages else None
        return found


class GapFiller:
    """Reads a room's history backwards until known events."""

    def __init__(self, http: Http, db: Database, me: UserId) -> None:
        self._http = http
        self._db = db
        self._me = me

    async def fill(self, room: Room, token: str | None, now: datetime) -> GapEvents:
        """Return all unseen events since we joined, from before `token` (None: from now).

        Reads back without a `to` token until a whole page brings nothing new: events that
        federation brings late have stream positions before our last token, so a bound would hide
        them.
        """
        return await self._read_back(room, token, now, MOST_PAGES, 1, NO_LIMIT)

    async def recheck(self, room: Room, floor: datetime, now: datetime) -> GapEvents:
        """Return the events that have reached the homeserver since a gap was filled, from now back
        to `floor` (see `GapRechecks`)."""
        return await self._read_back(
            room, None, now, MOST_RECHECK_PAGES, KNOWN_PAGES_TO_STOP, floor - STAMP_SLACK
        )

    async def _read_back(
        self,
        room: Room,
        token: str | None,
        now: datetime,
        most: int,
        known_pages: int,
        until: datetime,
    ) -> GapEvents:
        """Read back until `known_pages` pages in a row are known, the last of them from before
        `until`."""
        filled, oldest = GapEvents(), max(now - sync.KEPT_FOR, room.entered - CLOCK_SKEW)
        known = 0
        for _ in range(most):
            chunk, end = await self._fetch_page(room, token)
            page, joined = events_since_join(chunk[::-1], self._me)
            new = await self._unseen_events([e for e in page if sent_at(e) >= oldest])
            filled.prepend(new)
            known = 0 if new else known + bool(chunk)
            done = bool(chunk) and known >= known_pages and sent_at(chunk[-1]) < until
            if joined or end is None or done:
                return filled
            token = end
        filled.is_whole = False
        return filled

    async def page_before(self, room: Room, token: str) -> list[dict[str, Any]]:
        """Return the page of history before a token, oldest first. Nothing is left out of it.

        Raises `TryLater` if the server does not give it at once."""
        chunk, _end = await self._ask_page(room, token, SHORT_WAIT)
        return chunk[::-1]

    async def _fetch_page(
        self, room: Room, token: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        return await insist("messages", lambda: self._ask_page(room, token))

    async def _ask_page(
        self,
        room: Room,
        token: str | None,
        timeout: float = 60,  # noqa: ASYNC109 - a deadline of the request, not of the caller
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Return a page, newest first, and the token of the next one."""
        path = f"/_matrix/client/v3/rooms/{path_segment(room.room)}/messages"
        query = {"dir": "b", "limit": str(PAGE_EVENTS)} | ({"from": token} if token else {})
        try:
            answer = await self._http.call("GET", path, query=query, timeout=timeout)
        except Refused:
            return [], None  # not in the room any more
        chunk, end = answer.get("chunk"), answer.get("end")
        found = [e for e in chunk if isinstance(e, dict)] if isinstance(chunk, list) else []
        return found, end if isinstance(end, str) and end != token else None

    async def _unseen_events(self, page: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        named = {EventId(e["event_id"]): e for e in page if is_event_id(e.get("event_id"))}
        if not named:
            return []
        async with self._db.reading() as tx:
            known = await sync.seen_among(tx, named) | await undecrypted_events.waiting_among(
                tx, named
            )
        return [e for name, e in named.items() if name not in known]


def events_since_join(
    timeline: list[dict[str, Any]], me: UserId
) -> tuple[list[dict[str, Any]], bool]:
    """Return the events from the bot's last join on, and whether that join is among them.

    The position decides, not the stamp: another server's clock may be behind ours.
    """
    for index in range(len(timeline) - 1, -1, -1):
        if _is_join(timeline[index], me):
            return timeline[index:], True
    return timeline, False


def until_left(timeline: list[dict[str, Any]], me: UserId) -> list[dict[str, Any]]:
    """Return the events before the bot's last leave or removal; all, if that is not among them."""
    for index in range(len(timeline) - 1, -1, -1):
        event = timeline[index]
        if event.get("type") == "m.room.member" and event.get("state_key") == me:
            return timeline[:index]
    return timeline


def _is_join(event: Mapping[str, Any], me: UserId) -> bool:
    if event.get("type") != "m.room.member" or event.get("state_key") != me:
        return False
    before = as_mapping(as_mapping(event.get("unsigned")).get("prev_content"))
    now = read_membership(as_mapping(event.get("content")))
    return now is Membership.JOIN and read_membership(before) is not Membership.JOIN
