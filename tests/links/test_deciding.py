"""One decision of several networks: the same words, votes at home, one statement for all."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import RoomId
from commands.joint_decisions.proof import verify
from tests.links.between import Between

HOUR = timedelta(hours=1)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await Between.start(tmp_path, "a", "b")
    await made.link("a", "b")
    made.wire.clear()
    for name in ("a", "b"):
        made.told(name)
    yield made
    await made.close()


def number_in(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(found[1])


async def later(world: Between, how_long: timedelta) -> None:
    """Time passes everywhere, an hour at a time."""
    for _ in range(int(how_long / HOUR)):
        for talk in world.talks.values():
            await talk.wait(HOUR)
        await world.flow()


async def proposed(world: Between) -> tuple[int, int, int]:
    """The proposal at home, the joint decision's number there, and its number in the other."""
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await world.says("a", f"!network propose {poll} with Red B")
    said = await world.answer("a", "yes")
    joint = number_in(said, r"Joint decision (\d+)")
    there = number_in(world.told("b"), r"network accept (\d+)")
    return poll, joint, there


async def test_two_networks_decide_together(world: Between) -> None:
    poll, joint, there = await proposed(world)
    assert "moderators" in await world.answer("b", f"!network accept {there}", "bea")
    said = await world.answer("b", f"!network accept {there}")
    assert "We take part" in said
    opened = said + world.told("b")
    assert "Letter for the water" in opened
    here = number_in(opened, r"Proposal (\d+)")
    assert "is open: Red" in world.told("a")
    await world.says("a", f"!vote {poll} for", "ana")
    await world.says("a", f"!vote {poll} for", "bea")
    await world.says("a", f"!vote {poll} against", "carla")
    await world.says("b", f"!vote {here} against", "bea")
    assert [one["kind"] for one in world.wire if one["kind"] in ("commit", "reveal")] == []
    world.told("a")
    world.told("b")
    await later(world, timedelta(days=3))
    for name, number in (("a", joint), ("b", there)):
        said = world.told(name)
        assert f"Joint decision {number}, “Letter for the water”: not approved" in said
        assert "Red A: for: 2, against: 1, abstain: 0; 3 of 3 voted" in said
        assert "Red B: for: 0, against: 1, abstain: 0; 1 of 3 voted" in said
    finals = [one for one in world.wire if one["kind"] == "final"]
    assert len(finals) == 2
    assert finals[0]["body"]["statement"] == finals[1]["body"]["statement"]
    plain = json.dumps(world.wire)
    for name in ("ana", "bea", "carla"):
        assert f"@{name}:" not in plain


async def test_no_room_takes_its_own_part_for_what_was_decided(world: Between) -> None:
    poll, _joint, there = await proposed(world)
    await world.says("b", f"!network accept {there}")
    await world.says("a", f"!vote {poll} for", "bea")
    world.told("a")
    await world.of("a").wait(timedelta(days=3))  # the others' part is not there yet
    await world.flow()
    said = world.told("a")
    own = said.index("This is how our network voted; what holds is the joint decision of all.")
    assert own < said.index("“Letter for the water”: approved")
    assert "what holds is the joint decision" in await world.answer("a", f"!results {poll}")
    await world.says("a", '!proposal "Tea" until in 104 hours')
    await later(world, timedelta(days=3))
    assert "what holds" not in world.told("a"), "nor is anything else part of one"


async def test_the_file_proves_it_to_whoever_has_it_and_eight_lies_do_not_pass(
    world: Between, tmp_path: Path
) -> None:
    poll, joint, there = await proposed(world)
    await world.says("b", f"!network accept {there}")
    await world.says("a", f"!vote {poll} for", "bea")
    await later(world, timedelta(days=3))
    files = []
    for name, number in (("a", joint), ("b", there)):
        await world.says(name, f"!export {number}")
        talk = world.of(name)
        files.append(json.loads([*talk.gateway.files.values()][-1]))
    assert files[0] == files[1] | {"said": files[0]["said"]}
    assert sorted(map(json.dumps, files[0]["said"])) == sorted(map(json.dumps, files[1]["said"]))

    def checked(file: object) -> tuple[bool, str]:
        path = tmp_path / "proof.json"
        path.write_text(json.dumps(file))
        found = verify(path, ())
        assert found is not None
        return found[0], " ".join(str(line.msgid) for line in found[1])

    fine, told = checked(files[0])
    assert fine
    assert "{network}: for:" in told
    for lie in LIES:
        file = json.loads(json.dumps(files[0]))
        LIES[lie](file)
        fine, told = checked(file)
        assert not fine, (lie, told)


