"""Which short lines choose one of the numbers that were offered, and which mean something else."""

from __future__ import annotations

import pytest

from bot.conversation.questions.answers import fitting_answer
from bot.testing.talk import ROOM, Talk
from commands.embargo.tests.test_embargo import private

CHOICE = {"kind": "choice", "most": 2}


@pytest.mark.parametrize(
    "line",
    [
        "2",
        "2)",
        "(2)",
        "#2",
        "la 2",
        "La 2.",
        "el número 2",
        "n.º 2",
        "nº2",
        "opción 2",
        "la opción 2",
        "sería la 2",
        "quiero la 2",
        "es la 2",
        "a 2",
        "opção 2",
        "é a opção 2",
        "seria a 2",
        "quero o número 2",
        "option 2",
        "the number 2",
        "it's 2",
        "!2",
    ],
)
def test_words_of_choosing_may_stand_before_the_number(line: str) -> None:
    assert fitting_answer(CHOICE, line, reply=False, private=True) == "2"


@pytest.mark.parametrize(
    "line",
    [
        "cancelar 2",
        "!cancelar 2",
        "publicar 2",
        "publicar ya 2",
        "publicar já 2",
        "publish now 2",
        "borrar 2",
        "apagar 2",
        "cerrar la 2",
        "no 2",
        "ni la 2",
        "not 2",
        "a las 2",
        "12",
        "0",
    ],
)
def test_another_word_before_it_chooses_nothing(line: str) -> None:
    assert fitting_answer(CHOICE, line, reply=False, private=True) is None


@pytest.mark.begins("wednesday 10:00", "it names hours of the day")
@pytest.mark.parametrize("line", ["cancelar 1", "publicar 1 mañana 6am", "!cancelar 1"])
async def test_a_whole_command_is_done_and_answers_no_open_question(talk: Talk, line: str) -> None:
    await private(talk, "ana", "avisar La denuncia publicar: en 3 horas")
    assert "¿Un aviso o un recordatorio?" in await private(talk, "ana", "avisar Reunión el lunes")
    said = await private(talk, "ana", line)
    assert "embargo 1" in said.lower() and "Reunión" not in said, said
    assert all("Reunión" not in p.plain for p in talk.gateway.posted.values() if p.room == ROOM)


@pytest.mark.parametrize(
    "line", ["bueno", "ok gracias", "sure, thanks", "por supuesto", "com certeza", "dale, gracias"]
)
async def test_a_courtesy_to_other_people_in_the_room_agrees_to_nothing(
    talk: Talk, line: str
) -> None:
    await talk.says("ana", "!evento Asamblea mañana 19:00")
    await talk.sent()
    await talk.says("ana", "!cancelar 1")
    (asked,) = await talk.hears("¿")
    await talk.says("bea", "¿le aviso a carla que llegue más temprano?")
    await talk.says("ana", line)
    await talk.hears_nothing()
    if line != "bueno":
        await talk.says("ana", line, reply=asked)
        await talk.hears("Ana canceló", "Se canceló")
