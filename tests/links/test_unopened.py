"""A network is asked to decide with others, and hears no more of it, or hears of it too late."""

from __future__ import annotations

from typing import Any

from bot.api import UserId
from tests.links.between import Between
from tests.links.test_deciding import number_in, proposed
from tests.links.test_options import over
from tests.links.test_returning import Away

A, B = UserId("@minga:a"), UserId("@minga:b")


async def test_whoever_said_yes_hears_that_it_was_never_opened(world: Between) -> None:
    def mute(by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        return [] if by == A else [content]

    _poll, _joint, there = await proposed(world)
    world.twist = mute
    assert "We take part" in await world.answer("b", f"!network accept {there}")
    await over(world)
    said = f"Red A never opened joint decision {there}, “Letter for the water”"
    assert world.told("b").count(said) == 1
    assert "came to nothing" in await world.answer("b", f"!export {there}")


async def test_whoever_said_nothing_or_no_hears_nothing_of_it(world: Between) -> None:
    def mute(by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        return [] if by == A else [content]

    _poll, _joint, there = await proposed(world)
    world.twist = mute
    await world.says("b", f"!network decline {there}")
    world.told("b")
    await over(world)
    assert "never opened" not in world.told("b")


async def test_whoever_was_away_while_it_could_be_answered_hears_that_it_was_asked(
    world: Between,
) -> None:
    away = Away(world, B)
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await world.says("a", f"!network propose {poll} with Red B")
    await world.says("a", "yes")
    away.leaves()
    await over(world)
    await away.returns()
    told = world.told("b")
    assert (
        "Red A asked us to decide together on “Letter for the water” while I was off line" in told
    )
    assert "network accept" not in told