def of_kind(file: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(one for one in file["said"] if one["kind"] == kind)


LIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another total": lambda f: of_kind(f, "reveal")["body"]["result"]["counts"].update({"for": 9}),
    "another roll": lambda f: of_kind(f, "reveal")["body"]["result"].update(roll=999),
    "other terms": lambda f: f["terms"].update(title="Another letter"),
    "a vote left out": lambda f: f["said"].remove(of_kind(f, "reveal")),
    "another seal": lambda f: of_kind(f, "commit")["body"].update(sealed="0" * 64),
    "no word of who took part": lambda f: f["said"].remove(of_kind(f, "sign")),
    "another's name": lambda f: of_kind(f, "final").update(
        network=f["terms"]["networks"][0]["key"], sig="A" * 86
    ),
    "another statement": lambda f: of_kind(f, "final")["body"].update(statement="0" * 64),
}


async def test_results_are_sealed_before_any_is_opened(world: Between) -> None:
    _poll, _joint, there = await proposed(world)
    await world.says("b", f"!network accept {there}")
    await later(world, timedelta(days=3))
    order = [one["kind"] for one in world.wire]
    last_commit = max(n for n, kind in enumerate(order) if kind == "commit")
    assert last_commit < min(n for n, kind in enumerate(order) if kind == "reveal")
    assert order.count("commit") == order.count("reveal") == order.count("final") == 2


async def test_who_does_not_take_part_is_shown_and_the_vote_at_home_goes_on(
    world: Between,
) -> None:
    poll, joint, there = await proposed(world)
    said = await world.answer("b", f"!network decline {there}")
    assert "do not take part" in said
    assert "No other network takes part in joint decision" in world.told("a")
    assert "settled already" in await world.answer("b", f"!network accept {there}")
    await world.says("a", f"!vote {poll} for", "bea")
    await later(world, timedelta(days=3))
    said = world.told("a")
    assert "approved" in said
    assert f"Joint decision {joint}," not in said
    assert "commit" not in [one["kind"] for one in world.wire]


async def test_who_falls_silent_is_shown_as_such(world: Between) -> None:
    poll, joint, there = await proposed(world)
    await world.says("b", f"!network accept {there}")
    await world.says("a", f"!vote {poll} for", "bea")
    world.twist = lambda by, _to, content: [] if by == "@minga:b" else [content]
    await later(world, timedelta(days=3))
    said = world.told("a")
    assert f"Joint decision {joint}, “Letter for the water”: approved" in said
    assert "Red B: no answer in time" in said
    assert "What each network said is signed by it" in said
    assert "every network" not in said, "B signed nothing"


async def test_one_rooms_moderator_says_no_to_it_for_nobody_else(world: Between) -> None:
    _poll, _joint, there = await proposed(world)
    talk = world.of("b")
    own = await talk.room(RoomId("!zona:test"), "Zona", ["bea"], {"bea": 50})
    said = await talk.answer("bea", f"!network decline {there}", room=own)
    assert "for the network's moderators" in said
    assert "settled" not in await world.answer("b", f"!network accept {there}")


@pytest.mark.parametrize("named", ["Tierra y Libertad", '"Tierra y Libertad"', "@minga:b"])
async def test_a_network_is_asked_by_any_name_that_it_can_be_called_by(
    world: Between, named: str
) -> None:
    async with world.of("a").machine.db.transaction() as tx:
        await tx.run("UPDATE links_peer SET name = 'Tierra y Libertad'")
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    said = await world.answer("a", f"!network propose {poll} con {named}")
    assert "goes to Tierra y Libertad" in said
    await world.says("a", "yes")
    assert "Letter for the water" in world.told("b")
