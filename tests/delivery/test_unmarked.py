"""What was delivered is marked soon, of several rooms at once, and sent once whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.delivery import outbox as outbox_module
from bot.delivery import unmarked
from bot.delivery.results import mark_delivered
from bot.delivery.unmarked import Delivered
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk
from bot.types import EventId, RoomId
from storage import outbox_entries
from storage.database import Database
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
    send, free = FakeGateway.send, asyncio.Event()

    async def slow(self: FakeGateway, room: RoomId, *args: Any, **more: Any) -> EventId:
        if room == ROOM:
            await free.wait()
        return await send(self, room, *args, **more)

    monkeypatch.setattr(FakeGateway, "send", slow)
    await write(talk, *ROOMS)
    async with delivering(talk.machine.outbox):
        while sum(marked) < 2:  # noqa: ASYNC110 - what is counted tells nobody
            await asyncio.sleep(0)
        assert await kinds(talk) == ["event"]
        free.set()
        await talk.machine.outbox.quiet.wait()
    assert await kinds(talk) == []


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
