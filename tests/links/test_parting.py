"""A network that leaves, or says that it does, takes no vote along and makes nobody disagree."""

from __future__ import annotations

from typing import Any

import pytest

from commands.joint_decisions.terms import (
    Commitment,
    JointTerms,
    NetworkResult,
    Reveal,
    encode_bits,
    seal_result,
)
from commands.links.protocol.envelope import NetworkEnvelope
from tests.links.between import Between
from tests.links.liar import A, B, C, Liar, envelope_of, room
from tests.links.test_deciding import number_in
from tests.links.test_options import HOUR, over

NONCE = "a" * 32


class Held:
    """A is played by a liar, and what is said to C waits until it is let through."""

    def __init__(self, world: Between) -> None:
        self.world, self.waiting = world, list[tuple[Any, dict[str, Any]]]()
        world.twist = self._twist

    def _twist(self, by: Any, to: Any, content: dict[str, Any]) -> list[dict[str, Any]]:
        if to == C:
            self.waiting.append((by, content))
        return [content] if to == B else []

    async def let_through(self) -> None:
        self.world.twist = lambda _by, to, content: [] if to == A else [content]
        for by, content in self.waiting:
            await self.world.hears(C, by, room(self.world), content)
        await self.world.flow()


async def voted(world: Between) -> tuple[Liar, JointTerms]:
    """All three take part, B and C vote against it; from now on A is a liar."""
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await world.says("a", f"!network propose {poll}")
    await world.says("a", "yes")
    for name in "bc":
        there = number_in(world.told(name), r"network accept (\d+)")
        await world.says(name, f"!network accept {there}")
    for name in "bc":
        here = number_in(world.told(name), r"Proposal (\d+)")
        await world.says(name, f"!vote {here} against", "bea")
        world.told(name)
    terms = next(one for one in world.wire if one["kind"] == "propose")
    liar = Liar.of(world)
    world.twist = lambda _by, to, content: [] if to == A else [content]
    await world.talks.pop(A).close()
    return liar, envelope_of(terms).parse_body(JointTerms)


async def time_is_over(world: Between) -> None:
    for talk in world.talks.values():
        await talk.wait(57 * HOUR)
    await world.flow()


def result_of(liar: Liar, terms: JointTerms, votes: int) -> tuple[NetworkResult, Commitment]:
    result = NetworkResult(
        terms=terms.hash,
        network=liar.signer.public,
        roll=votes,
        weight=votes,
        turnout=votes,
        counts={"for": votes},
        outcome="for",
    )
    return result, Commitment(terms=terms.hash, sealed=seal_result(result, NONCE))


async def hears(world: Between, to: Any, *every: NetworkEnvelope) -> None:
    for one in every:
        await world.hears(to, A, room(world), one.content())


def statements(world: Between) -> set[str]:
    return {one["body"]["statement"] for one in world.wire if one["kind"] == "final"}


async def test_who_called_its_vote_off_seals_nothing_once_it_read_what_others_opened(
    three: Between,
) -> None:
    liar, terms = await voted(three)
    held = Held(three)
    await time_is_over(three)
    quits = liar.next("quit", {"terms": terms.hash}, terms.id)
    await liar.tells(quits, B)
    reveals = [one for one in three.wire if one["kind"] == "reveal"]
    assert len(reveals) == 1, "B waits for nobody any more, and A reads what it counted"
    result, commitment = result_of(liar, terms, reveals[0]["body"]["result"]["turnout"] + 1000)
    commit = liar.next("commit", commitment.model_dump(), terms.id)
    everybody = encode_bits(terms.keys, terms.keys)
    said = Reveal(result=result, nonce=NONCE, commits=everybody).model_dump()
    reveal = liar.next("reveal", said, terms.id)
    await hears(three, C, quits, commit)
    await held.let_through()
    await hears(three, C, reveal)
    await hears(three, B, commit, reveal)
    await over(three)
    for name in "bc":
        told = three.told(name)
        assert "Red A: called its vote off, so it has no result" in told
        assert "“Letter for the water”: not approved" in told
        assert "worked out another result" not in told
    assert len(statements(three)) == 1


async def test_what_who_left_had_said_before_counts_for_all_in_whatever_order_it_comes(
    three: Between,
) -> None:
    liar, terms = await voted(three)
    result, commitment = result_of(liar, terms, 5)
    await time_is_over(three)
    commit = liar.next("commit", commitment.model_dump(), terms.id)
    for to in (B, C):
        await liar.tells(commit, to)
    everybody = encode_bits(terms.keys, terms.keys)
    said = Reveal(result=result, nonce=NONCE, commits=everybody).model_dump()
    reveal, bye = liar.next("reveal", said, terms.id), liar.next("bye", {})
    for one in (reveal, bye):
        await liar.tells(one, B)
    for one in (bye, reveal):
        await liar.tells(one, C)
    assert three.links
    await over(three)
    for name in "bc":
        told = three.told(name)
        assert "Red A: for: 5" in told
        assert "worked out another result" not in told
    assert len(statements(three)) == 1


