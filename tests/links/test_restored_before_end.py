"""A network goes on from a backup in the middle of a joint decision: what it had said holds."""

from __future__ import annotations

import pytest

from bot.api import Number, RoomId, UserId
from bot.testing.fake_gateway import signer_of
from commands.joint_decisions import store
from commands.links.protocol.envelope import NetworkEnvelope
from tests.links.between import Between, bot_of
from tests.links.liar import A, B, C, envelope_of, room, said_by
from tests.links.test_called_off import cancel
from tests.links.test_deciding import proposed
from tests.links.test_lost_words import minutes_pass
from tests.links.test_restored import copied, restored, voted_by_two
from tests.links.test_returning import asked, hours_pass, number_in, statements

SOON = 14
"""Minutes after which the others have sent back what they had, and we have acted on it."""
EVERY = "ana", "bea", "carla"


async def come_to_one_result(world: Between, outcome: str) -> dict[str, str]:
    """Time passes until all have told the result; what each was told."""
    await hours_pass(world, 70)
    found = dict.fromkeys(world.links, "")
    for name in found:
        found[name] = world.told(name)
        assert f"“Letter for the water”: {outcome}" in found[name], found[name]
        assert "another result" not in found[name]
    assert len(set(statements(world).values())) == 1
    return found


async def says_all(world: Between, name: str, number: int, votes: str) -> None:
    for who, vote in zip(EVERY, votes.split(), strict=False):
        await world.says(name, f"!vote {number} {vote}", who)


# --- a yes ----------------------------------------------------------------------------------------


async def loses_its_yes(world: Between, *, before_proposal: bool = False) -> tuple[int, int]:
    """B goes on from a copy of before its yes. The numbers of A's vote and of B's decision."""
    talk = world.of("b")
    copy = await copied(talk) if before_proposal else None
    poll, _joint, there = await proposed(world)
    copy = copy or await copied(talk)
    await world.says("b", f"!network accept {there}")
    first = number_in(world.told("b"), r"Proposal (\d+)")
    await says_all(world, "b", first, "against against against")
    await world.says("a", f"!vote {poll} for", "bea")
    world.told("b")
    await restored(world, talk, copy)
    await minutes_pass(world, SOON)
    return poll, there


@pytest.mark.parametrize("before_proposal", [False, True])
async def test_a_yes_that_comes_back_counts_and_the_room_is_named_once_more(
    world: Between, before_proposal: bool
) -> None:
    _poll, _there = await loses_its_yes(world, before_proposal=before_proposal)
    said = world.told("b")
    assert said.count("We had said yes to joint decision") == 1
    there = number_in(said, r"We had said yes to joint decision (\d+)")
    assert f"!network accept {there}" in said
    assert "Who takes part" not in said and "Proposal" not in said.partition("had said yes")[2]
    assert "settled already" in await world.answer("b", f"!network decline {there}")
    said = await world.answer("b", f"!network accept {there}")
    await minutes_pass(world, 2)
    here = number_in(said + world.told("b"), r"Proposal (\d+)")
    assert "settled already" in await world.answer("b", f"!network accept {there}")
    await says_all(world, "b", here, "against against")
    told = await come_to_one_result(world, "not approved")
    for name in "ab":
        assert "Red B: for: 0, against: 2, abstain: 0; 2 of 3 voted" in told[name]
    assert len({one["sig"] for one in said_by(world, "b") if one["kind"] == "sign"}) == 1


async def test_it_votes_in_the_room_whose_moderators_say_yes_again(world: Between) -> None:
    _poll, there = await loses_its_yes(world)
    talk = world.of("b")
    other = await talk.room(RoomId("!zona:test"), "Zona", ["bea"], {"bea": 50})
    world.told("b")
    await world.says("b", f"!network accept {there}", "bea", room=other)
    await minutes_pass(world, 2)
    posts = [post for post in world.heard[B] if post.room == other]
    assert any("Letter for the water" in post.plain for post in posts)
    assert "Letter for the water" not in world.told("b")


