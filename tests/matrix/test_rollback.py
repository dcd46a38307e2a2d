"""A homeserver that comes back from an older copy: what its sync leaves out is looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import SystemClock
from bot.matrix import backoff
from bot.matrix.sync import gap_rechecks
from bot.matrix.sync.gap_rechecks import GapRechecks
from bot.matrix.sync.rollback import PROVES_FOR, OlderHomeserver
from bot.types import RoomId
from storage import rooms, sync
from storage.connection import Connection
from storage.database import Database
from tests.matrix.homeserver import ANA, ROOM
from tests.matrix.test_sync import World
from tests.matrix.test_sync import world as world


def to_ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def bring_back_without_the_last_event(world: World) -> None:
    """Forget what was said last; in its place is a line that no sync ever tells."""
    room = world.server.rooms[ROOM]
    room.order[-1] = world.server.event("org.example", {}, ANA, event_id="$other")
    world.server.say("said at once", told=False)


@pytest.fixture(autouse=True)
def soon(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.server.now = to_ms(SystemClock().now())
    monkeypatch.setattr(gap_rechecks, "RECHECK_DELAYS", (timedelta(seconds=0.05),) * 3)


async def test_what_was_said_before_our_first_sync_is_found(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say("forgotten")
        await inbox.says("forgotten")
        bring_back_without_the_last_event(world)
        world.server.trouble.append((502, b"{}"))
        await inbox.says("said at once")
        world.server.say("later")
        await inbox.says("later")
    assert len(inbox.texts) == len(set(inbox.texts))


async def test_an_outage_alone_makes_nobody_look(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say("known")
        await inbox.says("known")
        world.server.trouble.append((502, b"{}"))
        world.server.news.set()
        world.server.say("after it")
        await inbox.says("after it")
        await inbox.until(lambda: world.server.count("/event/") == 1)
        async with world.db.reading() as tx:
            assert not await tx.all("SELECT * FROM hole")


async def test_it_begins_anew_as_a_device_that_gets_all_keys(world: World) -> None:
    world.server.make_room()
    with pytest.raises(OlderHomeserver):
        async with world.bot() as (gateway, inbox):
            gateway.sync.rollback.can_begin_anew = True
            await inbox.until(lambda: inbox.live)
            world.server.say("forgotten")
            await inbox.says("forgotten")
            bring_back_without_the_last_event(world)
            world.server.trouble.append((502, b"{}"))
            await inbox.says("never read by this device")
    async with world.db.reading() as tx:
        assert await tx.all("SELECT * FROM hole"), "the next device looks in the room"


# --- while the bot was off -----------------------------------------------------------------------


async def stopped_after(world: World, text: str) -> None:
    """The bot reads a line, settles it and stops."""
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say(text)
        await inbox.says(text)
        settled = len(inbox.tokens)
        await inbox.until(lambda: len(inbox.tokens) > settled)


async def test_a_homeserver_that_came_back_while_the_bot_was_off_is_noticed(world: World) -> None:
    world.server.make_room()
    await stopped_after(world, "forgotten")
    bring_back_without_the_last_event(world)
    async with world.bot() as (_, inbox):
        await inbox.says("said at once")
    asked = world.server.count("/event/")
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
    assert world.server.count("/event/") == asked, "once is enough, if the bot can't begin anew"


async def test_a_restart_alone_makes_nobody_look(world: World) -> None:
    world.server.make_room()
    await stopped_after(world, "known")
    world.server.say("while it was off")
    async with world.bot() as (_, inbox):
        await inbox.says("while it was off")
    assert world.server.count("/event/") == 1
    async with world.db.reading() as tx:
        assert not await tx.all("SELECT * FROM hole")


async def test_a_room_that_the_bot_had_to_leave_meanwhile_proves_nothing(world: World) -> None:
    world.server.make_room()
    await stopped_after(world, "forgotten")
    world.server.rooms[ROOM].membership = "leave"
    world.server.position += 1
    world.server.left[ROOM] = world.server.position
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
    assert world.server.count("/event/") == 0
    assert await sync.newest_event(world.db) is None


async def test_it_begins_anew_when_the_bot_starts_too(world: World) -> None:
    world.server.make_room()
    await stopped_after(world, "forgotten")
    bring_back_without_the_last_event(world)
    with pytest.raises(OlderHomeserver):
        async with world.bot() as (gateway, inbox):
            gateway.sync.rollback.can_begin_anew = True
            await inbox.says("never read by this device")
    async with world.db.reading() as tx:
        assert await tx.all("SELECT * FROM hole"), "the next device looks in the room"
    await sync.forget_newest_event(world.db)  # as bot/run/app.py does, with the device
    async with world.bot() as (gateway, inbox):
        gateway.sync.rollback.can_begin_anew = True
        await inbox.says("said at once")


# --- an event that is gone for another reason ----------------------------------------------------


def let_it_be_deleted_by_age(world: World) -> None:
    """Whoever may set it in one room makes the homeserver delete what was said there."""
    world.server.set("m.room.retention", {"max_lifetime": 1})


def shut_the_bot_out(world: World) -> None:
    world.server.refuse["/state/m.room.retention"] = (403, {"errcode": "M_FORBIDDEN"})


def be_away(world: World) -> None:
    world.server.refuse["/state/m.room.retention"] = (502, {})


@pytest.mark.parametrize("doubt", [let_it_be_deleted_by_age, shut_the_bot_out, be_away])
async def test_an_event_that_may_have_been_deleted_makes_no_new_device(
    world: World, monkeypatch: pytest.MonkeyPatch, doubt: Callable[[World], None]
) -> None:
    monkeypatch.setattr(backoff, "GIVE_UP_AFTER", 0.05)
    world.server.make_room()
    doubt(world)
    await stopped_after(world, "deleted")
    bring_back_without_the_last_event(world)
    async with world.bot() as (gateway, inbox):
        gateway.sync.rollback.can_begin_anew = True
        await inbox.says("said at once")
        settled = len(inbox.tokens)
        world.server.say("later")
        await inbox.says("later")
        await inbox.until(lambda: len(inbox.tokens) > settled)


async def test_a_room_in_which_all_is_deleted_is_looked_through_once(world: World) -> None:
    world.server.make_room()
    let_it_be_deleted_by_age(world)
    await stopped_after(world, "deleted")
    bring_back_without_the_last_event(world)
    async with world.bot() as (_, inbox):
        await inbox.says("said at once")
    asked = world.server.count("/event/")
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
    assert world.server.count("/event/") == asked


@pytest.mark.parametrize("rule", [{"max_lifetime": 86_400_000}, {}, {"max_lifetime": "1"}])
async def test_a_rule_that_deletes_later_makes_no_proof_void(
    world: World, rule: dict[str, object]
) -> None:
    world.server.make_room()
    world.server.set("m.room.retention", rule)
    await stopped_after(world, "forgotten")
    bring_back_without_the_last_event(world)
    with pytest.raises(OlderHomeserver):
        async with world.bot() as (gateway, inbox):
            gateway.sync.rollback.can_begin_anew = True
            await inbox.says("never read by this device")


async def let_a_day_pass(world: World) -> None:
    newest = await sync.newest_event(world.db)
    assert newest is not None
    async with world.db.transaction() as tx:
        token = await tx.one("SELECT token FROM sync")
        assert token is not None
        await sync.save_token(tx, token["token"], replace(newest, at=newest.at - PROVES_FOR))


async def test_an_event_of_the_day_before_is_no_proof(world: World) -> None:
    """A homeserver may delete by age by its own rule, of which no room says anything."""
    world.server.make_room()
    await stopped_after(world, "deleted")
    await let_a_day_pass(world)
    bring_back_without_the_last_event(world)
    async with world.bot() as (gateway, inbox):
        gateway.sync.rollback.can_begin_anew = True
        await inbox.says("said at once")


@pytest.mark.parametrize("age", [PROVES_FOR, PROVES_FOR - timedelta(minutes=10)])
async def test_an_event_that_says_it_is_old_takes_no_newer_ones_place(
    world: World, age: timedelta
) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        proof = world.server.say("new")
        await inbox.says("new")
        old = to_ms(SystemClock().now() - age)
        said = world.server.sealed({"msgtype": "m.text", "body": "old"})
        world.server.put(said | {"origin_server_ts": old})
        await inbox.says("old")
        settled = len(inbox.tokens)
        await inbox.until(lambda: len(inbox.tokens) > settled)
    newest = await sync.newest_event(world.db)
    assert newest is not None
    assert newest.event == proof["event_id"]


async def test_an_event_from_before_our_clock_was_set_back_gives_its_place_up(world: World) -> None:
    world.server.make_room()
    await stopped_after(world, "of next year")
    newest = await sync.newest_event(world.db)
    assert newest is not None
    async with world.db.transaction() as tx:
        token = await tx.one("SELECT token FROM sync")
        assert token is not None
        later = replace(newest, at=newest.at + timedelta(days=365))
        await sync.save_token(tx, token["token"], later)
    await stopped_after(world, "of today")
    found = await sync.newest_event(world.db)
    assert found is not None
    assert found.event != newest.event and found.at < newest.at + timedelta(days=1)


async def test_looking_everywhere_is_one_commit(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with db.transaction() as tx:
        for n in range(30):
            await rooms.mark_joined(tx, RoomId(f"!r{n}:one.example"), SystemClock().now())
    commits: list[None] = []
    commit = Connection.commit

    async def note(connection: Connection) -> None:
        commits.append(None)
        await commit(connection)

    monkeypatch.setattr(Connection, "commit", note)
    await GapRechecks(db, SystemClock().now).schedule_everywhere(SystemClock().now())
    assert len(commits) == 1
    async with db.reading() as tx:
        assert len(await tx.all("SELECT * FROM hole")) == 30
