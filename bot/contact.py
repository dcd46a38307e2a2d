"""Are we in touch with the homeserver, and is what it said handled? Only then is anything due."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from bot.clock import Clock
from bot.gateway import OUTAGE

log = structlog.get_logger(__name__)

PATIENCE = timedelta(minutes=2)
"""How long one slow room may hold up everybody's jobs while the homeserver answers."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class Contact:
    """When the homeserver last answered, and up to when everything it said has been handled."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = self._heard = self._read = _NEVER
        self._news = asyncio.Event()
        self.caught_up = asyncio.Event()
        """Set for good by the first catch-up."""

    def heard(self, at: datetime) -> None:
        """The homeserver answered at `at`; what it said is still to be handled."""
        if at - self._heard > OUTAGE:
            self._began = at
        self._heard = max(self._heard, at)
        self._news.set()

    def ready(self, until: datetime) -> None:
        """Everything said until then is handled."""
        self._read = max(self._read, until)
        if not self.caught_up.is_set():
            log.info("ready")
            self.caught_up.set()
        self._news.set()

    @property
    def clear(self) -> bool:
        """May due jobs run? Never in an outage: nobody could be told, and votes lie unread."""
        now = self._clock.now()
        if now - self._heard > OUTAGE:
            return False
        if now - self._read <= OUTAGE:
            return True
        return now - max(self._began, self._read + OUTAGE) > PATIENCE

    async def until_clear(self) -> None:
        while not self.clear:
            self._news.clear()
            await self._news.wait()
