"""The sync loop against a homeserver in memory: nothing lost, nothing twice, nothing too early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.gateway import SignedOut
from bot.matrix import backoff as patience
from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.types import (
    BotInvited,
    Echo,
    EventId,
    MembershipChanged,
    Message,
    RoomId,
    RoomUpgraded,
    UndecryptedMessage,
    UnfilledGap,
    UserId,
)
from storage import rooms, sync
from storage.database import Database
from storage.membership.room import Room
from storage.schema import migrate
from tests.matrix.fakes import Crash, FakeInbox, FakeMachine, running
from tests.matrix.homeserver import ANA, ME, ROOM, TOKEN, Homeserver, TroubleOnce

HERE = RoomId(ROOM)
OTHER = "!other:one.example"
SYNCS = "/_matrix/client/v3/sync"


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class World:
    """A server, a database that outlives the bot, and as many bots as a test starts."""

    def __init__(self, server: Homeserver, db: Database) -> None:
        self.server = server
        self.db = db
        self.machine = FakeMachine()
        self.clock = Clock()

    def bot(
        self, prepare: Callable[[FakeInbox], object] = lambda _: None
    ) -> AbstractAsyncContextManager[tuple[MatrixGateway, FakeInbox]]:
        return running(self.server.url, self.db, self.machine, self.clock, prepare)

    async def caught_up(self) -> FakeInbox:
        """One run until everything so far has been settled."""
        async with self.bot() as (_, inbox):
            await inbox.until(lambda: inbox.live)
        return inbox

    async def room(self, name: str = ROOM) -> Room:
        async with self.db.reading() as tx:
            found = await rooms.get(tx, RoomId(name))
        assert found is not None
        return found


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(patience, "FIRST_WAIT", 0.01)
    db = await Database.open(tmp_path / "minga.db", b"k" * 32)
    await migrate(db, {})
    server = Homeserver()
    await server.start()
    server.now = int((datetime.now(UTC) - timedelta(hours=1)).timestamp() * 1000)
    yield World(server, db)
    await server.stop()
    await db.close()


async def test_what_was_said_before_we_came_is_not_ours(world: World) -> None:
    world.server.make_room(joined=False)
    world.server.say("before")
    world.server.rooms[ROOM].membership = "join"
    world.server.member(ME, "join", "invite")
    world.server.say("after")
    inbox = await world.caught_up()
    assert inbox.texts == ["after"]
    assert [w.user for w in inbox.got if isinstance(w, MembershipChanged)] == [ME]


async def test_position_decides_not_another_servers_clock(world: World) -> None:
    world.server.make_room()
    slow = world.server.sealed({"msgtype": "m.text", "body": "I am slow"})
    world.server.put(slow | {"origin_server_ts": slow["origin_server_ts"] - 3_600_000})
    assert (await world.caught_up()).texts == ["I am slow"]


async def test_a_long_gap_is_filled_before_anything_runs(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    for text in (said := [f"n{n}" for n in range(250)]):
        world.server.say(text)
    inbox = await world.caught_up()
    assert inbox.texts == said
    assert all(w.late for w in inbox.got if isinstance(w, Message))


async def test_a_gap_is_filled_back_to_our_own_join_and_no_further(world: World) -> None:
    world.server.make_room(joined=False)
    for n in range(150):
        world.server.say(f"before{n}")
    world.server.rooms[ROOM].membership = "join"
    world.server.member(ME, "join", "invite")
    said = [f"n{n}" for n in range(180)]
    for text in said:
        world.server.say(text)
    assert (await world.caught_up()).texts == said


async def test_what_federation_brings_late_is_found_in_the_next_gap(world: World) -> None:
    world.server.make_room()
    for n in range(20):
        world.server.say(f"early{n}")
    await world.caught_up()
    place = len(world.server.rooms[ROOM].order) - 10
    for n in range(5):
        world.server.say(f"late{n}", told=False, at=place + n)
    for n in range(101):
        world.server.say(f"new{n}")
    inbox = await world.caught_up()
    assert inbox.texts[:5] == [f"late{n}" for n in range(5)]
    assert len(inbox.texts) == 106


async def test_filling_stops_where_a_whole_page_is_known(world: World) -> None:
    world.server.make_room()
    for n in range(500):
        world.server.say(f"n{n}", sender=ME if n % 2 else ANA)
    await world.caught_up()
    before = world.server.count("/messages")
    for n in range(101):
        world.server.say(f"m{n}")
    await world.caught_up()
    assert world.server.count("/messages") - before == 2


async def test_a_gap_too_long_is_told_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.matrix.sync.gap_fill.MOST_PAGES", 2)
    world.server.make_room()
    await world.caught_up()
    for n in range(400):
        world.server.say(f"n{n}")
    inbox = await world.caught_up()
    assert len(inbox.texts) == 300
    assert len([w for w in inbox.got if isinstance(w, UnfilledGap)]) == 1


async def test_a_crash_repeats_the_batch_and_nothing_happens_twice(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    for n in range(10):
        world.server.say(f"n{n}")
    held = await sync.get_token(world.db)
    texts: list[str] = []
    for crash_at in range(0, 10, 3):

        def at(what: Any, text: str = f"n{crash_at}") -> bool:
            return isinstance(what, Message) and what.text == text

        http = Http(world.server.url, TOKEN)
        gateway = MatrixGateway(http, world.db, cast(CryptoMachine, world.machine), world.clock)
        inbox = FakeInbox(world.db, crash=at)
        with pytest.raises(Crash):
            await gateway.run(inbox)
        await http.close()
        assert await sync.get_token(world.db) == held
        texts += inbox.texts
    texts += (await world.caught_up()).texts
    assert texts == [f"n{n}" for n in range(10)]


async def test_keys_are_drained_before_the_messages_they_open(world: World) -> None:
    world.server.make_room()
    world.machine.keys.clear()
    for n in range(250):
        world.server.say(f"n{n}", session=f"s{n}")
        world.server.give_key(session=f"s{n}")
    inbox = await world.caught_up()
    assert inbox.texts == [f"n{n}" for n in range(250)]
    assert not [w for w in inbox.got if isinstance(w, UndecryptedMessage)]


async def test_a_late_key_opens_what_waited_for_it(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say("riddle", session="unknown")
        world.server.say("clear")
        await inbox.until(lambda: inbox.texts)
        assert inbox.texts == ["clear"]
        world.server.give_key(session="unknown")
        await inbox.until(lambda: len(inbox.texts) == 2)
    assert inbox.texts == ["clear", "riddle"]


async def test_a_late_key_works_after_a_restart(world: World) -> None:
    world.server.make_room()
    world.server.say("riddle", session="unknown")
    assert (await world.caught_up()).texts == []
    world.machine.keys.add((ROOM, "unknown"))
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.texts == ["riddle"])


async def test_a_riddle_is_reported_once_after_a_minute_and_still_read(world: World) -> None:
    world.server.make_room()
    riddle = world.server.say("riddle", session="unknown")
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.clock.ahead = timedelta(seconds=61)
        for n in range(3):
            world.server.say(f"tick{n}")
            await inbox.says(f"tick{n}")
        await inbox.until(lambda: [w for w in inbox.got if isinstance(w, UndecryptedMessage)])
        world.server.give_key(session="unknown")
        await inbox.until(lambda: "riddle" in inbox.texts and world.machine.asked_again == [ANA])
    told = [w for w in inbox.got if isinstance(w, UndecryptedMessage)]
    assert [(w.message, w.sender) for w in told] == [(riddle["event_id"], ANA)]


async def test_a_message_of_an_unknown_device_is_read_once_its_keys_were_asked_for(
    world: World,
) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.machine.unknown = {ANA}
        world.server.say("new phone")
        await inbox.until(lambda: inbox.texts == ["new phone"])
    assert world.machine.maintained


async def test_riddles_do_not_fill_the_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.catch_up.undecrypted_events.MOST_PER_PERSON", 10)
    world.server.make_room()
    for n in range(50):
        world.server.say(f"n{n}", session="unknown")
    await world.caught_up()
    async with world.db.reading() as tx:
        assert len(await tx.all("SELECT * FROM waiting")) == 10


async def test_one_persons_riddles_push_out_nobody_elses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.catch_up.undecrypted_events.MOST_PER_PERSON", 10)
    world.server.make_room()
    world.server.member("@bea:x", "join")
    world.server.say("who comes?", sender="@bea:x", session="late")
    for n in range(50):
        world.server.say(f"n{n}", session="unknown")
    await world.caught_up()
    async with world.bot() as (_, inbox):
        world.server.give_key(session="late")
        await inbox.until(lambda: inbox.texts == ["who comes?"])


# --- what is refused ----------------------------------------------------------------------------


async def test_plain_talk_in_an_encrypted_room_is_refused(world: World) -> None:
    world.server.make_room()
    world.server.put(world.server.event("m.room.message", {"msgtype": "m.text", "body": "!x"}))
    annotated = {"rel_type": "m.annotation", "event_id": "$x", "key": "✅"}
    world.server.put(world.server.event("m.reaction", {"m.relates_to": annotated}))
    world.server.put(world.server.event("m.room.redaction", {"redacts": "$x"}))
    world.server.say("sealed")
    async with world.bot() as (gateway, inbox):
        await inbox.until(lambda: inbox.live)
    kinds = [type(w).__name__ for w in inbox.got]
    assert kinds == ["MembershipChanged", "Reaction", "Redaction", "Message"]
    assert gateway.reader.refused["plain"] == 1


async def test_a_room_that_was_encrypted_once_stays_so(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    del world.server.rooms[ROOM].state["m.room.encryption", ""]
    world.server.set("m.room.name", {"name": "changed"})
    world.server.put(world.server.event("m.room.message", {"msgtype": "m.text", "body": "!x"}))
    assert (await world.caught_up()).texts == []
    assert (await world.room()).is_encrypted


async def test_state_in_ciphertext_changes_nothing(world: World) -> None:
    world.server.make_room()
    world.server.put(world.server.sealed({"users": {"@mal:x": 100}}, "m.room.power_levels"))
    world.server.put(world.server.sealed({"membership": "join"}, "m.room.member"))
    await world.caught_up()
    assert (await world.room()).power == {"users": {ANA: 100}}


async def test_malformed_events_hurt_nobody(world: World) -> None:
    world.server.make_room()
    broken: list[dict[str, Any]] = [
        {"event_id": "$bad1"},
        {"event_id": "$bad2", "type": [], "sender": {}, "content": "x", "origin_server_ts": "y"},
        world.server.event("m.room.encrypted", {"session_id": "s", "ciphertext": 5}),
        world.server.event("m.room.tombstone", {"replacement_room": 5}, state_key=""),
    ]
    for event in broken:
        world.server.put(event)
    world.server.say("after")
    assert (await world.caught_up()).texts == ["after"]


# --- rooms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("msc4222", [False, True])
async def test_the_mirror_follows_the_servers_state(world: World, msc4222: bool) -> None:
    world.server.msc4222 = msc4222
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        fetched = world.server.count("/state")
        world.server.member("@eva:two.example", "join")
        world.server.set("m.room.power_levels", {"users": {"@eva:two.example": 50}})
        world.server.say("there")
        await inbox.until(lambda: "there" in inbox.texts)
    room = await world.room()
    async with world.db.reading() as tx:
        members = await rooms.members(tx, HERE)
    assert members == [ANA, "@eva:two.example", ME]
    assert (room.power_of(UserId("@eva:two.example")), room.power_of(UserId(ANA))) == (50, 0)
    assert (world.server.count("/state") == fetched) is msc4222


async def test_a_state_that_cannot_be_had_holds_up_its_own_room_only(world: World) -> None:
    world.server.make_room()
    world.server.make_room(OTHER)
    world.machine.keys.add((OTHER, "s"))
    await world.caught_up()
    world.server.refuse["%21room%3Aone.example/state"] = (500, {})
    world.server.set("m.room.name", {"name": "x"})
    world.server.say("here")
    world.server.say("there", OTHER)
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.texts == ["there"])
        world.server.refuse.clear()
        await inbox.until(lambda: inbox.texts == ["there", "here"])


async def test_a_slow_room_holds_up_nobody_and_the_token_waits_for_it(world: World) -> None:
    world.server.make_room()
    world.server.make_room(OTHER)
    world.machine.keys.add((OTHER, "s"))
    await world.caught_up()
    held = await sync.get_token(world.db)
    gate = asyncio.Event()
    async with world.bot(lambda inbox: inbox.slow.update({ROOM: gate})) as (_, inbox):
        world.server.say("slow")
        for n in range(5):
            world.server.say(f"quick{n}", OTHER)
            await inbox.says(f"quick{n}")
        assert "slow" not in inbox.texts
        assert await sync.get_token(world.db) == held
        gate.set()
        await inbox.until(lambda: "slow" in inbox.texts)
        last = str(world.server.position)
        await inbox.until(lambda: inbox.tokens and inbox.tokens[-1] == last)


async def test_an_invite_is_told_once(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    world.server.position += 1
    member = {"type": "m.room.member", "state_key": ME, "sender": "@eva:two.example"}
    stripped: list[dict[str, Any]] = [
        {"type": "m.room.encryption", "state_key": "", "content": {}},
        member | {"content": {"membership": "invite", "is_direct": True}},
    ]
    world.server.invites["!new:two.example"] = (world.server.position, stripped)
    world.server.invites["!odd:two.example"] = (world.server.position, [{"type": 5}])
    inbox = await world.caught_up()
    found = [w for w in inbox.got if isinstance(w, BotInvited)]
    assert [(w.sender, w.direct, w.encrypted) for w in found] == [("@eva:two.example", True, True)]


async def test_being_removed_is_believed_and_forgotten(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    world.server.rooms[ROOM].membership = "leave"
    world.server.position += 1
    world.server.left[ROOM] = world.server.position
    await world.caught_up()
    assert not (await world.room()).joined
    assert world.server.count("/forget") == 1


async def test_our_own_events_are_echoes(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    async with world.bot() as (gateway, inbox):
        sent = await gateway.send(HERE, "m.room.message", {"body": "hi"}, "txn1")
        await inbox.until(lambda: [w for w in inbox.got if isinstance(w, Echo)])
    echo = next(w for w in inbox.got if isinstance(w, Echo))
    assert (echo.event, echo.txn) == (sent, "txn1")


async def test_a_tombstone_is_authentic_once_both_rooms_name_each_other(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (gateway, inbox):
        await inbox.until(lambda: inbox.live)
        back = {"room_version": "12", "predecessor": {"room_id": ROOM}}
        world.server.rooms[OTHER].membership = "leave"
        world.server.set("m.room.create", back, OTHER)
        world.server.set("m.room.tombstone", {"replacement_room": OTHER})
        await inbox.until(lambda: [w for w in inbox.got if isinstance(w, RoomUpgraded)])
        await gateway.join(RoomId(OTHER))
        await inbox.until(
            lambda: [w for w in inbox.got if isinstance(w, RoomUpgraded) and w.room == ROOM][1:]
        )
    told = [w for w in inbox.got if isinstance(w, RoomUpgraded)]
    # The fake lets anybody read any state, so even the first one can be proved.
    assert [w.successor for w in told] == [OTHER, OTHER]
    assert told[-1].authentic


async def test_a_tombstone_without_power_or_way_back_is_not_authentic(world: World) -> None:
    world.server.make_room()
    world.server.set("m.room.create", {"predecessor": {"room_id": "!else:x"}}, OTHER)
    world.server.rooms[OTHER].membership = "leave"
    world.server.set("m.room.tombstone", {"replacement_room": OTHER})
    got = (await world.caught_up()).got
    assert [w.authentic for w in got if isinstance(w, RoomUpgraded)] == [False]


# --- time ---------------------------------------------------------------------------------------


async def test_the_time_of_a_message(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    floor = await sync.live_until(world.db)
    assert floor is not None
    world.server.say("stamped before our last live sync")
    world.server.now = int((datetime.now(UTC) + timedelta(days=1)).timestamp() * 1000)
    world.server.say("stamped tomorrow")
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say("live")
        await inbox.until(lambda: "live" in inbox.texts)
    early, future, live = [w for w in inbox.got if isinstance(w, Message)]
    assert (early.at, early.late) == (floor, True)
    assert future.late and future.at < datetime.now(UTC)
    assert not live.late and datetime.now(UTC) - live.at < timedelta(seconds=10)


async def test_after_an_outage_messages_are_late(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.trouble += [(502, b"<html>")] * 3
        world.server.say("before the outage is noticed")
        await inbox.until(lambda: inbox.texts)
        world.clock.ahead = timedelta(minutes=5)
        world.server.say("tick")
        await inbox.until(lambda: "tick" in inbox.texts)
        world.server.say("written meanwhile")
        await inbox.until(lambda: "written meanwhile" in inbox.texts)
    late = {w.text: w.late for w in inbox.got if isinstance(w, Message)}
    assert late["tick"]


async def test_after_a_sync_that_failed_nothing_was_said_just_now(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say("live")
        await inbox.says("live")
        failed = asyncio.Event()
        world.server.trouble = TroubleOnce((502, b"<html>"), failed)
        world.server.say("wakes a sync that is open")
        await failed.wait()
        world.server.say("in the hiccup")
        await inbox.says("in the hiccup")
        world.server.say("live again")
        await inbox.says("live again")
    late = {w.text: w.late for w in inbox.got if isinstance(w, Message)}
    assert (late["live"], late["in the hiccup"], late["live again"]) == (False, True, False)


async def test_each_answer_is_told_before_what_it_says_is_handled(world: World) -> None:
    world.server.make_room()
    world.server.say("slow")
    world.server.rooms[ROOM].membership = "join"
    gate = asyncio.Event()
    async with world.bot(lambda inbox: inbox.slow.update({ROOM: gate})) as (_, inbox):
        await inbox.until(lambda: inbox.answered)
        assert not inbox.live
        gate.set()
        await inbox.until(lambda: inbox.live)
    assert inbox.live[0] == inbox.answered[0]


# --- outages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [(502, b"<html>Bad Gateway</html>"), (429, b'{"retry_after_ms": 10}'), (200, b"not json")],
)
async def test_trouble_never_ends_the_loop(world: World, trouble: Any) -> None:
    world.server.make_room()
    world.server.trouble += [trouble] * 5
    world.server.say("hello")
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.texts == ["hello"])


def test_an_outage_costs_at_most_twenty_requests_a_minute() -> None:
    backoff, asked, passed = patience.Backoff(), 0, 0.0
    while passed < 60:
        passed += backoff.next_wait()
        asked += 1
    assert asked <= 20
    assert backoff.next_wait(timedelta(seconds=300)) >= 300


async def test_a_dead_token_ends_the_loop(world: World) -> None:
    world.server.refuse[SYNCS] = (401, {"errcode": "M_UNKNOWN_TOKEN"})
    http = Http(world.server.url, TOKEN)
    gateway = MatrixGateway(http, world.db, cast(CryptoMachine, world.machine), world.clock)
    with pytest.raises(SignedOut):
        await gateway.run(FakeInbox(world.db))
    await http.close()


async def test_what_nobody_needed_is_marked_too(world: World) -> None:
    """Else no page of a gap would ever be known as a whole."""
    world.server.make_room()
    world.server.say("hello")
    await world.caught_up()
    ids = [EventId(e["event_id"]) for e in world.server.rooms[ROOM].order]
    async with world.db.reading() as tx:
        assert await sync.seen_among(tx, ids[-2:]) == set(ids[-2:])
