"""What was delivered is marked soon, of several rooms at once, and sent once whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.delivery import outbox as outbox_module
from bot.delivery import unmarked
from bot.delivery.effect_table import KINDS
from bot.delivery.entry_kind import Delivered, pending_entry
from bot.delivery.results import mark_delivered
from bot.delivery.unmarked import UnmarkedDeliveries
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk
from bot.types import Echo, EventId, RoomId
from storage import outbox_entries
from storage.database import Database, DatabaseError
from tests.delivery.test_entry_kinds import leave_behind
from tests.delivery.test_outbox import delivering, kinds

ROOMS = (ROOM, RoomId("!two:test"), RoomId("!three:test"))


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many deliveries each commit marked."""
    counts: list[int] = []

    async def counted(db: Database, done: Sequence[Delivered]) -> None:
        await mark_delivered(db, done)
        counts.append(len(done))

    monkeypatch.setattr(outbox_module, "mark_delivered", counted)
    return counts


async def write(talk: Talk, *rooms: RoomId) -> None:
    """Write a text for each of these rooms."""
    async with talk.machine.db.transaction() as tx:
        for room in rooms:
            content = {"msgtype": "m.text", "body": f"for {room}"}
            await outbox_entries.add(
                tx,
                room=room,
                person=None,
                kind="event",
                payload={"type": "m.room.message", "content": content},
                device="FAKE",
                at=talk.clock.at,
            )


async def begin(talk: Talk) -> Talk:
    """Make the other rooms, and start anew so that what is counted is looked up then."""
    for room in ROOMS[1:]:
        await talk.room(room, room[1:-5], ["bea"])
    await talk.said()
    await talk.restart()
    return talk


def hold_up(monkeypatch: pytest.MonkeyPatch, room: RoomId) -> asyncio.Event:
    """Send nothing to a room until the event that is returned is set."""
    send, free = FakeGateway.send, asyncio.Event()

    async def slow(self: FakeGateway, where: RoomId, *args: Any, **more: Any) -> EventId:
        if where == room:
            await free.wait()
        return await send(self, where, *args, **more)

    monkeypatch.setattr(FakeGateway, "send", slow)
    return free


async def test_several_rooms_are_marked_in_one_commit(talk: Talk, marked: list[int]) -> None:
    await begin(talk)
    await write(talk, *ROOMS)
    await talk.machine.outbox.deliver_pending()
    assert marked == [3]
    assert await kinds(talk) == []


async def test_many_are_marked_before_all_are_sent(
    talk: Talk, marked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unmarked, "MOST", 2)
    await begin(talk)
    await write(talk, *ROOMS)
    await talk.machine.outbox.deliver_pending()
    assert marked == [2, 1]


async def test_a_room_that_takes_long_does_not_keep_the_others_from_being_marked(
    talk: Talk, marked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unmarked, "LATEST", 0.01)
    await begin(talk)
    free = hold_up(monkeypatch, ROOM)
    await write(talk, *ROOMS)
    async with delivering(talk.machine.outbox):
        while sum(marked) < 2:  # noqa: ASYNC110 - what is counted tells nobody
            await asyncio.sleep(0)
        assert await kinds(talk) == ["event"]
        free.set()
        await talk.machine.outbox.quiet.wait()
    assert await kinds(talk) == []


async def test_the_first_event_that_comes_back_by_sync_has_all_marked_in_one_commit(
    talk: Talk, marked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unmarked, "LATEST", 60.0)
    await begin(talk)
    free = hold_up(monkeypatch, ROOM)
    await write(talk, *ROOMS)
    async with delivering(talk.machine.outbox):
        while len(talk.gateway.posted) < 2:  # noqa: ASYNC110 - what is posted tells nobody
            await asyncio.sleep(0)
        assert len(await kinds(talk)) == 3
        for txn, post in list(talk.gateway.posted.items()):
            echo = Echo(post.room, post.event, talk.gateway.me, talk.clock.at, txn)
            await talk.machine.dispatcher.receive(echo)
        assert await kinds(talk) == ["event"]
        assert marked == [2]
        free.set()
        await talk.machine.outbox.quiet.wait()
    assert await kinds(talk) == []


async def test_an_edit_goes_with_its_message_though_one_follows_the_other_at_once(
    talk: Talk,
) -> None:
    await begin(talk)
    gateway = talk.gateway
    said = gateway.post(ROOM, "m.room.message", {"body": "old"}, "said")
    edit = {"body": "* new", "m.relates_to": {"rel_type": "m.replace", "event_id": said}}
    await leave_behind(talk, "event", {"type": "m.room.message", "content": edit}, ref=said)
    await leave_behind(talk, "redact", {"reason": ""}, ref=said)
    await talk.machine.outbox.deliver_pending()
    (edited,) = [one for one in gateway.posted.values() if one.content.get("body") == "* new"]
    gone = {one.content.get("redacts") for one in gateway.posted.values() if one.kind == "redact"}
    assert gone == {said, edited.event}


