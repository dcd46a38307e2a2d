"""How the outbox goes on: after bugs, lost answers, waking in the middle, and when it is ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.capability.context import Origin
from bot.delivery import destinations
from bot.delivery import outbox as outbox_module
from bot.delivery.effects import Callback, Invite
from bot.delivery.outbox import Outbox
from bot.gateway import TryLater
from bot.testing.fake_gateway import FakeGateway
from bot.testing.posted_event import PostedEvent
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Echo, EventId, Number, RoomId
from storage import items, outbox_entries
from storage.outbox_entries import OutboxEntry
from tests.delivery.test_outbox import HOUR, answered, delivering, kinds, tireless

SECOND = timedelta(seconds=1)


async def letter(
    talk: Talk, text: str, *, device: str = "FAKE", age: timedelta | None = None
) -> str:
    """Write an entry for the room, and return its transaction id."""
    body = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": text}}
    async with talk.machine.db.transaction() as tx:
        number = await outbox_entries.add(
            tx,
            room=ROOM,
            person=None,
            kind="event",
            payload=body,
            device=device,
            at=talk.clock.at - (age or timedelta(0)),
        )
        row = await tx.one("SELECT txn FROM letter WHERE id = ?", number)
    assert row is not None
    return str(row["txn"])


async def invitation(talk: Talk, who: str, then: Callback | None = None) -> None:
    origin = Origin(ROOM, EventId("$asked"), requester=user_id("ana"))
    async with talk.machine.db.transaction() as tx:
        invite = [Invite(user_id(who), then=then)]
        await talk.machine.env.answers.write_answer(tx, invite, origin, talk.clock.now())


def patient(talk: Talk) -> tuple[Outbox, list[float]]:
    """An outbox whose waiting is noted and moves the clock."""
    slept = list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        talk.clock.at += timedelta(seconds=seconds)

    machine = talk.machine
    return Outbox(machine.db, talk.gateway, talk.clock, machine.env.answers, sleep), slept


def failing(monkeypatch: pytest.MonkeyPatch, *errors: Exception | None) -> None:
    """Let sending fail so often, or work in between (None), then work."""
    left, send = list(errors), FakeGateway.send

    async def fails(self: FakeGateway, *args: Any, **more: Any) -> EventId:
        error = left.pop(0) if left else None
        if error is not None:
            raise error
        return await send(self, *args, **more)

    monkeypatch.setattr(FakeGateway, "send", fails)


# --- tries ---------------------------------------------------------------------------------------


async def test_a_bug_in_an_entry_is_tried_again_later_and_later(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, *(ValueError("a bug") for _ in range(3)))
    await letter(talk, "uno")
    await letter(talk, "dos")
    outbox, slept = patient(talk)
    with capture_logs() as logs:
        await outbox.deliver_pending()
    assert [one["event"] for one in logs] == ["outbox.failed"] * 3
    assert [round(one / 1.3) <= 2**n <= one * 1.5 for n, one in enumerate(slept)] == [True] * 3
    assert [post.plain for post in await talk.said(ROOM)] == ["uno", "dos"]


async def test_after_a_delivery_the_waiting_begins_anew(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the next entry of the same room, by the same worker."""
    away = TryLater("away")
    failing(monkeypatch, *(away, away, away, away, None, away, TryLater("busy", 9 * SECOND)))
    await letter(talk, "uno")
    await letter(talk, "dos")
    outbox, slept = patient(talk)
    await outbox.deliver_pending()
    assert len(slept) == 6
    assert 0.7 <= slept[0] <= 1.3
    assert 5.6 <= slept[3] <= 10.4
    assert 0.7 <= slept[4] <= 1.3
    assert 9 <= slept[5] <= 9.5, "what the server asks for"
    assert [post.plain for post in await talk.said(ROOM)] == ["uno", "dos"]


