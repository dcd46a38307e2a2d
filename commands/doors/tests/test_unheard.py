"""Lines in private that answer nothing: the newcomer hears what they were perhaps meant for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk, day_in_words
from bot.types import Membership
from commands.doors.tests.test_doors import DOOR, DORA, MODS, a_door, acts, knocks, types


async def rules(talk: Talk) -> None:
    await talk.answer("ana", "!reglas poner Nos escuchamos.")
    await talk.answer("ana", "sí")


async def admitted(talk: Talk) -> None:
    """Dora is let in, and has the rules before her."""
    await a_door(talk)
    await rules(talk)
    await knocks(talk)
    await types(talk, DORA, "por la radio")
    await talk.answer("carla", "!admitir 2", room=MODS)


@pytest.mark.parametrize("line", ["sí", "ok", "sim", "ya leí y acepto", "li e aceito"])
async def test_a_yes_to_the_rules_hears_the_word_that_counts(talk: Talk, line: str) -> None:
    await admitted(talk)
    said = await types(talk, DORA, line)
    assert "escribe solo: `acepto`" in said and acts(talk, "invite") == []
    await types(talk, DORA, "acepto")
    await talk.wait(timedelta(seconds=1))
    assert acts(talk, "invite") == [(DOOR, DORA)]


@pytest.mark.parametrize("line", ["no", "no acepto", "não aceito", "I don't accept"])
async def test_a_no_to_the_rules_is_heard_as_one(talk: Talk, line: str) -> None:
    await admitted(talk)
    said = await types(talk, DORA, line)
    assert "No anoté nada" in said and "`acepto`" in said
    assert "ayuda" not in said


async def test_who_owes_nothing_and_strangers_hear_what_they_always_did(talk: Talk) -> None:
    nothing = "Aquí no espero un sí ni un no"
    assert nothing in await types(talk, "bea", "sí")
    await rules(talk)
    await types(talk, "bea", "acepto")
    assert nothing in await types(talk, "bea", "sí")
    assert nothing in await types(talk, "gabi", "sí")


async def test_a_yes_without_a_number_is_asked_about_the_newcomer(talk: Talk) -> None:
    await types(talk, "bea", "acompañar sí")
    await a_door(talk)
    await talk.moves("dora", Membership.JOIN)
    for _n in range(3):
        await talk.wait(timedelta(minutes=10))
    told = "\n".join(p.plain for p in await talk.said())
    assert "tu turno de acompañar" in told
    said = await types(talk, "bea", "sí")
    assert "¿Es por Dora?" in said and "`puedo " in said


async def test_who_stops_at_the_door_hears_the_way_back(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    said = await types(talk, DORA, "cancelar")
    assert "Paré" in said and "30 días" in said and "`solicitudes`" in said
    assert "1 de 1" in await types(talk, DORA, "solicitudes")
    await types(talk, "bea", "perfil paso a paso")
    assert "30 días" not in await types(talk, "bea", "cancelar")


async def test_rejeitar_turns_down_too(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "pela rádio")
    assert "Solicitud 1" in await talk.answer("carla", "!rejeitar 1 não conhecemos", room=MODS)


async def test_rules_with_words_behind_them_are_not_passed_over(talk: Talk) -> None:
    await rules(talk)
    said = await talk.answer("ana", "!reglas pt: Nós nos escutamos.")
    assert "No entendí “pt: Nós" in said and "`!reglas cambiar`" in said
    assert "Nos escuchamos." in await talk.answer("ana", "!reglas")


@pytest.mark.parametrize("line", ["código abcd-efgh", "VS4E-27O8", "codigo: VS4E-27", "vs4e-2748k"])
async def test_what_looks_like_a_code_and_is_none_is_told_so(talk: Talk, line: str) -> None:
    for _n in range(6):  # not a try that counts
        said = await types(talk, "eva", line)
        assert "Ningún código se escribe así" in said and "área" not in said
    assert "no abre nada" in await types(talk, "eva", "código VS4E–2748")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    "line",
    [
        "codigo prensa hasta el viernes 3 veces",
        "código prensa 3 personas hasta el viernes",
        "código prensa até sexta, para 3 pessoas",
    ],
)
async def test_a_code_is_made_as_people_say_it(talk: Talk, line: str) -> None:
    await talk.answer("ana", "!área agregar prensa")
    said = await types(talk, "ana", line)
    friday = day_in_words(2, now=talk.clock.at)
    assert f"Personas que lo pueden usar: 3, hasta el {friday}" in said
