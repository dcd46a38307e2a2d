"""What waits in the outbox: dead servers hold up nobody, and private letters stay private."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.capability.context import Origin
from bot.delivery.effects import Callback, Invite
from bot.delivery.outbox import Outbox
from bot.gateway import TryLater
from bot.run.app import features
from bot.run.duties.bot_membership import JOINS_ARRIVE
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, Number, RoomId, Trust, UserId
from storage import items, jobs, outbox_entries, rooms
from storage.membership import invitations
from storage.outbox_entries import OutboxEntry

HOUR = timedelta(hours=1)


@asynccontextmanager
async def delivering(outbox: Outbox) -> AsyncIterator[None]:
    run = asyncio.create_task(outbox.run())
    try:
        async with asyncio.timeout(60):
            yield
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


def answered(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when something is said in the room."""
    said, send = asyncio.Event(), FakeGateway.send

    async def seen(self: FakeGateway, room: RoomId, *args: Any, **more: Any) -> EventId:
        event = await send(self, room, *args, **more)
        if room == ROOM:
            said.set()
        return event

    monkeypatch.setattr(FakeGateway, "send", seen)
    return said


def tireless(talk: Talk) -> Outbox:
    """An outbox whose waiting moves the clock."""

    async def sleep(seconds: float) -> None:
        talk.clock.at += timedelta(seconds=seconds)

    return Outbox(talk.machine.db, talk.gateway, talk.clock, talk.machine.env.answers, sleep)


async def kinds(talk: Talk) -> list[str]:
    async with talk.machine.db.reading() as tx:
        return [row["kind"] for row in await tx.all("SELECT kind FROM letter ORDER BY id")]


async def private_letter(talk: Talk, name: str) -> None:
    body = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": f"for {name}"}}
    async with talk.machine.db.transaction() as tx:
        await outbox_entries.add(
            tx,
            room=None,
            person=user_id(name),
            kind="event",
            payload=body,
            device="FAKE",
            at=talk.clock.at,
        )


# --- dead servers --------------------------------------------------------------------------------


