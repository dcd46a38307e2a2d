"""An event of one network stands in another's agenda: shown first, accepted there, kept up."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import EventId, NewIdentity, Number, items
from bot.testing.talk import ROOM, START_TIME, moment_in_words
from commands.links import store
from commands.links.store import PeerState
from commands.shares import share_store
from tests.links.between import Between
from tests.links.liar import A, Liar, a_thing, names

HOUR, MINUTES = timedelta(hours=1), timedelta(minutes=2)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await Between.start(tmp_path, "a", "b")
    await made.link("a", "b")
    made.wire.clear()
    for name in ("a", "b"):
        made.told(name)
    yield made
    await made.close()


async def later(world: Between, *names: str) -> None:
    for _ in range(2):
        for name in names or ("a", "b"):
            await world.of(name).wait(MINUTES)
            await world.flow()


def number_in(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(found[1])


async def an_event(world: Between, when: str = "en 33 horas") -> int:
    said = await world.answer("a", f"!event Taller de radio; {when}; place: Casa Azul")
    return number_in(said, r"going (\d+)")


async def shared(world: Between) -> tuple[int, int]:
    """The event's number at home, and in the other network where it was accepted."""
    number = await an_event(world)
    await world.says("a", f"!network share {number}")
    await world.says("a", "yes")
    incoming = number_in(world.told("b"), r"accept (\d+)")
    there = await world.answer("b", f"!network accept {incoming}")
    return number, number_in(there, r"Taken in from Red A as (\d+)")


async def test_what_goes_out_is_shown_first_and_waits_there_for_a_moderator(world: Between) -> None:
    number = await an_event(world)
    assert "moderators of its room" in await world.answer("a", f"!network share {number}", "bea")
    asked = await world.answer("a", f"!network share {number}")
    for part in (
        "Red B",
        "Taller de radio",
        moment_in_words(START_TIME.at + 33 * HOUR, "en"),
        "Casa Azul",
    ):
        assert part in asked
    assert world.wire == []
    await world.says("a", "yes")
    said = world.told("b")
    assert "Red A shares something" in said
    assert "Taller de radio" in said
    assert "Taller" not in await world.answer("b", "!events")
    incoming = number_in(said, r"accept (\d+)")
    assert "moderators" in await world.answer("b", f"!network accept {incoming}", "bea")
    said = await world.answer("b", f"!network accept {incoming}")
    assert "Shared by Red A." in said
    assert "Taller de radio" in await world.answer("b", "!events")
    assert "settled already" in await world.answer("b", f"!network accept {incoming}")


async def test_a_room_may_take_in_what_a_network_shares_without_being_asked(
    world: Between,
) -> None:
    assert "moderators" in await world.answer("b", "!network trust Red A events", "bea")
    assert "Which network" in await world.answer("b", "!network trust Red A dances")
    assert "Go on?" in await world.answer("b", "!network trust Red A events")
    await world.says("b", "yes")
    number = await an_event(world)
    await world.says("a", f"!network share {number}")
    world.told("b")
    await world.says("a", "yes")
    said = world.told("b")
    assert "Shared by Red A." in said
    assert "Taller de radio" in said
    assert "asked about here each time" in await world.answer("b", "!network trust Red A event no")
    number = await an_event(world, "en 48 horas")
    await world.says("a", f"!network share {number}")
    world.told("b")
    await world.says("a", "yes")
    assert "shares something with us" in world.told("b")
    assert "takes events of Red A" in await world.answer("b", "!log")


async def test_a_network_may_be_called_by_what_stands_between_names(world: Between) -> None:
    async with world.of("a").machine.db.transaction() as tx:
        await tx.run("UPDATE links_peer SET name = 'Tierra y Libertad'")
    number = await an_event(world)
    said = await world.answer("a", f"!red compartir {number} con tierra y libertad")
    assert "This goes to Tierra y Libertad" in said
    await world.says("a", "no")
    said = await world.answer("a", "!network announce Marcha con todas with Tierra y Libertad")
    assert "“Marcha con todas”" in said
    assert "goes to Tierra y Libertad" in said
    await world.says("a", "no")
    said = await world.answer("a", "!rede confiar Tierra y Libertad eventos")
    assert "of Tierra y Libertad come into this room" in said
    await world.says("a", "no")
    said = await world.answer("a", f"!network trust {world.links['a']} events")
    assert "of Tierra y Libertad come into this room" in said
    await world.says("a", "no")
    said = await world.answer("a", f"!network share {number} with Tierra y Mar")
    assert "No linked network is called “mar”" in said


