"""`!visible` of something shared: which networks read it, by the names that people know."""

from __future__ import annotations

from bot.types import Trust
from tests.links.between import Between
from tests.links.test_deciding import proposed
from tests.links.test_sharing_things import shared


async def test_the_networks_that_read_it_are_named_and_no_link_by_its_id(world: Between) -> None:
    number, _copy = await shared(world)
    said = await world.answer("a", f"!visible {number}", "bea")
    [line] = [one for one in said.splitlines() if "shown to in" in one]
    assert line.endswith("whoever it is shown to in: Red B")


async def test_a_network_that_left_has_read_it(three: Between) -> None:
    number, _copy = await shared(three)
    await three.says("b", f"!network disconnect {three.links['b']}")
    await three.says("b", "yes")
    assert "shown to in: Red B · Red C" in await three.answer("a", f"!visible {number}")


async def test_a_device_that_nobody_signed_learns_no_other_network(world: Between) -> None:
    number, _copy = await shared(world)
    await world.of("a").set("unsigned", "yes")
    world.told("a")
    await world.says("a", f"!visible {number}", trust=Trust.UNSIGNED)
    said = world.told("a")
    assert f"Who can see {number}" in said and "Red B" not in said and "shown to" not in said


async def test_all_networks_of_the_link_read_a_joint_decision(world: Between) -> None:
    _poll, joint, _there = await proposed(world)
    assert "shown to in: Red B" in await world.answer("a", f"!visible {joint}")
    await world.of("a").set("unsigned", "yes")
    world.told("a")
    await world.says("a", f"!visible {joint}", trust=Trust.UNSIGNED)
    assert "Red B" not in world.told("a")
