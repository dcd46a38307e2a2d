"""What is due waits for the homeserver and for what it has to tell."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.gateway import OUTAGE
from bot.run.homeserver_contact import HANDLING_PATIENCE, HomeserverStatus
from bot.testing.talk import START_TIME, FakeClock, Talk

SECOND = timedelta(seconds=1)


async def test_nothing_is_due_before_the_first_catch_up() -> None:
    contact = HomeserverStatus(FakeClock())
    assert not contact.may_run_jobs
    contact.note_answer(START_TIME.at)
    assert not contact.may_run_jobs
    contact.mark_handled(START_TIME.at)
    assert contact.may_run_jobs


async def test_after_a_minute_of_silence_nothing_is_due_until_the_backlog_is_handled() -> None:
    clock = FakeClock()
    contact = HomeserverStatus(clock)
    contact.note_answer(START_TIME.at)
    contact.mark_handled(START_TIME.at)
    clock.at += OUTAGE
    assert contact.may_run_jobs
    clock.at += SECOND
    assert not contact.may_run_jobs
    clock.at += timedelta(hours=3)
    assert not contact.may_run_jobs, "in an outage waiting is always better: nobody can be told"
    contact.note_answer(clock.at)
    assert not contact.may_run_jobs
    contact.mark_handled(clock.at)
    assert contact.may_run_jobs


async def test_what_was_handled_of_before_the_silence_does_not_end_it() -> None:
    clock = FakeClock()
    contact = HomeserverStatus(clock)
    contact.note_answer(START_TIME.at)
    clock.at += OUTAGE + SECOND
    contact.mark_handled(START_TIME.at)
    assert not contact.may_run_jobs


async def test_one_slow_room_holds_up_the_rest_for_two_minutes_at_most() -> None:
    clock = FakeClock()
    contact = HomeserverStatus(clock)
    contact.note_answer(START_TIME.at)
    contact.mark_handled(START_TIME.at)
    clock.at += timedelta(hours=1)
    began = clock.at
    while clock.at - began <= HANDLING_PATIENCE:
        contact.note_answer(clock.at)
        assert not contact.may_run_jobs
        clock.at += 30 * SECOND
    contact.note_answer(clock.at)
    assert contact.may_run_jobs
    clock.at += OUTAGE + SECOND
    assert not contact.may_run_jobs


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_a_reminder_waits_for_the_homeserver_and_says_that_it_is_late(talk: Talk) -> None:
    await talk.says("ana", "!recordar hoy 11:00; llevar la lona")
    await talk.hears("Recordatorio")
    talk.gateway.broken = True
    await talk.wait(timedelta(hours=3))
    talk.gateway.broken = False
    await talk.hears_nothing()
    await talk.wait(timedelta(0))
    await talk.hears("con retraso de 2 h")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_the_scheduler_goes_on_when_the_backlog_is_handled(talk: Talk) -> None:
    await talk.says("ana", "!recordar hoy 11:00; llevar la lona")
    await talk.hears("Recordatorio")
    talk.clock.at += timedelta(hours=2)
    inbox = talk.machine.dispatcher
    run = asyncio.create_task(talk.machine.scheduler.run())
    inbox.note_answer(talk.clock.at)
    async with asyncio.timeout(60):
        for _ in range(50):
            assert await waiting(talk, "job")
        inbox.contact.mark_handled(talk.clock.at)
        while await waiting(talk, "job"):  # noqa: ASYNC110 - a read gives nobody else a turn
            await asyncio.sleep(0)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await talk.hears("retraso")


async def waiting(talk: Talk, table: str) -> bool:
    async with talk.machine.db.reading() as tx:
        return await tx.one(f"SELECT 1 FROM {table}") is not None  # noqa: S608