async def test_totals_travel_and_names_do_not(world: Between) -> None:
    number, copy = await shared(world)
    await world.says("b", f"voy {copy}", "bea")
    await world.says("b", f"tal vez {copy}", "carla")
    await later(world)
    assert "Red B: coming: 1 · maybe: 1" in await world.answer("a", f"!event {number}")
    plain = json.dumps(world.wire)
    for name in ("bea", "carla", "ana"):
        assert f"@{name}:" not in plain
    kinds = [one["kind"] for one in world.wire]
    assert kinds.count("share") == 1, "what did not change is not sent again"
    await world.says("b", f"no voy {copy}", "bea")
    await later(world)
    assert "Red B: maybe: 1" in await world.answer("a", f"!event {number}")


async def test_a_change_follows_and_what_is_withdrawn_is_withdrawn_everywhere(
    world: Between,
) -> None:
    number, copy = await shared(world)
    await world.says("a", f"!mover {number} en 58 horas")
    await later(world)
    assert moment_in_words(START_TIME.at + 58 * HOUR, "en") in await world.answer(
        "b", f"!event {copy}"
    )
    assert "Taken back" in await world.answer("a", f"!network withdraw {number}")
    assert "Red A took back" in world.told("b")
    assert "Taller" not in await world.answer("b", "!events")
    assert "no other network" in await world.answer("a", f"!network withdraw {number}")


async def test_when_it_is_stays_its_own_networks_to_say(world: Between) -> None:
    _number, copy = await shared(world)
    for line in (f"!move {copy} in 72 hours", f"!change {copy} place: Elsewhere"):
        said = await world.answer("b", line)
        assert f"Event {copy} is another network's: only they change it." in said
        assert f"out of this agenda: `!cancel {copy}`" in said
    assert moment_in_words(START_TIME.at + 33 * HOUR, "en") in await world.answer(
        "b", f"!event {copy}"
    )
    said = await world.answer("b", f"!network withdraw {copy}")
    assert f"only they take it back.\nTo take it away here: `!cancel {copy}`" in said
    said = await world.answer("b", f"!cancel {copy}")
    assert "goes out of this agenda. In its own network nothing changes." in said
    assert "another network's: this does not call it off there" in await world.answer("b", "yes")
    assert "Taller" not in await world.answer("b", "!events")
    assert "Taller" in await world.answer("a", "!events")


async def test_what_is_cancelled_at_home_is_shown_nowhere(world: Between) -> None:
    number, _copy = await shared(world)
    await world.says("a", f"!cancelar {number}")
    await world.says("a", "sí")
    await later(world)
    assert "Taller" not in await world.answer("b", "!events")


async def test_what_is_kept_no_longer_at_home_is_taken_back(world: Between) -> None:
    await shared(world)
    await world.says("a", "!configurar guardar-eventos 30 días")
    await world.says("a", "sí")
    world.wire.clear()
    for _ in range(6):
        await world.of("a").wait(timedelta(days=10))
        await world.flow()
    assert [one["kind"] for one in world.wire if one["kind"] == "withdraw"] == ["withdraw"]


async def test_who_ends_a_link_takes_back_what_it_shared(world: Between) -> None:
    number, _copy = await shared(world)
    second = await an_event(world, "en 57 horas")
    await world.says("a", f"!network share {second}")
    await world.says("a", "yes")
    waiting = number_in(world.told("b"), r"accept (\d+)")
    assert "What we shared is taken back" in await world.answer("a", "!network disconnect Red B")
    await world.says("a", "yes")
    said = world.told("b")
    assert "Red A ended the link" in said
    assert "What it shared is taken back" in said
    assert "Red A took back event" in said
    assert "Taller" not in await world.answer("b", "!events")
    assert "settled already" in await world.answer("b", f"!network accept {waiting}")
    assert "no other network" in await world.answer("a", f"!network withdraw {number}")
    assert "No other network" in await world.answer("b", "!network")
    assert "No other network" in await world.answer("a", "!network")


