"""In a link room, where other networks read, bots say link messages and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.api import Say, UserError, _
from bot.types import (
    BotInvited,
    EventId,
    Membership,
    MembershipChanged,
    RoomId,
    RoomUpgraded,
    UndecryptedMessage,
    UnfilledGap,
)
from commands.links.declaration import LINK_TYPE, feature
from commands.links.protocol import inbound
from storage import jobs, rooms
from tests.links.between import Between
from tests.links.liar import A, B, Liar, a_thing, room

BROKEN = "went wrong on my side"


async def breaks(*_what: Any) -> None:
    raise ZeroDivisionError


async def in_room(world: Between, name: str) -> list[str]:
    """What that bot sent into the link room that is no link message."""
    posted = world.of(name).gateway.posted.values()
    return [p.plain for p in posted if p.room == room(world) and p.kind not in (LINK_TYPE, "join")]


async def test_of_a_bug_our_own_moderators_are_told_once_a_day(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(inbound.HANDLERS, "share", breaks)
    liar = Liar.of(world)
    one = liar.next("share", a_thing(1))
    said = await liar.tells(one)
    assert BROKEN in said
    assert "reference" in said
    assert await liar.tells(one) == "", "whoever brings us to it again makes no noise"
    assert await in_room(world, "b") == []
    await world.of("b").wait(timedelta(days=1))
    assert BROKEN in await liar.tells(liar.next("share", a_thing(2), "2" * 32))


async def test_of_a_bug_in_what_falls_due_they_are_told_too(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(feature.jobs, "follow", breaks)
    talk = world.of("b")
    async with talk.machine.db.transaction() as tx:
        await jobs.add(tx, "links", "follow", room(world), talk.clock.at)
    for _n in range(3):
        await talk.wait(timedelta(hours=2))
    await world.flow()
    assert BROKEN in world.told("b")
    assert await in_room(world, "b") == []


async def test_of_a_bug_with_an_invitation_the_other_bot_is_told_nothing(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.links.store.peers_with_bot", breaks)
    at = world.of("b").clock.at
    asked = BotInvited(RoomId("!new:x"), EventId("$new"), A, at, False, True, LINK_TYPE)
    await world.of("b").happens(asked)
    await world.flow()
    assert BROKEN in world.told("b")
    assert world.of("b").gateway.made == [], "no private room for a bot"


async def test_what_a_handler_would_say_there_is_not_said(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talks(*_what: Any) -> Say:
        return Say((_("Hello"),))

    async def refuses(*_what: Any) -> None:
        raise UserError(_("Hello"))

    liar = Liar.of(world)
    monkeypatch.setitem(inbound.HANDLERS, "share", talks)
    await liar.tells(liar.next("share", {}))
    monkeypatch.setattr(inbound, "_read", refuses)
    await liar.tells(liar.next("share", {}))
    assert await in_room(world, "b") == []


async def test_no_word_of_a_person_is_read_there(world: Between) -> None:
    talk = world.of("b")
    for what in ("!event Feria; en 33 horas; place: Casa", "!help", "sí", "voy 1"):
        await talk.says(A, what, room=room(world))
    at = talk.clock.at
    await talk.happens(UndecryptedMessage(room(world), EventId("$u"), A, at, EventId("$m")))
    await talk.happens(UnfilledGap(room(world), EventId("$g"), B, at))
    await world.flow()
    assert await in_room(world, "b") == []
    async with talk.machine.db.reading() as tx:
        assert await tx.one("SELECT 1 FROM item WHERE room = ?", room(world)) is None


@pytest.mark.parametrize("kind", ["", LINK_TYPE])
async def test_a_link_room_goes_on_in_a_link_room_and_says_nothing_there(
    world: Between, kind: str
) -> None:
    talk, old = world.of("b"), room(world)
    new = await talk.room(RoomId("!new:a"), "", [A, B], kind=kind)
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", new, old)
        await tx.run("UPDATE room SET predecessor = ? WHERE room = ?", old, new)
    await talk.happens(RoomUpgraded(old, EventId("$stone"), A, talk.clock.at, new, True, True))
    posted = await talk.sent()
    assert [p.kind for p in posted] == ([] if kind else ["leave"])
    async with talk.machine.db.reading() as tx:
        found = await tx.one("SELECT room FROM links_link")
        assert found is not None
        assert found["room"] == (new if kind else old)
        assert await rooms.get(tx, new) is not None


async def test_what_greets_and_counts_people_hears_nothing_of_bots_that_come(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[MembershipChanged] = []

    async def hears(_ctx: Any, what: MembershipChanged) -> None:
        heard.append(what)

    talk = world.of("b")
    monkeypatch.setitem(
        talk.machine.registry.features["care"].listeners, MembershipChanged, [hears]
    )
    await talk.moves("@minga:c", Membership.JOIN, room(world))
    assert heard == []
    await talk.moves("@dora:test", Membership.JOIN)
    assert [what.user for what in heard] == ["@dora:test"]
