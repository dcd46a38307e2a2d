"""An announcement in one room has a number too: it is listed, published and taken back by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, find_number
from bot.types import Number
from storage import items

TEXT = "Mañana no hay agua"


async def announced(talk: Talk, text: str = TEXT) -> int:
    """Announce in the room, and return the number."""
    return find_number(await talk.answer("ana", f"!avisar {text}"))


async def test_it_is_said_and_logged(talk: Talk) -> None:
    assert await talk.answer("ana", f"!avisar {TEXT}") == f"Aviso 1: {TEXT}"
    assert "Ana: dio el aviso 1" in await talk.answer("bea", "!historial")
    assert "Para un recordatorio" in await talk.answer("bea", f"!avisar {TEXT}")
    assert "advertir @nombre" in await talk.answer("ana", "!avisar @bea:test cuidado")


async def test_it_is_said_as_it_was_typed(talk: Talk) -> None:
    said = await talk.answer("ana", "!avisar Reunión: lugar: casa (azul),\ntraer agua; y mate")
    assert "Reunión: lugar: casa (azul),\n" in said and "traer agua; y mate" in said


async def test_it_is_listed_for_thirty_days_and_fills_no_other_list(talk: Talk) -> None:
    number = await announced(talk)
    assert f"Aviso {number}: {TEXT}" in await talk.answer("bea", "!avisos")
    one = await talk.answer("bea", f"!avisos {number}")
    assert f"Aviso {number}: {TEXT}" in one and "Desde el" in one and "Falta leerlo" not in one
    assert TEXT not in await talk.answer("ana", "!pendientes")
    await talk.wait(timedelta(days=31))
    await talk.sent()
    assert "Ningún aviso de los últimos 30 días" in await talk.answer("bea", "!avisos")


async def test_it_is_taken_back_by_who_wrote_it(talk: Talk) -> None:
    number = await announced(talk)
    assert "No puedes" in await talk.answer("bea", f"!cancelar {number}")
    said = await talk.answer("ana", f"!cancelar {number}")
    assert f"El aviso {number} terminó" in said and "pregunto" not in said


async def test_replies_are_talk_unless_they_say_that_it_was_read(talk: Talk) -> None:
    number = await announced(talk)
    post = next(iter(reversed(talk.gateway.posted.values())))
    for line in (
        "ok",
        "gracias",
        "sí",
        "¿hasta cuándo?",
        "qué mal",
        "voy",
        "publicar ya el boletín",
    ):
        await talk.says("bea", line, reply=post)
        await talk.hears_nothing()
    await talk.says("bea", "leído", reply=post)
    (noted,) = await talk.said()
    assert noted.plain == f"Anotado: leíste {number}."
    assert "Lo leyó 1 persona" in await talk.answer("ana", f"!avisos {number}")


async def test_its_words_stay_and_its_author_goes_when_they_are_forgotten(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50, "bea": 50})
    number = find_number(await talk.answer("bea", f"!avisar {TEXT}"))
    await talk.tells("bea", "borrarme")
    await talk.tells("bea", "sí")
    await talk.wait(timedelta(minutes=2))
    async with talk.machine.db.reading() as tx:
        item = await items.get(tx, Number(number))
    assert item is not None and item.author == "" and item.title == TEXT


async def test_it_is_kept_as_long_as_the_network_chose(talk: Talk) -> None:
    number = await announced(talk)
    await talk.tells("ana", "configurar guardar-avisos 10 días")
    await talk.tells("ana", "sí")
    for _day in range(42):
        await talk.wait(timedelta(days=1))
    async with talk.machine.db.reading() as tx:
        assert await items.get(tx, Number(number)) is None
        assert not await tx.exists("SELECT 1 FROM announcements_announcement")


@pytest.mark.parametrize("comma", [",", ""])
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("avisa a todas que mañana no hay taller", "mañana no hay taller"),
        ("dile a todos que traigan agua", "traigan agua"),
        ("avisa a todo mundo que amanhã não tem oficina", "amanhã não tem oficina"),
        ("avisa todo mundo que mudou", "mudou"),
        ("tell everyone that tomorrow is off", "tomorrow is off"),
        ("let everyone know that it moved", "it moved"),
    ],
)
async def test_the_bot_is_asked_to_tell_all_without_a_comma_too(
    talk: Talk, line: str, said: str, comma: str
) -> None:
    assert await talk.answer("ana", f"minga{comma} {line}") == f"Aviso 1: {said}"


@pytest.mark.parametrize(
    "said",
    [
        "se cortó la luz",
        "no hay taller",
        "la reunión pasó al lunes",
        "el lunes nos vemos sin falta",
    ],
)
async def test_to_tell_them_how_things_are_is_an_announcement(talk: Talk, said: str) -> None:
    assert await talk.answer("ana", f"minga, avisales que {said}") == f"Aviso 1: {said}"


async def test_a_minga_that_tells_all_is_talk(talk: Talk) -> None:
    assert await talk.answer("ana", "la minga avisa a todas que mañana hay trabajo") == ""
    assert await talk.answer("ana", "minga avisa a todas las familias del barrio") == ""


@pytest.mark.parametrize(
    "line",
    [
        *("Minga, avisales a todas", "Minga, avisa a todo el mundo", "Minga, avisa a la gente"),
        *("Minga, dile a todos:", "Minga, avísales a todas ya, por favor", "!avisar a todas"),
        *("Minga, avisa a todas las salas", "!avisar en todas", "Minga, avisa a todas que"),
        *("Minga, avisa todo mundo", "Minga, avisa o pessoal", "minga, fala pra todo mundo"),
        *("!avisar em todas as salas", "minga, tell everyone", "minga tell everybody please"),
        *("minga, let everyone know that", "!announce to all", "minga tell all rooms"),
    ],
)
async def test_to_whom_it_is_told_is_no_text(talk: Talk, line: str) -> None:
    assert await talk.answer("ana", line) == (
        "Falta el texto. Ejemplo: `!avisar Mañana no hay agua en la casa`"
    )


async def test_the_text_is_asked_for_in_private(talk: Talk) -> None:
    await talk.tells("ana", "avísales a todas")
    assert "Falta el texto" in (await talk.said())[-1].plain
    await talk.tells("ana", TEXT)
    assert "¿Un aviso o un recordatorio?" in (await talk.said())[-1].plain
    await talk.tells("ana", "1")
    assert f"Aviso 1: {TEXT}" in [post.plain for post in await talk.said()]


@pytest.mark.parametrize("text", ["todo el mundo tiene que venir", "all doors are open", "a las 8"])
async def test_a_text_may_begin_with_everybody(talk: Talk, text: str) -> None:
    assert text in await talk.answer("ana", f"!avisar {text}")
