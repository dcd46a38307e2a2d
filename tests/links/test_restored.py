"""A network goes on from a backup while it decides with others, or reads a vote after the end:
no two networks tell two results of one decision."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import Talk
from commands.joint_decisions import store as joint_store
from commands.joint_decisions.statement import work_out_statement
from commands.joint_decisions.terms import JointTerms
from tests.links.between import Between, bot_of
from tests.links.liar import A, B, Liar, envelope_of, room, said_by
from tests.links.test_deciding import proposed
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
    await hours_pass(three, 5 if hours == 80 else 60)
    assert statements(three) == first
    said = three.told("b")
    assert "Red B: for: 1, against: 1, abstain: 0; 2 of 3 voted" in said, "others kept our words"
    assert said.count("“Letter for the water”: approved") == 1
    for name in "ac":
        told = three.told(name)
        assert "another result" not in told
        assert "come in" not in told
    await three.says("b", f"!export {joint}")
    assert three.of("b").gateway.files


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


async def test_who_had_sealed_and_lost_what_it_sealed_tells_what_the_others_signed(
    three: Between,
) -> None:
    await voted(three)
    talk = three.of("b")
    copy = await copied(talk)
    away = Away(three, bot_of("b"))
    await hours_pass(three, 57)
    assert {one["kind"] for one in said_by(three, "b")} & {"commit", "reveal"} == {"commit"}
    away.leaves()
    await hours_pass(three, 30)
    assert "Red B: sealed a result and did not open it" in three.told("a")
    talk.clock.at = three.of("a").clock.at
    await restored(three, talk, copy)
    await away.returns()
    await hours_pass(three, 5)
    said = three.told("b")
    assert "Red B: sealed a result and did not open it" in said
    assert "went wrong" not in said
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
    assert "The other networks got our counts as the first result has them" in said
    assert "moderators see what to do" not in said
    assert len(set(statements(three).values())) == 1


async def decided(world: Between) -> tuple[Talk, Path, JointTerms]:
    """All have told the result: B's people turned it, after the copy that B will go on from."""
    numbers = await voted(world) if "c" in world.links else await voted_by_two(world)
    talk = world.of("b")
    copy = await copied(talk)
    for who in ("ana", "bea", "carla"):
        await world.says("b", f"!vote {numbers['b']} against", who)
    await hours_pass(world, 80)
    for name in "abc" if "c" in world.links else "ab":
        assert "“Letter for the water”: not approved" in world.told(name)
    terms = next(one for one in world.wire if one["kind"] == "propose")
    return talk, copy, envelope_of(terms).parse_body(JointTerms)


async def voted_by_two(world: Between) -> dict[str, int]:
    poll, _joint, there = await proposed(world)
    await world.says("b", f"!network accept {there}")
    here = number_in(world.told("b"), r"Proposal (\d+)")
    for name, number in (("a", poll), ("b", here)):
        await world.says(name, f"!vote {number} for", "bea")
    return {"a": poll, "b": here}


async def lie_of_a(world: Between, liar: Liar, terms: JointTerms) -> None:
    """A signs what follows for B, that has lost what it said itself."""
    async with world.of("b").machine.db.reading() as tx:
        one = await joint_store.find_decision(tx, terms.id)
        assert one is not None
        found = work_out_statement(await joint_store.get_board(tx, one))
    assert found.outcome == "for", "without B it is approved"
    await liar.tells(liar.next("final", {"terms": terms.hash, "statement": found.hash}, terms.id))


@pytest.mark.parametrize("honest", [True, False])
async def test_one_network_that_lies_sets_no_result_after_a_restore(
    three: Between, honest: bool
) -> None:
    """C is there, and lends what it has, or it is off."""
    talk, copy, terms = await decided(three)
    liar, chain = Liar.of(three), said_by(three, "a")
    await three.talks.pop(A).close()
    three.twist = lambda _by, to, content: [content] if to != A and honest else []
    await restored(three, talk, copy)
    for one in chain:
        await three.hears(B, A, room(three), one)
    await lie_of_a(three, liar, terms)
    await hours_pass(three, 5)
    told = three.told("b")
    assert "”: approved" not in told
    if honest:
        assert "“Letter for the water”: not approved" in told
        assert "Red A worked out another result" in told, "the liar is named"
    else:
        assert "“Letter for the water”: nothing confirms it" in told
        assert "ask their moderators for its file: Red A · Red C" in told


@pytest.mark.parametrize("returned", [(), ("commit",), ("commit", "reveal"), ("quit",)])
async def test_of_two_networks_the_other_sets_no_result_after_a_restore(
    world: Between, returned: tuple[str, ...]
) -> None:
    """It sends back of our own words only what serves it."""
    talk, copy, terms = await decided(world)
    liar, chain, ours = Liar.of(world), said_by(world, "a"), said_by(world, "b")
    await world.talks.pop(A).close()
    world.twist = lambda _by, _to, _content: []
    await restored(world, talk, copy)
    for said in [*chain, *(word for word in ours if word["kind"] in returned)]:
        await world.hears(B, A, room(world), said)
    async with talk.machine.db.reading() as tx:
        one = await joint_store.find_decision(tx, terms.id)
        assert one is not None
        found = work_out_statement(await joint_store.get_board(tx, one))
    await liar.tells(liar.next("final", {"terms": terms.hash, "statement": found.hash}, terms.id))
    await hours_pass(world, 5)
    told = world.told("b")
    assert "approved" not in told and "disputed" not in told
    assert "nothing confirms it" in told


async def test_of_two_networks_ours_is_told_again_by_our_own_signature(world: Between) -> None:
    talk, copy, _terms = await decided(world)
    first = statements(world)
    await restored(world, talk, copy)
    await hours_pass(world, 5)
    told = world.told("b")
    assert "“Letter for the water”: not approved" in told
    assert "Red B: for: 0, against: 3" in told
    assert "nothing confirms it" not in told
    assert statements(world) == first
