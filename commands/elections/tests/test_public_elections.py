"""What becomes public of elections: who was elected, by the names of those who agreed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.data.public_services import PublicNames
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk, user_id
from commands.decisions.tests.test_export import checked
from commands.elections.tests.test_elections import ballot_order, called, next_step, stand, told

CANDIDATES = ("ana", "bea", "carla")
FINAL = timedelta(days=4)


async def elected(talk: Talk, more: str = "") -> dict[str, int]:
    """Carla wins before Bea; the place of each on the ballot."""
    await called(talk, 1, more)
    await stand(talk, *CANDIDATES)
    shown, _files = await next_step(talk)
    place = ballot_order(shown)
    for who in ("ana", "bea", "carla", "dora", "elsa"):
        assert "Anotado" in await told(talk, who, f"votar 2 {place['carla']} {place['bea']}")
    await next_step(talk)
    await talk.wait(FINAL)
    await talk.said()
    return place


@pytest.mark.parametrize("more", ["", "secreta"])
async def test_who_did_not_agree_is_a_place_on_the_ballot(
    talk: Talk, more: str, tmp_path: Path
) -> None:
    place = await elected(talk, more)
    names = PublicNames(members=await everybody(talk))
    found = await published(talk, 2, names)
    assert names.wanted == set(map(user_id, CANDIDATES))
    assert find_in(found, "@ana", "Bea", "Carla") == []
    won = next(one for one in found.document.rows if one.won)
    assert won.label.in_language("pt") == f"candidatura {place['carla']}"
    outcome = found.document.facts[0].value.in_language("es")
    assert f"gana candidatura {place['carla']}" in outcome
    assert ("decision-2.json" in found.files) is not bool(more), "what is signed can't be changed"
    if not more:
        fine, said = checked(tmp_path, found.files["decision-2.json"])
        assert fine, said


@pytest.mark.parametrize("more", ["", "secreta"])
async def test_with_a_yes_of_all_the_names_stand_in_the_file_too(talk: Talk, more: str) -> None:
    await elected(talk, more)
    found = await published(talk, 2, PublicNames(dict(await everybody(talk))))
    assert {one.label.text for one in found.document.rows} == {"Ana", "Bea", "Carla"}
    assert find_in(found, "Carla") == ["Carla"] and "decision-2.json" in found.files
    signed = json.loads(found.files["decision-2.json"])
    options = (signed.get("manifest") or signed)["options"]
    assert sorted(options) == ["Ana", "Bea", "Carla"]


async def test_a_name_of_their_choice_and_not_the_one_on_the_ballot(talk: Talk) -> None:
    place = await elected(talk, "secreta")
    found = await published(talk, 2, PublicNames({user_id("carla"): "C. de la radio"}))
    assert find_in(found, "@ana", "Bea", "Carla") == []
    assert found.document.rows[place["carla"] - 1].label.text == "C. de la radio"


async def test_who_asked_to_be_forgotten_has_no_name_whatever_was_agreed(talk: Talk) -> None:
    place = await elected(talk)
    async with talk.machine.db.transaction() as tx:
        await tx.run("DELETE FROM elections_candidate WHERE person = ?", user_id("carla"))
    found = await published(talk, 2, PublicNames(dict(await everybody(talk))))
    assert find_in(found, "carla") == []
    assert found.document.rows[place["carla"] - 1].label.in_language("es").startswith("candidatura")
