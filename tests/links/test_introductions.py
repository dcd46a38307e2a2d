"""One network compares a code with a newcomer, and introduces it to the others in the link."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from commands.joint_decisions.proof import verify
from tests.links.between import Between
from tests.links.kept_world import linked
from tests.links.test_deciding import number_in

GATHERED, HOUR = timedelta(seconds=10), timedelta(hours=1)


async def news(world: Between, after: timedelta = GATHERED) -> None:
    """What is gathered for the moderators is told."""
    for talk in world.talks.values():
        await talk.wait(after)
    await world.flow()


async def a_newcomer(folder: Path) -> Between:
    """A and B compared a code; C came in and compared one with A alone."""
    made = await Between.start(folder, "a", "b", "c", "d")
    await made.link("a", "b")
    await made.bring("a", "c")
    await made.compare("a", "c")
    await news(made)
    return made


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await linked(a_newcomer, tmp_path)
    yield made
    await made.close()


async def test_a_network_is_linked_on_the_word_of_one_that_compared(world: Between) -> None:
    for name, other in (("b", "C"), ("c", "B")):
        told = world.told(name)
        assert f"Red A introduces to us: Red {other}." in told, told
        listed = await world.answer(name, f"!network Red {other}")
        assert "the code waits to be compared" in listed
        assert "Introduced by Red A. On their word: `!network accept 1`" in listed
    await news(world, HOUR)
    assert "introduces to us" not in world.told("b"), "told once"
    asked = await world.answer("b", "!network accept 1")
    assert "Nobody of us compared these codes" in asked
    assert "Red C: introduced by Red A" in asked
    assert "Linked as soon as they say yes too: Red C" in await world.answer("b", "yes")
    await world.says("c", "!network accept 1")
    assert "Linked on others' word: Red B" in await world.answer("c", "yes")
    await news(world)
    listed = await world.answer("b", "!network")
    assert "1 Red A: linked, code compared" in listed
    assert "1 Red C: linked, introduced by Red A; code not compared" in listed


async def accept_each_other(world: Between, one: str, other: str) -> None:
    """Both accept the other on the word of whoever introduced them."""
    for name, with_ in ((one, other), (other, one)):
        await world.says(name, f"!network accept Red {with_.upper()}")
        await world.says(name, "yes")
    await news(world)


async def test_a_later_call_upgrades_it(world: Between) -> None:
    await accept_each_other(world, "b", "c")
    world.told("b")
    assert "`!network compare Red C`" in await world.answer("b", "!network Red C")
    asked = await world.answer("b", "!network compare Red C")
    assert "The code of the link with Red C" in asked
    assert "The other networks of the link hear that you compared it" in asked
    assert "the code of Red C is compared now" in await world.answer("b", "yes")
    assert "Red C: linked, code compared" in await world.answer("b", "!network")
    assert "Red B: linked, introduced by Red A" in await world.answer("c", "!network")
    assert "There is no code of “Red C”" in await world.answer("b", "!network compare Red C")


async def test_who_insists_on_comparing_hears_no_introductions(world: Between) -> None:
    await world.says("b", "!config introductions no")
    await world.says("b", "yes")
    assert "ntroduced by" not in await world.answer("b", "!network")
    asked = await world.answer("b", "!network accept 1")
    assert "Did its moderators read the same one to you" in asked


async def test_a_second_introducer_is_waited_for(world: Between) -> None:
    await world.says("b", "!config introductions 2")
    await world.says("b", "yes")
    listed = await world.answer("b", "!network Red C")
    assert "Introduced by Red A; one more is needed" in listed
    await world.bring("a", "d")
    for name in ("a", "b"):
        await world.compare(name, "d")
    await news(world, HOUR)
    assert "one more is needed" in await world.answer("b", "!network Red C")
    await world.compare("c", "d")
    await news(world, HOUR)
    assert "Red A · Red D introduce to us: Red C." in world.told("b")
    asked = await world.answer("b", "!network accept 1")
    assert "Red C: introduced by Red A · Red D" in asked


async def test_two_introducers_that_rest_on_one_are_one(world: Between) -> None:
    """D is introduced by A alone, so what D says of C rests on A like A's own word."""
    await world.says("b", "!config introductions 2")
    await world.says("b", "yes")
    await world.bring("a", "d")
    await world.compare("a", "d")
    await world.compare("c", "d")
    await news(world)
    assert "one more is needed" in await world.answer("b", "!network Red C")


