"""The link room itself: opened, replaced or left by somebody, and people who come into it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import EventId, Membership, RoomId, RoomRightsChanged, UserId
from bot.testing.talk import PostedEvent
from bot.types import Reaction, RoomUpgraded, UndecryptedMessage, UnfilledGap
from commands.links.declaration import LINK_TYPE
from tests.links.between import Between
from tests.links.liar import A, B, C, Liar, a_thing, room, said_by

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JOIN, HISTORY, POWER = (
    f"m.room.{name}" for name in ("join_rules", "history_visibility", "power_levels")
)
OPENED: tuple[tuple[str, dict[str, Any], str], ...] = (
    (JOIN, {"join_rule": "public"}, "one may come in without being asked"),
    (JOIN, {"join_rule": "knock"}, "one may come in without being asked"),
    (JOIN, {"join_rule": "restricted", "allow": []}, "one may come in without being asked"),
    (HISTORY, {"history_visibility": "world_readable"}, "anybody may read along"),
    (POWER, {"users_default": 50}, "whoever comes in has power there"),
)
RIGHT: dict[str, dict[str, Any]] = {
    JOIN: {"join_rule": "invite"},
    HISTORY: {"history_visibility": "shared"},
    POWER: {"users_default": 0},
}


async def is_set(
    world: Between, name: str, kind: str, content: dict[str, Any], by: UserId = A
) -> str:
    """Somebody sets it, and that network's bot sees it."""
    talk, place = world.of(name), room(world)
    if kind == POWER:  # the rest of it stays
        known = talk.gateway.state.get((place, POWER, "")) or talk.gateway.others[place, POWER, ""]
        content = {**known, **content}
    await talk.state(place, kind, content)
    event = EventId(f"$set{next(world.ids)}")
    await talk.happens(RoomRightsChanged(place, event, by, talk.clock.at, kind, content))
    await world.flow()
    return world.told(name)


async def an_event(world: Between, name: str, when: str = "en 33 horas") -> str:
    said = await world.answer(name, f"!event Taller; {when}")
    found = re.search(r"going (\d+)", said)
    assert found, said
    return found[1]


def states(world: Between, name: str) -> list[PostedEvent]:
    every = world.of(name).gateway.posted.values()
    return [post for post in every if post.state is not None and post.room == room(world)]


@pytest.mark.parametrize(("kind", "content", "how"), [OPENED[0], *OPENED[3:]])
async def test_in_a_room_that_somebody_opened_nothing_is_said_until_it_is_closed(
    world: Between, kind: str, content: dict[str, Any], how: str
) -> None:
    """B may not close it. What it did not say in between is asked for when it is closed."""
    number = await an_event(world, "b")
    await world.says("b", f"!network share {number}")
    await world.says("b", "yes")
    assert "Taller" in world.told("a")
    told = await is_set(world, "b", kind, content)
    assert "The room of link 1 is open to others: " + how in told
    assert "Red A changed that" in told
    assert "!network disconnect 1" in told
    assert "is open to others" in await world.answer("b", "!network")
    said = len(world.wire)
    await world.says("b", f"!edit {number} lugar: Casa Azul")
    await world.says("b", "yes")
    await world.of("b").wait(timedelta(minutes=2))
    await world.flow()
    fresh = await an_event(world, "b", "en 57 horas")
    assert "nothing goes there now" in await world.answer("b", f"!network share {fresh}")
    assert len(world.wire) == said
    assert states(world, "b") == []
    assert "is as it was, so I go on there" in await is_set(world, "b", kind, RIGHT[kind])
    for _ in range(6):
        for name in ("a", "b"):
            await world.of(name).wait(timedelta(seconds=30))
        await world.flow()
    kinds = [one["kind"] for one in world.wire[said:]]
    assert "here" in kinds
    assert "share" in kinds, "A asked for what it missed, and got it"


@pytest.mark.parametrize(("kind", "content", "how"), OPENED)
async def test_who_made_the_room_closes_it_again(
    world: Between, kind: str, content: dict[str, Any], how: str
) -> None:
    told = await is_set(world, "a", kind, content, by=B)
    assert how in told
    assert "I am closing it again." in told
    (post,) = states(world, "a")
    assert post.kind == kind
    for name in RIGHT[kind]:
        assert post.content.get(name, 0) == RIGHT[kind][name]


