"""Requests for verification by people of whom we don't know yet that they came into a room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.matrix.sync import gap_fill
from bot.matrix.sync.early_requests import MOST_KEPT, MOST_KEPT_BYTES, EarlyRequests
from bot.matrix.sync.to_device import DeviceStep
from bot.matrix.sync.verification_steps import REQUEST_LASTS
from bot.types import Trust, UserId, VerificationStep
from storage.connection import Connection
from storage.database import Database
from tests.matrix.fakes import FakeInbox
from tests.matrix.homeserver import ANA, ME, ROOM
from tests.matrix.test_device_steps import CANCEL, CONTENT, REQUEST, plain
from tests.matrix.test_sync import World, world

__all__ = ["world"]

BEA = "@bea:two.example"
CARA = "@cara:two.example"
EVE = "@eve:evil.example"


def steps(inbox: FakeInbox) -> list[tuple[str, str]]:
    return [(one.sender, one.step) for one in inbox.got if isinstance(one, VerificationStep)]


async def heard(world: World, inbox: FakeInbox, *told: dict[str, object]) -> None:
    """One sync brings this to our device; what it does is done."""
    world.server.to_device += [{"type": "step", "content": one} for one in told]
    world.server.news.set()
    world.server.say(text := f"after {len(inbox.got)}")
    await inbox.says(text)


async def test_who_joins_with_the_request_or_after_it_is_heard_once(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        await heard(world, inbox, plain(BEA, kind=REQUEST), plain(EVE, kind=REQUEST))
        assert not steps(inbox), "strangers share no room"
        world.server.member(BEA, "join")
        await heard(world, inbox)
        assert steps(inbox) == [(BEA, "request")]
        world.server.member(EVE, "join")
        await heard(world, inbox, plain(EVE))
        assert steps(inbox)[1:] == [(EVE, "request"), (EVE, "cancel")]
        world.server.member(CARA, "join")
        await heard(world, inbox, plain(CARA, kind=REQUEST))
        assert steps(inbox)[3:] == [(CARA, "request")]


@pytest.mark.parametrize("limit", [1, 100])
async def test_of_what_was_said_before_we_came_only_a_request_in_a_room_for_two_is_read(
    world: World, limit: int
) -> None:
    """Apps make the room and ask at once; a command there was not said to us, whoever sent it. From
    another homeserver a sync brings the join alone."""
    world.server.limit = limit
    asked = {"msgtype": REQUEST, "body": "?", "to": ME, "from_device": "PHONE", "methods": []}
    for room, more in (("!three:one.example", [BEA]), (ROOM, [])):
        world.server.now -= 3_600_000
        world.server.make_room(room, joined=False)
        for one in more:
            world.server.member(one, "join", room=room)
        world.server.put(world.server.sealed(asked | {"body": "given up long ago"}), room)
        world.server.now = int(datetime.now(UTC).timestamp() * 1000)
        world.server.say("!encuesta", room)
        plain_request = world.server.sealed(asked) | {"type": "m.room.message", "content": asked}
        world.server.put(plain_request, room)
        world.server.put(world.server.sealed(asked | {"body": "sealed"}), room)
        world.server.rooms[room].membership = "join"
        world.server.member(ME, "join", "invite", room)
    inbox = await world.caught_up()
    heard = [one for one in inbox.got if isinstance(one, VerificationStep)]
    assert [(one.room, one.content["body"]) for one in heard] == [(ROOM, "?"), (ROOM, "sealed")]
    assert inbox.texts == []


ASKED = {"msgtype": REQUEST, "body": "?", "to": ME, "from_device": "PHONE", "methods": []}


def asked(world: World) -> str:
    """A request in the room, and its event."""
    return str(world.server.put(world.server.event("m.room.message", ASKED))["event_id"])


@pytest.mark.parametrize("hangs", [True, False])
async def test_a_room_waits_for_what_was_before_we_came_a_moment_at_most(
    world: World, monkeypatch: pytest.MonkeyPatch, hangs: bool
) -> None:
    """A cry for help may come right behind. What the sync brought is read all the same."""
    monkeypatch.setattr(gap_fill, "SHORT_WAIT", 0.1)
    world.server.limit = 3
    world.server.now = int(datetime.now(UTC).timestamp() * 1000)
    if hangs:
        world.server.unanswered.add("/messages")
    else:
        world.server.refuse["/messages"] = 502, {}
    world.server.make_room(joined=False)
    asked(world)
    world.server.rooms[ROOM].membership = "join"
    world.server.member(ME, "join", "invite")
    world.server.say("!pánico")
    inbox = await world.caught_up()
    assert (inbox.texts, world.server.count("/messages")) == (["!pánico"], 1)
    assert steps(inbox) == [(ANA, "request")]


def called_off(world: World, request: str) -> None:
    relation = {"rel_type": "m.reference", "event_id": request}
    world.server.put(world.server.event(CANCEL, {"code": "m.user", "m.relates_to": relation}))


@pytest.mark.parametrize("when", ["before", "since", "again"])
async def test_a_request_from_before_we_came_is_left_out_if_it_was_called_off_or_made_again(
    world: World, when: str
) -> None:
    world.server.now = int(datetime.now(UTC).timestamp() * 1000)
    world.server.make_room(joined=False)
    first, second = asked(world), asked(world)
    if when == "before":
        called_off(world, first)
    world.server.rooms[ROOM].membership = "join"
    world.server.member(ME, "join", "invite")
    if when == "since":
        called_off(world, first)
    third = asked(world) if when == "again" else None
    inbox = await world.caught_up()
    heard = [one for one in inbox.got if isinstance(one, VerificationStep)]
    assert [one.event for one in heard if one.step == "request"] == [third or second]


class Gate:
    """`EarlyRequests` on a clock of its own."""

    def __init__(self, db: Database) -> None:
        self.now = datetime(2027, 3, 4, tzinfo=UTC)
        self.early = EarlyRequests(db, lambda: self.now)

    async def admit(self, who: str, kind: str = REQUEST, name: str = "t1") -> list[DeviceStep]:
        content = CONTENT | {"transaction_id": name}
        return await self.early.admit([DeviceStep(UserId(who), kind, content, Trust.PLAIN)])


async def entered(world: World, *people: str) -> None:
    for one in people:
        world.server.member(one, "join")
    await world.caught_up()


async def test_a_request_that_was_called_off_or_is_too_old_is_kept_no_more(world: World) -> None:
    world.server.make_room()
    gate = Gate(world.db)
    for who in (ANA, BEA, EVE):
        assert not await gate.admit(who)
    assert not await gate.admit(EVE, CANCEL, "another")
    assert not await gate.admit(BEA, CANCEL)
    await entered(world, BEA, EVE)
    gate.now += REQUEST_LASTS - timedelta(seconds=1)
    assert [one.sender for one in await gate.early.admit([])] == [ANA, EVE]
    assert not await gate.admit(CARA)
    gate.now += REQUEST_LASTS
    await entered(world, CARA)
    assert not await gate.early.admit([])


async def test_a_request_that_is_far_too_long_is_not_kept(world: World) -> None:
    world.server.make_room()
    gate = Gate(world.db)
    await gate.admit(BEA, name="t" * MOST_KEPT_BYTES)
    await gate.admit(EVE, name="t" * (MOST_KEPT_BYTES // 2))
    await entered(world, BEA, EVE)
    assert [one.sender for one in await gate.early.admit([])] == [EVE]


async def test_one_query_asks_for_all_who_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.server.make_room()
    gate = Gate(world.db)
    for n in range(20):
        await gate.admit(f"@bea{n}:two.example")
    await entered(world, "@bea7:two.example")
    fetch, queries = Connection.fetch, list[str]()

    async def noted(self: Connection, sql: str, args: Sequence[Any]) -> Any:
        queries.append(sql)
        return await fetch(self, sql, args)

    monkeypatch.setattr(Connection, "fetch", noted)
    assert [one.sender for one in await gate.early.admit([])] == ["@bea7:two.example"]
    assert len(queries) == 1


async def test_the_newest_request_of_a_person_counts(world: World) -> None:
    world.server.make_room()
    gate = Gate(world.db)
    await gate.admit(BEA, name="t1")
    await gate.admit(BEA, name="t2")
    await entered(world, BEA)
    (step,) = await gate.early.admit([])
    assert step.content["transaction_id"] == "t2"


async def test_a_flood_of_strangers_displaces_its_own(world: World) -> None:
    world.server.make_room()
    gate = Gate(world.db)
    await gate.admit(BEA)
    for n in range(MOST_KEPT + 10):
        await gate.admit(f"@eve{n}:evil.example")
    await entered(world, BEA, "@eve0:evil.example", f"@eve{MOST_KEPT}:evil.example")
    found = {one.sender for one in await gate.early.admit([])}
    assert found == {BEA, f"@eve{MOST_KEPT}:evil.example"}
