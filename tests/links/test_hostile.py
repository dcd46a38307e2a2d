"""What another network may try: forged, forked, replayed, endless, from another link or device."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import (
    Answer,
    Context,
    EventId,
    LinkMessage,
    Membership,
    NewIdentity,
    RoomId,
    Signer,
    Trust,
    UserError,
    UserId,
    _,
)
from bot.testing.fake_gateway import signer_of
from commands.links import store
from commands.links.declaration import LINK_TYPE
from commands.links.protocol import inbound
from commands.links.protocol.envelope import LARGEST, InvalidMessage, NetworkEnvelope
from commands.links.protocol.inbound import MOST_JUNK
from commands.links.store import NetworkLink, Peer
from tests.links.between import Between
from tests.links.liar import Liar, a_thing, soon

A, B = UserId("@minga:a"), UserId("@minga:b")
HOUR = timedelta(hours=1)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await Between.start(tmp_path, "a", "b")
    await made.link("a", "b")
    for name in ("a", "b"):
        made.told(name)
    yield made
    await made.close()


def room(world: Between) -> RoomId:
    return next(iter(world.inside))


def last_of(world: Between, name: str) -> NetworkEnvelope:
    signer = signer_of(world.of(name).gateway)
    own = [one for one in world.wire if one["network"] == signer.public]
    return NetworkEnvelope.model_validate(
        {k: v for k, v in own[-1].items() if k in NetworkEnvelope.model_fields}
    )


def following(world: Between, name: str, kind: str, body: dict[str, Any]) -> NetworkEnvelope:
    """What that network's bot could say next, if somebody made it."""
    last = last_of(world, name)
    signer = signer_of(world.of(name).gateway)
    return NetworkEnvelope(
        link=last.link,
        network=last.network,
        seq=last.seq + 1,
        prev=last.hash,
        kind=kind,
        id="d" * 32,
        body=body,
    ).sign_with(signer)


def an_event() -> dict[str, Any]:
    text = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nSUMMARY:Feria\r\n"
        f"DTSTART:{soon()}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return {"what": "event", "version": 1, "content": {"calendar": text}}


async def hears(world: Between, one: dict[str, Any] | NetworkEnvelope, by: UserId = A) -> str:
    content = one.content() if isinstance(one, NetworkEnvelope) else one
    await world.hears(B, by, room(world), content)
    await world.flow()
    return world.told("b")


async def state(world: Between) -> str:
    return await world.answer("b", "!network")


async def test_an_honest_message_is_heard(world: Between) -> None:
    """Else nothing below would show anything."""
    assert "Feria" in await hears(world, following(world, "a", "share", an_event()))


async def test_what_is_not_signed_by_the_network_is_nothing(world: Between) -> None:
    good = following(world, "a", "share", an_event())
    stranger = Signer.from_seed(A, b"z" * 32, lambda named: named)
    for forged in (
        good.model_copy(update={"sig": ""}),
        good.model_copy(update={"body": {}}),
        good.model_copy(update={"network": stranger.public}).sign_with(stranger),
        good.model_copy(update={"link": "e" * 32}).sign_with(signer_of(world.of("a").gateway)),
    ):
        assert await hears(world, forged) == ""
    assert "Feria" in await hears(world, good), "and the chain goes on"


async def test_a_replay_has_no_effect(world: Between) -> None:
    good = following(world, "a", "share", an_event())
    await hears(world, good)
    assert await hears(world, good) == ""
    for old in world.wire[:]:
        assert await hears(world, old) == ""


async def test_who_says_two_things_in_one_place_is_named_and_stopped(world: Between) -> None:
    good = following(world, "a", "share", an_event())
    await hears(world, good)
    signer = signer_of(world.of("a").gateway)
    other = good.model_copy(update={"body": {**an_event(), "version": 2}}).sign_with(signer)
    assert "told some one thing and others another" in await hears(world, other)
    assert "stopped" in await state(world)
    later = good.model_copy(update={"seq": good.seq + 1, "prev": good.hash, "id": "f" * 32})
    assert await hears(world, later.sign_with(signer)) == "", "nothing of theirs counts any more"


async def test_who_changes_its_past_is_stopped(world: Between) -> None:
    signer = signer_of(world.of("a").gateway)
    good = following(world, "a", "share", an_event())
    past = good.model_copy(update={"prev": "1" * 64}).sign_with(signer)
    assert "The link with Red A stopped" in await hears(world, past)


async def test_from_a_device_that_nobody_confirmed_nothing_counts(world: Between) -> None:
    good, talk = following(world, "a", "share", an_event()), world.of("b")
    for trust in (Trust.UNSIGNED, Trust.PLAIN):
        event = EventId(f"$x{trust}")
        await talk.happens(
            LinkMessage(
                room(world), event, A, talk.clock.at, LINK_TYPE, good.content(), trust=trust
            )
        )
        await world.flow()
        assert world.told("b") == ""


async def test_outside_of_its_room_and_from_others_nothing_counts(world: Between) -> None:
    good = following(world, "a", "share", an_event()).content()
    assert await hears(world, good, by=UserId("@mallory:x")) == ""
    talk = world.of("b")
    event = EventId("$elsewhere")
    await talk.happens(LinkMessage(RoomId("!sala:test"), event, A, talk.clock.at, LINK_TYPE, good))
    await world.flow()
    assert world.told("b") == ""


