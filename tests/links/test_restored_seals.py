"""A network goes on from a backup after it sealed its counts, or from one while a peer sends back
what suits it: only what was sealed is opened, and what we never said is not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api import Number
from bot.testing.fake_gateway import signer_of
from commands.joint_decisions import store
from tests.links.between import Between
from tests.links.liar import A, B, Liar, envelope_of, room, said_by
from tests.links.test_called_off import cancel
from tests.links.test_deciding import proposed
from tests.links.test_lost_words import minutes_pass
from tests.links.test_restored import copied, restored, voted, voted_by_two
from tests.links.test_restored_before_end import SOON, come_to_one_result, key_of, says_all
from tests.links.test_returning import hours_pass, number_in, statements

# --- counts that were sealed ----------------------------------------------------------------------


async def seals_early(world: Between, *, close: bool = True) -> tuple[int, Path]:
    """B's people have all voted, and its vote is closed by hand after the copy was made."""
    numbers = await voted_by_two(world)
    talk = world.of("b")
    await says_all(world, "b", numbers["b"], "for")
    copy = await copied(talk)
    await says_all(world, "b", numbers["b"], "for against against")
    if close:
        await world.says("b", f"!close {numbers['b']}")
        assert said_by(world, "b")[-1]["kind"] == "commit"
    world.told("b")
    return numbers["b"], copy


@pytest.mark.parametrize("fits", [True, False])
async def test_what_was_sealed_is_opened_only_with_the_same_counts(
    world: Between, fits: bool
) -> None:
    number, copy = await seals_early(world)
    await restored(world, world.of("b"), copy)
    world.told("b")
    await minutes_pass(world, SOON)
    said = world.told("b")
    assert said.count("our counts were sealed already") == 1
    assert f"Please vote again in {number} as before" in said
    await says_all(world, "b", number, "for against against" if fits else "for for against")
    await hours_pass(world, 70)
    a, b = world.told("a"), world.told("b")
    for told in (a, b):
        assert "opened another result" not in told
        assert ("Red B: for: 1, against: 2, abstain: 0; 3 of 3 voted" in told) is fits
    if fits:
        assert len(set(statements(world).values())) == 1
        return
    assert "Red B: sealed a result and did not open it" in a
    assert "these are not the counts that we had sealed" in b
    assert "nothing confirms it" in b
    assert not [one for one in said_by(world, "b") if one["kind"] == "reveal"]


async def test_what_was_sealed_in_a_decision_that_is_new_to_the_copy_can_be_opened(
    world: Between,
) -> None:
    """The secret of the seal is not lost with the copy."""
    talk = world.of("b")
    copy = await copied(talk)
    numbers = await voted_by_two(world)
    await says_all(world, "b", numbers["b"], "for against against")
    await world.says("b", f"!close {numbers['b']}")
    world.told("b")
    await restored(world, talk, copy)
    await minutes_pass(world, SOON)
    there = number_in(world.told("b"), r"We had said yes to joint decision (\d+)")
    await world.says("b", f"!network accept {there}")
    await minutes_pass(world, 2)
    said = world.told("b")
    here = number_in(said, r"Proposal (\d+)")
    assert f"Please vote again in {here} as before" in said
    await says_all(world, "b", here, "for against against")
    told = await come_to_one_result(world, "not approved")
    assert "Red B: for: 1, against: 2, abstain: 0; 3 of 3 voted" in told["a"]


async def test_of_three_networks_what_most_signed_is_told_though_ours_stays_sealed(
    three: Between,
) -> None:
    numbers = await voted(three)
    talk = three.of("b")
    copy = await copied(talk)
    await says_all(three, "b", numbers["b"], "for for for")
    await three.says("b", f"!close {numbers['b']}")
    await restored(three, talk, copy)
    await minutes_pass(three, SOON)
    told = await come_to_one_result(three, "approved")
    for name in "abc":
        assert "Red B: sealed a result and did not open it" in told[name]


async def test_what_was_opened_already_holds(world: Between) -> None:
    """Both had closed early: B's counts are known, and no vote changes them."""
    number, copy = await seals_early(world)
    mine = await number_of_a(world)
    await says_all(world, "a", mine, "for for for")
    await world.says("a", f"!close {mine}")
    assert "Red B: for: 1, against: 2" in world.told("b")
    first = statements(world)
    await restored(world, world.of("b"), copy)
    world.told("b")
    await minutes_pass(world, SOON)
    said = world.told("b")
    assert "have been opened already: they hold" in said
    assert f"The vote {number} is our own now" in said
    assert "as before" not in said
    await says_all(world, "b", number, "against against against")
    await hours_pass(world, 70)
    assert statements(world) == first
    assert "another result" not in world.told("a") + world.told("b")