async def test_a_yes_that_nobody_names_a_room_for_still_hears_the_result(world: Between) -> None:
    await loses_its_yes(world)
    told = await come_to_one_result(world, "approved")
    assert "Red B: no answer in time" in told["b"]


async def test_a_yes_of_which_nothing_is_back_yet_is_said_again_where_it_was_counted(
    world: Between,
) -> None:
    world.twist = lambda by, _to, one: [] if one["network"] != key_of(world, by) else [one]
    _poll, there = await loses_its_yes(world)
    assert "We had said yes" not in world.told("b"), "A lends nothing"
    said = await world.answer("b", f"!network accept {there}")
    assert "without us" not in said
    await minutes_pass(world, 2)
    here = number_in(said + world.told("b"), r"Proposal (\d+)")
    await says_all(world, "b", here, "against against")
    await come_to_one_result(world, "not approved")


async def test_who_was_left_out_reads_so_once_its_yes_is_back(three: Between) -> None:
    """A never heard C's yes and opened it without C; B has it, and sends it back."""
    _poll, at_b, at_c = await asked(three)
    talk, of_c = three.of("c"), key_of(three, C)
    copy = await copied(talk)
    three.twist = lambda _by, to, one: [] if to == A and one["network"] == of_c else [one]
    await three.says("b", f"!network accept {at_b}")
    await three.says("c", f"!network accept {at_c}")
    await hours_pass(three, 19)
    assert "without us, though we had said yes" in three.told("c")
    three.twist = lambda _by, _to, one: [one]
    await restored(three, talk, copy)
    await minutes_pass(three, SOON)
    said = three.told("c")
    assert said.count("without us, though we had said yes") == 1
    assert "In which room we vote is lost" not in said


async def test_a_no_that_was_said_first_holds(world: Between) -> None:
    talk = world.of("b")
    poll, _joint, there = await proposed(world)
    copy = await copied(talk)
    await world.says("b", f"!network decline {there}")
    assert "No other network takes part" in world.told("a")
    await restored(world, talk, copy)
    await world.says("b", f"!network accept {there}")
    world.told("b")
    await minutes_pass(world, SOON)
    assert f"We had said no to joint decision {there}" in world.told("b")
    held = await held_of_ours(world, "b", "sign")
    assert held is not None and held.body["answer"] == "no"
    await world.says("a", f"!vote {poll} for", "bea")
    await hours_pass(world, 70)
    assert "oint decision" not in world.told("b")


async def held_of_ours(world: Between, name: str, kind: str) -> NetworkEnvelope | None:
    """What that network holds as its own word of a kind."""
    async with world.of(name).machine.db.reading() as tx:
        (item,) = await tx.column(Number, "SELECT item FROM joint_decisions_decision")
        return await store.get_word(tx, item, kind, key_of(world, bot_of(name)))


def key_of(world: Between, bot: UserId) -> str:
    return signer_of(world.talks[bot].gateway).public


# --- a vote that was called off -------------------------------------------------------------------


async def test_a_vote_that_was_called_off_stays_off_for_all(world: Between) -> None:
    numbers = await voted_by_two(world)
    talk = world.of("b")
    copy = await copied(talk)
    await cancel(world, "b", numbers["b"])
    assert "Red B called its vote in joint decision" in world.told("a")
    await restored(world, talk, copy)
    said = world.told("b")
    assert "I ask the other networks what I had said" in said
    assert f"!cancel {numbers['b']}" not in said
    await minutes_pass(world, SOON)
    said = world.told("b")
    assert said.count("We had called our vote in joint decision") == 1
    assert f"The vote {numbers['b']} is our own now. To end it: `!cancel {numbers['b']}`" in said
    await says_all(world, "b", numbers["b"], "against against against")
    await hours_pass(world, 55)
    await minutes_pass(world, 60)
    told = await come_to_one_result(world, "approved")
    for name in "ab":
        assert "Red B: called its vote off, so it has no result" in told[name]
    assert "what holds is the joint decision" not in told["b"]
    assert "I count in" not in told["b"], "what is our own does not wait for other networks"
    assert "is our part of" not in await world.answer("b", f"!publish {numbers['b']}")
    assert not [one for one in said_by(world, "b") if one["kind"] in ("commit", "reveal")]