async def test_who_comes_from_a_network_that_left_is_counted_no_more(three: Between) -> None:
    said = await three.answer("a", "!event Taller de radio; en 33 horas")
    number = number_in(said, r"going (\d+)")
    await three.says("a", f"!network share {number}")
    await three.says("a", "yes")
    incoming = number_in(three.told("c"), r"accept (\d+)")
    there = number_in(await three.answer("c", f"!network accept {incoming}"), r"A as (\d+)")
    await three.says("c", f"!going {there}", "bea")
    for _ in range(2):
        for name in "ca":
            await three.of(name).wait(HOUR / 30)
            await three.flow()
    assert "Red C: coming: 1" in await three.answer("a", f"!event {number}")
    await three.says("c", f"!network disconnect {three.links['c']}")
    await three.says("c", "yes")
    assert "Red C" not in await three.answer("a", f"!event {number}")


async def test_who_leaves_calls_off_its_votes_and_is_told_so_first(three: Between) -> None:
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await three.says("a", f"!network propose {poll}")
    await three.says("a", "yes")
    votes, joint = {}, {}
    for name in "bc":
        joint[name] = number_in(three.told(name), r"network accept (\d+)")
        await three.says(name, f"!network accept {joint[name]}")
    for name in "bc":
        votes[name] = number_in(three.told(name), r"Proposal (\d+)")
    asked = await three.answer("b", f"!network disconnect {three.links['b']}")
    assert f"our votes will not count: {joint['b']}" in asked
    assert "A vote that is open here is our own now" in await three.answer("b", "yes")
    assert "more time" in await three.answer("b", f"!extend {votes['b']} until in 104 hours")
    await three.says("a", f"!vote {poll} for", "bea")
    await over(three)
    for name in "ac":
        assert "Red B: called its vote off, so it has no result" in three.told(name)
    assert "oint decision" not in three.told("b")


async def test_what_waits_for_an_answer_is_over_with_the_link(three: Between) -> None:
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    await three.says("a", f"!network propose {number_in(said, r'Proposal ([0-9]+)')}")
    await three.says("a", "yes")
    there = number_in(three.told("b"), r"network accept (\d+)")
    await three.says("b", f"!network disconnect {three.links['b']}")
    assert "A vote that is open" not in await three.answer("b", "yes")
    assert "settled already" in await three.answer("b", f"!network accept {there}")


async def test_what_who_leaves_said_last_reaches_all_though_it_was_lost_to_one(
    three: Between,
) -> None:
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await three.says("a", f"!network propose {poll}")
    await three.says("a", "yes")
    for name in "bc":
        there = number_in(three.told(name), r"network accept (\d+)")
        await three.says(name, f"!network accept {there}")
    await three.says("a", f"!vote {poll} for", "bea")
    three.twist = lambda by, to, content: [] if (by, to) == (B, A) else [content]
    await three.says("b", f"!network disconnect {three.links['b']}")
    await three.says("b", "yes")
    assert "no longer in the room" in three.told("a"), "it saw B leave, and heard nothing"
    await over(three)
    for name in "ac":
        told = three.told(name)
        assert "Red B: called its vote off, so it has no result" in told
        assert "worked out another result" not in told
    assert len(statements(three)) == 1


@pytest.mark.parametrize("lost", [False, True])
async def test_nobody_decides_jointly_with_a_network_that_left(world: Between, lost: bool) -> None:
    """It had said yes before; its last words come or are lost."""
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await world.says("a", f"!network propose {poll}")
    await world.says("a", "yes")
    there = number_in(world.told("b"), r"network accept (\d+)")
    held: list[tuple[Any, Any, dict[str, Any]]] = []

    def hold(by: Any, to: Any, content: dict[str, Any]) -> list[dict[str, Any]]:
        held.append((by, to, content))
        return []

    world.twist = hold
    await world.says("b", f"!network accept {there}")
    await world.says("b", f"!network disconnect {world.links['b']}")
    await world.says("b", "yes")
    kinds = {"sign"} if lost else {"sign", "quit", "bye"}
    for by, to, content in held:
        if content["kind"] in kinds or "sign" not in kinds:
            await world.hears(to, by, room(world), content)
    await over(world)
    told = world.told("a")
    assert "No other network takes part in joint decision" in told
    assert "is open" not in told and "no answer in time" not in told