async def test_one_yes_accepts_all_that_are_introduced(world: Between) -> None:
    await world.bring("a", "d")
    await world.compare("a", "d")
    await news(world)
    asked = await world.answer("d", "!network accept 1")
    for name in "BC":
        assert f"Red {name}: introduced by Red A" in asked
    await world.says("d", "yes")
    for name in ("b", "c"):
        await world.says(name, "!network accept 1")
        await world.says(name, "yes")
    await news(world)
    listed = await world.answer("d", "!network")
    assert listed.count("linked, introduced by Red A") == 2


async def test_whom_an_introduced_network_introduces_can_be_accepted(world: Between) -> None:
    """A tree: A compared with C, C with D; the others hear of D from C, which A introduced."""
    await accept_each_other(world, "b", "c")
    await world.bring("a", "d")
    await world.compare("c", "d")
    await news(world)
    asked = await world.answer("b", "!network accept Red D")
    assert "Red D: introduced by Red C, that others introduced to us" in asked
    asked = await world.answer("d", "!network accept 1")
    assert "Red A: introduced by Red C" in asked
    assert "Red B: introduced by Red A, that others introduced to us" in asked


async def test_what_was_said_before_we_accepted_its_network_counts_after_all(
    world: Between,
) -> None:
    await world.bring("a", "d")
    await world.compare("c", "d")
    await news(world)
    asked = await world.answer("b", "!network accept 1")
    assert "Red C: introduced by Red A" in asked
    assert "Red D: introduced by Red C, that others introduced to us" in asked


async def test_only_the_networks_moderators_compare_refute_and_accept(world: Between) -> None:
    for line in ("compare Red C", "refute Red C", "accept 1"):
        said = await world.answer("b", f"!network {line}", who="bea")
        assert "it is for the network's moderators" in said


async def test_in_a_link_of_two_nothing_is_introduced(tmp_path: Path) -> None:
    world = await Between.start(tmp_path, "a", "b")
    await world.link("a", "b")
    assert "introduce" not in {one["kind"] for one in world.wire}
    await world.close()


async def test_a_result_and_its_file_say_who_was_only_introduced(
    world: Between, tmp_path: Path
) -> None:
    await accept_each_other(world, "b", "c")
    said = await world.answer("b", '!proposal "Letter for the water" until in 56 hours')
    numbers = {"b": number_in(said, r"Proposal (\d+)")}
    for name in "abc":
        world.told(name)
    await world.says("b", f"!network propose {numbers['b']} with Red A, Red C")
    await world.says("b", "yes")
    for name in ("a", "c"):
        there = number_in(world.told(name), r"network accept (\d+)")
        said = await world.answer(name, f"!network accept {there}") + world.told(name)
    for name in ("a", "c"):
        numbers[name] = number_in(world.told(name) or said, r"Proposal (\d+)")
    for name, poll in numbers.items():
        for who in ("ana", "bea", "carla"):
            await world.says(name, f"!vote {poll} for", who)
        await world.says(name, f"!close {poll}")
    results = {name: world.told(name) for name in "abc"}
    assert "Red B knows Red C on the word of Red A" in results["b"]
    assert "Red C knows Red B on the word of Red A" in results["c"]
    assert "on the word of" not in results["a"]
    assert "Networks that know some of the others only on a third one's word: 2" in results["a"]

    files = [await exported(world, name, results[name]) for name in "abc"]
    assert len(set(files)) == 1, "the same bytes in all three"
    true, lines = verified(tmp_path, files[0])
    assert true
    assert "Red B knows ('Red C',) on the word of ('Red A',)" in lines
    assert "Red C knows ('Red B',) on the word of ('Red A',)" in lines
    changed = json.loads(files[0])
    word = next(one for one in changed["said"] if one["kind"] == "introduced")
    word["body"]["introduced"][0]["who"] = "0"
    assert not verified(tmp_path, json.dumps(changed).encode())[0]