async def test_who_proposed_and_called_it_off_opens_nothing(world: Between) -> None:
    poll, joint, there = await proposed(world)
    talk = world.of("a")
    copy = await copied(talk)
    assert f"So joint decision {joint} is off" in await cancel(world, "a", poll)
    world.told("b")
    await restored(world, talk, copy)
    world.told("a")
    await minutes_pass(world, SOON)
    said = world.told("a")
    assert f"We had called joint decision {joint}, “Letter for the water”, off" in said
    assert "settled already" in await world.answer("b", f"!network accept {there}")
    await says_all(world, "a", poll, "for for for")
    await hours_pass(world, 70)
    assert "oint decision" not in world.told("a") + world.told("b")


async def test_counts_that_were_sealed_before_it_came_back_are_taken_away_again(
    world: Between,
) -> None:
    """A is off until the end: B seals, and then hears that it had called its vote off."""
    numbers = await voted_by_two(world)
    talk = world.of("b")
    copy = await copied(talk)
    await cancel(world, "b", numbers["b"])
    lost = said_by(world, "b")[-1]
    assert lost["kind"] == "quit"
    world.twist = lambda by, _to, one: [] if one["network"] != key_of(world, by) else [one]
    await restored(world, talk, copy)
    await hours_pass(world, 70)
    assert "Red B: called its vote off" in world.told("a")
    assert "disputed" in world.told("b")
    await world.hears(B, A, room(world), lost)
    await minutes_pass(world, 6)
    assert "Red B: called its vote off, so it has no result" in world.told("b")
    assert len(set(statements(world).values())) == 1
    assert await held_of_ours(world, "b", "commit") is None
    assert await held_of_ours(world, "b", "quit") == envelope_of(lost)


# --- who proposed ---------------------------------------------------------------------------------


async def test_who_proposed_does_not_call_it_alone_before_the_others_are_heard(
    world: Between,
) -> None:
    """The time to answer ended while A was off; the yes and A's own opening are asked for first."""
    poll, _joint, there = await proposed(world)
    talk = world.of("a")
    copy = await copied(talk)
    await world.says("b", f"!network accept {there}")
    here = number_in(world.told("b"), r"Proposal (\d+)")
    await world.says("b", f"!vote {here} against", "bea")
    await hours_pass(world, 20)
    await restored(world, talk, copy)
    await minutes_pass(world, SOON)
    assert "No other network takes part" not in world.told("a")
    await world.says("a", f"!vote {poll} for", "bea")
    told = await come_to_one_result(world, "not approved")
    assert "Red B: for: 0, against: 1" in told["a"]
    assert len({one["body"]["part"] for one in world.wire if one["kind"] == "open"}) == 1


@pytest.mark.parametrize("before_poll", [False, True])
async def test_who_proposed_after_the_copy_was_made_takes_part_in_it_again(
    world: Between, before_poll: bool
) -> None:
    """Its words come back with the proposal; the others' votes are not for nothing."""
    talk = world.of("a")
    copy = await copied(talk)
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    copy = copy if before_poll else await copied(talk)
    await world.says("a", f"!network propose {poll} with Red B")
    await world.says("a", "yes")
    there = number_in(world.told("b"), r"network accept (\d+)")
    await world.says("b", f"!network accept {there}")
    here = number_in(world.told("b"), r"Proposal (\d+)")
    await world.says("b", f"!vote {here} against", "bea")
    await restored(world, talk, copy)
    await minutes_pass(world, 2 * SOON)
    joint = number_in(world.told("a"), r"We had proposed joint decision (\d+)")
    said = await world.answer("a", f"!network accept {joint}")
    await minutes_pass(world, 2)
    mine = number_in(said + world.told("a"), r"Proposal (\d+)")
    await says_all(world, "a", mine, "for for")
    told = await come_to_one_result(world, "approved")
    assert "Red A: for: 2" in told["b"] and "Red B: for: 0, against: 1" in told["a"]
    assert len({one["sig"] for one in world.wire if one["kind"] == "open"}) == 1
