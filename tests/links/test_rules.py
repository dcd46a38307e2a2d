"""The rule that people chose at home is the one that counts between networks, exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.links.between import Between
from tests.links.test_deciding import number_in
from tests.links.test_options import ACCEPT, checked, over, vote

PROPOSAL = r"Proposal (\d+)"
ASKED = '!proposal "Letter" until in 56 hours'


async def put(world: Between, rule: str, more: str = "") -> tuple[dict[str, int], str]:
    """Asked by A, taken by B: each one's vote, A's joint decision, and what A was shown first."""
    votes = {"a": number_in(await world.answer("a", f"{ASKED} {rule}"), PROPOSAL)}
    shown = await world.answer("a", f"!network propose {votes['a']} {more}")
    votes["joint"] = number_in(await world.answer("a", "yes"), r"Joint decision (\d+)")
    told = world.told("b")
    await world.says("b", f"!network accept {number_in(told, ACCEPT)}")
    here = world.told("b")
    votes["b"] = number_in(here, PROPOSAL)
    for line in (line for line in shown.split("\n") if "pproved if" in line or "Quorum" in line):
        assert line in told, "who is asked agrees to the very rule"
        assert line in here, "and who votes reads it"
    return votes, shown


TOGETHER = [
    ("majority:2/3", ("for", "for", "against"), ("for", "for", "against"), "approved"),
    (
        "majority:absolute quorum:60%",
        ("for", "for", "for"),
        (),
        "no quorum: 3 of 6 voted; 4 were needed",
    ),
]


@pytest.mark.parametrize(("rule", "a", "b", "outcome"), TOGETHER)
async def test_all_votes_together_are_counted_by_the_rule_that_was_chosen(
    world: Between, tmp_path: Path, rule: str, a: tuple[str, ...], b: tuple[str, ...], outcome: str
) -> None:
    votes, shown = await put(world, rule)
    assert "pproved if" in shown or "Quorum" in shown
    await vote(world, votes, a=a, b=b)
    await over(world)
    for name in "ab":
        assert f"“Letter”: {outcome}" in world.told(name)
    await world.says("a", f"!export {votes['joint']}")
    file = json.loads([*world.of("a").gateway.files.values()][-1])
    assert checked(tmp_path, file)[0]
    file["terms"].pop("majority", None)
    file["terms"].pop("quorum", None)
    assert not checked(tmp_path, file)[0], "nobody takes the rule out"


async def test_each_network_stands_for_what_the_rule_makes_of_its_own_votes(
    world: Between,
) -> None:
    votes, shown = await put(world, "majority:2/3 quorum:60%", "by network")
    assert "for, if at least 2/3 of for and against there is for" in shown
    assert "Quorum in each network: 60%" in shown
    await vote(world, votes, a=("for", "for", "against"), b=("for",))
    await over(world)
    said = world.told("b")
    assert "“Letter”: approved" in said
    assert "3 of 3 voted. Its vote: for" in said
    assert "1 of 3 voted. No quorum there or no votes, so no vote" in said


async def test_a_networks_vote_never_reads_as_the_readers_own(world: Between) -> None:
    votes, _shown = await put(world, "", "by network")
    for name, language in (("a", "es"), ("b", "pt")):
        await world.of(name).set("language", language)
    await vote(world, votes, a=("for",), b=("against",))
    await over(world)
    assert "Red B: a favor: 0, en contra: 1" in (said := world.told("a"))
    assert "El voto de esa red: en contra" in said
    assert "O voto dessa rede: contra" in (said := world.told("b"))
    assert "Seu voto" not in said


async def test_where_one_against_would_stop_it_votes_are_not_added_up(world: Between) -> None:
    poll = number_in(await world.answer("a", f"{ASKED} type:consensus"), PROPOSAL)
    said = await world.answer("a", f"!network propose {poll}")
    assert "stays at home" in said
    assert "majority:2/3" in said, "what to do instead"
    assert world.told("b") == ""


async def test_where_some_have_many_votes_heads_and_votes_are_both_said(world: Between) -> None:
    await world.says("a", "!voters add North @bea weight:10")
    await world.says("a", "!voters add West @carla weight:3")
    votes, _shown = await put(world, "")
    await world.says("a", f"!vote {votes['a']} for", "bea")
    await vote(world, votes, b=("against",))
    await over(world)
    said = world.told("b")
    assert (
        "Red A: for: 10, against: 0, abstain: 0; 1 of 2 voted; the 2 have 13 votes together"
    ) in said
    assert "Red B: for: 0, against: 1, abstain: 0; 1 of 3 voted\n" in said
