"""Decisions between options: the same ones everywhere, votes at home, totals together."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import Membership, Tally
from bot.capability.service import Service
from commands.joint_decisions.proof import verify
from commands.joint_decisions.terms import JointTerms
from tests.links.between import Between
from tests.links.liar import Liar
from tests.links.test_deciding import number_in
from tests.links.test_lies import terms_of

HOUR = timedelta(hours=1)
ASKED = "!poll Where? North, South, East until in 56 hours"
JOINT, ACCEPT, POLL = r"Joint decision (\d+)", r"network accept (\d+)", r"Poll (\d+)"


async def put(world: Between, asked: str, more: str = "", others: str = "b") -> dict[str, int]:
    """Asked by A and taken by the others: each one's vote, and A's joint decision as `joint`."""
    votes = {"a": number_in(await world.answer("a", asked), POLL)}
    shown = await world.answer("a", f"!network propose {votes['a']} {more}")
    assert "1 North · 2 South · 3 East" in shown
    votes["joint"] = number_in(await world.answer("a", "yes"), JOINT)
    asked_of = {name: world.told(name) for name in others}
    for name, told in asked_of.items():
        assert "1 North · 2 South · 3 East" in told
        await world.says(name, f"!network accept {number_in(told, ACCEPT)}")
    for name in others:
        votes[name] = number_in(world.told(name), POLL)
    opened = world.told("a")
    assert "is open: Red" in opened
    assert "is a tie" in opened, "those who vote know before what a tie is"
    return votes


async def vote(world: Between, votes: dict[str, int], **cast: Sequence[str]) -> None:
    for name, every in cast.items():
        for who, what in zip(("ana", "bea", "carla"), every, strict=False):
            await world.says(name, f"!vote {votes[name]} {what}", who)
        world.told(name)


async def over(world: Between) -> None:
    """After 56 hours all have answered, or eight hours are over."""
    for step in (56 * HOUR, *[HOUR] * 8):
        for talk in world.talks.values():
            await talk.wait(step)
        await world.flow()


async def test_three_networks_choose_between_options_and_one_falls_silent(
    three: Between, tmp_path: Path
) -> None:
    votes = await put(three, ASKED, others="bc")
    proposed = next(one for one in three.wire if one["kind"] == "propose")
    assert proposed["body"]["options"] == ["North", "South", "East"]
    await vote(three, votes, a=["1", "1", "2"], b=["2", "3"])
    three.twist = lambda by, _to, content: [] if by == "@minga:c" else [content]
    await over(three)
    for name in "ab":
        said = three.told(name)
        assert "“Where?”: tie, North · South" in said
        assert "All together:\nNorth: 2\nSouth: 2\nEast: 1" in said
        assert "Red A: North: 2 · South: 1 · East: 0; 3 of 3 voted" in said
        assert "Red B: North: 0 · South: 1 · East: 1; 2 of 3 voted" in said
        assert "Red C: no answer in time" in said
    await three.says("a", f"!export {votes['joint']}")
    file = json.loads([*three.of("a").gateway.files.values()][-1])
    fine, lines = checked(tmp_path, file)
    assert fine
    assert "tie, {winners}" in lines
    for lie in LIES:
        forged = json.loads(json.dumps(file))
        LIES[lie](forged)
        assert not checked(tmp_path, forged)[0], lie


def checked(folder: Path, file: object) -> tuple[bool, list[str]]:
    (folder / "proof.json").write_text(json.dumps(file))
    found = verify(folder / "proof.json", ())
    assert found is not None
    return found[0], [str(line.msgid) for line in found[1]]


def _revealed(file: dict[str, Any]) -> dict[str, Any]:
    found = next(one for one in file["said"] if one["kind"] == "reveal")
    result: dict[str, Any] = found["body"]["result"]
    return result


LIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another total": lambda f: _revealed(f)["counts"].update({"3": 9}),
    "an option left out": lambda f: _revealed(f)["counts"].pop("3"),
    "options in another order": lambda f: f["terms"]["options"].reverse(),
    "another way to vote": lambda f: f["terms"].update(most=2),
}


async def test_each_network_has_one_vote_and_a_tie_at_home_is_none(three: Between) -> None:
    votes = await put(three, ASKED, "with Red B, Red C by network", others="bc")
    await vote(three, votes, a=["1", "1", "1"], b=["2", "2"], c=["1", "3"])
    await over(three)
    said = three.told("c")
    assert "“Where?”: tie, North · South" in said
    assert "Networks for each option:\nNorth: 1\nSouth: 1\nEast: 0" in said
    assert "Red A: North: 3 · South: 0 · East: 0; 3 of 3 voted. Its vote: North" in said
    assert "Red C: North: 1 · South: 0 · East: 1; 2 of 3 voted. A tie there, so no vote" in said


@pytest.mark.parametrize(
    ("how", "cast", "told"),
    [
        ("multiple:2", ("1 2", "2 3"), ("up to 2 options", "South: 4", "South wins")),
        ("type:dots", ("1:4 2:6", "2:10"), ("10 points to share", "South: 32", "South wins")),
        (
            "type:score points:3",
            ("1:3 2:1", "3:3"),
            ("0 to 3 points", "North: 6", "tie, North · East"),
        ),
    ],
)
async def test_several_choices_and_points_add_up(
    world: Between, how: str, cast: tuple[str, ...], told: tuple[str, ...]
) -> None:
    votes = await put(world, f"{ASKED} {how}")
    shown = json.dumps([post.plain for post in world.of("b").gateway.posted.values()])
    assert told[0] in shown
    await vote(world, votes, a=cast, b=cast)
    await over(world)
    said = world.told("a")
    for part in told[1:]:
        assert part in said


async def test_what_can_not_be_summed_says_why_and_what_can(world: Between) -> None:
    refused = {
        "!poll Where? North, South type:runoff until in 56 hours": "every single ballot",
        "!when Meeting tomorrow 18h, 19h until in 56 hours": "date poll can't",
        "!poll Where? North, South secret until in 56 hours": "secret vote stays at home",
        "!poll Where? North, South majority:2/3 until in 56 hours": "the most votes win",
        "!poll Where? North, South": "an end",
    }
    for who in ("dora", "elsa"):  # a secret vote takes five
        await world.of("a").moves(who, Membership.JOIN)
    for asked, why in refused.items():
        poll = number_in(await world.answer("a", asked), r"[Pp]oll (\d+)")
        said = await world.answer("a", f"!network propose {poll}")
        assert why in said, asked
        assert "`" in said, "what to do next"
    assert world.told("b") == ""


async def test_what_others_vote_on_too_is_not_changed_at_home(world: Between) -> None:
    votes = await put(world, f"{ASKED} open-options")
    for name in "ab":
        number = votes[name]
        for what in (f"!extend {number} until in 104 hours", f"!close {number}"):
            said = await world.answer(name, what)
            assert "You can't change" in said, what
    assert "You can't change" in await world.answer("a", f"!option {votes['a']} West")
    assert "You can't add" in await world.answer("b", f"!option {votes['b']} West")
    assert "have been asked" in await world.answer("a", f"!network propose {votes['a']}")


async def test_when_nobody_else_takes_part_it_is_our_own_again(world: Between) -> None:
    poll = number_in(await world.answer("a", f"{ASKED} open-options"), POLL)
    await world.says("a", f"!network propose {poll}")
    await world.says("a", "yes")
    there = number_in(world.told("b"), ACCEPT)
    await world.says("b", f"!network decline {there}")
    assert "adds option 4" in await world.answer("a", f"!option {poll} West")
    assert "more time" in await world.answer("a", f"!extend {poll} until in 104 hours")


async def test_an_assembly_larger_than_the_roll_counts_for_the_others_too(world: Between) -> None:
    """Its members confirmed it; three are in the room, and five raised their hands."""
    votes = await put(world, ASKED)
    await world.says("a", f"!in-person {votes['a']} 1:4 2:1")
    for who in ("bea", "carla"):
        await world.says("a", f"!in-person {votes['a']} confirm", who)
    await over(world)
    assert "Red A: North: 4 · South: 1 · East: 0; 5 of 5 voted" in world.told("b")


HOSTILE: dict[str, Any] = {
    "turned around": ("North", "So\u202euth"),
    "hidden letters": ("North", "Nor\u200bth"),
    "two lines": ("North", "South\nEast"),
    "10,000 letters": ("North", "S" * 10_000),
    "a thousand": tuple(f"place {n}" for n in range(1000)),
    "look alike": ("Norte", "N\u043erte"),
    "the number of another": ("2", "1"),
    "only one": ("North",),
    "the same twice": ("North", "North"),
    "nothing in it": ("North", " "),
    "no text": ("North", 7),
}


async def test_options_made_to_deceive_are_shown_to_nobody(world: Between) -> None:
    liar = Liar.of(world)
    for n, (why, options) in enumerate(HOSTILE.items()):
        terms = terms_of(world, id=f"{n:032x}") | {"options": options}
        assert await liar.tells(liar.next("propose", terms, terms["id"])) == "", why
    honest = terms_of(world, options=("North", "South"), most=2)
    said = await liar.tells(liar.next("propose", honest, honest["id"]))
    assert "1 North · 2 South\nEach person chooses up to 2 options." in said


async def test_a_network_with_more_votes_than_voters_is_named(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A's own bot tells more than was voted; what it sealed is what it opens."""
    votes = await put(world, ASKED)
    await vote(world, votes, a=["2"], b=["1"])
    talk = world.of("a")
    offers = talk.machine.registry.offers

    def lying(service: Service[Any, Any]) -> Any:
        async def more(*given: Any) -> Tally | None:
            found: Tally | None = await offers(service)[0](*given)
            return found and replace(found, counts={"1": 0, "2": 99, "3": 0})

        return [more] if service.name == "tally:poll" else offers(service)

    monkeypatch.setattr(talk.machine.registry, "offers", lying)
    await over(world)
    for name in "ab":
        said = world.told(name)
        assert "Red A: opened a result that can't be true, so it is refused" in said
        assert "“Where?”: North wins" in said


async def test_a_file_from_before_there_were_options_is_as_true_as_ever(tmp_path: Path) -> None:
    file = json.loads((Path(__file__).parent / "for_or_against.json").read_text())
    fine, lines = checked(tmp_path, file)
    assert fine
    assert lines[1] == "approved"
    assert (
        JointTerms.model_validate_json(json.dumps(file["terms"])).model_dump(mode="json")
        == (file["terms"])
    )
    next(one for one in file["said"] if one["kind"] == "reveal")["body"]["result"]["roll"] += 1
    assert not checked(tmp_path, file)[0]
