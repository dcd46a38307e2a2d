"""Keys are given before they are needed: then an answer waits for none. Nobody more gets them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.crypto.outbound_sessions import LEFT_UNUSED, LONGEST_USE, MOST_RECENT
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.matrix.rooms.keys_ahead import KeysAhead
from bot.types import RoomId, UserId
from storage import help_rooms, settings
from storage.database import Database
from tests.matrix.fakes import FakeInbox, FakeMachine, running
from tests.matrix.homeserver import ANA, ME, TOKEN, Homeserver
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, person, room
from tests.matrix.test_share import reads

BEA = UserId("@bea:one.example")


def wanted(bot: Person) -> list[RoomId]:
    """The rooms that want keys now; from then on none does."""
    return bot.machine.sharer.wanting.take()


async def prepare(bot: Person, *members: Person, rules: dict[str, Any] | None = None) -> None:
    users = sorted({p.user for p in members} | {bot.user})
    await bot.machine.sharer.prepare(bot.http, ROOM, rules or {}, users, shared=False)


def asked(server: KeyServer) -> int:
    """How many requests were made."""
    return len(server.calls)


def changes(bot: Person) -> int:
    """How many rows of its keys the bot wrote since it started."""
    return int(bot.machine._store._file.total_changes)


async def people(server: KeyServer, folder: Path, *names: str) -> list[Person]:
    return [await person(server, folder, name) for name in names]


async def test_after_somebody_left_the_next_message_needs_no_request(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, leo = await people(server, tmp_path, "bot", "ana", "leo")
    before = await bot.say("antes", [ana, leo])
    bot.machine.sharer.want_in([ROOM, RoomId("!elsewhere:one.example")])
    assert wanted(bot) == [ROOM]  # elsewhere nothing was said
    await prepare(bot, ana)
    had = asked(server)
    after = await bot.say("después", [ana])
    assert asked(server) == had
    assert after["content"]["session_id"] != before["content"]["session_id"]
    assert await reads(ana, after)
    assert not await reads(leo, after)


async def test_who_leaves_after_the_keys_were_given_reads_nothing(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, leo = await people(server, tmp_path, "bot", "ana", "leo")
    await prepare(bot, ana, leo)
    said = await bot.say("sin leo", [ana])
    assert await reads(ana, said)
    assert not await reads(leo, said)


async def test_an_unsigned_device_gets_no_key_ahead(server: KeyServer, tmp_path: Path) -> None:
    bot, ana = await people(server, tmp_path, "bot", "ana")
    laptop = await person(server, tmp_path, "ana", "LAPTOP", signed=False)
    await prepare(bot, ana)
    assert [one["type"] for one in server.take(laptop.user, laptop.device)] == [
        "m.room_key.withheld"
    ]


async def test_a_session_is_replaced_before_its_last_messages(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await people(server, tmp_path, "bot", "ana")
    for _ in range(89):
        await bot.say("x", [ana])
    assert wanted(bot) == []
    last = await bot.say("x", [ana])
    assert wanted(bot) == [ROOM]
    await prepare(bot, ana)
    had = asked(server)
    following = await bot.say("x", [ana])
    assert asked(server) == had
    assert following["content"]["session_id"] != last["content"]["session_id"]
    assert await reads(ana, following)
    bot.clock.now += LONGEST_USE * 0.91
    await bot.say("x", [ana])
    assert wanted(bot) == [ROOM]


async def test_a_room_that_changes_keys_often_does_so_when_it_wants(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await people(server, tmp_path, "bot", "ana")
    rules = {"rotation_period_msgs": 5}
    for _ in range(4):
        await bot.say("x", [ana], rules=rules)
    assert wanted(bot) == []
    await bot.say("x", [ana], rules=rules)
    assert wanted(bot) == [ROOM]


async def test_a_new_device_is_prepared_for_where_its_owner_is(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, leo = await people(server, tmp_path, "bot", "ana", "leo")
    await bot.say("x", [ana])
    bot.machine.note_device_lists([leo.user], [])
    await bot.machine.maintain(bot.http)
    assert wanted(bot) == []  # leo is not there
    tablet = await person(server, tmp_path, "ana", "TABLET")
    bot.machine.note_device_lists([ana.user], [])
    await bot.machine.maintain(bot.http)
    assert wanted(bot) == [ROOM]
    await prepare(bot, ana)
    had = asked(server)
    said = await bot.say("x", [ana])
    assert asked(server) == had
    assert await reads(tablet, said)


async def test_a_new_device_of_somebody_in_hundreds_of_rooms_costs_few_sessions(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await people(server, tmp_path, "bot", "ana")
    rooms = [RoomId(f"!{n}:one.example") for n in range(MOST_RECENT + 20)]
    for name in [*rooms, rooms[0]]:
        one = replace(room(), room=name)
        await bot.machine.encrypt(bot.http, one, [ana.user], "m.room.message", {})
    await person(server, tmp_path, "ana", "TABLET")
    bot.machine.note_device_lists([ana.user], [])
    await bot.machine.maintain(bot.http)
    assert set(wanted(bot)) == {rooms[0], *rooms[-MOST_RECENT + 1 :]}


async def test_a_session_that_nobody_used_is_not_replaced_at_every_change(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, leo, eva = await people(server, tmp_path, "bot", "ana", "leo", "eva")
    await bot.say("x", [ana, leo, eva])
    await prepare(bot, ana, leo)
    had = asked(server)
    await prepare(bot, ana)
    assert asked(server) == had
    bot.clock.now += LEFT_UNUSED
    await prepare(bot, ana)
    assert asked(server) > had
    assert not await reads(leo, await bot.say("x", [ana]))


async def test_after_a_start_rooms_want_keys_in_which_something_was_said(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await people(server, tmp_path, "bot", "ana")
    before = await bot.say("x", [ana])
    bot.restart()
    bot.machine.sharer.want_recent()
    assert wanted(bot) == [ROOM]
    await prepare(bot, ana)
    had = asked(server)
    after = await bot.say("x", [ana])
    assert asked(server) == had
    assert after["content"]["session_id"] != before["content"]["session_id"]
    assert await reads(ana, after)
    assert bot.hear(after).content["body"] == "x"  # our own copy, for later


async def test_keys_given_ahead_are_no_reason_to_give_them_at_the_next_start(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await people(server, tmp_path, "bot", "ana")
    await prepare(bot, ana)
    bot.restart()
    bot.machine.sharer.want_recent()
    assert wanted(bot) == []


async def test_where_somebody_spoke_the_first_message_does_not_wait_for_the_disk(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await people(server, tmp_path, "bot", "ana")
    await prepare(bot, ana)
    with bot.machine.transaction():  # that of what ana said
        bot.machine.sharer.keep_copy_ahead(ROOM)
    written = changes(bot)
    first = await bot.say("x", [ana])
    assert changes(bot) == written
    bot.restart()
    assert bot.hear(first).content["body"] == "x"  # our own copy, from the first message on
    written = changes(bot)
    bot.machine.sharer.keep_copy_ahead(ROOM)  # nothing is prepared since the start
    assert changes(bot) == written


async def test_a_copy_that_was_rolled_back_is_stored_with_the_first_message(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await people(server, tmp_path, "bot", "ana")
    await prepare(bot, ana)
    with pytest.raises(OSError, match="disk"), bot.machine.transaction():
        bot.machine.sharer.keep_copy_ahead(ROOM)
        raise OSError("disk")
    first = await bot.say("x", [ana])
    bot.restart()
    assert bot.hear(first).content["body"] == "x"


async def test_many_people_cost_few_commits(server: KeyServer, tmp_path: Path) -> None:
    bot = await person(server, tmp_path, "bot")
    crowd = await people(server, tmp_path, *(f"p{n}" for n in range(60)))
    said: list[str] = []
    connection = bot.machine._store._file
    connection.set_trace_callback(said.append)
    await bot.say("hola", crowd)
    connection.set_trace_callback(None)
    # two for what is learnt, two for the sessions, one each for the letters and our own copy
    assert sum(one.startswith("COMMIT") for one in said) == 6


# --- in the gateway -----------------------------------------------------------------------------


async def test_who_comes_has_the_room_prepared(
    home: Homeserver, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.matrix.rooms.keys_ahead.TOGETHER", 0.01)
    home.make_room()
    machine = FakeMachine()
    machine.sharer.spoken.add(ROOM)
    async with running(home.url, db, machine) as (_gateway, inbox), asyncio.timeout(60):
        await machine.sharer.prepared.get()
        home.say("hola")
        await inbox.says("hola")
        assert machine.sharer.prepared.empty()
        assert machine.sharer.copied == [ROOM]
        home.member(BEA, "join")
        prepared = await machine.sharer.prepared.get()
    assert machine.sharer.starts == 1
    assert prepared == (ROOM, sorted([UserId(ANA), BEA, UserId(ME)]))


async def test_keys_wait_until_what_the_bot_missed_is_handled(
    home: Homeserver, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.matrix.rooms.keys_ahead.TOGETHER", 0)
    home.make_room()
    machine = FakeMachine()
    machine.sharer.spoken.add(ROOM)
    before: list[bool] = []

    def watch(inbox: FakeInbox) -> None:
        commit = inbox.commit_batch

        async def slowly(*given: Any) -> None:
            for _turn in range(200):  # time enough for the keys, if they did not wait
                await asyncio.sleep(0)
            before.append(machine.sharer.prepared.empty())
            await commit(*given)

        monkeypatch.setattr(inbox, "commit_batch", slowly)

    async with running(home.url, db, machine, prepare=watch), asyncio.timeout(60):
        await machine.sharer.prepared.get()
    assert before[:1] == [True]


async def test_a_key_given_ahead_is_marked_as_that_of_a_message_would_be(
    home: Homeserver, db: Database
) -> None:
    home.make_room()
    home.set("m.room.history_visibility", {"history_visibility": "shared"})
    machine = FakeMachine()
    gateway = MatrixGateway(Http(home.url, TOKEN), db, cast(CryptoMachine, machine))
    await gateway._encryption.prepare(ROOM)
    async with db.transaction() as tx:
        await settings.set_value(tx, ROOM, settings.HISTORY, "yes")
    await gateway._encryption.prepare(ROOM)
    assert machine.sharer.marked == [False, True]
    await gateway.close()


async def test_neither_help_rooms_nor_plain_ones_are_prepared(
    home: Homeserver, db: Database
) -> None:
    home.make_room()
    home.make_room("!plain:one.example", encrypted=False)
    machine = FakeMachine()
    gateway = MatrixGateway(Http(home.url, TOKEN), db, cast(CryptoMachine, machine))
    await gateway._encryption.prepare(RoomId("!plain:one.example"))
    async with db.transaction() as tx:
        await help_rooms.mark_open(tx, ROOM, UserId(ANA), datetime.now(UTC), beside_signed=False)
    await gateway._encryption.prepare(ROOM)
    assert machine.sharer.prepared.empty()
    await gateway.close()


async def test_what_nobody_foresaw_ends_neither_the_bot_nor_the_keys_of_other_rooms(
    home: Homeserver, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.matrix.rooms.keys_ahead.TOGETHER", 0.01)
    home.make_room()
    machine = FakeMachine()
    machine.sharer.spoken.add(ROOM)
    gateway = MatrixGateway(Http(home.url, TOKEN), db, cast(CryptoMachine, machine))
    asked: asyncio.Queue[RoomId] = asyncio.Queue()

    async def breaks(room: RoomId) -> None:
        asked.put_nowait(room)
        raise ValueError("a key that nobody foresaw")

    monkeypatch.setattr(gateway._encryption, "prepare", breaks)
    caught_up, given = asyncio.Event(), asyncio.Semaphore(0)
    ahead = KeysAhead(cast(CryptoMachine, machine), gateway._encryption, given.release)
    running_on = asyncio.create_task(ahead.run(caught_up))
    caught_up.set()
    async with asyncio.timeout(60):
        for room in (RoomId(ROOM), RoomId("!other:one.example")):
            machine.sharer.wanting.add(room)
            assert await asked.get() == room
            await given.acquire()
    assert not running_on.done()
    running_on.cancel()
    await asyncio.gather(running_on, return_exceptions=True)
    await gateway.close()
