"""Questionnaires, as conversations: made, answered, stopped, resumed, closed, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Membership
from commands.questionnaires import store
from commands.questionnaires.tests.answering import (
    DAY,
    MESSAGE,
    ONE,
    SHORT,
    answers,
    crowd,
    heard,
    opened,
    types,
)

# --- made ---------------------------------------------------------------------------------------


async def test_a_moderator_writes_it_in_one_message_and_sees_it_before_it_opens(talk: Talk) -> None:
    shown = await talk.answer("ana", MESSAGE)
    for line in (
        "“Evaluación”, así lo entendí:",
        "1. ¿Cómo estuvo el taller? (de 1 a 5)",
        "2. ¿Vuelves? (sí o no)",
        "3. ¿Algo más? (en palabras)",
        "solo yo veo",
        "Pregunta aquí a 3 personas",
        "¿Sigo?",
    ):
        assert line in shown
    told = await talk.answer("ana", "sí")
    assert "Cuestionario 1: “Evaluación”, 3 preguntas." in told
    assert "`!cuestionario 1`. Cierra el" in told
    assert "respondieron 0 personas" in await talk.answer("bea", "!cuestionario")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        (
            "es",
            "!cuestionario Evaluación del mes hasta viernes\n¿Vuelves? (si o no)\n¿Algo más?",
            "“Evaluación del mes”",
        ),
        ("es", "!formulario Evaluación 1. ¿Vuelves? (sí/no) 2. ¿Cuántas? (número)", "un número"),
        ("es", '!cuestionario "Censo" con nombre\n1. ¿Dónde vives?', "Con nombre: la moderación"),
        ("es", "!cuestionario Censo anónimo hasta mañana 18h\n- ¿Dónde vives?", "Sin nombre"),
        (
            "pt",
            "!questionario Avaliação até sexta\n1) Como foi? (1 a 5)\n2) Volta? (sim ou não)",
            "“Avaliação”, entendi assim",
        ),
        (
            "pt",
            "!questionário Avaliação\nQue temas? (várias: água, terra, rádio)",
            "várias de: água · terra · rádio",
        ),
        ("pt", "!formulário Oficina com nome\n- Quantas pessoas? (número)", "Com nome"),
        ("en", "!questionnaire Review until friday\n1. How was it? (1 to 5)", "from 1 to 5"),
        ("en", "!form Review\nWhich day? (one of: monday, friday)", "one of: monday · friday"),
        ("en", "!questionnaire Review anonymous\n1. Anything else? (text)", "in words"),
    ],
)
async def test_it_is_read_as_a_hurried_person_types_it(
    talk: Talk, language: str, line: str, told: str
) -> None:
    await talk.set("language", language)
    assert told in await talk.answer("ana", line)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("!cuestionario Evaluación", "Faltan las preguntas"),
        ('!cuestionario ""\n1. ¿Vuelves?', "Falta el título"),
        ("!cuestionario Evaluación\n1. ¿?", "La pregunta 1 no tiene palabras"),
        ("!cuestionario Evaluación con nombre sin nombre\n1. ¿Vuelves?", "¿Con nombre o sin"),
        ("!cuestionario Evaluación en: marte\n1. ¿Vuelves?", "No conozco ninguna área"),
        ("!cuestionario Evaluación hasta ayer\n1. ¿Vuelves?", "pas"),
        ("!cuestionario 57", "no existe el cuestionario 57"),
        ("!cuestionario 57 cerrar", "no existe el cuestionario 57"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_opens(talk: Talk, line: str, told: str) -> None:
    assert told in await talk.answer("ana", line)
    assert "No hay ningún cuestionario" in await talk.answer("ana", "!cuestionario")


@pytest.mark.parametrize("line", ["!cerrar la puerta", "!fechar a porta", "!close the door"])
async def test_talk_in_a_reply_to_it_closes_nothing(talk: Talk, line: str) -> None:
    for said in (SHORT, "sí"):
        await talk.says("ana", said)
        await talk.wait(timedelta(0))
    post = next(one for one in await talk.said() if one.plain.startswith("Cuestionario 1: "))
    await talk.says("ana", line, reply=post)
    assert "No cerré nada: no entendí “" in (await talk.said())[-1].plain
    await talk.says("ana", "!cerrar esto ya", reply=post)
    assert "No cerré nada" not in (await talk.said())[-1].plain


async def test_only_moderators_make_and_close_it(talk: Talk) -> None:
    assert "moderación" in await talk.answer("bea", SHORT)
    await opened(talk)
    assert "1 “Evaluación”: respondieron" in await talk.answer("bea", "!pendientes")
    assert "No puedes cerrar el cuestionario 1" in await talk.answer("bea", "!cerrar 1")
    assert "No puedes cancelar" in await talk.answer("bea", "!cancelar 1")
    assert "No cerré nada" in await talk.answer("ana", "!cerrar 1 mañana 7pm")
    assert "1 “Evaluación”: respondieron" in await talk.answer("bea", "!pendientes")


# --- answered -----------------------------------------------------------------------------------


async def test_questions_come_one_at_a_time_in_private(talk: Talk) -> None:
    await opened(talk, MESSAGE)
    assert "Te pregunto en privado" in await talk.answer("bea", "!cuestionario 1")
    first = await heard(talk, "bea")
    assert "1 de 3: ¿Cómo estuvo el taller?" in first and "Nadie lee quién" in first
    assert "de 1 a 5, por favor" in await types(talk, "bea", "9")
    assert "2 de 3: ¿Vuelves?" in await types(talk, "bea", "4")
    back = await types(talk, "bea", "atrás")
    assert "1 de 3" in back and "Tu respuesta hasta ahora: 4" in back
    assert "2 de 3" in await types(talk, "bea", "saltar")
    assert "3 de 3: ¿Algo más?" in await types(talk, "bea", "saltar")
    assert "eso era todo" in await types(talk, "bea", "hola, todo bien")
    mine = await types(talk, "bea", "cuestionario 1")
    assert "1. ¿Cómo estuvo el taller? 4\n2. ¿Vuelves? sin respuesta\n3. ¿Algo más? hola" in mine
    assert "respondieron 1 de 3" in await talk.answer("ana", "!resultados 1")


async def test_one_goes_on_days_later_where_one_stopped_through_a_restart(talk: Talk) -> None:
    await opened(talk, MESSAGE)
    await types(talk, "bea", "cuestionario 1")
    await types(talk, "bea", "4")
    assert "Para seguir" in await types(talk, "bea", "cancelar")
    await talk.restart(5 * DAY)
    assert "2 de 3" in await types(talk, "bea", "cuestionario 1")
    await talk.restart(3 * DAY)
    assert "3 de 3" in await types(talk, "bea", "sí")


async def test_after_weeks_the_question_lapses_and_the_answers_stay(talk: Talk) -> None:
    await opened(talk, MESSAGE)
    await types(talk, "bea", "cuestionario 1")
    await types(talk, "bea", "4")
    await talk.wait(9 * DAY)
    await types(talk, "bea", "sí")
    assert "2 de 3" in await types(talk, "bea", "cuestionario 1")


async def test_words_of_danger_go_first(talk: Talk) -> None:
    await opened(talk)
    await types(talk, "bea", "cuestionario 1")
    await types(talk, "bea", "sí")
    told = await types(talk, "bea", "me quieren matar")
    assert "eso era todo" not in told and told
    async with talk.machine.db.reading() as tx:
        assert await store.count_finished(tx, ONE) == 0


async def test_an_answer_can_be_changed_and_withdrawn_until_the_close(talk: Talk) -> None:
    await opened(talk)
    await answers(talk, "bea", "sí", "nada")
    assert "hasta ahora: sí" in await types(talk, "bea", "cuestionario 1 1")
    assert "Anotado" in await types(talk, "bea", "no")
    assert "1. ¿Vuelves? no" in await types(talk, "bea", "cuestionario 1")
    assert "No hay pregunta 7" in await types(talk, "bea", "cuestionario 1 7")
    assert "Borré tus respuestas" in await types(talk, "bea", "cuestionario 1 retirar")
    assert "respondieron 0 de 3" in await talk.answer("ana", "!resultados 1")


async def test_its_questions_cannot_be_changed_while_people_answer(talk: Talk) -> None:
    await opened(talk)
    assert "no se pueden cambiar" in await talk.answer("ana", "!cambiar 1 otra cosa")


async def test_who_leaves_or_is_removed_answers_no_more(talk: Talk) -> None:
    await opened(talk)
    await types(talk, "bea", "cuestionario 1")
    await talk.moves("bea", Membership.LEAVE, by="ana")
    told = await types(talk, "bea", "sí")
    assert "no estás en ninguna" in told and "Borré tus respuestas" in told
    assert "no existe el cuestionario" in await types(talk, "bea", "cuestionario 1")


async def test_who_was_asked_and_left_stays_counted_once_finished(talk: Talk) -> None:
    await crowd(talk, 5)
    await opened(talk)
    for n in range(5):
        await answers(talk, f"p{n}", "sí", "saltar")
    await talk.moves("p0", Membership.LEAVE)
    assert "Respondieron 5 de 8" in await talk.answer("ana", "!cerrar 1")


async def test_a_stranger_learns_nothing_of_it(talk: Talk) -> None:
    await opened(talk)
    assert "no existe el cuestionario 1" in await types(talk, "zoe", "cuestionario 1")