async def test_a_worker_that_breaks_is_told_to_the_log_and_another_goes_on(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, slots_for = [RuntimeError("a bug")], Outbox._slots_for

    async def breaks(self: Outbox, row: OutboxEntry | None) -> asyncio.Semaphore:
        if left:
            raise left.pop()
        return await slots_for(self, row)

    async def gives_up(_self: Outbox, _number: int, _code: str) -> bool:
        raise LookupError("a bug while giving up")

    said = answered(monkeypatch)
    monkeypatch.setattr(Outbox, "_gives_up", gives_up)
    monkeypatch.setattr(Outbox, "_slots_for", breaks)
    failing(monkeypatch, TryLater("away"))
    await letter(talk, "uno")
    with capture_logs() as logs:
        async with delivering(patient(talk)[0]):
            await said.wait()
    told = [(one["event"], one.get("error")) for one in logs]
    assert told == [("outbox.failed", None), ("outbox.worker_failed", "LookupError")]


async def test_a_server_that_answers_in_between_is_not_given_up(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty minutes of another server, then our own is away, then fifty minutes again."""
    began, join = talk.clock.at, FakeGateway.join

    async def dead(self: FakeGateway, room: RoomId) -> None:
        past = talk.clock.at - began
        if past < timedelta(minutes=50) or timedelta(minutes=52) < past < timedelta(minutes=100):
            raise TryLater("http_504")
        if past < timedelta(minutes=52):
            raise TryLater("ClientConnectorError")
        await join(self, room)

    monkeypatch.setattr(FakeGateway, "join", dead)
    await talk.invites("ana", RoomId("!far:dead"))
    outbox = tireless(talk)
    with capture_logs() as logs:
        await outbox.deliver_pending()
    assert logs == []
    assert [post.kind for post in await talk.sent()] == ["join"]
    assert outbox._failing == {}, "nothing is kept of what is done"


@pytest.mark.parametrize("code", ["http_500", "http_599", "TimeoutError"])
async def test_what_another_server_keeps_from_us_is_given_up_by_its_code(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    async def dead(_self: FakeGateway, _room: RoomId) -> None:
        raise TryLater(code)

    monkeypatch.setattr(FakeGateway, "join", dead)
    await talk.invites("ana", RoomId("!far:dead"))
    with capture_logs() as logs:
        await tireless(talk).deliver_pending()
    assert [(one["event"], one["code"]) for one in logs] == [("outbox.gave_up", code)]


async def test_what_only_our_own_server_does_is_never_given_up(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, send = talk.clock.at, FakeGateway.send

    async def away(self: FakeGateway, *args: Any, **more: Any) -> EventId:
        if talk.clock.at - began < 5 * HOUR:
            raise TryLater("http_502")
        return await send(self, *args, **more)

    monkeypatch.setattr(FakeGateway, "send", away)
    await letter(talk, "uno")
    await tireless(talk).deliver_pending()
    assert [post.plain for post in await talk.said(ROOM)] == ["uno"]


# --- once, whatever is lost ----------------------------------------------------------------------


async def test_an_event_that_comes_back_ends_its_entry_though_every_answer_is_lost(
    talk: Talk,
) -> None:
    txn = await letter(talk, "uno")
    talk.gateway.lose_responses = True
    echoed = list[str]()

    async def sleep(_seconds: float) -> None:
        post = talk.gateway.posted[txn]
        for name in (txn, "never"):
            echo = Echo(ROOM, post.event, talk.gateway.me, talk.clock.at, name)
            await outbox.confirm_delivery(echo)
            echoed.append(name)

    machine = talk.machine
    outbox = Outbox(machine.db, talk.gateway, talk.clock, machine.env.answers, sleep)
    await outbox.deliver_pending()
    assert echoed == [txn, "never"]
    assert await kinds(talk) == []


@pytest.mark.parametrize(
    ("device", "age", "is_asked"),
    [
        ("FAKE", timedelta(hours=23) - SECOND, False),
        ("FAKE", timedelta(hours=23), True),
        ("OLD", timedelta(0), True),
    ],
)
async def test_an_entry_whose_number_the_server_may_have_forgotten_is_looked_for_first(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, device: str, age: timedelta, is_asked: bool
) -> None:
    txn = await letter(talk, "uno", device=device, age=age)
    there = PostedEvent(ROOM, "m.room.message", {"body": "uno"}, EventId("$there"))
    found, sent, send = list[str](), list[str](), FakeGateway.send

    async def find_sent(_self: FakeGateway, room: RoomId, name: str, _since: object) -> EventId:
        assert room == ROOM
        found.append(name)
        return there.event

    async def sends(self: FakeGateway, *args: Any, **more: Any) -> EventId:
        sent.append(args[3])
        return await send(self, *args, **more)

    monkeypatch.setattr(FakeGateway, "find_sent", find_sent)
    monkeypatch.setattr(FakeGateway, "send", sends)
    await talk.machine.outbox.deliver_pending()
    assert (found, sent) == (([txn], []) if is_asked else ([], [txn]))
    assert await kinds(talk) == []


async def test_what_is_no_message_is_looked_for_nowhere(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find_sent(_self: FakeGateway, *_args: object) -> EventId:
        raise AssertionError

    monkeypatch.setattr(FakeGateway, "find_sent", find_sent)
    await invitation(talk, "luz")
    talk.clock.at += 30 * HOUR
    with capture_logs() as logs:
        await talk.machine.outbox.deliver_pending()
    assert logs == []
    assert [post.kind for post in talk.gateway.posted.values()] == ["invite"]


# --- waiting and waking --------------------------------------------------------------------------


def absent_once(monkeypatch: pytest.MonkeyPatch, then: Any) -> None:
    """Let a room be unknown the first time it is looked for; meanwhile `then` happens."""
    found, tries = destinations.find_room, list[int]()

    async def find(*args: Any) -> RoomId | None:
        tries.append(1)
        if len(tries) == 1:
            then()
            return None
        return await found(*args)

    monkeypatch.setattr(outbox_module, "find_room", find)


async def test_who_comes_while_their_room_is_looked_for_is_not_waited_for(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = patient(talk)[0]
    absent_once(monkeypatch, outbox.release_held)
    await letter(talk, "uno")
    await outbox.deliver_pending()
    assert await kinds(talk) == []


async def test_what_waits_is_looked_at_again_after_a_while_though_nothing_happens(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "LONGEST_HOLD", 0.01)
    absent_once(monkeypatch, lambda: None)
    said = answered(monkeypatch)
    await letter(talk, "uno")
    async with delivering(patient(talk)[0]):
        await said.wait()


async def test_what_waits_is_not_tried_before_somebody_comes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = asyncio.Event()
    absent_once(monkeypatch, looked.set)
    said = answered(monkeypatch)
    await letter(talk, "uno")
    outbox = patient(talk)[0]
    async with delivering(outbox):
        await looked.wait()
        for _turn in range(50):
            outbox.wake()
            await asyncio.sleep(0)
        assert not said.is_set()
        outbox.release_held()
        await said.wait()


async def test_a_refusal_is_told_at_once(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a new entry, written while nobody commits anything else."""
    talk.gateway.uninvitable = {user_id("luz"): "M_FORBIDDEN"}
    said = answered(monkeypatch)
    await invitation(talk, "luz")
    async with delivering(patient(talk)[0]):
        await said.wait()


async def test_who_waits_for_the_end_of_an_entry_is_woken_and_nobody_else(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await items.add(tx, "reminders", "list", ROOM, user_id("ana"), "", talk.clock.now())
        await tx.run("UPDATE item SET number = 7")
    outbox, woken = patient(talk)[0], list[str]()
    outbox.on_delivered = lambda: woken.append("told")
    await invitation(talk, "eva")
    await letter(talk, "uno")
    await outbox.deliver_pending()
    assert woken == []
    await invitation(talk, "luz", Callback("reminders", "told", Number(7)))
    await outbox.deliver_pending()
    assert woken == ["told"]


# --- its end -------------------------------------------------------------------------------------


async def test_when_it_is_ended_nothing_is_left_running(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ended = asyncio.Event(), list[str]()

    async def slow(_self: FakeGateway, *_args: object, **_more: object) -> EventId:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            ended.append("closed")
        raise AssertionError

    monkeypatch.setattr(FakeGateway, "send", slow)
    broken = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _loop, what: broken.append(what))
    await letter(talk, "uno")
    run = asyncio.create_task(talk.machine.outbox.run())
    async with asyncio.timeout(60):
        await asked.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    await asyncio.sleep(0)
    assert ended == ["closed"]
    assert broken == [], "a worker that is ended is no error"
    assert await kinds(talk) == ["event"], "it stays for the next start"