async def test_rooms_on_dead_servers_hold_up_no_answer(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def dead(_self: FakeGateway, _room: RoomId) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(FakeGateway, "join", dead)
    said = answered(monkeypatch)
    for number in range(40):
        await talk.invites("ana", RoomId(f"!far{number}:dead"))
    async with delivering(talk.machine.outbox):
        await asked.wait()
        await talk.says("bea", "!pendientes")
        await said.wait()


async def test_private_rooms_for_people_on_dead_servers_hold_up_no_answer(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def dead(_self: FakeGateway, _person: str, _alias: str) -> RoomId:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(FakeGateway, "make_private_room", dead)
    said = answered(monkeypatch)
    for number in range(40):
        await private_letter(talk, f"@p{number}:dead")
    async with delivering(talk.machine.outbox):
        await asked.wait()
        await talk.says("bea", "!pendientes")
        await said.wait()


async def test_a_member_has_few_rooms_pending_and_a_moderator_all_of_theirs(talk: Talk) -> None:
    for number in range(4):
        await talk.invites("bea", RoomId(f"!b{number}:dead"))
    assert await kinds(talk) == ["join", "join", "join", "leave"]
    for number in range(10):
        await talk.invites("ana", RoomId(f"!a{number}:dead"))
    assert (await kinds(talk)).count("join") == 13
    await talk.sent()
    await talk.invites("bea", RoomId("!b5:dead"))
    assert await kinds(talk) == ["join"]


async def test_after_an_hour_a_dead_server_is_asked_no_more_and_the_log_says_so(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(_self: FakeGateway, _room: RoomId) -> None:
        raise TryLater("http_504")

    monkeypatch.setattr(FakeGateway, "join", dead)
    before = talk.clock.at
    await talk.invites("ana", RoomId("!far:dead"))
    with capture_logs() as logs:
        await tireless(talk).deliver_pending()
    assert [(line["event"], line["kind"]) for line in logs] == [("outbox.gave_up", "join")]
    assert HOUR <= talk.clock.at - before < 2 * HOUR
    assert [p.kind for p in await talk.sent()] == ["leave"]
    assert await kinds(talk) == []


async def test_our_own_server_being_away_ends_nothing(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = talk.clock.at + 5 * HOUR

    async def away(self: FakeGateway, room: RoomId) -> None:
        if talk.clock.at < back:
            raise TryLater("ClientConnectorError")
        self._act(room, "join", {})

    monkeypatch.setattr(FakeGateway, "join", away)
    await talk.invites("ana", RoomId("!new:test"))
    await tireless(talk).deliver_pending()
    assert [p.kind for p in await talk.sent()] == ["join"]


async def test_a_private_letter_outlives_a_dead_server(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, tried = FakeGateway.make_private_room, 0

    async def dead(_self: FakeGateway, _person: str, _alias: str) -> RoomId:
        nonlocal tried
        tried += 1
        raise TryLater("http_504")

    monkeypatch.setattr(FakeGateway, "make_private_room", dead)
    await private_letter(talk, "@far:dead")
    outbox = tireless(talk)
    with capture_logs() as logs:
        await outbox.deliver_pending()
    assert [line["event"] for line in logs] == ["outbox.gave_up"]
    before = tried
    await outbox.deliver_pending()
    assert (tried, await kinds(talk)) == (before, ["event"])
    monkeypatch.setattr(FakeGateway, "make_private_room", made)
    talk.clock.at += HOUR
    await talk.hears("for @far:dead")


# --- private letters -----------------------------------------------------------------------------


async def test_a_private_answer_is_not_said_before_a_third_person(talk: Talk) -> None:
    old = await talk.private("bea")
    await talk.says("bea", "recordatorios", room=old)
    await talk.moves("carla", Membership.INVITE, old)
    farewell, answer = sorted(await talk.said(), key=lambda p: p.room != old)
    assert (farewell.room, "privada" in farewell.plain) == (old, True)
    assert answer.room != old
    assert "m.relates_to" not in answer.content
    assert talk.gateway.made == [(answer.room, user_id("bea"))]


async def test_what_changes_a_private_message_stays_away_from_a_third_person(talk: Talk) -> None:
    old = await talk.private("bea")
    body = {"body": "* secret", "m.relates_to": {"rel_type": "m.replace", "event_id": "$x"}}
    payload = {"type": "m.room.message", "content": body, "private": user_id("bea")}
    async with talk.machine.db.transaction() as tx:
        await outbox_entries.add(
            tx,
            room=old,
            person=None,
            kind="event",
            payload=payload,
            device="FAKE",
            at=talk.clock.at,
        )
        await rooms.set_private(tx, old, None)
    await talk.hears_nothing()
    assert await kinds(talk) == []


async def test_a_reminder_finds_a_new_private_room(talk: Talk) -> None:
    old = await talk.private("bea")
    await talk.says("bea", "recordar en 1 hora; agua", room=old)
    await talk.said()
    await talk.moves("carla", Membership.JOIN, old)
    await talk.said()
    await talk.wait(HOUR)
    (rung,) = await talk.hears("agua")
    assert rung.room != old


async def test_while_somebody_else_is_joined_it_waits(talk: Talk) -> None:
    """The server's membership is newer than what was handled."""
    old = await talk.private("bea")
    await talk.says("bea", "recordatorios", room=old)
    carla = (old, "m.room.member", user_id("carla"))
    talk.gateway.state[carla] = {"membership": "join"}

    async def handled(_seconds: float) -> None:
        await talk.moves("carla", Membership.JOIN, old)
        del talk.gateway.state[carla]

    outbox = Outbox(talk.machine.db, talk.gateway, talk.clock, talk.machine.env.answers, handled)
    await outbox.deliver_pending()
    assert all("recordatorio" not in p.plain for p in await talk.said(old))


# --- inviting many ------------------------------------------------------------------------------


async def test_a_dead_server_holds_up_only_the_invitations_of_its_own_people(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, last, invite = asyncio.Event(), asyncio.Event(), FakeGateway.invite

    async def dead(self: FakeGateway, room: RoomId, who: UserId, reason: str) -> None:
        if who.endswith(":dead.example"):
            asked.set()
            await asyncio.Event().wait()
        await invite(self, room, who, reason)
        if who == "@p2:fine.example":
            last.set()

    monkeypatch.setattr(FakeGateway, "invite", dead)
    said = answered(monkeypatch)
    people = [UserId(f"@p{n}:{s}.example") for n in range(3) for s in ("dead", "fine")]
    async with talk.machine.db.transaction() as tx:
        await talk.machine.env.answers.write_answer(
            tx, [*map(Invite, people)], Origin(ROOM, requester=user_id("ana")), talk.clock.now()
        )
    async with delivering(talk.machine.outbox):
        await asked.wait()
        await talk.says("ana", "!ayuda")
        await said.wait()
        await last.wait()
    done = [p.content["user"] for p in talk.gateway.posted.values() if p.kind == "invite"]
    assert done == ["@p0:fine.example", "@p1:fine.example", "@p2:fine.example"]


async def test_how_an_invitation_went_is_a_job_of_who_wants_to_know(talk: Talk) -> None:
    """Once, whatever happens: the job is written with the letter's end."""
    talk.gateway.uninvitable = {user_id("luz"): "M_FORBIDDEN"}
    then = Callback("reminders", "told", Number(7))
    async with talk.machine.db.transaction() as tx:
        await items.add(tx, "reminders", "list", ROOM, user_id("ana"), "", talk.clock.now())
        await tx.run("UPDATE item SET number = 7")
        invitations = [Invite(user_id(name), then=then) for name in ("eva", "luz")]
        origin = Origin(ROOM, EventId("$asked"), requester=user_id("ana"))
        await talk.machine.env.answers.write_answer(tx, invitations, origin, talk.clock.now())
    assert [p.kind for p in await talk.sent()] == ["invite"]  # and no refusal told beside it
    found = await jobs.due_jobs(talk.machine.db, talk.clock.now())
    assert [(j.feature, j.name, j.item, j.room) for j in found] == [
        ("reminders", "told", 7, ROOM)
    ] * 2
    assert {j.payload["user"]: j.payload["code"] for j in found} == {
        user_id("eva"): "",
        user_id("luz"): "M_FORBIDDEN",
    }


# --- what is remembered of invitations, and what the log says ------------------------------------


async def remembered(talk: Talk, about: RoomId) -> tuple[str | None, bool]:
    async with talk.machine.db.reading() as tx:
        return await invitations.get(tx, about)


async def test_a_strangers_invitation_is_not_remembered(talk: Talk) -> None:
    await talk.invites("@eve:evil", RoomId("!evil:evil"), direct=True)
    assert await remembered(talk, RoomId("!evil:evil")) == (None, False)
    await talk.wait(JOINS_ARRIVE)
    assert [p.kind for p in await talk.sent()] == ["leave"]


async def test_an_invitation_is_forgotten_once_we_are_in(talk: Talk) -> None:
    new = RoomId("!new:test")
    await talk.invites("ana", new, direct=True)
    assert await remembered(talk, new) == (user_id("ana"), True)
    await talk.sent()
    await talk.room(new, "", ["ana"])
    await talk.moves("@minga:test", Membership.JOIN, new)
    await talk.hears("nuestra sala privada")
    assert await remembered(talk, new) == (None, False)


async def test_an_invitation_that_came_to_nothing_is_forgotten(talk: Talk) -> None:
    gone, new = RoomId("!gone:test"), RoomId("!new:test")
    await talk.invites("ana", gone, direct=True)
    await talk.sent()  # asked to join, and never came in
    await talk.invites("ana", new)
    assert await remembered(talk, gone) == (None, False)
    assert await remembered(talk, new) == (user_id("ana"), False)


async def test_a_flood_of_messages_is_no_flood_of_lines(tmp_path: Path) -> None:
    busy = await Talk.start(tmp_path / "busy.db", features(), commands_per_minute=5)
    with capture_logs() as logs:
        for _ in range(30):
            await busy.says("bea", "!pendientes")
        await busy.wait(timedelta(seconds=61))
        for _ in range(30):
            await busy.says("bea", "!pendientes", trust=Trust.SIGNED)
    await busy.close()
    lines = [line for line in logs if line["event"] == "limits.refused"]
    assert [line["command"] for line in lines] == [1, 25]


async def test_what_becomes_known_wakes_only_what_waits_for_it(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters to people who have not come yet are not read again for each one delivered."""
    looked = list[int]()
    deliver = Outbox._deliver

    async def seen(self: Outbox, row: OutboxEntry | None) -> int | None:
        assert row is not None
        looked.append(row.id)
        return await deliver(self, row)

    monkeypatch.setattr(Outbox, "_deliver", seen)
    for n in range(20):
        await private_letter(talk, f"absent{n}")
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    await talk.machine.outbox.deliver_pending()
    assert len(await kinds(talk)) == 20, "the poll went out, and these wait"
    assert len(looked) == len(set(looked)), "each was looked at once"


async def test_more_entries_than_are_read_at_once_all_go_out_in_order(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_entries, "PAGE_ENTRIES", 3)
    people = [UserId(f"@p{n}:test") for n in range(10)]
    async with talk.machine.db.transaction() as tx:
        await talk.machine.env.answers.write_answer(
            tx, [*map(Invite, people)], Origin(ROOM, requester=user_id("ana")), talk.clock.now()
        )
    assert [post.content["user"] for post in await talk.sent()] == people