@pytest.mark.parametrize(("kind", "content", "how"), OPENED)
async def test_a_room_that_another_bot_closes_at_once_was_open_all_the_same(
    world: Between, kind: str, content: dict[str, Any], how: str
) -> None:
    """One sync brings both changes: when the first is read, the room's state is the last one's."""
    talk, place = world.of("b"), room(world)
    known = talk.gateway.others[place, POWER, ""] if kind == POWER else {}
    for by, changed in ((UserId("@eva:a"), {**known, **content}), (A, {**known, **RIGHT[kind]})):
        event = EventId(f"$set{next(world.ids)}")
        await talk.happens(RoomRightsChanged(place, event, by, talk.clock.at, kind, changed))
    await world.flow()
    told = world.told("b")
    assert f"The room of link 1 was open to others for a moment: {how}." in told
    assert "@eva:a changed that" in told
    assert "is as it was, so I go on there" in told
    assert states(world, "b") == []
    again = RoomRightsChanged(
        place, EventId("$again"), A, talk.clock.at, kind, {**known, **content}
    )
    await talk.happens(again)
    await world.flow()
    assert world.told("b") == "", "once a day"


async def test_who_opens_it_again_and_again_is_told_of_once_a_day(world: Between) -> None:
    told = ""
    for _ in range(5):
        told += await is_set(world, "a", JOIN, {"join_rule": "public"}, by=B)
        told += await is_set(world, "a", JOIN, {"join_rule": "invite"})
    assert told.count("is open to others") == told.count("is as it was") == 1
    assert len(states(world, "a")) == 5
    await world.of("a").wait(DAY)
    await world.flow()
    assert "open" in await is_set(world, "a", JOIN, {"join_rule": "public"}, by=B)


async def test_a_room_that_stays_open_is_told_of_every_day(world: Between) -> None:
    assert "open to others" in await is_set(world, "b", JOIN, {"join_rule": "public"})
    for _ in range(3):
        await world.of("b").wait(DAY)
        await world.flow()
        assert world.told("b").count("open to others") == 1


async def test_one_leaves_an_open_room_without_a_word(world: Between) -> None:
    await is_set(world, "b", JOIN, {"join_rule": "public"})
    said = len(world.wire)
    await world.says("b", "!network disconnect 1")
    assert "is ended" in await world.answer("b", "yes")
    assert len(world.wire) == said
    assert "Red B is no longer in the room of link 1" in world.told("a")
    assert "No other network" in await world.answer("a", "!network")


async def test_who_may_not_speak_any_more_is_told(world: Between) -> None:
    told = await is_set(world, "b", POWER, {"events_default": 50})
    assert "I may not speak in the room of link 1 any more." in told


@pytest.mark.parametrize(
    ("found", "how"),
    [
        ({"join_rule": "public"}, "one may come in without being asked"),
        ({"encrypted": False}, "it is not encrypted"),
    ],
)
async def test_a_room_that_was_open_when_we_came_hears_nothing_from_us(
    tmp_path: Path, found: dict[str, Any], how: str
) -> None:
    """Whatever the invitation said."""
    world = await Between.start(tmp_path, "a", "b")
    world.found = found
    await world.says("a", "!network link @minga:b")
    await world.says("a", "yes")
    await world.says("b", f"!network accept {world.number('b')}")
    assert "open to others: " + how in world.told("b")
    await world.of("b").wait(DAY)
    await world.flow()
    assert said_by(world, "b") == []
    await world.close()


async def test_who_is_taken_out_of_the_room_is_told_and_says_no_more(world: Between) -> None:
    await world.of("b").moves(B, Membership.LEAVE, room(world), by=A)
    await world.flow()
    told = world.told("b")
    assert "I am no longer in the room of link 1, so the link with Red A stopped." in told
    assert "stopped" in await world.answer("b", "!network")


async def test_who_does_not_come_is_told_of(tmp_path: Path) -> None:
    world = await Between.start(tmp_path, "a", "b")
    await world.says("a", "!network link @minga:b")
    await world.says("a", "yes")
    await world.says("b", f"!network decline {world.number('b')}")
    await world.of("a").moves(B, Membership.LEAVE, room(world))
    await world.flow()
    assert "@minga:b did not come into link 1." in world.told("a")
    assert "No other network" in await world.answer("a", "!network")
    await world.close()


async def test_many_who_are_brought_in_are_told_of_once_and_all_taken_out(world: Between) -> None:
    talk, told = world.of("a"), ""
    for n in range(30):
        await talk.moves(f"@mallory{n}:x", Membership.INVITE, room(world), by=B)
        await talk.wait(timedelta(minutes=3))
        await world.flow()
        told += world.told("a")
    assert told.count("came into the room of link 1") == 1
    removed = [p.content["user"] for p in talk.gateway.posted.values() if p.kind == "kick"]
    assert len(set(removed)) == 30