async def number_of_a(world: Between) -> int:
    async with world.of("a").machine.db.reading() as tx:
        (poll,) = await tx.column(Number, "SELECT poll FROM joint_decisions_decision")
    return poll


async def test_counts_sealed_anew_before_the_first_came_back_are_not_opened(world: Between) -> None:
    """A holds B's first seal back until B has sealed other counts."""
    number, copy = await seals_early(world)
    lost = said_by(world, "b")[-1]
    world.twist = lambda by, _to, one: [] if one["network"] != key_of(world, by) else [one]
    await restored(world, world.of("b"), copy)
    await minutes_pass(world, SOON)
    await says_all(world, "b", number, "for for for")
    await world.says("b", f"!close {number}")
    assert said_by(world, "b")[-1]["kind"] == "commit"
    world.told("b")
    await world.hears(B, A, room(world), lost)
    await minutes_pass(world, 4)
    assert "these are not the counts that we had sealed" in world.told("b")
    await hours_pass(world, 70)
    assert not [one for one in said_by(world, "b") if one["kind"] == "reveal"]
    assert "opened another result" not in world.told("a") + world.told("b")
    async with world.of("b").machine.db.reading() as tx:
        (item,) = await tx.column(Number, "SELECT item FROM joint_decisions_decision")
        held = await store.get_word(tx, item, "commit", key_of(world, B))
    assert held == envelope_of(lost), "the first counts, as the others hold it"


# --- who sends back what we never said ------------------------------------------------------------


async def test_words_of_ours_that_we_never_said_are_none(world: Between) -> None:
    numbers = await voted_by_two(world)
    talk = world.of("b")
    copy = await copied(talk)
    await hours_pass(world, 2)
    forged = envelope_of(said_by(world, "b")[-1])
    await restored(world, talk, copy)
    await minutes_pass(world, SOON)
    world.told("b")
    terms = next(one for one in world.wire if one["kind"] == "propose")
    about = {
        "terms": next(one for one in said_by(world, "b") if one["kind"] == "sign")["body"]["terms"]
    }
    liar = Liar.of(world)
    quit_ = forged.model_copy(update={"kind": "quit", "id": terms["id"], "body": about, "seq": 50})
    late = envelope_of(said_by(world, "b")[-1]).seq + 5
    for one in (
        quit_.sign_with(liar.signer),  # signed by A, in our name
        quit_,  # under the signature of another message
    ):
        await world.hears(B, A, room(world), one.content())
    ours = signer_of(talk.gateway)
    for seq in (1, late):  # ours, of a place that no backup lost
        one = quit_.model_copy(update={"seq": seq}).sign_with(ours)
        await world.hears(B, A, room(world), one.content())
    await minutes_pass(world, 6)
    assert "called our vote" not in world.told("b")
    await says_all(world, "b", numbers["b"], "against against against")
    await come_to_one_result(world, "not approved")


async def test_an_old_yes_after_a_vote_was_called_off_opens_no_vote(world: Between) -> None:
    """The copy is older than both; A sends back the yes, and later what followed on it."""
    talk = world.of("b")
    _poll, _joint, there = await proposed(world)
    copy = await copied(talk)
    await world.says("b", f"!network accept {there}")
    await cancel(world, "b", number_in(world.told("b"), r"Proposal (\d+)"))
    words = {one["kind"]: one for one in said_by(world, "b") if one["id"] != "0"}
    world.twist = lambda by, _to, one: [] if one["network"] != key_of(world, by) else [one]
    await restored(world, talk, copy)
    await minutes_pass(world, SOON)
    world.told("b")
    await world.hears(B, A, room(world), words["sign"])
    await minutes_pass(world, 4)
    said = world.told("b")
    assert f"We had said yes to joint decision {there}" in said
    assert "Proposal" not in said, "no vote opens by itself"
    await world.hears(B, A, room(world), words["quit"])
    await minutes_pass(world, 4)
    assert f"We had called our vote in joint decision {there}" in world.told("b")
    assert "settled already" in await world.answer("b", f"!network accept {there}")
    await world.hears(B, A, room(world), words["sign"])
    await minutes_pass(world, 4)
    assert "We had said yes" not in world.told("b")
    await come_to_one_result(world, "nothing is decided: there are no votes")
    assert not [one for one in said_by(world, "b") if one["kind"] == "commit"]
