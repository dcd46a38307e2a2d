"""A vote that is called off at home is no silence: the others hear it, signed."""

from __future__ import annotations

import json
from pathlib import Path

from commands.joint_decisions.terms import JointTerms
from tests.links.between import Between
from tests.links.liar import Liar
from tests.links.test_deciding import number_in, proposed
from tests.links.test_lies import terms_of
from tests.links.test_options import checked, over


async def cancel(world: Between, name: str, number: int) -> str:
    await world.says(name, f"!cancel {number}")
    return await world.answer(name, "yes")


async def test_who_calls_its_vote_off_says_so_to_all_and_hears_what_comes_out(
    world: Between, tmp_path: Path
) -> None:
    poll, joint, there = await proposed(world)
    await world.says("b", f"!network accept {there}")
    here = number_in(world.told("b"), r"Proposal (\d+)")
    world.told("a")
    said = await cancel(world, "b", here)
    assert f"In joint decision {there} we have no result now: the others see that." in said
    called = f"Red B called its vote in joint decision {joint}, “Letter for the water”, off"
    assert called in world.told("a")
    await world.says("a", f"!vote {poll} for", "bea")
    await over(world)
    for name in "ab":
        said = world.told(name)
        assert "“Letter for the water”: approved" in said
        assert "Red B: called its vote off, so it has no result" in said
        assert "no answer in time" not in said
    finals = {one["body"]["statement"] for one in world.wire if one["kind"] == "final"}
    assert len(finals) == 1
    await world.says("a", f"!export {joint}")
    file = json.loads([*world.of("a").gateway.files.values()][-1])
    fine, lines = checked(tmp_path, file)
    assert fine
    assert "{network}: called its vote off, so it has no result" in lines
    file["said"] = [one for one in file["said"] if one["kind"] != "quit"]
    assert not checked(tmp_path, file)[0], "nobody makes it a silence"


async def test_who_proposed_calls_it_off_and_nobody_waits_for_it(world: Between) -> None:
    poll, joint, there = await proposed(world)
    assert f"So joint decision {joint} is off" in await cancel(world, "a", poll)
    told = world.told("b")
    assert f"Red A called joint decision {there}, “Letter for the water”, off" in told
    assert "settled already" in await world.answer("b", f"!network accept {there}")
    assert "came to nothing" in await world.answer("b", f"!export {there}")
    await over(world)
    assert "oint decision" not in world.told("a") + world.told("b")
    for name in "ab":
        async with world.of(name).machine.db.reading() as tx:
            assert not await tx.all("SELECT number FROM item WHERE kind = 'joint' AND open")


async def test_who_opens_what_it_called_off_opens_nothing(world: Between) -> None:
    liar, terms = Liar.of(world), terms_of(world)
    proposal = liar.next("propose", terms, terms["id"])
    number = number_in(await liar.tells(proposal), r"network accept (\d+)")
    await world.says("b", f"!network accept {number}")
    about = {"terms": proposal.parse_body(JointTerms).hash}
    assert "called joint decision" in await liar.tells(liar.next("quit", about, terms["id"]))
    for kind, body in (("sign", {"answer": "yes"}), ("open", {"part": "3"})):
        assert await liar.tells(liar.next(kind, about | body, terms["id"])) == ""
