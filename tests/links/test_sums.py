"""Consent and an order of preference between networks: sums that tell nothing about one person."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import Membership
from bot.testing.fake_gateway import signer_of
from tests.links.between import Between
from tests.links.test_deciding import number_in
from tests.links.test_options import ACCEPT, checked, over

PEOPLE = ("ana", "bea", "carla", "dora", "elsa", "fe")
CONSENT = '!proposal "Letter" type:consent until in 56 hours'
RANKED = "!poll Where? North, South, East type:ranked until in 56 hours"


@pytest.fixture
async def six(world: Between) -> Between:
    """In each of the two networks six people can vote."""
    for name in "ab":
        for who in PEOPLE[3:]:
            await world.of(name).moves(who, Membership.JOIN)
    return world


async def put(world: Between, asked: str, more: str = "") -> dict[str, int]:
    """Asked by A and taken by B: each one's vote, and A's joint decision as `joint`."""
    votes = {"a": number_in(await world.answer("a", asked), r"(?:Proposal|Poll) (\d+)")}
    await world.says("a", f"!network propose {votes['a']} {more}")
    votes["joint"] = number_in(await world.answer("a", "yes"), r"Joint decision (\d+)")
    await world.says("b", f"!network accept {number_in(world.told('b'), ACCEPT)}")
    votes["b"] = number_in(world.told("b"), r"(?:Proposal|Poll) (\d+)")
    world.told("a")
    return votes


async def cast(world: Between, name: str, number: int, every: list[str]) -> None:
    for who, what in zip(PEOPLE, every, strict=False):
        await world.says(name, f"!vote {number} {what}", who)
    world.told(name)


def revealed(world: Between, name: str) -> dict[str, Any]:
    key = signer_of(world.of(name).gateway).public
    word = next(one for one in world.wire if one["kind"] == "reveal" and one["network"] == key)
    found: dict[str, Any] = word["body"]["result"]
    return found


async def file_of(world: Between, votes: dict[str, int]) -> dict[str, Any]:
    await world.says("a", f"!export {votes['joint']}")
    found: dict[str, Any] = json.loads([*world.of("a").gateway.files.values()][-1])
    return found


async def test_one_block_in_another_network_stops_it(six: Between, tmp_path: Path) -> None:
    votes = await put(six, CONSENT)
    await cast(six, "a", votes["a"], ["for"] * 5 + ["against"])
    await cast(six, "b", votes["b"], ["for"] * 4 + ["abstain", 'block "the river first"'])
    await over(six)
    for name in "ab":
        said = six.told(name)
        assert "“Letter”: not approved, 1 block" in said
        assert (
            "Red A: for: 5 · against: 1 · abstain: 0 · stood aside: 0 · blocks: 0; 6 of 6" in said
        )
        assert (
            "Red B: for: 4 · against: 0 · abstain: 1 · stood aside: 0 · blocks: 1; 6 of 6" in said
        )
    assert "river" not in json.dumps(six.wire), "why somebody blocks stays with them"
    file = await file_of(six, votes)
    assert checked(tmp_path, file)[0]
    word = next(one for one in file["said"] if one["kind"] == "reveal")
    word["body"]["result"]["counts"]["block"] = 0
    assert not checked(tmp_path, file)[0], "nobody takes a block away"


async def test_without_a_block_votes_against_do_not_stop_it(six: Between, tmp_path: Path) -> None:
    votes = await put(six, CONSENT)
    await cast(six, "a", votes["a"], ["for"] * 4 + ["against"])
    await cast(six, "b", votes["b"], ["against"] * 4 + ["stand aside", "for"])
    await over(six)
    assert "“Letter”: approved" in six.told("b")
    fine, lines = checked(tmp_path, await file_of(six, votes))
    assert fine
    assert "approved" in lines


async def test_the_rule_is_told_before_anybody_agrees_and_above_the_vote(six: Between) -> None:
    poll = number_in(await six.answer("a", CONSENT), r"Proposal (\d+)")
    shown = await six.answer("a", f"!network propose {poll}")
    await six.says("a", "yes")
    told = six.told("b")
    await six.says("b", f"!network accept {number_in(told, ACCEPT)}")
    opened = six.told("b")
    for line in (
        "It passes if somebody is for it and nobody, in any network, blocks it.",
        "Of a network where fewer than 5 people vote, no sum goes out and nothing counts.",
    ):
        assert line in shown
        assert line in told
        assert line in opened


async def test_orders_are_added_up_by_pairs(six: Between, tmp_path: Path) -> None:
    """At home A prefers North and B South; East is second with everybody, and wins together."""
    votes = await put(six, RANKED)
    await cast(six, "a", votes["a"], ["1 3 2"] * 5)
    await cast(six, "b", votes["b"], ["2 3 1"] * 5 + ["3 1 2"])
    await over(six)
    for name in "ab":
        said = six.told(name)
        assert "“Where?”: East wins" in said
        assert "In order: East > North > South" in said
        assert "Two by two: East 6 : 5 North · 6 : 5 South" in said
        assert "Red B: 6 of 6 voted; its sums stand in the file" in said
    assert revealed(six, "a")["counts"] == {
        "1>2": 5,
        "1>3": 5,
        "2>1": 0,
        "2>3": 0,
        "3>1": 0,
        "3>2": 5,
    }
    fine, lines = checked(tmp_path, file := await file_of(six, votes))
    assert fine
    assert "{winner} wins" in lines
    word = next(one for one in file["said"] if one["kind"] == "reveal")
    word["body"]["result"]["counts"]["1>2"] += 1
    assert not checked(tmp_path, file)[0]


@pytest.mark.parametrize("asked", [CONSENT, RANKED])
async def test_of_too_few_votes_nothing_leaves_whatever_was_voted(
    six: Between, tmp_path: Path, asked: str
) -> None:
    votes = await put(six, asked)
    ours, theirs = (
        (["for"] * 5, ["for"] * 3 + ['block "why"'])
        if asked == CONSENT
        else (["1 2 3"] * 5, ["3 2 1"] * 4)
    )
    await cast(six, "a", votes["a"], ours)
    await cast(six, "b", votes["b"], theirs)
    await over(six)
    for name in "ab":
        said = six.told(name)
        assert "Red B: too few voted to give their sums, so nothing of it counts" in said
        assert "approved" in said or "North wins" in said
    result = revealed(six, "b")
    assert (result["turnout"], result["counts"], result["outcome"]) == (0, {}, "")
    assert result["withheld"]
    fine, lines = checked(tmp_path, await file_of(six, votes))
    assert fine
    assert any("too few voted" in line for line in lines)


async def test_who_votes_for_five_is_one_person(six: Between) -> None:
    """A sum of five votes that one hand cast would tell what that hand voted."""
    talk = six.of("b")
    for who in PEOPLE[1:5]:
        await six.says("b", "!delegate @ana:test", who)
        await talk.wait(timedelta(minutes=1))
        await talk.tells("ana", "yes")
        await six.flow()
    votes = await put(six, CONSENT)
    await cast(six, "a", votes["a"], ["for"] * 5)
    await cast(six, "b", votes["b"], ['block "mine"'])
    await over(six)
    assert "Red B: too few voted to give their sums" in six.told("a")


async def test_where_sums_would_tell_it_is_refused_before_it_opens(world: Between) -> None:
    """Three people in each room; and then one of them has ten votes."""
    for asked in (CONSENT, RANKED):
        poll = number_in(await world.answer("a", asked), r"(?:Proposal|Poll) (\d+)")
        said = await world.answer("a", f"!network propose {poll}")
        assert "Only 3 can vote here: of fewer than 5, a sum tells how they voted" in said
    for n, who in enumerate(PEOPLE):
        await world.of("a").moves(who, Membership.JOIN)
        await world.says("a", f"!voters add Org{n} @{who}:test weight:{1 + 9 * (n == 0)}")
    poll = number_in(await world.answer("a", CONSENT), r"Proposal (\d+)")
    said = await world.answer("a", f"!network propose {poll}")
    assert "Some here have several votes" in said
    assert world.told("b") == ""


async def test_a_room_that_is_too_small_can_not_accept(world: Between) -> None:
    for who in PEOPLE[3:]:
        await world.of("a").moves(who, Membership.JOIN)
    poll = number_in(await world.answer("a", CONSENT), r"Proposal (\d+)")
    await world.says("a", f"!network propose {poll}")
    await world.says("a", "yes")
    there = number_in(world.told("b"), ACCEPT)
    assert "Only 3 can vote here" in await world.answer("b", f"!network accept {there}")
    for who in PEOPLE[3:]:
        await world.of("b").moves(who, Membership.JOIN)
    assert "We take part" in await world.answer("b", f"!network accept {there}")


async def test_what_needs_every_ballot_or_a_vote_of_each_network_says_so(six: Between) -> None:
    refused = {
        ("!poll Where? North, South, East type:runoff until in 56 hours", ""): "run-off can't",
        ('!proposal "Letter" type:consensus until in 56 hours', ""): "Consensus stays at home",
        (CONSENT, "by network"): "a block stops it wherever it is",
        (RANKED, "by network"): "counted over all votes together",
    }
    for (asked, more), why in refused.items():
        poll = number_in(await six.answer("a", asked), r"(?:Proposal|Poll) (\d+)")
        assert why in await six.answer("a", f"!network propose {poll} {more}"), asked
    assert six.told("b") == ""


async def test_what_chambers_decide_is_not_added_up_without_them(world: Between) -> None:
    for line in (
        "!voters add Lima @ana:test",
        "!voters add Radio @bea:test",
        "!voters chamber governments: Lima",
        "!voters chamber groups: Radio",
    ):
        await world.says("a", line)
    asked = '!proposal "Letter" chambers: governments, groups until in 56 hours'
    poll = number_in(await world.answer("a", asked), r"Proposal (\d+)")
    assert "Chambers are of one room" in await world.answer("a", f"!network propose {poll}")
    assert world.told("b") == ""


HURRIED = {
    "es": (
        "!propuesta firmamos la carta tipo:consentimiento hasta en 3 días",
        '!propuesta "Carta" tipo:consentimiento hasta en 3 días',
        "!encuesta ¿Dónde? Norte, Sur tipo:preferencia hasta en 3 días",
        "!encuesta ¿Dónde? Norte, Sur tipo:preferencias hasta en 3 días",
    ),
    "pt": (
        '!proposta "Carta" tipo:consentimento até em 3 dias',
        "!enquete Onde? Norte, Sul tipo:preferência até em 3 dias",
        "!enquete Onde? Norte, Sul tipo:ordem até em 3 dias",
    ),
    "en": (
        '!proposal "Letter" type:consent until in 3 days',
        "!poll Where? North, South type:ranked until in 3 days",
        "!poll Where? North, South type:schulze until in 3 days",
    ),
}
PUT = {
    "es": ("!red propone", "sí"),
    "pt": ("!rede propõe", "sim"),
    "en": ("!network propose", "yes"),
}
OPENED = r"(?:Propuesta|Proposta|Proposal|Encuesta|Enquete|Poll) (\d+)"


async def test_a_hurried_person_is_understood(six: Between) -> None:
    for language, lines in HURRIED.items():
        await six.of("a").set("language", language)
        propose, sure = PUT[language]
        for line in lines:
            poll = number_in(await six.answer("a", line), OPENED)
            assert "Red B" in await six.answer("a", f"{propose} {poll}"), line
            await six.says("a", sure)
            assert "network accept" in six.told("b"), line
