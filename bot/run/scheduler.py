"""Wakes up when jobs are due. The database alone decides what is due."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Protocol

from bot import dates
from bot.clock import Clock
from bot.run.homeserver_contact import HomeserverStatus
from storage import digest_queue, jobs, questions, sync
from storage.database import Database
from storage.files import maintenance
from storage.jobs import Job
from storage.membership import removals

LONGEST_SLEEP = timedelta(minutes=1)


class JobRunner(Protocol):
    """What runs jobs, and knows whether it may."""

    @property
    def contact(self) -> HomeserverStatus: ...

    async def run_job(self, job: Job) -> None: ...


class Scheduler:
    """Runs due jobs. It wakes at the next due time, and when `rung` says that one was added."""

    def __init__(
        self, db: Database, dispatcher: JobRunner, clock: Clock, rung: asyncio.Event
    ) -> None:
        self._db = db
        self._dispatcher = dispatcher
        self._clock = clock
        self.rung = rung

    async def run(self) -> None:
        """Run due jobs until cancelled. No job runs before earlier events have been handled."""
        await update_due_times(self._db)
        while True:
            await self._dispatcher.contact.wait_until_clear()
            await run_due_jobs(self._db, self._dispatcher, self._clock)
            await delete_expired(self._db, self._clock.now())
            await self._sleep()

    async def _sleep(self) -> None:
        """Wait until the next job is due or one was added, but no longer than `LONGEST_SLEEP`."""
        self.rung.clear()  # first, so that a job added meanwhile wakes us
        now = self._clock.now()
        due = await jobs.next_due(self._db)
        wait = min(due - now, LONGEST_SLEEP) if due else LONGEST_SLEEP
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(wait.total_seconds(), 0)):
                await self.rung.wait()


async def run_due_jobs(db: Database, dispatcher: JobRunner, clock: Clock) -> None:
    """Run all due jobs in the order of their due times; none while the homeserver is away."""
    while due := await jobs.due_jobs(db, clock.now()):
        for job in due:
            if not dispatcher.contact.may_run_jobs:
                return
            await dispatcher.run_job(job)


async def update_due_times(db: Database) -> None:
    """If the time zone database has changed, compute the UTC due times of jobs again from their
    wall times."""
    known = version("tzdata")
    async with db.transaction() as tx:
        if await maintenance.zones_version(tx) == known:
            return
        for job in await jobs.zoned_jobs(tx):
            if job.wall is not None and job.zone is not None:
                await jobs.reschedule(tx, job.id, dates.to_utc(job.wall, job.zone))
        await maintenance.save_zones_version(tx, known)


async def delete_expired(db: Database, now: datetime) -> None:
    """Delete marks of handled events, lapsed questions, messages that waited for a digest, and
    removals of the bot from rooms, each after its time. Does so once a day, however often it is
    called."""
    async with db.transaction() as tx:
        day = now.date().isoformat()
        if await maintenance.last_cleaned(tx) == day:
            return
        await sync.forget_before(tx, now - sync.KEPT_FOR)
        await questions.forget_before(tx, now - timedelta(days=1))
        await digest_queue.forget_before(tx, now - digest_queue.KEPT_FOR)
        await removals.forget_before(tx, now - removals.KEPT_FOR)
        await maintenance.save_last_cleaned(tx, day)
