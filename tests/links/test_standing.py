"""A room that makes public all it decides: the others are asked by itself, once, by their rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import Number, RoomId
from bot.testing.talk import ROOM, user_id
from commands.joint_publication.declaration import OWN_YES_JOB
from commands.publishing.tests.test_names import calls_themselves
from storage import jobs
from tests.links.between import Between
from tests.links.test_deciding import number_in
from tests.links.test_options import over
from tests.links.test_publishing import ASKS, is_public, proposed


async def stands(world: Between, name: str = "a") -> str:
    """The room makes public what it decides from now on; what is said before the yes."""
    shown = await world.answer(name, "!publish decisions")
    await world.says(name, "yes")
    world.told(name)
    return shown


async def decided(world: Between, title: str = "Letter for the water") -> dict[str, int]:
    """A joint decision of A and B, of which A's people voted, until nothing can change any more."""
    poll, numbers = await proposed(world, title, "b")
    await world.says("b", f"!network accept {numbers['b']}")
    await world.says("a", f"!vote {poll} for", "bea")
    for name in numbers:
        world.told(name)
    await over(world)
    return numbers


def yeses(world: Between) -> int:
    """How many words on publishing went over the link."""
    return len([one for one in world.wire if one["kind"] == "publish"])


async def test_the_others_are_asked_by_itself_and_it_is_public_once_all_said_yes(
    world: Between,
) -> None:
    assert "with other networks I ask them first" in await stands(world)
    numbers = await decided(world)
    assert "Asked: Red B" in world.told("a")
    asked = world.told("b")
    assert "Red A asks: may “Letter for the water”" in asked
    assert not await is_public(world, "a", numbers["a"])
    await world.says("b", f"!network accept {number_in(asked, ASKS)}")
    assert "All networks agree" in await world.answer("b", "yes")
    said = world.told("a")
    assert f"{numbers['a']}, “Letter for the water”, is public now" in said, said
    assert "All networks agree" not in said, "nobody has to type anything"
    assert await is_public(world, "a", numbers["a"])
    assert not await is_public(world, "b", numbers["b"]), "B's room said nothing of that"
    for name in "ab":
        await world.of(name).restart()
        await world.of(name).wait(timedelta(days=9))
    await world.flow()
    assert yeses(world) == 2
    assert "Letter" not in world.told("a") + world.told("b"), "once"


async def test_a_no_is_asked_no_more(world: Between) -> None:
    await stands(world)
    numbers = await decided(world)
    world.told("a")
    await world.says("b", f"!network decline {numbers['b']}")
    assert "Red B does not let" in world.told("a")
    await world.of("a").wait(timedelta(days=20))
    await world.flow()
    assert yeses(world) == 2
    assert not await is_public(world, "a", numbers["a"])


async def test_without_the_rule_and_when_it_was_ended_nobody_is_asked(world: Between) -> None:
    await decided(world, "Before")
    await stands(world)
    poll, numbers = await proposed(world, "Letter", "b")
    await world.says("b", f"!network accept {numbers['b']}")
    await world.says("a", "!publish decisions no")
    await world.says("a", f"!vote {poll} for", "bea")
    await over(world)
    assert yeses(world) == 0


async def test_a_yes_that_was_about_to_be_said_is_not_once_it_ended(world: Between) -> None:
    """The job may have waited while the bot was away, or come from a copy of the data."""
    await stands(world)
    poll, numbers = await proposed(world, "Letter", "b")
    await world.says("b", f"!network accept {numbers['b']}")
    await world.says("a", "!publish decisions no")
    await world.says("a", f"!vote {poll} for", "bea")
    await over(world)
    talk = world.of("a")
    async with talk.machine.db.transaction() as tx:
        item, (feature, name) = Number(numbers["a"]), (OWN_YES_JOB.feature, OWN_YES_JOB.name)
        await jobs.add(tx, feature, name, ROOM, talk.clock.at, person=user_id("ana"), item=item)
    await over(world)
    assert yeses(world) == 0


