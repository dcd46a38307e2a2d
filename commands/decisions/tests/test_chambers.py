"""Majorities by chambers, from the line that asks for them to the file that proves the result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.api import Membership, RoomId
from bot.testing.talk import SIGNER, Talk, find_number, user_id
from commands.decisions.open_result import OpenResult
from commands.decisions.tests.test_export import checked, exported
from commands.polls.tests.test_decisions import closed

ORGANISATIONS = (
    "!votantes agregar Lima @ana",
    "!votantes agregar Quito @bea",
    "!votantes agregar Norte @carla peso:20",
    "!votantes cámara gobiernos: Lima, Quito",
    "!votantes cámara organizaciones: el resto",
)
CHARTER = '!propuesta "Firmamos" cámaras: gobiernos, organizaciones'


async def proposed(talk: Talk, line: str = CHARTER) -> int:
    """The organisations in their chambers, and a proposal; returns its number."""
    for one in ORGANISATIONS:
        await talk.answer("ana", one)
    await talk.says("ana", line)
    return find_number((await talk.said())[0])


async def voted(talk: Talk, number: int, **votes: str) -> None:
    for who, vote in votes.items():
        await talk.answer(who, f"!votar {number} {vote}")


@pytest.mark.parametrize(
    "line",
    [
        CHARTER,
        "!propuesta Firmamos la carta camaras: gobiernos, organizaciones",
        '!propuesta "Firmamos" cámaras: gobiernos y organizaciones',
        "!propuesta Firmamos cámaras: Gobiernos, Organizaciones hasta en 56 horas",
        '!proposta "Assinamos" câmaras: gobiernos, organizaciones',
        "!proposta Assinamos a carta camaras: gobiernos e organizaciones",
        '!proposal "We sign" chambers: gobiernos, organizaciones',
        "!proposal We sign chambers: gobiernos, organizaciones until in 56 hours",
    ],
)
async def test_it_passes_where_it_passes_in_each(talk: Talk, line: str) -> None:
    number = await proposed(talk, line)
    await voted(talk, number, ana="sí", bea="no", carla="sí")
    said = await closed(talk, number)
    assert "no aprobada" in said
    assert "No pasó en:" in said
    assert "rganizaciones: aprobada. a favor: 20. Votaron 1 de 1." in said


async def test_each_chamber_agrees(talk: Talk) -> None:
    number = await proposed(talk)
    await voted(talk, number, ana="sí", bea="abstención", carla="12 sí 5 no")
    said = await closed(talk, number)
    assert "“Firmamos”: aprobada" in said
    assert "gobiernos: aprobada. a favor: 1 · abstención: 1. Votaron 2 de 2." in said
    assert "organizaciones: aprobada. a favor: 12 · en contra: 5. Votaron 1 de 1." in said


async def test_a_changed_vote_is_counted_once_in_its_chamber(talk: Talk) -> None:
    number = await proposed(talk)
    await voted(talk, number, ana="sí", bea="sí", carla="no")
    await voted(talk, number, ana="no", carla="ninguna")
    said = await closed(talk, number)
    assert "gobiernos: no aprobada. a favor: 1 · en contra: 1. Votaron 2 de 2." in said
    assert "organizaciones: nadie votó. sin votos. Votaron 0 de 1." in said


async def test_the_file_proves_it_by_chambers(talk: Talk, tmp_path: Path) -> None:
    number = await proposed(talk)
    await voted(talk, number, ana="sí", bea="no", carla="sí")
    await closed(talk, number)
    _table, file = await exported(talk, "bea", f"!exportar {number}")
    fine, said = checked(tmp_path, file)
    assert fine, said
    assert "Chamber organizaciones: it passes. 1 of 1 voted." in said
    assert "Chamber gobiernos: it does not pass" in said
    honest = json.loads(file)
    for change, told in FORGERIES:
        forged: dict[str, Any] = json.loads(json.dumps(honest))
        change(forged)
        again = OpenResult.model_validate_json(json.dumps(forged)).sign(SIGNER)
        fine, said = checked(tmp_path, again.to_json().encode())
        assert not fine
        assert told in said


def _swap(file: dict[str, Any]) -> None:
    file["chambers"][0]["counts"] = {"1:1": 2}


def _shrink(file: dict[str, Any]) -> None:
    file["chambers"][0]["roll_size"] = 1


def _approve(file: dict[str, Any]) -> None:
    file["outcome"] |= {"verdict": "approved", "winners": [1]}


def _move(file: dict[str, Any]) -> None:
    first, second = file["chambers"]
    first["counts"], second["counts"] = {"1:1": 20, "2:1": 1}, {"1:1": 1}


FORGERIES = [
    (_swap, "do not add up to those of the whole"),
    (_shrink, "not the whole roll"),
    (_approve, "the outcome is another one"),
    (_move, "more votes were counted than it has"),
]


async def test_people_vote_by_rooms_as_chambers_each_in_the_first_of_theirs(talk: Talk) -> None:
    await talk.room(RoomId("!prensa:test"), "Prensa", ["ana", "bea"])
    await talk.room(RoomId("!campo:test"), "Campo", ["carla", "ana"])
    await talk.says("ana", "!propuesta Firmamos cámaras: prensa, campo")
    opening = (await talk.said())[0]
    assert "Pasa si pasa en cada cámara: prensa (2) · campo (1)." in opening.plain
    assert "Quien está en varias vota en la primera." in opening.plain
    number = find_number(opening)
    await voted(talk, number, ana="sí", bea="sí", carla="no")
    said = await closed(talk, number)
    assert "prensa: aprobada. a favor: 2. Votaron 2 de 2." in said
    assert "No pasó en: campo." in said


async def test_a_chamber_of_which_nobody_is_left_is_refused(talk: Talk) -> None:
    await talk.room(RoomId("!prensa:test"), "Prensa", ["ana", "bea", "carla"])
    await talk.room(RoomId("!campo:test"), "Campo", ["carla", "ana"])
    said = await talk.answer("ana", "!propuesta Firmamos cámaras: prensa, campo")
    assert "Quienes están en campo están todas en una cámara anterior." in said
    said = await talk.answer("ana", "!propuesta Firmamos cámaras: campo, prensa")
    assert "campo (2) · prensa (1)" in said


async def test_what_cannot_be_is_said(talk: Talk) -> None:
    for one in ORGANISATIONS:
        await talk.answer("ana", one)
    for who, line, answer in [
        ("ana", "!propuesta Otra cámaras: gobiernos, nada", "ninguna cámara “nada”"),
        ("ana", "!propuesta Otra cámaras: gobiernos", "de dos a 10"),
        ("ana", "!encuesta ¿Té? sí, no cámaras: gobiernos, organizaciones", "solo se decide un"),
        ("ana", f"{CHARTER} votan: personas", "quita `votan:`"),
        ("ana", f"{CHARTER} secreta", "no se vota en secreto"),
        ("bea", "!votantes cámara gobiernos: Norte", "es para la moderación"),
        ("ana", "!votantes cámara gobiernos: Oeste", "ninguna organización “Oeste”"),
        ("ana", "!votantes cámara gobiernos Norte", "dos puntos"),
        ("ana", "!votantes cámara pueblos: el resto", "Cada organización ya está"),
        ("ana", "!votantes cámara", "gobiernos: 2 organizaciones\norganizaciones: 1 org"),
    ]:
        assert answer in await talk.answer(who, line), line


async def test_chambers_are_undone_and_open_decisions_keep_theirs(talk: Talk) -> None:
    number = await proposed(talk)
    await talk.answer("ana", "!votantes cámara gobiernos: Norte")
    assert "gobiernos: 3 organizaciones" in await talk.answer("ana", "!votantes cámara")
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert "organizaciones: 1 org" in await talk.answer("ana", "!votantes cámara")
    await voted(talk, number, ana="sí", bea="sí", carla="sí")
    assert "“Firmamos”: aprobada" in await closed(talk, number)


async def test_a_show_of_hands_belongs_to_no_chamber(talk: Talk) -> None:
    number = await proposed(talk)
    said = await talk.answer("ana", f"!presencial {number} a favor:14 en contra:9")
    assert "se decide por cámaras" in said


async def test_who_is_forgotten_stays_in_the_totals_of_the_chamber(talk: Talk) -> None:
    await talk.set("bots", "@eva:test")
    for name in ("dani", "eva"):
        await talk.moves(name, Membership.JOIN)
    await talk.room(RoomId("!prensa:test"), "Prensa", ["ana", "bea", "eva"])
    await talk.room(RoomId("!norte:test"), "Norte", ["carla", "dani", "eva"])
    await talk.says("eva", "!propuesta Firmamos cámaras: prensa, norte")
    number = find_number((await talk.said())[0])
    await voted(talk, number, ana="sí", bea="sí", carla="sí", dani="sí")
    await closed(talk, number)
    await talk.tells("dani", "borrarme")
    await talk.tells("dani", "sí")
    await talk.said()
    async with talk.machine.db.reading() as tx:
        assert not await tx.exists(
            "SELECT 1 FROM poll_book_chamber_voter WHERE voter = ?", user_id("dani")
        )
    found = await talk.answer("ana", f"!resultados {number}")
    assert "norte: aprobada. a favor: 2. Votaron 2 de 2." in found