async def test_who_ends_a_link_keeps_what_it_took_in_and_says_so(world: Between) -> None:
    number, copy = await shared(world)
    await world.says("b", f"voy {copy}", "bea")
    await later(world)
    said = await world.answer("b", "!network disconnect Red A")
    assert "stays here, marked as no longer kept up" in said
    await world.says("b", "yes")
    assert "which keeps it up no more" in await world.answer("b", f"!event {copy}")
    assert "what we shared stays there, marked as no longer kept up" in world.told("a")
    assert "Red B" not in await world.answer("a", f"!event {number}")
    world.wire.clear()
    await world.says("a", f"!mover {number} en 58 horas")
    await later(world)
    assert world.wire == [], "it is shared with nobody any more"


async def test_much_is_taken_back_bit_by_bit_and_whatever_is_missing(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has left answers no question: its last word counts though others before it are lost."""
    monkeypatch.setattr("commands.shares.inbound_shares.AT_ONCE", 2)
    await shared(world)
    await world.says("b", "!network trust Red A events")
    await world.says("b", "yes")
    liar = Liar.of(world)
    for n, name in zip(range(5), names(), strict=False):
        assert "Shared by Red A." in await liar.tells(liar.next("share", a_thing(n), name))
    liar.next("share", a_thing(6))
    said = await liar.tells(liar.next("bye", {}))
    assert said.count("Red A took back event") == 6
    assert "Nothing is planned" in await world.answer("b", "!events")


@pytest.mark.parametrize("how", ["two things", "identity"])
async def test_when_a_link_stops_what_was_taken_in_stays_and_says_so(
    world: Between, how: str
) -> None:
    _number, copy = await shared(world)
    liar = Liar.of(world)
    if how == "identity":
        await world.of("b").happens(NewIdentity(ROOM, EventId("$new"), A, world.of("b").clock.at))
    else:
        assert "stopped" in await liar.tells(liar.next("totals", {}, seq=liar.seq))
    await world.flow()
    assert "which keeps it up no more" in await world.answer("b", f"!event {copy}")
    assert "Taller" in await world.answer("b", "!events")


async def test_of_several_links_with_a_network_one_ends(world: Between) -> None:
    """What came by the other stays kept up."""
    _number, copy = await shared(world)
    talk = world.of("b")
    async with talk.machine.db.transaction() as tx:
        one = await share_store.received_by_copy(tx, Number(copy))
        assert one is not None
        number = await items.add(tx, "links", "link", ROOM, A, "", talk.clock.at)
        await store.add_link(tx, number, "f" * 32, None)
        await store.add_peer(tx, number, A, PeerState.LINKED, "e" * 32)
    await world.says("b", f"!network disconnect {number}")
    await world.says("b", "yes")
    said = await world.answer("b", f"!event {copy}")
    assert "Shared by Red A." in said
    assert "no more" not in said


async def test_the_messages_of_a_link_take_effect_once_whatever_the_way_does(
    world: Between,
) -> None:
    """Lost, twice, and late: what is missing is asked for."""
    lost = 0

    def bad(_by: str, _to: str, content: dict[str, object]) -> list[dict[str, object]]:
        nonlocal lost
        lost += 1
        return [[], [content, content], [content]][lost % 3]

    world.twist = bad
    numbers = [await an_event(world, f"en {hour} horas") for hour in range(10, 22, 2)]
    for number in numbers:
        await world.says("a", f"!network share {number}")
        await world.says("a", "yes")
    for _ in range(3):
        await world.of("a").wait(timedelta(days=1))
        await world.flow()
        for _ in range(8):
            await later(world)
    said = world.told("b")
    assert said.count("Red A shares something with us") == len(numbers)


async def test_privacy_tells_what_linked_networks_get(world: Between) -> None:
    said = await world.of("a").answer("ana", "!privacidad")
    assert "redes conectadas" in said or "inked networks" in said
    assert "120" in said


async def test_what_goes_with_its_author_goes_in_the_other_networks_too(world: Between) -> None:
    number, there = await shared(world)
    assert "Taller de radio" in await world.answer("b", "!agenda")
    async with world.of("a").machine.db.reading() as tx:
        item = await items.get(tx, Number(number))
    assert item is not None
    private = await world.of("a").private("ana")
    await world.says("a", "forget me", "ana", room=private)
    await world.says("a", "yes", "ana", room=private)
    async with world.of("a").machine.db.reading() as tx:
        assert await items.get(tx, Number(number)) is None, "it is deleted at home"
    world.told("b")
    await later(world)
    assert "Taller de radio" not in await world.answer("b", "!agenda"), there
