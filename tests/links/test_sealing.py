"""Votes sent in time are counted for all until the counts are sealed; nobody knows them before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.testing.talk import ROOM
from commands.joint_decisions.terms import JointTerms
from storage import rooms
from tests.links.between import Between
from tests.links.liar import envelope_of
from tests.links.test_deciding import later, number_in, proposed

MINUTE = timedelta(minutes=1)


async def voted(world: Between) -> tuple[int, int, datetime]:
    """One vote for it in each; by what number in each, and when it ends."""
    poll, _joint, there = await proposed(world)
    await world.says("b", f"!network accept {there}")
    here = number_in(world.told("b"), r"Proposal (\d+)")
    for name, number in (("a", poll), ("b", here)):
        await world.says(name, f"!vote {number} for", "bea")
    terms = next(one for one in world.wire if one["kind"] == "propose")
    closes = envelope_of(terms).parse_body(JointTerms).closes
    return poll, here, datetime.fromtimestamp(closes, UTC)


async def wait_until(world: Between, at: datetime) -> None:
    for talk in world.talks.values():
        await talk.wait(at - talk.clock.at)
    await world.flow()


def kinds(world: Between) -> set[str]:
    return {one["kind"] for one in world.wire} & {"commit", "reveal"}


async def test_a_vote_that_is_read_soon_after_the_end_counts_for_all(world: Between) -> None:
    poll, here, closes = await voted(world)
    await wait_until(world, closes - MINUTE)
    world.told("a")
    await wait_until(world, closes)
    said = world.told("a")
    assert f"The time to vote in {poll}, “Letter for the water”, is over. I count in 10 min" in said
    assert "approved" not in said, "who holds back a vote knows no result"
    assert not kinds(world)
    await wait_until(world, closes + 3 * MINUTE)
    said = await world.answer("a", f"!results {poll}")
    assert "The time to vote is over. I count on" in said
    assert "for: " not in said and "against" not in said
    assert "for: " not in await world.answer("a", f"!results {poll} picture")
    for who in ("ana", "carla"):
        await world.says("a", f"!vote {poll} against", who, at=closes - MINUTE, late=True)
    assert "Noted" in world.told("a")
    assert "does not count" in await world.answer("b", f"!vote {here} against", "ana")
    await wait_until(world, closes + 9 * MINUTE)
    assert "approved" not in world.told("a") + world.told("b")
    assert not kinds(world)
    await wait_until(world, closes + 10 * MINUTE)
    said = world.told("a")
    assert "not approved" in said
    assert kinds(world) == {"commit", "reveal"}
    await later(world, timedelta(hours=8))
    for name in "ab":
        told = (said if name == "a" else "") + world.told(name)
        assert "Red A: for: 1, against: 2, abstain: 0; 3 of 3 voted" in told
        assert "Red B: for: 1, against: 0, abstain: 0; 1 of 3 voted" in told


async def test_the_others_have_half_of_their_time_where_it_is_short(world: Between) -> None:
    await world.says("a", "!config networks-grace 4 min")
    if "?" in world.told("a"):
        await world.says("a", "yes")
    _poll, _here, closes = await voted(world)
    assert "The result comes about 2 min after the end" in world.told("a")
    await wait_until(world, closes)
    assert "I count in 2 min" in world.told("a")
    for minutes in range(1, 20):
        await wait_until(world, closes + minutes * MINUTE)
        assert bool(kinds(world)) is (minutes >= 2)
    for name in "ab":
        said = world.told(name)
        assert "Red A: for: 1" in said and "Red B: for: 1" in said


async def test_what_was_called_off_closes_at_its_end(world: Between) -> None:
    poll, _here, closes = await voted(world)
    await world.says("a", f"!network disconnect {world.links['a']}")
    await world.says("a", "yes")
    world.told("a")
    await wait_until(world, closes)
    said = world.told("a")
    assert "approved" in said and "The time to vote" not in said, poll


async def test_once_all_have_voted_it_can_be_closed_and_counted_at_once(world: Between) -> None:
    poll, here, _closes = await voted(world)
    for name, number in (("a", poll), ("b", here)):
        for who in ("ana", "carla"):
            await world.says(name, f"!vote {number} for", who)
        assert "approved" in await world.answer(name, f"!close {number}")
    assert kinds(world) == {"commit", "reveal"}


async def gives(world: Between, giver: str, taker: str) -> None:
    """In A, somebody asks another one to vote for them."""
    await world.says("a", f"!delegate @{taker}:test", giver)
    await world.of("a").wait(MINUTE)
    await world.flow()


async def test_a_vote_that_is_given_after_the_end_is_not_counted(world: Between) -> None:
    _poll, _here, closes = await voted(world)
    await wait_until(world, closes - 3 * MINUTE)
    for giver in ("ana", "carla"):
        await gives(world, giver, "bea")
    await world.of("a").tells("bea", "yes")
    await world.flow()
    await wait_until(world, closes + 3 * MINUTE)
    world.told("a")
    await world.of("a").tells("bea", "yes")
    await world.flow()
    assert "Accepted" in world.told("a"), "it holds from the next vote on"
    await wait_until(world, closes + 10 * MINUTE)
    assert "Red A: for: 2, against: 0, abstain: 0; 2 of 3 voted" in world.told("a")


async def test_a_vote_that_is_taken_back_after_the_end_stays_counted(world: Between) -> None:
    _poll, _here, closes = await voted(world)
    await wait_until(world, closes - 3 * MINUTE)
    await gives(world, "carla", "bea")
    await world.of("a").tells("bea", "yes")
    await world.flow()
    await wait_until(world, closes + 3 * MINUTE)
    assert "Taken back" in await world.answer("a", "!delegate no", "carla")
    await wait_until(world, closes + 10 * MINUTE)
    assert "Red A: for: 2, against: 0, abstain: 0; 2 of 3 voted" in world.told("a")


async def test_it_is_sealed_though_the_bot_is_out_of_its_room_at_the_end(world: Between) -> None:
    _poll, _here, closes = await voted(world)
    await wait_until(world, closes - MINUTE)
    async with world.of("a").machine.db.transaction() as tx:
        await rooms.mark_left(tx, ROOM)
    await wait_until(world, closes)
    await wait_until(world, closes + 10 * MINUTE)
    await later(world, timedelta(hours=8))
    assert kinds(world) == {"commit", "reveal"}
    assert "Red A: for: 1, against: 0, abstain: 0; 1 of " in world.told("b")
