"""`!visible` of something shared: which networks read it, by the names that people know."""

from __future__ import annotations

from bot.types import Trust
from tests.links.between import Between
from tests.links.test_deciding import number_in, proposed
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


async def test_those_that_are_asked_read_a_joint_decision(world: Between) -> None:
    _poll, joint, _there = await proposed(world)
    said = await world.answer("a", f"!visible {joint}")
    assert "shown to in: Red B\n" in said
    await world.of("a").set("unsigned", "yes")
    world.told("a")
    await world.says("a", f"!visible {joint}", trust=Trust.UNSIGNED)
    assert "Red B" not in world.told("a")


async def test_who_left_before_or_takes_no_part_reads_no_joint_decision(three: Between) -> None:
    await three.says("c", f"!network disconnect {three.links['c']}")
    await three.says("c", "yes")
    _poll, joint, _there = await proposed(three)
    said = await three.answer("a", f"!visible {joint}")
    assert "shown to in: Red B" in said and "Red C" not in said


async def test_who_declined_reads_no_joint_decision_once_it_is_open(three: Between) -> None:
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await three.says("a", f"!network propose {poll}")
    joint = number_in(await three.answer("a", "yes"), r"Joint decision (\d+)")
    there = {name: number_in(three.told(name), r"network accept (\d+)") for name in "bc"}
    assert "shown to in: Red B · Red C" in await three.answer("a", f"!visible {joint}")
    await three.says("b", f"!network accept {there['b']}")
    await three.says("c", f"!network decline {there['c']}")
    said = await three.answer("a", f"!visible {joint}")
    assert "shown to in: Red B" in said and "Red C" not in said
    assert "shown to in: Red A" in await three.answer("b", f"!visible {there['b']}")