async def test_what_was_not_marked_is_sent_again_under_its_transaction_id(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(talk)

    async def killed(_db: Database, _done: Sequence[Delivered]) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(outbox_module, "mark_delivered", killed)
        await talk.restart()
        await write(talk, *ROOMS)
        await talk.machine.outbox.deliver_pending()
    assert len(await kinds(talk)) == 3
    sent = dict(talk.gateway.posted)
    await talk.restart()
    await talk.machine.outbox.deliver_pending()
    assert await kinds(talk) == []
    assert talk.gateway.posted == sent


class Unsteady:
    """A database whose marks fail as long as `error` is set. `tried` is how many went together."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.tried: list[int] = []

    async def mark(self, db: Database, done: Sequence[Delivered]) -> None:
        self.tried.append(len(done))
        if self.error is not None:
            raise self.error
        await mark_delivered(db, done)


async def begin_unsteady(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> Unsteady:
    """Begin with a database whose marks fail, and are tried again at once."""
    unsteady = Unsteady(error)
    monkeypatch.setattr(outbox_module, "mark_delivered", unsteady.mark)
    monkeypatch.setattr(unmarked, "retry_delay", lambda _attempt, _asked: 0.01)
    await begin(talk)
    unsteady.tried.clear()
    return unsteady


@asynccontextmanager
async def refusing(talk: Talk, room: RoomId) -> AsyncIterator[None]:
    """Make the database refuse to end what is for this room."""
    async with talk.machine.db.transaction() as tx:
        await tx.run(
            "CREATE TRIGGER refuses BEFORE DELETE ON letter"
            f" WHEN old.room = '{room}' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    yield
    async with talk.machine.db.transaction() as tx:
        await tx.run("DROP TRIGGER refuses")


async def all_marked(talk: Talk) -> None:
    """Return as soon as nothing is in the outbox."""
    async with asyncio.timeout(10):
        while await kinds(talk):  # noqa: ASYNC110 - a commit tells nobody
            await asyncio.sleep(0)


async def test_one_that_can_not_be_marked_keeps_no_other_from_it(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsteady = await begin_unsteady(talk, monkeypatch, None)
    async with refusing(talk, ROOMS[1]):
        await write(talk, *ROOMS)
        with capture_logs() as logs:
            await talk.machine.outbox.deliver_pending()
        assert await kinds(talk) == ["event"]
        assert [len(one["entries"]) for one in logs if one["event"] == "outbox.unmarked"] == [1]
        unsteady.tried.clear()
        await write(talk, ROOMS[0], ROOMS[2])
        await talk.machine.outbox.deliver_pending()
        assert await kinds(talk) == ["event"]
        assert 2 in unsteady.tried  # the others share a commit as before
    sent = dict(talk.gateway.posted)
    await all_marked(talk)
    assert talk.gateway.posted == sent


async def test_a_mark_that_failed_is_tried_again_though_nothing_else_is_delivered(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsteady = await begin_unsteady(talk, monkeypatch, OSError("disk full"))
    await write(talk, ROOM)
    await talk.machine.outbox.deliver_pending()
    assert await kinds(talk) == ["event"]
    assert unsteady.tried == [1]

    async def sent_again(self: FakeGateway, room: RoomId, *args: Any, **more: Any) -> EventId:
        pytest.fail("only the mark is tried again")

    unsteady.error = None
    with monkeypatch.context() as patch:
        patch.setattr(FakeGateway, "send", sent_again)
        await all_marked(talk)
    assert unsteady.tried == [1, 1]


async def test_the_tries_come_at_longer_and_longer_intervals_until_one_succeeds(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsteady = await begin_unsteady(talk, monkeypatch, OSError("disk full"))
    attempts: list[int] = []
    third = asyncio.Event()

    def noted(attempt: int, _asked: object) -> float:
        attempts.append(attempt)
        if attempt == 3:
            third.set()
        return 0.001

    monkeypatch.setattr(unmarked, "retry_delay", noted)
    for _twice in range(2):
        unsteady.error = OSError("disk full")
        attempts.clear()
        third.clear()
        await write(talk, ROOM)
        await talk.machine.outbox.deliver_pending()
        async with asyncio.timeout(10):
            await third.wait()
        unsteady.error = None
        await all_marked(talk)
        assert attempts[:3] == [1, 2, 3]


async def test_a_late_mark_that_failed_is_logged_and_tried_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsteady = Unsteady(OSError("disk full"))
    monkeypatch.setattr(unmarked, "LATEST", 0.01)
    monkeypatch.setattr(unmarked, "retry_delay", lambda _attempt, _asked: 0.01)
    marks = UnmarkedDeliveries(lambda some: unsteady.mark(talk.machine.db, some))
    await write(talk, ROOM)
    async with talk.machine.db.reading() as tx:
        (row,) = await outbox_entries.entries_after(tx, 0)
    with capture_logs() as logs:
        await marks.add(pending_entry(KINDS, row), ROOM, EventId("$one"))
        async with asyncio.timeout(10):
            while len(unsteady.tried) < 3:  # noqa: ASYNC110 - what is counted tells nobody
                await asyncio.sleep(0)
    assert {one["event"] for one in logs} == {"outbox.unmarked"}
    unsteady.error = None
    await all_marked(talk)


async def test_a_database_that_failed_is_not_tried_for_each_entry(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = DatabaseError("database or disk is full")
    full.sqlite_errorcode = 13
    unsteady = await begin_unsteady(talk, monkeypatch, full)
    await write(talk, *ROOMS)
    await talk.machine.outbox.deliver_pending()
    assert unsteady.tried == [3]
    unsteady.error = None
    await all_marked(talk)
    assert unsteady.tried == [3, 3]


async def test_what_failed_is_tried_once_more_at_the_end(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsteady = await begin_unsteady(talk, monkeypatch, OSError("disk full"))
    monkeypatch.setattr(unmarked, "retry_delay", lambda _attempt, _asked: 60.0)
    await write(talk, ROOM)
    async with delivering(talk.machine.outbox):
        await talk.machine.outbox.quiet.wait()
        assert await kinds(talk) == ["event"]
        unsteady.error = None
    assert await kinds(talk) == []
