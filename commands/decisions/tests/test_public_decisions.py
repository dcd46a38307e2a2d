"""What becomes public of decisions, and when."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import UserError, public_services
from bot.capability.data.public_services import PublicNames
from bot.documents.public_document import PublicDocument
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk, find_number, user_id
from commands.decisions.tests.test_chambers import proposed as in_chambers
from commands.decisions.tests.test_chambers import voted
from commands.decisions.tests.test_export import KINDS, checked, decided
from commands.poll_book.poll import SHOW_OF_HANDS
from commands.polls.tests.test_decisions import closed

A_DAY = timedelta(days=1, minutes=5)
LANGUAGES = ("en", "es", "pt")


async def final(talk: Talk, line: str, **votes: str) -> int:
    """The number of a decision that nothing can change any more."""
    number = await decided(talk, line, **votes)
    await talk.wait(A_DAY)
    await talk.said()
    return number


def facts(document: PublicDocument, language: str) -> dict[str, str]:
    return {
        one.name.in_language(language): one.value.in_language(language) for one in document.facts
    }


async def test_a_decision_in_three_languages(talk: Talk) -> None:
    line = '!propuesta "Compramos la olla" mayoria:2/3 quorum:2'
    number = await final(talk, line, ana="a favor", bea="en contra", carla="a favor")
    found = (await published(talk, number)).document
    assert (found.kind, found.number) == ("decision", number)
    assert found.title.model_dump() == {
        "text": "Compramos la olla",
        "language": "",
        "translations": {},
    }
    spanish, portuguese, english = (facts(found, one) for one in ("es", "pt", "en"))
    times = ("apertura", "decidida")
    assert {name: value for name, value in spanish.items() if name not in times} == {
        "resultado": f"Propuesta {number}, “Compramos la olla”: aprobada.",
        "votaron": "3 de 3",
        "regla": "mayoría, al menos 2/3 a favor · quórum: 2",
        "quiénes podían votar": "quienes estaban en la sala al abrirse",
        "votos necesarios": "2",
    }
    assert next(iter(spanish)) == "resultado", "short posts show what stands first"
    assert portuguese["resultado"] == f"Proposta {number}, “Compramos la olla”: aprovada."
    assert english["outcome"] == f"Proposal {number}, “Compramos la olla”: approved."
    assert english["decided"].endswith("(Bogotá)"), "times stand with their zone"
    rows = [
        (*(one.label.in_language(tongue) for tongue in LANGUAGES), one.votes, one.percent, one.won)
        for one in found.rows
    ]
    assert rows == [
        ("for", "a favor", "a favor", 2, 67, True),
        ("against", "en contra", "contra", 1, 33, False),
        ("abstain", "abstención", "abstenção", 0, 0, False),
    ]
    assert [one.name for one in found.files] == [
        f"decision-{number}.csv",
        f"decision-{number}.json",
    ]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_file_of_each_kind_checks_and_is_the_same_each_time(
    talk: Talk, kind: str, tmp_path: Path
) -> None:
    line, one, other = KINDS[kind]
    number = await final(talk, line, ana=one, bea=other)
    found = await published(talk, number)
    await talk.wait(timedelta(days=3))
    assert await published(talk, number) == found, "the same content has the same bytes"
    fine, said = checked(tmp_path, found.files[f"decision-{number}.json"])
    assert fine, said
    assert "no hay plata" not in str(found), "nobody gave a reason to the whole world"
    assert find_in(found, "@ana", "@bea", "carla") == []


async def test_it_is_public_once_no_vote_can_change_it(talk: Talk) -> None:
    number = await decided(talk, '!propuesta "Compramos la olla"', ana="a favor", bea="a favor")
    with pytest.raises(UserError, match="can still change"):
        await published(talk, number)
    await talk.wait(A_DAY)
    assert (await published(talk, number)).document.number == number


@pytest.mark.parametrize(
    ("line", "ends", "why"),
    [
        ('!propuesta "Sí o no" hasta en 5 días', "", "still open"),
        ('!propuesta "Sí o no" hasta en 5 días', "!cancelar {number}", "was cancelled"),
    ],
)
async def test_what_is_open_or_cancelled_is_not_public(
    talk: Talk, line: str, ends: str, why: str
) -> None:
    await talk.says("ana", line)
    await talk.said()
    if ends:
        await talk.says("ana", ends.format(number=1))
        await talk.says("ana", "sí")
        await talk.said()
    with pytest.raises(UserError, match=why):
        await published(talk, 1)


async def test_what_the_bot_asked_for_others_stays_in_the_room(talk: Talk) -> None:
    number = await final(talk, '!propuesta "Sale Bea"', ana="a favor", bea="a favor")
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE item SET author = ? WHERE number = ?", talk.gateway.me, number)
    with pytest.raises(UserError, match="it stays here"):
        await published(talk, number)


async def test_a_show_of_hands_decides_nothing(talk: Talk) -> None:
    number = await final(talk, '!propuesta "Seguimos"', ana="a favor", bea="a favor")
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE poll_book_poll SET method = ?", SHOW_OF_HANDS)
    with pytest.raises(UserError, match="decides nothing"):
        await published(talk, number)


# --- nobody who did not agree --------------------------------------------------------------------


async def test_members_named_in_a_question_stand_in_no_file(talk: Talk, tmp_path: Path) -> None:
    line = '!propuesta "¿Lleva @bea:test la caja?" hasta en 2 días'
    number = await final(talk, line, ana="a favor", bea='en contra "lo dijo @carla:test"')
    names = PublicNames(members=await everybody(talk))
    found = await published(talk, number, names)
    assert find_in(found, "@bea", "@carla", "@ana") == []
    assert found.document.title.text == "¿Lleva alguien la caja?"
    assert user_id("bea") in names.wanted
    fine, said = checked(tmp_path, found.files[f"decision-{number}.json"])
    assert fine and "alguien" in said, said
    agreed = await published(talk, number, PublicNames({user_id("bea"): "Beatriz"}))
    assert agreed.document.title.text == "¿Lleva Beatriz la caja?"


async def test_who_counted_hands_is_a_number(talk: Talk, tmp_path: Path) -> None:
    await talk.says("ana", '!propuesta "Compramos la olla" hasta en 2 días')
    await talk.says("ana", "!presencial 1 a favor:14 en contra:9")
    await talk.says("bea", "!presencial 1 confirmar")
    await talk.says("carla", "!presencial 1 confirmar")
    await talk.wait(timedelta(days=3))
    await talk.wait(A_DAY)
    found = await published(talk, 1)
    assert find_in(found, "@ana", "@bea", "@carla") == []
    signed = found.files["decision-1.json"]
    assert [(one["recorded"], one["confirmed"]) for one in json.loads(signed)["assemblies"]] == [
        ("1", ["2", "3"])
    ]
    fine, said = checked(tmp_path, signed)
    assert fine and "An assembly of 23" in said, said


async def test_it_is_said_when_a_decision_is_final(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    async def note(_ctx: object, item: object) -> None:
        told.append(item.number)  # type: ignore[attr-defined]

    feature = next(iter(talk.machine.registry.features.values()))
    monkeypatch.setitem(feature.services, public_services.DECIDED.name, note)
    number = await decided(talk, '!propuesta "Compramos la olla"', ana="a favor", bea="a favor")
    assert told == []
    await talk.wait(A_DAY)
    assert told == [number]


# --- kinds with more than rows -------------------------------------------------------------------


async def test_chambers_stand_below_the_result_and_in_the_file(talk: Talk, tmp_path: Path) -> None:
    number = await in_chambers(talk)
    await voted(talk, number, ana="sí", bea="abstención", carla="12 sí 5 no")
    await closed(talk, number)
    await talk.wait(A_DAY)
    found = await published(talk, number)
    assert [one.in_language("en") for one in found.document.paragraphs] == [
        "gobiernos: approved. for: 1 · abstain: 1. 2 of 2 voted.",
        "organizaciones: approved. for: 12 · against: 5. 1 of 1 voted.",
    ]
    who = facts(found.document, "es")["quiénes podían votar"]
    assert who == "organizaciones, cada una por quien la representa"
    assert checked(tmp_path, found.files[f"decision-{number}.json"])[0]
    assert find_in(found, "@ana", "@bea", "@carla", "lima") == []


async def test_a_budget_with_what_each_project_costs(talk: Talk, tmp_path: Path) -> None:
    await talk.says("ana", '!presupuesto 10000 "Radio" 4000, "Taller" 2500, "Marcha" 6000')
    opening = next(post for post in await talk.sent() if post.kind == "m.room.message")
    number = find_number(opening)
    for who, vote in {"ana": "1 2", "bea": "1", "carla": "3"}.items():
        await talk.says(who, vote, reply=opening)
    await closed(talk, number)
    await talk.wait(A_DAY)
    found = await published(talk, number)
    labels = [one.label.in_language("es") for one in found.document.rows]
    assert [one.partition(" (")[0] for one in labels] == ["Radio", "Taller", "Marcha"]
    assert "4" in labels[0], labels
    assert checked(tmp_path, found.files[f"decision-{number}.json"])[0]


async def test_a_question_in_two_languages_is_public_in_both(talk: Talk, tmp_path: Path) -> None:
    line = '!encuesta "¿Dónde?" "Norte" "Sur" pt:"Onde?" "Norte pt" "Sul"'
    number = await final(talk, line, ana="1", bea="2", carla="2")
    found = await published(talk, number)
    assert found.document.title.model_dump() == {
        "text": "¿Dónde?",
        "language": "es",
        "translations": {"pt": "Onde?"},
    }
    assert [one.label.in_language("pt") for one in found.document.rows] == ["Norte pt", "Sul"]
    assert facts(found.document, "pt")["resultado"] == f"Enquete {number}, “Onde?”: vence Sul."
    assert checked(tmp_path, found.files[f"decision-{number}.json"])[0]


async def test_a_picked_date_is_told_to_whoever_publishes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    async def note(_ctx: object, number: int) -> None:
        told.append(number)

    number = await decided(talk, KINDS["dates"][0], ana="1 3?", bea="3")
    feature = next(iter(talk.machine.registry.features.values()))
    monkeypatch.setitem(feature.services, public_services.PUBLIC_CHANGED.name, note)
    await talk.says("ana", f"!elegir {number} 3")
    assert number in told
    await talk.wait(A_DAY)
    found = await published(talk, number)
    assert found.document.paragraphs[-1].in_language("es").startswith("Fecha elegida: ")
