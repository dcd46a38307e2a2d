"""Whoever is asked takes back in words of their own what they wanted, and agrees in such."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

KITCHEN = RoomId("!cocina:test")
STOPPED = "Paré. No cambié nada."
KEPT = "Lo dejé como estaba."


@pytest.fixture
async def asked(talk: Talk) -> Talk:
    """Ana is asked in the room whether to cancel the assembly."""
    await talk.says("ana", "!evento Asamblea en 50 horas")
    await talk.sent()
    await talk.says("ana", "minga, cancela la asamblea")
    await talk.hears("¿Sigo?")
    return talk


async def is_on(talk: Talk) -> bool:
    return "Asamblea" in await talk.answer("bea", "!eventos")


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        *(("no wait dont", STOPPED), ("no espera", STOPPED), ("espérate", STOPPED)),
        *(("não, espera", STOPPED), ("peraí", STOPPED), ("no la canceles", STOPPED)),
        *(("no, dejalo así", STOPPED), ("no ese no, el otro", STOPPED), ("ainda não", STOPPED)),
        *(("no no", KEPT), ("no, mejor no", KEPT), ("melhor não", KEPT), ("nooo", KEPT)),
    ],
)
async def test_a_no_in_ones_own_words_ends_the_question(asked: Talk, line: str, heard: str) -> None:
    await asked.says("ana", line)
    assert (await asked.said())[-1].plain == heard
    await asked.says("bea", "ana, ¿traes el pan?")
    await asked.says("ana", "sí")
    await asked.hears_nothing()
    assert await is_on(asked)


@pytest.mark.parametrize(
    "line",
    [
        *("no puedo ir hoy", "espera carla ya llega", "no hay luz acá", "wait for me", "no sé"),
        *("no, ella vive en la otra cuadra", "no te preocupes", "si dale el jueves", "ok gracias"),
    ],
)
async def test_talk_with_others_ends_and_answers_nothing(asked: Talk, line: str) -> None:
    await asked.says("ana", line)
    await asked.hears_nothing()
    await asked.says("ana", "sí")
    await asked.hears("Ana canceló", "Se canceló")


async def test_only_who_is_asked_takes_it_back_and_not_in_a_reply_to_others(asked: Talk) -> None:
    said = await asked.says("bea", "¿compro pan?")
    await asked.says("bea", "no espera")
    await asked.says("ana", "no espera", reply=said)
    await asked.hears_nothing()
    await asked.says("ana", "sí")
    await asked.hears("Ana canceló", "Se canceló")


async def test_in_a_reply_to_the_question_all_that_begins_with_no_takes_it_back(
    talk: Talk,
) -> None:
    await talk.says("ana", "!evento Asamblea en 50 horas")
    await talk.sent()
    await talk.says("ana", "!cancelar 1")
    (question,) = await talk.hears("¿Sigo?")
    await talk.says("ana", "no, lo que quiero es moverla al jueves", reply=question)
    await talk.hears(STOPPED)
    assert await is_on(talk)


@pytest.mark.parametrize(
    "line",
    ["si dale", "si cancelala", "yep go ahead", "sim pode", "sí, cancélala", "yes, cancel it"],
)
async def test_a_yes_goes_on(asked: Talk, line: str) -> None:
    await asked.says("ana", line)
    await asked.hears("Ana canceló", "Se canceló")


@pytest.mark.parametrize("line", ["si publicala", "si quieren", "sim, eu levo o bolo"])
async def test_a_yes_to_something_else_is_none(asked: Talk, line: str) -> None:
    await asked.says("ana", line)
    await asked.hears_nothing()
    assert await is_on(asked)


@pytest.mark.parametrize("line", ["si dale", "sim pode", "yep go ahead", "yes do it"])
async def test_what_cannot_be_undone_takes_a_word_in_full(talk: Talk, line: str) -> None:
    await talk.says("bea", "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h")
    await talk.sent()
    await talk.tells("bea", "borrarme")
    await talk.said()
    await talk.tells("bea", line)
    assert not any("Hecho" in post.plain for post in await talk.said())
    await talk.tells("bea", "no, espera")
    assert (await talk.said())[-1].plain == STOPPED


async def test_a_choice_is_taken_back_too(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.tells("ana", "avisar no hay agua")
    assert "¿Para qué sala?" in (await talk.said())[-1].plain
    await talk.tells("ana", "no, espera")
    assert (await talk.said())[-1].plain == STOPPED
    await talk.tells("ana", "2")
    assert all(post.room not in (ROOM, KITCHEN) for post in await talk.said())


async def test_it_is_no_text_to_say_to_all(talk: Talk) -> None:
    await talk.tells("ana", "avisar")
    assert "Falta el texto" in (await talk.said())[-1].plain
    await talk.tells("ana", "no, mejor no")
    assert (await talk.said())[-1].plain == STOPPED


@pytest.mark.parametrize("line", ["no, me están siguiendo", "no, ayuda me pega", "no, socorro"])
async def test_a_cry_that_begins_with_no_is_heard(talk: Talk, line: str) -> None:
    await talk.tells("bea", "!evento Asamblea en 50 horas")
    await talk.tells("bea", "borrarme")
    await talk.said()
    await talk.tells("bea", line)
    said = "\n".join(post.plain for post in await talk.said())
    assert STOPPED not in said and ("aviso" in said.lower() or "ayuda" in said.lower()), said
