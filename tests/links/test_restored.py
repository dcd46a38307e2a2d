"""A network goes on from a backup while it decides with others, or reads a vote after the end:
no two networks tell two results of one decision."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import Talk
from tests.links.between import Between, bot_of
from tests.links.test_returning import Away, asked, hours_pass, number_in, statements


async def copied(talk: Talk) -> Path:
    """A copy of a bot's database as it is now."""
    await talk.machine.db.close()
    copy = talk.path.with_suffix(".copy")
    shutil.copy(talk.path, copy)
    await talk.restart()
    return copy


async def restored(world: Between, talk: Talk, copy: Path) -> None:
    """The bot goes on from the copy, on a new device."""
    await talk.machine.db.close()
    for left in talk.path.parent.glob(f"{talk.path.name}*"):
        left.unlink()
    shutil.copy(copy, talk.path)
    await talk.restart()
    await talk.restore_backup()
    assert await talk.machine.dispatcher.announce_restore()
    await world.flow()


async def voted(world: Between) -> dict[str, int]:
    """Three networks vote on one question; by what number each."""
    poll, at_b, at_c = await asked(world)
    numbers = {"a": poll}
    await world.says("b", f"!network accept {at_b}")
    await world.says("c", f"!network accept {at_c}")
    for name in "bc":
        numbers[name] = number_in(world.told(name), r"Proposal (\d+)")
    for name, number in numbers.items():
        await world.says(name, f"!vote {number} for", "bea")
        world.told(name)
    return numbers


@pytest.mark.parametrize("hours", [57, 80])
async def test_who_goes_on_from_a_backup_tells_no_second_result(three: Between, hours: int) -> None:
    """What it sealed and opened after the copy was made only the others know."""
    numbers = await voted(three)
    talk = three.of("b")
    copy = await copied(talk)
    await three.says("b", f"!vote {numbers['b']} against", "carla")
    await hours_pass(three, hours)
    assert "Red B: for: 1, against: 1, abstain: 0; 2 of 3 voted" in three.told("b")
    first = statements(three)
    for name in "ac":
        three.told(name)
    await restored(three, talk, copy)
    said = three.told("b")
    assert "if I said its result, that holds" in said
    joint = number_in(said, r"Joint decision (\d+)")
    await hours_pass(three, 60)
    assert statements(three) == first
    assert "Joint decision" not in three.told("b")
    for name in "ac":
        told = three.told(name)
        assert "another result" not in told
        assert "come in" not in told
    assert "the other networks have its file" in await three.answer("b", f"!export {joint}")


async def test_who_was_off_through_the_end_tells_what_the_others_signed(three: Between) -> None:
    await voted(three)
    talk = three.of("b")
    copy = await copied(talk)
    away = Away(three, bot_of("b"))
    away.leaves()
    await hours_pass(three, 80)
    assert "Red B: no answer in time" in three.told("a")
    talk.clock.at = three.of("a").clock.at
    await restored(three, talk, copy)
    await away.returns()
    await hours_pass(three, 3)
    said = three.told("b")
    assert "if I said its result, that holds" in said
    assert "“Letter for the water”: approved" in said
    assert "Red A: for: 1" in said
    assert len(set(statements(three).values())) == 1


async def test_a_vote_that_is_read_after_the_end_is_said_to_count_only_at_home(
    three: Between,
) -> None:
    numbers = await voted(three)
    at = three.of("a").clock.at
    await hours_pass(three, 57)
    three.told("a")
    await three.says("a", f"!vote {numbers['a']} against", "carla", at=at, late=True)
    await three.of("a").wait(timedelta(minutes=2))
    await three.flow()
    said = three.told("a")
    assert "against: 1" in said
    assert said.count("what holds is the joint decision of all") == 2  # edited and said anew
    assert "The other networks got our counts as they were at the end" in said
    assert "moderators see what to do" not in said
    assert len(set(statements(three).values())) == 1
