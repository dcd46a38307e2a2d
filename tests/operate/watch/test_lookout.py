"""What a look finds in a machine at work, and what the log says of troubles that come and go."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.gateway import TryLater
from bot.lines import Line
from bot.operate.watch.condition import MOST_SILENCE, WELL, WORDS, Trouble
from bot.operate.watch.lookout import FRESH
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId
from storage import jobs, outbox_entries
from storage.files import backup_records
from storage.outbox_entries import LATE_AFTER
from tests.operate.watch.scene import condition, lookout

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def write_letter(talk: Talk, *, room: RoomId | None = ROOM, name: str | None = None) -> None:
    body = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "for them"}}
    async with talk.machine.db.transaction() as tx:
        await outbox_entries.add(
            tx,
            room=None if name else room,
            person=user_id(name) if name else None,
            kind="event",
            payload=body,
            device="FAKE",
            at=talk.clock.at,
        )


@asynccontextmanager
async def in_vain(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, act: str = "send", code: str = "http_502"
) -> AsyncIterator[None]:
    """The outbox works beside the body, and has tried in vain what the homeserver won't take."""
    tried = asyncio.Event()

    async def refuse(*_: object, **__: object) -> None:
        raise TryLater(code)

    async def sleep(_seconds: float) -> None:
        tried.set()
        await asyncio.Event().wait()  # for ever: the test goes on meanwhile

    monkeypatch.setattr(FakeGateway, act, refuse)
    monkeypatch.setattr(talk.machine.outbox, "_sleep", sleep)
    async with asyncio.timeout(60):
        run = asyncio.create_task(talk.machine.outbox.run())
        try:
            await tried.wait()
            yield
        finally:
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)


async def test_a_look_tells_the_last_sync_the_backup_and_the_disk(talk: Talk) -> None:
    at = lookout(talk)
    folder = talk.machine.db.path.parent
    assert (await at.look()).last_sync is None
    talk.machine.dispatcher.contact.mark_handled(talk.clock.at)
    backup_records.note_backup(folder)
    os.utime(folder / backup_records.LAST_BACKUP, (1e9, 1e9))
    talk.clock.at += 2 * FRESH
    found = await at.look()
    assert found.last_sync == talk.clock.at - 2 * FRESH
    assert found.last_backup is not None
    assert found.last_backup.timestamp() == 1e9
    assert found.data_bytes >= talk.machine.db.path.stat().st_size > 0
    assert found.free_bytes > 0


async def test_one_look_serves_everybody_for_some_seconds(talk: Talk) -> None:
    at = lookout(talk)
    first = await at.look()
    assert await at.look() is first
    talk.clock.at += FRESH
    second = await at.look()
    assert second is not first
    talk.clock.at -= HOUR
    assert await at.look() is not second, "a clock that was set back serves no old look"


async def test_a_letter_that_the_homeserver_does_not_take_is_late(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write_letter(talk)
    written = talk.clock.at
    async with in_vain(talk, monkeypatch):
        found = await lookout(talk).look()
        assert (found.oldest_letter, found.letters_late) == (written, 0)
        talk.clock.at += LATE_AFTER + MINUTE
        found = await lookout(talk).look()
    assert (found.oldest_letter, found.letters_late) == (written, 1)
    assert Trouble.LETTERS_LATE in found.troubles


async def test_a_letter_whose_reader_has_not_come_is_nobodys_fault(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write_letter(talk, name="zoe")
    await talk.machine.outbox.deliver_pending()
    talk.clock.at += 9 * HOUR
    found = await lookout(talk).look()
    assert (found.oldest_letter, found.letters_late) == (None, 0)
    # Now she is there: from this moment on the homeserver owes it.
    (room,) = [room for room, person in talk.gateway.made if person == user_id("zoe")]
    await talk.moves("zoe", Membership.JOIN, room)
    async with in_vain(talk, monkeypatch):
        assert (await lookout(talk).look()).oldest_letter == talk.clock.at
        talk.clock.at += LATE_AFTER + MINUTE
        assert (await lookout(talk).look()).letters_late == 1


async def test_a_letter_that_another_server_keeps_waiting_is_not_ours(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.invites("ana", RoomId("!far:dead"))
    async with in_vain(talk, monkeypatch, "join", "http_504"):
        talk.clock.at += LATE_AFTER + MINUTE
        assert (await lookout(talk).look()).oldest_letter is None


async def test_what_was_delivered_is_owed_no_more(talk: Talk) -> None:
    await write_letter(talk)
    await talk.machine.outbox.deliver_pending()
    assert (await lookout(talk).look()).oldest_letter is None
    assert talk.machine.outbox.owed.entries() == {}


async def test_a_job_that_should_have_run_is_late(talk: Talk) -> None:
    due = talk.clock.at - HOUR
    async with talk.machine.db.transaction() as tx:
        await jobs.add(tx, "reminders", "ring", ROOM, due)
    found = await lookout(talk).look()
    assert (found.jobs_late, found.oldest_job) == (1, due)


def test_the_log_says_when_a_trouble_begins_and_when_it_ends(talk: Talk) -> None:
    shown: list[Line] = []
    at = lookout(talk, shown)
    start = condition().at
    silent = start - MOST_SILENCE - MINUTE
    with capture_logs() as logs:
        at.report(condition(last_sync=None))
        at.report(condition())
        at.report(condition(last_sync=silent))
        at.report(condition(last_sync=silent, at=start + MINUTE, free_bytes=1))
        at.report(condition(at=start + 2 * MINUTE))
    told = [(line["event"], line["trouble"], line.get("after_seconds")) for line in logs]
    assert told == [
        ("trouble begins", "no_sync", None),
        ("trouble begins", "disk_low", None),
        ("trouble over", "no_sync", 120),
        ("trouble over", "disk_low", 60),
    ]
    assert shown == [
        WORDS[Trouble.CATCHING_UP],
        WELL,
        WORDS[Trouble.NO_SYNC],
        WORDS[Trouble.NO_SYNC],
        WELL,
    ]
