"""Looks at the bot each minute, and says in the log when a trouble begins and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.delivery.owed_entries import OwedEntries
from bot.lines import Line
from bot.operate.watch.condition import WELL, WORDS, Condition, Trouble
from bot.run.homeserver_contact import HomeserverStatus
from storage import jobs, outbox_entries
from storage.database import Database
from storage.files import backup_records, disk

log = structlog.get_logger(__name__)

INTERVAL = 60.0
"""Seconds between two looks for the log."""
FRESH = timedelta(seconds=5)
"""How long one look serves everybody who asks, so that nobody can keep the bot looking."""


class Lookout:
    """Looks at a running bot. Reads only, and each look is of a few short queries."""

    def __init__(
        self,
        db: Database,
        contact: HomeserverStatus,
        owed: OwedEntries,
        clock: Clock,
        show: Callable[[Line], None],
    ) -> None:
        """`show` is given each new state in words."""
        self._db = db
        self._contact = contact
        self._owed = owed
        self._clock = clock
        self._show = show
        self._folder: Path = db.path.parent
        self._turn = asyncio.Lock()
        self._last: Condition | None = None
        self._since: dict[Trouble, datetime] = {}

    async def look(self) -> Condition:
        """Return the bot's condition, at most `FRESH` old. Raises `DatabaseError`."""
        async with self._turn:
            now = self._clock.now()
            if self._last is None or not timedelta(0) <= now - self._last.at < FRESH:
                self._last = await self._look(now)
            return self._last

    async def run(self) -> None:
        """Check the bot's condition until cancelled, and log each trouble when it begins and when
        it ends."""
        while True:
            self.report(await self.look())
            await asyncio.sleep(INTERVAL)

    def report(self, found: Condition) -> None:
        """Log what has changed in the bot's condition since the last report, and show it to systemd
        in words."""
        troubles = found.troubles
        for trouble in troubles:
            if trouble not in self._since:
                self._since[trouble] = found.at
                if trouble is not Trouble.CATCHING_UP:  # each start begins so
                    log.warning("trouble begins", trouble=trouble.value)
        for trouble in [one for one in self._since if one not in troubles]:
            lasted = found.at - self._since.pop(trouble)
            if trouble is not Trouble.CATCHING_UP:  # its end is told as "ready"
                seconds = round(lasted.total_seconds())
                log.warning("trouble over", trouble=trouble.value, after_seconds=seconds)
        self._show(WORDS[troubles[0]] if troubles else WELL)

    async def _look(self, now: datetime) -> Condition:
        owed = self._owed.entries()
        async with self._db.reading() as tx:
            written = await outbox_entries.written_times(tx, owed)
            late_jobs, oldest_job = await jobs.late_jobs(tx, now)
        since = [max(at, owed[entry]) for entry, at in written.items()]
        return Condition(
            at=now,
            last_sync=self._contact.handled_until,
            oldest_letter=min(since, default=None),
            letters_late=sum(now - at > outbox_entries.LATE_AFTER for at in since),
            jobs_late=late_jobs,
            oldest_job=oldest_job,
            last_backup=backup_records.last_backup(self._folder),
            free_bytes=disk.free_bytes(self._folder),
            data_bytes=disk.file_bytes(self._folder),
        )
