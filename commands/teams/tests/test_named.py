"""Sets of teams are spoken of by their title, and a list begins with a verb."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.teams.tests.test_teams import LIST, goes_on, opened


async def test_a_verb_before_the_list_is_no_part_of_the_title(talk: Talk) -> None:
    shown = await talk.answer("ana", LIST.replace("!equipos ", "!equipos crear "))
    assert "“Escuela”: 2 equipos" in shown and "crear" not in shown
    await talk.answer("ana", "no")
    shown = await talk.answer("ana", "!equipes criar Norte: @eva:test")
    assert "Norte: 1" in shown and "criar" not in shown.lower()


async def test_a_set_is_shown_by_its_title(talk: Talk) -> None:
    await opened(talk)
    for line in ("!equipos Escuela", "!equipos escuela", "!equipos “Escuela”"):
        assert "Equipos 1, Escuela: 2 equipos." in await talk.answer("bea", line), line
    assert "Faltan los equipos" in await talk.answer("ana", "!equipos Escuelita")
    again = await talk.answer("ana", LIST)
    assert "“Escuela”: 2 equipos, cada uno" in again


async def test_steps_are_set_by_the_title_too(talk: Talk) -> None:
    await opened(talk)
    for line in (
        "!equipos Escuela pasos Mapa, Entrevista",
        "!equipos pasos Escuela\nMapa\nEntrevista",
        "!equipos pasos Escuela: Mapa, Entrevista",
        '!equipos pasos Escuela "Mapa" "Entrevista"',
    ):
        said = await talk.answer("ana", line)
        if "Voy a quitar" in said:
            said = await talk.answer("ana", "sí")
        assert "Pasos de los equipos 1: 1 Mapa · 2 Entrevista" in said, line
        await talk.answer("ana", "!equipos pasos Otro")
        await talk.answer("ana", "sí")
    await talk.answer("ana", "!equipos pasos Escuela abierta, Mapa")
    said = await talk.answer("ana", "sí")
    assert "1 Escuela abierta · 2 Mapa" in said


@pytest.mark.parametrize("title", ["Straße", "İzmir", "Oﬁcina", "Ñandú"])
async def test_a_title_may_have_letters_that_fold_to_two(talk: Talk, title: str) -> None:
    await opened(talk, LIST.replace("Escuela", title))
    said = await talk.answer("ana", f"!equipos {title} pasos Mapa, Entrevista")
    assert "1 Mapa · 2 Entrevista" in said
    said = await talk.answer("ana", f'!equipos pasos “{title}” "Salida"')
    assert "1 Salida" in (await talk.answer("ana", "sí") if "quitar" in said else said)


async def test_a_step_without_its_team_says_where_to_write_it(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Mapa, Entrevista")
    await goes_on(talk)
    said = await talk.answer("bea", "!paso 1")
    assert "¿De qué equipo?" in said and "No existe" not in said
    assert "No existe el número 900" in await talk.answer("bea", "!paso 900 1")
