"""One more question to who knocks: who reads it, where the answer goes, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.doors import follow_up
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
from commands.doors.tests.test_vouches import vouched_door


async def a_request(talk: Talk) -> None:
    """Dora has answered what the door asks."""
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "por la radio")


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("preguntar 1 ¿De dónde conoces a Bea?", "¿De dónde conoces a Bea?"),
        ("!preguntar 1: de que ciudad eres", "de que ciudad eres"),
        ("preguntale 1 quien te invito", "quien te invito"),
        ("preguntar la 1 por qué ahora?", "por qué ahora?"),
        ("perguntar 1 de onde você é?", "de onde você é?"),
        ("pergunte #1, quem te convidou", "quem te convidou"),
        ("perguntar para 1 você mora perto?", "você mora perto?"),
        ("ask 1 where do you live?", "where do you live?"),
        ("ask back 1 who sent you", "who sent you"),
        ("Ask #1: are you a journalist", "are you a journalist"),
    ],
)
async def test_the_question_reaches_who_knocked_as_it_was_typed(
    talk: Talk, line: str, asked: str
) -> None:
    await a_request(talk)
    said = await types(talk, "carla", line)
    assert f"Quien decide quiere saber algo más:\n2 de 2: {asked}" in said
    assert "sin tu nombre" in said


async def test_the_answer_joins_the_request_through_restarts(talk: Talk) -> None:
    await a_request(talk)
    await talk.says("carla", "!preguntar 1 ¿De dónde conoces a Bea?", room=MODS)
    await talk.restart()
    await talk.wait(timedelta(minutes=1))
    posts = await talk.said()
    (asked,) = [p for p in posts if "¿De dónde conoces a Bea?" in p.plain]
    assert "Carla" not in asked.plain, "who asks is not named"
    assert "en la pregunta 2 de 2" in await talk.answer("ana", "!solicitudes", room=MODS)
    await talk.restart()
    said = await types(talk, DORA, "palabra-secreta")
    assert "Gracias, eso era todo" in said and "ya respondió" in said
    assert "palabra-secreta" not in said and await clear(talk, "palabra-secreta") == []
    read = await types(talk, "carla", "solicitudes 1")
    assert "“por la radio”" in read and "¿De dónde conoces a Bea? “palabra-secreta”" in read
    assert "una pregunta más en la solicitud 1" in await talk.answer("bea", "!historial", room=DOOR)
    await talk.answer("ana", "!admitir 1", room=DOOR)
    assert acts(talk, "invite") == [(DOOR, DORA)]


async def test_the_message_about_the_answer_can_be_replied_to(talk: Talk) -> None:
    await a_request(talk)
    await types(talk, "carla", "preguntar 1 ¿Quién te habló de la red?")
    await talk.tells(DORA, "Bea")
    (told,) = [p for p in await talk.said() if "ya respondió" in p.plain]
    assert told.room == MODS
    await talk.says("carla", "!preguntar ¿Y desde cuándo?", room=MODS, reply=told)
    await talk.wait(timedelta(0))
    await talk.hears("sin tu nombre", "3 de 3: ¿Y desde cuándo?")


async def test_typed_where_others_read_it_is_taken_away(talk: Talk) -> None:
    await a_request(talk)
    typed = await talk.says("ana", "!preguntar 1 ¿Por qué te fuiste de la otra red?", room=DOOR)
    posts = await talk.sent()
    assert typed in [p.content["redacts"] for p in posts if p.kind == "redact"]
    assert not [p for p in posts if p.room == DOOR and "otra red" in p.plain]


async def test_before_all_is_answered_it_comes_last(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    assert "después de las preguntas que faltan" in await types(
        talk, "ana", "preguntar 1 ¿Vives cerca?"
    )
    assert "2 de 2: ¿Vives cerca?" in await types(talk, DORA, "por la radio")


async def test_who_does_not_answer_is_reminded_and_waits_no_longer_than_before(talk: Talk) -> None:
    await a_request(talk)
    await talk.wait(timedelta(days=1))
    await types(talk, "ana", "preguntar 1 ¿Vives cerca?")
    await talk.wait(timedelta(hours=47, minutes=59))
    await talk.hears_nothing()
    await talk.wait(timedelta(minutes=1))
    await talk.hears("espera en la pregunta 2 de 2")
    await talk.wait(timedelta(days=26))
    await talk.said()
    assert acts(talk, "kick") == [], "30 days since the knock are not over yet"
    await talk.wait(timedelta(days=1))
    await talk.said()
    assert acts(talk, "kick") == [(DOOR, DORA)]


async def test_vouches_decide_only_once_it_is_answered(talk: Talk) -> None:
    await vouched_door(talk, 1, "vouches")
    await knocks(talk)
    await types(talk, DORA, "por la radio")
    await types(talk, "ana", "preguntar 1 ¿Vives cerca?")
    await types(talk, "bea", "avalar 1")
    assert acts(talk, "invite") == []
    await types(talk, DORA, "sí, a dos cuadras")
    assert acts(talk, "invite") == [(DOOR, DORA)]


async def test_who_may_not_decide_asks_nothing(talk: Talk) -> None:
    await a_request(talk)
    for who in ("bea", DORA):
        assert "No existe" in await types(talk, who, "preguntar 1 ¿Vives cerca?")
    assert "No existe" in await types(talk, "ana", "preguntar 99 ¿Vives cerca?")
    await talk.answer("ana", "!admitir 1", room=DOOR)
    assert "ya se decidió" in await types(talk, "ana", "preguntar 1 ¿Vives cerca?")


async def test_a_room_that_decides_reads_no_answers_so_nothing_is_asked_for_it(talk: Talk) -> None:
    await vouched_door(talk, 0, "room")
    await knocks(talk)
    await types(talk, DORA, "por la radio")
    said = await types(talk, "ana", "preguntar 1 ¿Vives cerca?")
    assert "decide" in said and "¿Vives cerca?" not in said


async def test_what_is_missing_or_too_much_is_said(talk: Talk) -> None:
    await a_request(talk)
    assert "!preguntar 57" in await talk.answer("carla", "!preguntar 1", room=MODS)
    assert "300 letras" in await types(talk, "ana", "preguntar 1 " + "x" * 301)
    for n in range(follow_up.MOST - 1):
        await types(talk, "ana", f"preguntar 1 ¿Pregunta {n}?")
        await types(talk, DORA, "sí")
    assert "ya tiene 15 preguntas" in await types(talk, "ana", "preguntar 1 ¿Otra más?")
