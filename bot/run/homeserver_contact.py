"""Tracks whether the homeserver answers and whether its events are handled, so that jobs may
run.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from bot.clock import Clock
from bot.gateway import OUTAGE

log = structlog.get_logger(__name__)

HANDLING_PATIENCE = timedelta(minutes=2)
"""How long a slow room may delay everybody's jobs while the homeserver answers."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class HomeserverStatus:
    """When the homeserver last answered, and until when all its events are handled."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = self._heard = self._read = _NEVER
        self._news = asyncio.Event()
        self.caught_up = asyncio.Event()
        """Set for good by the first catch-up."""

    def note_answer(self, at: datetime) -> None:
        """Note that the homeserver answered at `at` (UTC)."""
        if at - self._heard > OUTAGE:
            self._began = at
        self._heard = max(self._heard, at)
        self._news.set()

    def mark_handled(self, until: datetime) -> None:
        """Note that everything said until `until` (UTC) is handled."""
        self._read = max(self._read, until)
        if not self.caught_up.is_set():
            log.info("ready")
            self.caught_up.set()
        self._news.set()

    @property
    def handled_until(self) -> datetime | None:
        """The instant (UTC) until which everything said is handled, or None before the first
        catch-up."""
        return self._read if self.caught_up.is_set() else None

    @property
    def may_run_jobs(self) -> bool:
        """Whether due jobs may run. False in an outage: nobody could be told, and votes may be
        unread."""
        now = self._clock.now()
        if now - self._heard > OUTAGE:
            return False
        if now - self._read <= OUTAGE:
            return True
        return now - max(self._began, self._read + OUTAGE) > HANDLING_PATIENCE

    async def wait_until_clear(self) -> None:
        """Wait until due jobs may run."""
        while not self.may_run_jobs:
            self._news.clear()
            await self._news.wait()