async def test_junk_is_told_once_and_then_not_read_for_an_hour(world: Between) -> None:
    told = [await hears(world, {"v": 1, "n": n}) for n in range(3 * MOST_JUNK)]
    assert len([one for one in told if one]) == 1
    good = following(world, "a", "share", an_event())
    assert await hears(world, good) == ""
    await world.of("b").wait(HOUR)
    assert "Feria" in await hears(world, good)


async def test_a_new_identity_of_the_bot_stops_the_link(world: Between) -> None:
    talk = world.of("b")
    await talk.happens(NewIdentity(RoomId(""), EventId("$new"), A, talk.clock.at))
    await world.flow()
    assert "its bot has a new identity" in world.told("b")
    assert await hears(world, following(world, "a", "share", an_event())) == ""


async def test_a_person_in_the_link_room_is_taken_out_or_reads_nothing(world: Between) -> None:
    """Only who made the room may take somebody out; nobody writes to them."""
    for name, what in (("a", "I took them out"), ("b", "I may not take them out")):
        talk = world.of(name)
        await talk.moves("@mallory:x", Membership.JOIN, room(world))
        await world.flow()
        assert world.told(name) == ""
        await talk.wait(timedelta(minutes=7))
        await world.flow()
        assert what in world.told(name)
    said = [p for p in world.of("b").gateway.posted.values() if p.kind == LINK_TYPE]
    assert {p.readers for p in said} == {frozenset({A})}


NEWER = "does not know"


@pytest.mark.parametrize("how", ["version", "kind", "thing"])
async def test_what_is_of_a_later_version_changes_nothing_and_is_told_of_in_the_list(
    world: Between, how: str
) -> None:
    assert NEWER not in await state(world)
    for _n in range(25):
        if how == "version":
            newer = following(world, "a", "share", an_event()).content() | {"v": 2}
        elif how == "kind":
            newer = following(world, "a", "dance", {}).content()
        else:
            newer = following(
                world, "a", "share", {"what": "recipe", "version": 1, "content": {}}
            ).content()
        assert await hears(world, newer) == "", "no junk, though there is much of it"
        if how != "version":
            world.wire.append(newer)
    assert "Feria" in await hears(world, following(world, "a", "share", an_event()))
    said = await state(world)
    assert "linked" in said
    assert said.count(NEWER) == 1
    await world.of("b").wait(timedelta(days=31))
    world.told("b")
    assert NEWER not in await state(world)


OFTEN = "{soon}\r\nRRULE:FREQ=SECONDLY;COUNT=99999999"


@pytest.mark.parametrize(
    "when", ["00010101T000000Z", "19700101T000000Z", "99991231T235959Z", OFTEN]
)
async def test_dates_far_away_are_kept_nowhere_and_the_chain_goes_on(
    world: Between, when: str
) -> None:
    body = an_event()
    text = body["content"]["calendar"].replace(soon(), when.format(soon=soon()))
    bad = following(world, "a", "share", body | {"content": {"calendar": text}})
    assert await hears(world, bad) == ""
    world.wire.append(bad.content())
    assert "Feria" in await hears(world, following(world, "a", "share", an_event()))


@pytest.mark.parametrize("letter", ["x", "é"])
async def test_what_is_huge_or_deep_is_not_kept_and_a_smaller_one_in_its_place_counts(
    world: Between, letter: str
) -> None:
    deep: dict[str, Any] = {}
    for _deep in range(50):
        deep = {"a": deep}
    size = LARGEST // len(json.dumps(letter).strip('"'))
    for body in ({"x": letter * size}, {"x": [letter] * size}, deep):
        assert await hears(world, following(world, "a", "share", an_event() | body)) == ""
    async with world.of("b").machine.db.reading() as tx:
        rows = await tx.all("SELECT content FROM links_message WHERE length(content) > ?", LARGEST)
    assert rows == []
    assert "Feria" in await hears(world, following(world, "a", "share", an_event()))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"what": "event"},
        {"what": "event", "version": 0, "content": {}},
        {"what": "event", "version": 1, "content": {}},
        {"what": "event", "version": 1, "content": {"calendar": "BEGIN:VCALENDAR"}},
        {"what": "polls", "version": 1, "content": {}},
        {"what": "../", "version": 1, "content": {}},
        {"what": "event", "version": 1, "content": {"calendar": "X" * 30_000}},
    ],
)
async def test_what_can_not_be_kept_is_not_kept_and_the_chain_goes_on(
    world: Between, body: dict[str, Any]
) -> None:
    bad = following(world, "a", "share", body)
    assert await hears(world, bad) == ""
    world.wire.append(bad.content())
    assert "Feria" in await hears(world, following(world, "a", "share", an_event()))


async def test_a_message_that_is_refused_half_way_has_no_effect_at_all(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = iter((InvalidMessage("no"), UserError(_("It is shared with them already."))))

    async def half(ctx: Context, _link: NetworkLink, peer: Peer, _said: NetworkEnvelope) -> Answer:
        await store.change_peer(ctx.db, peer, name="Half")
        raise next(refusals)

    liar = Liar.of(world)
    monkeypatch.setitem(inbound.HANDLERS, "share", half)
    for n in range(2):
        assert await liar.tells(liar.next("share", a_thing(n))) == ""
    async with world.of("b").machine.db.reading() as tx:
        (peer,) = await tx.all("SELECT name, junk, seq FROM links_peer")
    assert (peer["name"], peer["junk"]) == ("Red A", 2)
    assert peer["seq"] == liar.seq, "the chain goes on"
