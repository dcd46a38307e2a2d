"""A zone gets other rules while a poll is open: it closes when its votes say so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import dates
from bot.run.scheduler import update_due_times
from bot.testing.talk import Talk
from commands.poll_book import declaration
from commands.polls.tests.test_decisions import heard
from commands.polls.tests.test_polls import opened
from storage import jobs
from storage.files import maintenance
from storage.jobs import Job

HOUR = timedelta(hours=1)


async def closing_jobs(talk: Talk) -> list[Job]:
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT room FROM job WHERE feature = 'polls' AND name = 'close'")
    every = await jobs.due_jobs(talk.machine.db, talk.clock.at + timedelta(days=60))
    found = [job for job in every if (job.feature, job.name) == ("polls", "close")]
    assert len(found) == len(rows)
    return found


async def rules_change(talk: Talk) -> None:
    """Another version of the time zone database is found at the start."""
    async with talk.machine.db.transaction() as tx:
        await maintenance.save_zones_version(tx, "1970.1")
    await update_due_times(talk.machine.db)


async def test_jobs_of_before_lose_their_wall_time(talk: Talk) -> None:
    await opened(talk)
    (job,) = await closing_jobs(talk)
    step = declaration.feature.folder / "migrations" / "0019_closes.sql"
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE job SET wall = '2026-11-01T01:30:00', zone = 'America/New_York'")
        await tx.run(step.read_text(encoding="utf-8"))
    assert await closing_jobs(talk) == [job]
    await rules_change(talk)
    assert await closing_jobs(talk) == [job]


@pytest.mark.parametrize("how", ["opened", "extended"])
async def test_new_rules_move_no_end(talk: Talk, how: str) -> None:
    _opening, native, number = await opened(talk)
    if how == "extended":
        await talk.says("ana", f"!extender {number} hasta en 56 horas")
        await talk.sent()
    (before,) = await closing_jobs(talk)
    assert (before.wall, before.zone) == (None, None)
    await rules_change(talk)
    assert await closing_jobs(talk) == [before]
    await talk.wait_until(before.due - timedelta(minutes=1))
    await talk.sent()
    await talk.taps("bea", native, 3)
    await talk.wait_until(before.due)
    await heard(talk, "gana Zoom")


async def test_one_that_was_planned_for_a_wall_time_closes_at_its_end_though_it_moved(
    talk: Talk,
) -> None:
    """The job of an older version: nobody votes knowing the result."""
    await talk.set("zone", "America/Bogota")
    _opening, native, _number = await opened(talk)
    (job,) = await closing_jobs(talk)
    early = dates.to_wall(job.due - HOUR, "America/Bogota")
    async with talk.machine.db.transaction() as tx:
        await tx.run(
            "UPDATE job SET wall = ?, zone = 'America/Bogota' WHERE id = ?",
            early.isoformat(),
            job.id,
        )
    await rules_change(talk)
    assert [one.due for one in await closing_jobs(talk)] == [job.due - HOUR]
    await talk.wait_until(job.due - HOUR)
    await talk.hears_nothing()
    await talk.taps("bea", native, 3)
    await talk.hears_nothing()
    await talk.wait_until(job.due)
    await heard(talk, "gana Zoom")
