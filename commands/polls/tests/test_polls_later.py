"""A time behind `!close 1`, and a day where the words of a question are expected."""

from __future__ import annotations

import re

import pytest

from bot.testing.talk import Talk
from commands.polls.tests.test_polls import opened

pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")

EXTENDING = re.compile(r"`(!(?:extender|prorrogar|extend) \d+ [^`]+)`")


@pytest.mark.parametrize(
    "line",
    [
        "!cerrar {n} 7pm",
        "!cerrar {n} viernes",
        "!cerrar {n} mañana",
        "!cerrar la {n} mañana a las 7",
        "!cierra la encuesta {n} el viernes",
        "!cerrar {n} a las 19h",
        "!cerrar {n} hasta mañana porfa",
        "!cerrar {n} en 2 horas",
        "!cerrar {n} 2 horas",
        "!fechar {n} 19h",
        "!fecha a {n} amanhã às 19h",
        "!encerrar {n} amanhã",
        "!encerrar {n} até sexta",
        "!close {n} tomorrow",
        "!close poll {n} at 7pm",
        "!close {n} on friday",
        "!cerrar mañana 7pm",
        "!cerrar la encuesta el viernes",
        "!cerrar la encuesta a la 1",
        "!cerrar la encuesta mañana a las 7 pm",
        "!cerrar mañana la {n}",
        "minga, fecha a enquete às 1",
        "minga, close the poll at 1",
        "!cerrar el 1 de enero",
    ],
)
async def test_a_time_closes_nothing_and_is_its_end_after_a_yes(talk: Talk, line: str) -> None:
    _opening, _native, number = await opened(talk, "!encuesta ¿Té? Sí, No")
    told = await talk.answer("ana", line.format(n=number))
    assert "No cerré nada" in told
    assert f"`!cerrar {number}`" in told
    hinted = EXTENDING.findall(told)
    assert bool(hinted) != ("¿Que cierre entonces: " in told)
    answer = await talk.answer("ana", hinted[0] if hinted else "sí")
    if "1)" in answer:  # 7 in the morning or in the evening
        answer = await talk.answer("ana", "1")
    assert "más tiempo" in answer
    await talk.says("ana", f"!cerrar {number}")
    await talk.hears("Cerrada: ", "nadie votó")


@pytest.mark.parametrize(
    "line",
    ["!cerrar {n} más tarde", "!fechar {n} quando todas votarem", "!close {n} when all have voted"],
)
async def test_a_later_time_that_is_no_date_closes_nothing(talk: Talk, line: str) -> None:
    _opening, _native, number = await opened(talk, "!encuesta ¿Té? Sí, No")
    assert "No cerré nada" in await talk.answer("ana", line.format(n=number))
    assert f"`!extender {number} hasta" in await talk.answer("ana", line.format(n=number))


@pytest.mark.parametrize("line", ["!cerrar {n} si todas votaron", "!close {n} and tell everybody"])
async def test_words_that_may_be_a_condition_close_nothing(talk: Talk, line: str) -> None:
    _opening, _native, number = await opened(talk, "!encuesta ¿Té? Sí, No")
    told = await talk.answer("ana", line.format(n=number))
    assert "No cerré nada: no entendí “" in told
    assert f"`!cerrar {number}`" in told and "Queda abierta" in await talk.answer(
        "bea", "!resultados"
    )


async def test_an_earlier_end_is_not_offered(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, "!encuesta ¿Té? Sí, No hasta viernes 18h")
    told = await talk.answer("ana", f"!cerrar {number} mañana")
    assert "No cerré nada" in told and "un cierre más temprano" in told
    assert not EXTENDING.search(told)
    assert "¿Que cierre entonces: sábado?" in await talk.answer("ana", f"!cerrar {number} sábado")
    assert "Lo dejé como estaba." in await talk.answer("ana", "no")
    assert "No puedes cerrar" in await talk.answer("carla", f"!cerrar {number} sábado")


@pytest.mark.parametrize(
    "line",
    [
        "!cerrar {n} ya",
        "!cierra la {n} ahora mismo",
        "!cerrar {n} ya!!",
        "!cerrar {n} por favor, gracias",
        "!cerrar la encuesta ya",
        "!fecha a {n} agora",
        "!close {n} right now please",
        "!close {n} now",
        "!cerrar Cena del viernes",
    ],
)
async def test_now_closes_at_once(talk: Talk, line: str) -> None:
    _opening, _native, number = await opened(talk, "!encuesta Cena del viernes | Sí | No")
    await talk.says("ana", line.format(n=number))
    await talk.hears("Cerrada: ", "nadie votó")


@pytest.mark.parametrize(
    "words",
    ["hasta mañana 7pm", "hasta: mañana", "mañana 7pm", "até amanhã 19h", "until tomorrow 7pm"],
)
async def test_a_day_alone_is_no_question(talk: Talk, words: str) -> None:
    _opening, _native, number = await opened(talk)
    assert "Eso es un plazo" in await talk.answer("ana", f"!cambiar {number} {words}")


@pytest.mark.parametrize("words", ['"Hasta mañana"', "¿El viernes?", "¿Seguimos hasta mañana?"])
async def test_a_question_may_name_a_day(talk: Talk, words: str) -> None:
    _opening, _native, number = await opened(talk)
    assert "cambió el texto" in await talk.answer("ana", f"!cambiar {number} {words}")
