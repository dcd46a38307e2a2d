"""What counts as an answer at the door, what doesn't, and where a reason goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Membership
from commands.doors.tests.test_doors import (
    DOOR,
    DORA,
    MODS,
    a_door,
    acts,
    clear,
    knocks,
    types,
)


@pytest.mark.parametrize(
    "line",
    [
        "hola",
        "Hola, soy Dora",
        "ayuda",
        "Ayuda a mujeres del barrio",
        "encuestas",
        "buscar apoyo para mi barrio",
        "idioma guaraní y algo de portugués",
        "gracias a Bea",
        "acepto todo lo que haga falta",
        "reportar lo que pasa en mi barrio",
    ],
)
async def test_a_greeting_or_a_command_word_is_an_answer_too(talk: Talk, line: str) -> None:
    await a_door(talk)
    await knocks(talk)
    said = await types(talk, DORA, line)
    assert "Gracias, eso era todo" in said
    assert f"“{line}”" in await types(talk, "carla", "solicitudes 1")


async def test_what_stands_beside_the_question_is_no_answer(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    for line, heard in {
        "idioma pt": "1 de 1",
        "solicitações": "1 de 1",
        "!ajuda": "ajuda",
        "respuesta 1": "Não existe",
        "socorro": "não consigo chamar",
        "!votar 57 1": "57",
    }.items():
        said = await types(talk, DORA, line)
        assert heard in said and "agradecemos" not in said, (line, said)
    assert "agradecemos" in await types(talk, DORA, "pela rádio")


@pytest.mark.parametrize(("size", "heard"), [(1001, "1000 letras"), (10_001, "10000 caracteres")])
async def test_long_answers_are_asked_again(talk: Talk, size: int, heard: str) -> None:
    await a_door(talk)
    await knocks(talk)
    assert heard in await types(talk, DORA, "x" * size)
    assert "Gracias, eso era todo" in await types(talk, DORA, "por la radio")
    await types(talk, DORA, "respuesta 1")
    assert heard in await types(talk, DORA, "y" * size)
    assert "Anotado" in await types(talk, DORA, "por Bea")
    assert "“por Bea”" in await types(talk, "carla", "solicitudes 1")


async def test_the_reason_reaches_who_decides_and_nobody_else(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "soy Dora")
    typed = await talk.says("ana", "!rechazar 1 vende datos", room=DOOR)
    posts = await talk.sent()
    inside = [p for p in posts if "vende datos" in p.plain]
    assert [p.room for p in inside] == [MODS]
    assert "Solicitud 1, Dora (@dora:lejos.org): rechazada por Ana" in inside[0].plain
    assert [p.plain for p in posts if p.room == DOOR and p.kind == "m.room.message"] == []
    assert typed in [p.content["redacts"] for p in posts if p.kind == "redact"]
    aside = await talk.private("ana")
    assert any("rechazada" in p.plain and p.room == aside for p in posts)
    assert await clear(talk, "vende datos") == []


async def test_without_a_moderators_room_it_is_said_that_the_reason_is_kept_nowhere(
    talk: Talk,
) -> None:
    await a_door(talk, chosen=False)
    await knocks(talk)
    said = await types(talk, "ana", "rechazar 1 vende datos")
    assert "no guardo la razón" in said and "`configurar moderación sí`" in said
    assert not [p for p in talk.gateway.posted.values() if "vende datos" in p.plain]


async def test_in_private_the_reason_goes_to_the_moderators_room(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    said = await types(talk, "ana", "rechazar 1: vende datos")
    assert "La razón: “vende datos”" in said
    assert (DOOR, DORA) in acts(talk, "kick")


async def test_who_is_let_in_and_has_yet_to_accept_the_rules_is_not_asked_anew(talk: Talk) -> None:
    await a_door(talk)
    await talk.answer("ana", "!reglas cambiar Nos escuchamos.")
    await talk.answer("ana", "sí")
    await talk.wait(timedelta(minutes=1))
    await knocks(talk)
    await types(talk, DORA, "soy Dora")
    await talk.answer("carla", "!admitir 2", room=MODS)
    said = await types(talk, "carla", "solicitudes")
    assert "Fuera de" not in said and "1 de 1" not in said
    assert "Anotado: aceptaste" in await types(talk, DORA, "acepto")
    await talk.wait(timedelta(seconds=1))
    await talk.sent()
    assert acts(talk, "invite") == [(DOOR, DORA)]
    await talk.moves(DORA, Membership.JOIN, DOOR)


async def test_who_decides_reads_a_yes_in_their_own_language(talk: Talk) -> None:
    await a_door(talk)
    await talk.answer("ana", "!preguntas agregar ¿Vives cerca? sí, no", room=DOOR)
    await knocks(talk)
    await types(talk, DORA, "idioma pt")
    await types(talk, DORA, "sim")
    said = await types(talk, "carla", "solicitudes 1")
    assert "¿Vives cerca? “sí”" in said and "yes" not in said


async def test_answers_that_were_read_again_are_taken_away_with_the_decision(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "palabra-secreta")
    await talk.says("carla", "!solicitud 1", room=MODS)
    await talk.tells("carla", "solicitudes 1")
    again = [p for p in await talk.said() if "palabra-secreta" in p.plain]
    assert len(again) == 2
    await talk.answer("carla", "!admitir", room=MODS, reply=again[0])
    taken = [p for p in talk.gateway.posted.values() if p.kind == "redact"]
    assert {p.room for p in taken} == {MODS, again[1].room} and len(taken) == 2


async def test_who_does_not_answer_with_a_choice_hears_what_is_waited_for(talk: Talk) -> None:
    await a_door(talk)
    await talk.answer("ana", '!preguntas agregar "¿Qué tema?" "Agua" "Tierra"', room=DOOR)
    await talk.answer("ana", "!preguntas agregar ¿Vives cerca? sí, no", room=DOOR)
    await knocks(talk)
    assert "Espero un número del 1 al 2" in await types(talk, DORA, "no sé")
    await types(talk, DORA, "idioma pt")
    assert "Espero um número" not in await types(talk, DORA, "1")
    said = await types(talk, DORA, "mais ou menos")
    assert "Espero um `sim` ou um `não`" in said and "ajuda" not in said
    assert "agradecemos" in await types(talk, DORA, "sim")