async def test_nobody_is_answered_in_a_link_room(world: Between) -> None:
    """Whatever a person or another bot types there: no command is run, no vote taken."""
    talk, place = world.of("b"), room(world)
    await talk.moves("@mallory:x", Membership.JOIN, place)
    for who in (A, "ana", "@mallory:x"):
        event = await talk.says(who, "!network", room=place)
        for line in ("!help", "!status", "!event Taller; en 33 horas", "hola", "yes"):
            await talk.says(who, line, room=place)
        await talk.edits(who, event, "!help", room=place)
        at = talk.clock.at
        await talk.happens(UndecryptedMessage(place, EventId(f"$u{who}"), UserId(who), at, event))
        await talk.happens(UnfilledGap(place, EventId(f"$g{who}"), UserId(who), at))
        await talk.happens(Reaction(place, EventId(f"$r{who}"), UserId(who), at, event, "x"))
    assert await talk.said(place) == []
    assert "going" not in await world.answer("b", "!events")


async def test_names_topics_and_addresses_of_the_room_are_shown_to_nobody(world: Between) -> None:
    talk = world.of("b")
    for kind, content in (
        ("m.room.name", {"name": "Red Santa"}),
        ("m.room.topic", {"topic": "!network share 1"}),
        ("m.room.canonical_alias", {"alias": "#santa:a"}),
        ("m.room.guest_access", {"guest_access": "can_join"}),
        ("m.room.encryption", {"algorithm": "none", "rotation_period_msgs": 2**53 - 1}),
        ("m.room.encryption", {}),
    ):
        await talk.state(room(world), kind, content)
        event = EventId(f"${kind}{len(content)}")
        change = RoomRightsChanged(room(world), event, A, talk.clock.at, kind, content)
        await talk.happens(change)
    await world.flow()
    assert world.told("b") == ""
    said = await world.answer("b", "!network")
    assert "Santa" not in said
    assert "Feria" in await Liar.of(world).tells(Liar.of(world).next("share", a_thing(1)))


async def upgraded(world: Between, fresh: RoomId, *, authentic: bool) -> str:
    talk, old = world.of("b"), room(world)
    await talk.state(old, "m.room.tombstone", {"replacement_room": fresh})
    event = EventId(f"$up{authentic}")
    await talk.happens(RoomUpgraded(old, event, A, talk.clock.at, fresh, authentic, True))
    await world.flow()
    await talk.wait(HOUR + timedelta(minutes=1))
    await world.flow()
    return world.told("b")


async def test_an_upgraded_link_room_is_followed_and_nothing_is_said_to_people_there(
    world: Between,
) -> None:
    talk, fresh = world.of("b"), RoomId("!fresh:a")
    await talk.room(fresh, "", [A], kind=LINK_TYPE, creator=A, bot_power=0)
    assert await upgraded(world, fresh, authentic=True) == ""
    assert await talk.said(fresh) == []
    await talk.wait(DAY)
    await talk.sent()
    posts = talk.gateway.posted.values()
    assert [p.room for p in posts if p.kind == LINK_TYPE][-1] == fresh, "it goes on there"


@pytest.mark.parametrize("how", ["no link room", "not encrypted", "not pointing back"])
async def test_a_link_room_is_not_followed_into_another_kind_of_room(
    world: Between, how: str
) -> None:
    """There people would count as people of the network, or hear what bots say."""
    talk, fresh = world.of("b"), RoomId("!fresh:a")
    kind = "" if how == "no link room" else LINK_TYPE
    await talk.room(
        fresh,
        "",
        [A, "@mallory:x"],
        kind=kind,
        creator=A,
        bot_power=0,
        encrypted=how != "not encrypted",
    )
    told = await upgraded(world, fresh, authentic=how != "not pointing back")
    assert "was replaced by another one that I can't take for the same" in told
    await talk.wait(DAY)
    posts = [p for p in await talk.sent() if p.room == fresh]
    assert [p.kind for p in posts if p.kind not in ("join", "leave")] == []
    if how in ("no link room", "not encrypted"):
        assert fresh in talk.gateway.left


async def test_what_we_say_is_read_by_the_bots_that_count_and_by_nobody_else(
    three: Between,
) -> None:
    """Who stopped, left, or was asked and has not come yet gets no key."""
    talk = three.of("a")

    async def readers() -> set[UserId]:
        await talk.wait(DAY)
        await three.flow()
        posts = [p for p in talk.gateway.posted.values() if p.kind == LINK_TYPE]
        return set(posts[-1].readers or ())

    assert await readers() == {B, C}
    await talk.moves(C, Membership.LEAVE, room(three))
    await three.says("a", "!network add @minga:d 1")
    await three.says("a", "yes")
    assert await readers() == {B}
    assert said_by(three, "a")