async def exported(world: Between, name: str, result: str) -> bytes:
    number = number_in(result, r"!export (\d+)")
    await world.says(name, f"!export {number}")
    return [*world.of(name).gateway.files.values()][-1]


def verified(folder: Path, file: bytes) -> tuple[bool, str]:
    path = folder / "proof.json"
    path.write_bytes(file)
    found = verify(path, ())
    assert found is not None
    return found[0], "\n".join(line.in_english() for line in found[1])


async def test_a_yes_is_to_those_that_were_read(world: Between) -> None:
    asked = await world.answer("b", "!network accept 1")
    assert "Red D" not in asked
    await world.bring("a", "d")
    await world.compare("a", "d")
    await news(world)
    world.told("b")
    again = await world.answer("b", "yes")
    assert "Red C: introduced by Red A" in again
    assert "Red D: introduced by Red A" in again
    assert "Red C · Red D" in await world.answer("b", "yes")


async def test_a_yes_to_an_introduction_is_none_to_a_code(world: Between) -> None:
    await world.says("b", "!network accept 1")
    await world.of("b").wait(timedelta(0))
    async with world.of("b").machine.db.transaction() as tx:
        await tx.run("UPDATE link_introductions_word SET refuted = 'word' WHERE bot = '@minga:c'")
    asked = await world.answer("b", "yes")
    assert "Did its moderators read the same one to you" in asked
    assert "code compared" not in await world.answer("b", "!network Red C")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("!red aceptar 1", "Nobody of us compared"),
        ("!red aceptar red c", "Nobody of us compared"),
        ("!red comparar Red C", "Did its moderators read the same"),
        ("!red comparar C", "Did its moderators read the same"),
        ("!red comparar", "Did its moderators read the same"),
        ("!red confirmar Red C", "Did its moderators read the same"),
        ("!red desmentir Red C", "Did its moderators read another one"),
        ("!red distinto Red C", "Did its moderators read another one"),
        ("!configurar presentaciones no", "no"),
        ("!configurar presentaciones 2", "2"),
        ("!rede aceitar 1", "Nobody of us compared"),
        ("!rede comparar Red C", "Did its moderators read the same"),
        ("!rede diferente Red C", "Did its moderators read another one"),
        ("!configurar apresentações 2", "2"),
        ("!network accept 1", "Nobody of us compared"),
        ("!network compare red c", "Did its moderators read the same"),
        ("!network same Red C", "Did its moderators read the same"),
        ("!network compare Red X", "There is no code of “Red X” to compare"),
        ("!config introductions 2", "2"),
        ("!config introductions 3", "a number from 1 to 2, or `no`"),
    ],
)
async def test_what_people_type_in_a_hurry(world: Between, line: str, answer: str) -> None:
    assert answer in await world.answer("b", line)


async def test_an_introduction_is_signed_anew_before_it_is_over(world: Between) -> None:
    async def over() -> float:
        async with world.of("b").machine.db.reading() as tx:
            query = "SELECT until FROM link_introductions_word WHERE bot = '@minga:c'"
            return float((await tx.all(query))[0]["until"])

    before = await over()
    await news(world, timedelta(days=306))
    assert await over() > before


async def test_of_many_newcomers_few_codes_are_told_and_all_are_listed(tmp_path: Path) -> None:
    world = await Between.start(tmp_path, *"abcdefg")
    await world.link("a", "b")
    world.told("b")
    for name in "cdefg":
        await world.bring("a", name)
    told = world.told("b")
    assert len(re.findall(r"\d{4} \d{4} \d{4}", told)) == 3
    assert told.count("More networks are in link 1.") == 1
    assert len(re.findall(r"\d{4} \d{4} \d{4}", await world.answer("b", "!network"))) == 5
    await world.close()
