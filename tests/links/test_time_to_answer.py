"""Other networks have time to accept, and are told until when; what is too short is refused."""

from __future__ import annotations

import pytest

from tests.links.between import Between
from tests.links.test_deciding import number_in

POLL = r"(?:Propuesta|Proposta|Proposal|Encuesta|Enquete|Poll) (\d+)"


@pytest.mark.parametrize("end", ["in 80 minutes", "in 5 minutes"])
async def test_a_vote_that_ends_too_soon_says_the_shortest_and_the_line_to_type(
    world: Between, end: str
) -> None:
    poll = number_in(await world.answer("a", f'!proposal "Letter" until {end}'), POLL)
    said = await world.answer("a", f"!network propose {poll}")
    assert "others answer in the first third, which takes 30 min at least" in said
    assert "must last 1 h 30 min more at least" in said
    assert f"`!extend {poll} until in 2 hours`" in said
    assert world.told("b") == ""
    await world.says("a", f"!extend {poll} until in 2 hours")
    said = await world.answer("a", f"!network propose {poll}")
    assert "They can accept until" in said, "what it said to type is enough"


async def test_until_when_they_can_accept_is_the_same_for_all(world: Between) -> None:
    poll = number_in(await world.answer("a", '!proposal "Letter" until in 90 minutes'), POLL)
    shown = await world.answer("a", f"!network propose {poll}")
    line = next(one for one in shown.split("\n") if "They can accept until" in one)
    assert line in await world.answer("a", "yes"), "it stands there after the yes too"
    assert line.removeprefix("They can accept until ").rstrip(".") in world.told("b")


@pytest.mark.parametrize(
    ("language", "asked", "propose", "told"),
    [
        (
            "es",
            '!propuesta "Carta" hasta en 1 hora',
            "!red proponer",
            "`!extender {} hasta en 2 horas`",
        ),
        (
            "pt",
            '!proposta "Carta" até em 1 hora',
            "!rede propor",
            "`!prorrogar {} até em 2 horas`",
        ),
    ],
)
async def test_the_line_to_type_works_in_each_language(
    world: Between, language: str, asked: str, propose: str, told: str
) -> None:
    await world.of("a").set("language", language)
    poll = number_in(await world.answer("a", asked), POLL)
    said = await world.answer("a", f"{propose} {poll}")
    assert told.format(poll) in said
    await world.says("a", told.format(poll).strip("`"))
    said = await world.answer("a", f"{propose} {poll}")
    assert "Red B" in said