async def test_ended_meanwhile_it_is_told_and_not_published(world: Between) -> None:
    await stands(world)
    numbers = await decided(world)
    await world.says("a", "!publish decisions no")
    world.told("a")
    await world.says("b", f"!network accept {numbers['b']}")
    await world.says("b", "yes")
    assert f"To make it so here: `!publish {numbers['a']}`" in world.told("a")
    assert not await is_public(world, "a", numbers["a"])


async def test_what_another_network_proposed_goes_by_hand_here(world: Between) -> None:
    """Nobody here was told at its opening that it becomes public."""
    await stands(world, "b")
    numbers = await decided(world)
    assert yeses(world) == 0
    await world.says("a", f"!publish {numbers['a']}")
    await world.says("a", "yes")
    await world.says("b", f"!network accept {numbers['b']}")
    await world.says("b", "yes")
    assert not await is_public(world, "b", numbers["b"])


async def test_a_decision_that_came_to_nothing_is_the_rooms_own(world: Between) -> None:
    await stands(world)
    poll, numbers = await proposed(world, "Letter", "b")
    await world.says("b", f"!network decline {numbers['b']}")
    await world.says("a", f"!vote {poll} for", "bea")
    await over(world)
    await world.of("a").wait(timedelta(days=2))
    await world.flow()
    assert await is_public(world, "a", poll)
    assert yeses(world) == 0


async def test_a_word_in_the_midst_of_many_names_is_not_sent_out_unseen(world: Between) -> None:
    for name in ("ana", "bea", "carla"):
        await calls_themselves(world.of("a"), name, f"compa {name} Kike")
    await stands(world)
    await decided(world, "Thanks to Kike")
    assert "The text may name somebody: Kike." in world.told("a")
    assert yeses(world) == 0


@pytest.mark.parametrize("title", ["Thanks to Carla", "Thanks to @carla"])
async def test_words_that_may_name_somebody_are_not_sent_out_unseen(
    world: Between, title: str
) -> None:
    await stands(world)
    numbers = await decided(world, title)
    said = world.told("a")
    assert f"{numbers['a']}, “{title}”, does not become public:" in said, said
    assert yeses(world) == 0
    if "@" in title:
        assert "name a person" in said
        return
    assert "The text may name somebody: Carla." in said
    shown = await world.answer("a", f"!publish {numbers['a']}")
    assert "names of people here, too, and I asked nobody: Carla." in shown
    assert "Asked: Red B" in await world.answer("a", "yes")


async def test_where_the_room_decides_on_the_networks_name_it_is_asked(world: Between) -> None:
    await world.says("a", '!who-decides "name the network" decision')
    await world.says("a", "yes")
    await stands(world)
    numbers = await decided(world)
    said = world.told("a")
    proposal = number_in(said, r"Proposal (\d+): our name")
    assert "our name in joint decision" in said
    assert yeses(world) == 0
    for who in ("ana", "bea", "carla"):
        await world.says("a", f"!vote {proposal} for", who)
    await world.of("a").wait(timedelta(days=8))
    await world.flow()
    assert yeses(world) == 1, world.told("a")
    assert not await is_public(world, "a", numbers["a"])


async def in_another_room(world: Between, by: str) -> None:
    """A's moderators have a room of their own; in the other one `by` moderates, and had it publish.

    So its rule says nothing of the network's name, unless who made it moderates the network.
    """
    talk = world.of("a")
    home = RoomId("!home:test")
    await talk.room(home, "Home", ["ana"], {"ana": 100})
    await talk.set("moderation", "yes", home)
    await world.says("a", "!publish decisions", by)
    await world.says("a", "yes", by)
    world.told("a")


async def test_who_moderates_the_network_spoke_for_it_in_any_room(world: Between) -> None:
    await in_another_room(world, "ana")
    await decided(world)
    assert "Asked: Red B" in world.told("a")


async def test_who_moderates_only_the_room_did_not_speak_for_the_network(world: Between) -> None:
    talk = world.of("a")
    await talk.room(ROOM, "", ["ana", "bea", "carla"], {"ana": 50, "bea": 50})
    await in_another_room(world, "bea")
    numbers = await decided(world)
    assert yeses(world) == 0
    assert "I asked the network's moderators first" in world.told("a")
    await world.says("a", f"!publish {numbers['a']}")
    await world.says("a", "yes")
    assert yeses(world) == 1
