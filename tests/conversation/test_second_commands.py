"""Two commands in one message are refused; a text that only shows commands is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api import Answer, Behind, Context, Feature, Topic, verbatim, words
from bot.capability.registry import Registry
from bot.conversation.second_commands import read_single
from bot.testing.talk import ROOM, Talk

REFUSED = "dos comandos en un mensaje"


@pytest.fixture
async def busy(talk: Talk) -> Talk:
    """Polls 1 and 2 and events 3 and 4."""
    await talk.set("calendar files", "no")
    for line in (
        "!encuesta ¿Dónde? Norte, Sur",
        "!encuesta ¿Cuál? Norte, Sur",
        "!evento Taller en 5 días 18h",
        "!evento Fiesta en 6 días 18h",
    ):
        await talk.says("ana", line)
    await talk.sent()
    return talk


@pytest.mark.parametrize(
    "lines",
    [
        "!pendientes !cerrar 1",
        "!pendientes\n\n!cerrar 1",
        "!ayuda !votar 1 2",
        "!voy 3 !voy 4",
        "!voy 3\n!voy 4",
        "!cerrar 1\n!cerrar 2",
        "!close 1 !close 2",
        "!votar 1 2 !votar 2 1",
        "!evento Cine en 7 días 18h\n!evento Teatro en 8 días 18h",
        "!encuesta ¿Qué? A, B\n!voy 3",
        "!encuesta ¿Qué?\nA\nB\n!voy 3",
        "!recordar mañana 17h; comprar pan\n!evento Cine en 7 días 18h",
        "!propuesta Cerramos el lunes\n!propuesta Abrimos el martes",
        "!necesito harina\n!ofrezco pan",
        "!preciso de farinha\n!ofereço pão",
        "!reunion empezar\n!punto uno",
        "!idioma es\n!zona Lisboa",
    ],
)
async def test_neither_of_two_commands_is_run(busy: Talk, lines: str) -> None:
    assert REFUSED in await busy.answer("ana", lines)
    assert "Votaron 0 de 3" in await busy.answer("ana", "!resultados 1")
    assert "Encuesta 2" in await busy.answer("ana", "!pendientes")
    assert "No existe el número 5" in await busy.answer("ana", "!cancelar 5")


@pytest.mark.parametrize(
    "lines", ["votar 1 2\nvotar 2 1", "voy 3\nvoy 4", "cerrar 1\ncerrar 2", "vote 1 2\nvote 2 1"]
)
async def test_in_private_they_need_no_prefix_to_be_two(busy: Talk, lines: str) -> None:
    await busy.tells("ana", lines)
    await busy.hears(REFUSED)
    assert "Votaron 0 de 3" in await busy.answer("ana", "!resultados 1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!ayuda !encuesta", "`!encuesta`: preguntar algo a la sala"),
        ("!recordar !votar 1 2 mañana 17h", "“!votar 1 2”"),
        ("!recordar mañana 17h; Para votar:\n!votar 1 2\n!votar 2 1", "!votar 2 1"),
        ("!encuesta ¿Usamos !votar? Sí, No", "¿Usamos !votar?"),
        ("!encuesta !votar o !menu? A, B", "!votar o !menu?"),
        ("!encuesta ¿Qué escribimos?\n!votar\n!ayuda", "1 !votar\n2 !ayuda"),
        ("!guardar guía Así se vota\n!votar 1 2\n!resultados 1", "!resultados 1"),
        ("!votar 1 2 porque !ayuda no sirve", "Anotado: Sur"),
        ("!evento Cine en 7 días 18h\n¡Vamos!\nPara venir:\n!voy 5", "Evento 5: Cine"),
    ],
)
async def test_a_text_that_shows_commands_is_one_command(busy: Talk, line: str, said: str) -> None:
    heard = await busy.answer("ana", line)
    assert said in heard and REFUSED not in heard


@pytest.mark.parametrize("line", ["!mis-datos !borrarme", "!borrarme\n!eventos"])
async def test_of_two_of_which_one_is_for_private_the_line_is_taken_away(
    busy: Talk, line: str
) -> None:
    await busy.says("bea", line)
    posts = await busy.sent()
    assert [post.room for post in posts if post.kind == "redact"] == [ROOM]
    assert all(post.room != ROOM for post in posts if REFUSED in post.plain)


async def test_a_line_for_private_that_is_too_long_is_taken_away(talk: Talk) -> None:
    await talk.says("bea", "!incidente " + "me gritó otra vez. " * 600)
    posts = await talk.sent()
    assert [post.room for post in posts if post.kind == "redact"] == [ROOM]
    (told,) = [post for post in posts if "demasiado largo" in post.plain]
    assert told.room != ROOM


async def test_a_call_in_danger_is_never_refused(busy: Talk) -> None:
    assert REFUSED not in await busy.answer("bea", "!pánico\n!ayuda")


@pytest.mark.parametrize(
    ("behind", "rest", "read"),
    [
        (Behind.SECOND, "!ring 1", None),
        (Behind.SECOND, "a bell\n!ring 1", None),
        (Behind.SECOND, "a bell:\n!ring 1", "a bell:\n!ring 1"),
        (Behind.BEGINNING, "!ring 1", "!ring 1"),
        (Behind.BEGINNING, "a bell\n!ring\n!ring", None),
        (Behind.OPTIONS, "a bell\n!ring\n!ring", "a bell\n!ring\n!ring"),
        (Behind.OPTIONS, "a bell\n!ring\n!ring 1", None),
        (Behind.TEXT, "!ring 1\n!ring 2", "!ring 1\n!ring 2"),
        (Behind.SUBJECT, "!ring", "ring"),
        (Behind.SUBJECT, "!ring 1", None),
        (Behind.RUN, "!ring 1", "!ring 1"),
    ],
)
def test_a_command_declares_what_others_behind_it_are(
    behind: Behind, rest: str, read: str | None
) -> None:
    topic = Topic("bells", words("campanas", "sinos", "bells"), verbatim("bells"))
    bells = Feature("bells", Path())
    line = verbatim("bells")
    about = bells.command(words("sonar", "tocar", "ring"), help=line, example=line, topic=topic)
    about(ring)
    telling = bells.command(
        words("contar", "contar", "tell"), help=line, example=line, topic=topic, behind=behind
    )
    telling(ring)
    command = bells.commands[1]
    assert read_single(Registry([bells]), command, rest, "!") == read


async def ring(_ctx: Context) -> Answer:
    """Do nothing: it is only looked up."""
    return None
