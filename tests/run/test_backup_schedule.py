"""The bot's own backups: made when due, told of where they fail, never in the bot's way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.run.backup_schedule import RETRY, BackupPlan, BackupSchedule, read_state
from bot.testing.talk import KEY, ROOM, Talk
from storage.database import Database
from storage.encryption import keys as keyring
from storage.encryption.backup_keys import Recipients
from storage.encryption.keys import DATABASE, Keys
from storage.encryption.root_key import unlock
from storage.files import lock
from storage.files.backup_records import LOCK
from storage.files.restoration import restore_backup
from storage.files.schedule_state import ScheduleState

BOGOTA = ZoneInfo("America/Bogota")
MARK = b"0123456789abcdef"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return unlock(tmp_path / "data", key_file=tmp_path / "key", create=True)


@pytest.fixture
async def talk(talk: Talk, tmp_path: Path, keys: Keys) -> Talk:
    """A talk whose database lies as an installation's does."""
    async with talk.machine.db.reading() as tx:
        await tx.run("VACUUM INTO ?", str(tmp_path / "data" / DATABASE))
    copy = await Database.open(tmp_path / "data" / DATABASE, KEY, create=False)
    await copy.rekey(keys.db)
    await copy.close()
    return talk


@pytest.fixture
def plan(tmp_path: Path, keys: Keys) -> BackupPlan:
    (tmp_path / "backups").mkdir()
    return BackupPlan(
        data=tmp_path / "data",
        keys=keys,
        recipients=Recipients(),
        account="@minga:test",
        folder=tmp_path / "backups",
        command=(),
        at=time(3, 30),
        zone="America/Bogota",
        every=None,
        keep_days=7,
        keep_files=None,
    )


def state(tried: datetime | None, failures: int = 0) -> ScheduleState:
    return ScheduleState(MARK, tried, failures)


def schedule(talk: Talk, plan: BackupPlan) -> BackupSchedule:
    return BackupSchedule(plan, talk.machine.env, lambda: None)


async def back_up(talk: Talk, plan: BackupPlan) -> None:
    await schedule(talk, plan).back_up(await read_state(talk.machine.db))


def test_it_is_due_at_the_hour_of_the_network_and_at_once_if_it_never_was(
    plan: BackupPlan,
) -> None:
    now = datetime(2026, 11, 28, 12, 0, tzinfo=BOGOTA)
    assert plan.next_due(state(None), now) == now
    assert plan.next_due(state(now), now) == datetime(2026, 11, 29, 3, 30, tzinfo=BOGOTA)
    missed = now - timedelta(days=3)
    assert plan.next_due(state(missed), now) < now, "what fell due while it was off is made up for"
    assert plan.next_due(state(now, failures=1), now) == now + RETRY
    often = replace(plan, every=timedelta(hours=6))
    assert often.next_due(state(now), now) == now + timedelta(hours=6)


@pytest.mark.parametrize("every", [None, timedelta(hours=6)])
@pytest.mark.parametrize("failures", [0, 1])
def test_a_clock_that_was_ahead_and_is_set_back_ends_no_schedule(
    plan: BackupPlan, every: timedelta | None, failures: int
) -> None:
    plan, now = replace(plan, every=every), datetime(2026, 11, 28, 12, 0, tzinfo=BOGOTA)
    ahead = state(now + timedelta(days=400), failures)
    assert any(
        plan.next_due(ahead, at) <= at for at in (now + timedelta(minutes=n) for n in range(2880))
    ), "asked each minute for two days, as the bot does, one is due"


async def test_it_is_made_while_the_bot_works_and_comes_back(
    talk: Talk, plan: BackupPlan, tmp_path: Path
) -> None:
    task = asyncio.create_task(schedule(talk, plan).run())
    assert plan.folder is not None
    async with asyncio.timeout(30):
        while not (made := list(plan.folder.glob("minga-*.backup"))):
            await talk.says("ana", "!estado")
            assert await talk.said()
    async with asyncio.timeout(30):
        while (await read_state(talk.machine.db)).failures:
            await talk.says("ana", "!estado")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await restore_backup(made[0], tmp_path / "new", key_file=tmp_path / "key")
    assert keyring.has_database(tmp_path / "new")


async def test_moderators_hear_of_two_failures_once_and_of_their_end(
    talk: Talk, plan: BackupPlan
) -> None:
    await talk.set("moderation", "yes")
    assert plan.folder is not None
    plan.folder.rmdir()
    await back_up(talk, plan)
    await talk.hears_nothing()
    talk.clock.at += RETRY
    await back_up(talk, plan)
    (post,) = await talk.said(ROOM)
    assert "2 veces seguidas" in post.plain
    assert "minga doctor" in post.plain
    assert str(plan.folder) not in post.plain
    talk.clock.at += RETRY
    await back_up(talk, plan)
    await talk.hears_nothing()
    told = await read_state(talk.machine.db)
    assert told.failures == 3
    assert told.why.in_english() == f"There is no folder {plan.folder}."
    plan.folder.mkdir()
    await back_up(talk, plan)
    (post,) = await talk.said(ROOM)
    assert "vuelve a funcionar" in post.plain
    await back_up(talk, replace(plan, command=("false",), folder=None))
    await talk.hears_nothing()


async def test_an_attempt_that_is_killed_counts_and_is_tried_again_an_hour_later(
    talk: Talk, plan: BackupPlan
) -> None:
    hanging = replace(plan, command=("sleep", "600"), folder=None)
    task = asyncio.create_task(back_up(talk, hanging))
    async with asyncio.timeout(30):
        while not lock.is_held(plan.data, LOCK):
            await talk.says("ana", "!estado")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    after = await read_state(talk.machine.db)
    assert after.failures == 1
    assert after.why.in_english() == "it was cut off before it was done"
    assert hanging.next_due(after, talk.clock.at) == talk.clock.at + RETRY
    assert not [file for file in plan.data.iterdir() if file.name.startswith(".")]


async def test_old_ones_go_with_each_new_one(talk: Talk, plan: BackupPlan) -> None:
    few = replace(plan, keep_files=2)
    assert plan.folder is not None
    for _night in range(4):
        await back_up(talk, few)
        talk.clock.at += timedelta(days=1)
    assert len(list(plan.folder.iterdir())) == 2
