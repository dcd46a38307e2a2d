"""How lines are taken: questions, commands between them, talk, once and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Trust


async def test_a_new_command_drops_the_question_and_is_not_its_answer(talk: Talk) -> None:
    await talk.tells("bea", "encuesta")
    await talk.hears("Falta")
    await talk.tells("bea", "recordar mañana 17h; pan")
    await talk.hears("Recordatorio")
    await talk.tells("bea", "Norte, Sur")
    await talk.hears("No entendí")


async def test_coming_to_something_is_not_the_choice_of_that_number(talk: Talk) -> None:
    await talk.says("bea", "!evento Taller en 57 horas")
    await talk.sent()
    for line in ("voy 1", "no voy 1"):
        await talk.says("bea", "!recordar mañana a las 5; llevar la lona")
        await talk.hears("1)")
        assert "Anotado" in await talk.answer("bea", line)
    await talk.says("bea", "!recordar mañana a las 5; llevar la lona")
    await talk.hears("1)")
    assert "Recordatorio" in await talk.answer("bea", "la 1")


async def test_a_call_for_help_is_never_an_answer(talk: Talk) -> None:
    await talk.tells("bea", "cancelar 5 o 6, no sé")
    await talk.sent()
    await talk.tells("bea", "encuesta")
    await talk.hears("Falta")
    await talk.tells("bea", "¡Tengo miedo!")
    await talk.hears("escribe `pánico`")
    await talk.tells("bea", "encuesta")
    await talk.hears("todavía no avisé a nadie. ¿Aviso?")
    await talk.tells("bea", "¡Auxilio!")
    await talk.hears("Estoy avisando ahora", "está en peligro y pide ayuda")


async def test_cancel_alone_stops_what_is_asked_or_says_that_nothing_is(talk: Talk) -> None:
    await talk.tells("bea", "encuesta")
    await talk.hears("Falta")
    await talk.tells("bea", "cancelar")
    await talk.hears("Paré")
    await talk.tells("bea", "cancelar")
    await talk.hears("No hay nada que parar")


async def test_the_same_event_is_answered_once(talk: Talk) -> None:
    await talk.says("ana", "!ayuda", event="$same")
    await talk.says("ana", "!ayuda", event="$same")
    await talk.hears("`!ayuda todo`")


async def test_an_answer_survives_a_homeserver_that_is_away_and_a_restart(talk: Talk) -> None:
    await talk.says("ana", "!ayuda")
    await talk.restart()
    await talk.hears("`!ayuda todo`")


async def test_a_lost_echo_or_response_settles_a_letter_once(talk: Talk) -> None:
    await talk.says("ana", "!ayuda")
    (post,) = await talk.hears("`!ayuda todo`")
    await talk.echo(post)
    await talk.hears_nothing()


async def test_keyboards_and_habits_do_not_matter(talk: Talk) -> None:
    for line in ("! ayuda", "!AYUDA", "！ayuda", "!Ajuda", "!help", "¡ayuda"):
        await talk.says("ana", line)
        await talk.hears("`!ayuda todo`")


async def test_talk_stays_unanswered(talk: Talk) -> None:
    for line in ("¡Ayuda, me robaron!", "buenos días", "57", "sí", "voy a casa", "!!!", "! "):
        await talk.says("ana", line)
    await talk.hears_nothing()


async def test_a_late_answer_is_told_that_the_question_lapsed(talk: Talk) -> None:
    await talk.says("ana", "!recordar mañana a las 5; llevar la lona")
    await talk.hears("1)")
    await talk.wait(timedelta(minutes=11))
    await talk.says("ana", "1")
    await talk.hears("venció")


async def test_questions_wait_through_a_restart(talk: Talk) -> None:
    await talk.says("ana", "!recordar mañana a las 5; llevar la lona")
    await talk.hears("1)")
    await talk.restart()
    await talk.says("bea", "1")
    await talk.hears_nothing()
    await talk.says("ana", "1")
    await talk.hears("17:00")


@pytest.mark.parametrize(
    "line",
    [
        *("no puedo ir", "ya pasó", "falsa alarma", "estoy en camino"),
        *("sem querer", "estou indo", "não consigo ir", "on my way", "i can't come", "it's over"),
    ],
)
async def test_what_answers_the_bot_in_private_only_is_talk_in_a_room(
    talk: Talk, line: str
) -> None:
    """Not even a ✗ stands below it, which who has no signed device would get for a command."""
    await talk.says("bea", line, trust=Trust.UNSIGNED)
    assert await talk.sent() == []
