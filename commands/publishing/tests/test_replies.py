"""A reply to the bot's post of something says which one is meant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.posted_event import PostedEvent
from bot.testing.talk import Talk
from bot.types import Number
from commands.publishing import store

TEXT = "Mañana no hay agua"


async def announced(talk: Talk, text: str = TEXT) -> PostedEvent:
    """Announce in the room, and return what the room reads."""
    await talk.says("ana", f"!avisar {text}")
    return (await talk.said())[-1]


@pytest.mark.parametrize(
    "line",
    [
        "publicar",
        "publica esto",
        "Publícalo!!",
        "publica ese aviso",
        "publicar esse aviso",
        "publica isso",
        "publish this",
        "make it public",
        "!publicar",
        "minga, publica ese aviso",
    ],
)
async def test_a_reply_that_says_publish_means_it(talk: Talk, line: str) -> None:
    post, number = await announced(talk), Number(1)
    await announced(talk, "Otro aviso")
    await talk.says("ana", line, reply=post)
    shown = (await talk.said())[-1].plain
    assert f"aviso {number}: “{TEXT}”" in shown and "¿Sigo?" in shown
    assert f"{number}, “{TEXT}”, ahora es público" in await talk.answer("ana", "sí")
    async with talk.machine.db.reading() as tx:
        assert await store.is_public(tx, number)
    await talk.says("ana", "quita esto de la web", reply=post)
    assert f"{number}, “{TEXT}”, ya no es público" in (await talk.said())[-1].plain


async def test_an_option_called_publish_is_voted_for_in_a_reply(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Qué hacemos con la nota? Publicar, Esperar")
    post = (await talk.said())[0]
    await talk.says("bea", "publicar", reply=post)
    (noted,) = await talk.said()
    assert "Anotado: Publicar" in noted.plain


async def test_what_can_not_be_public_says_so(talk: Talk) -> None:
    await talk.says("ana", "!recordar en 3 horas; llamar")
    post = (await talk.said())[-1]
    await talk.says("ana", "publica esto", reply=post)
    assert "no se puede publicar" in (await talk.said())[-1].plain


# --- without number and reply ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "!publicar el aviso de ayer",
        "minga, publica lo de la marcha",
        "!publique o aviso de ontem",
        "!publish yesterday's announcement",
        "!publicar aviso de la Marcha por favor",
    ],
)
async def test_what_is_described_is_found_and_shown(talk: Talk, line: str) -> None:
    await announced(talk, "Marcha el sábado")
    await talk.wait(timedelta(days=1))
    await announced(talk)
    assert "aviso 1: “Marcha el sábado”" in await talk.answer("ana", line)


@pytest.mark.parametrize("line", ["!publicar el último aviso", "!publish the last announcement"])
async def test_the_newest_is_found(talk: Talk, line: str) -> None:
    await announced(talk, "Marcha el sábado")
    await announced(talk)
    assert f"aviso 2: “{TEXT}”" in await talk.answer("ana", line)


async def test_where_several_fit_they_are_named(talk: Talk) -> None:
    await announced(talk, "Marcha el sábado")
    await announced(talk)
    said = await talk.answer("ana", "!publicar el aviso de hoy")
    assert "`!publicar 1`" in said and "`!publicar 2`" in said and "¿Sigo?" not in said
    for number in (1, 2):
        await talk.says("ana", f"!publicar {number}")
        await talk.says("ana", "sí")
    said = await talk.answer("ana", "minga, quita eso de la web")
    assert "`!retirar 1`" in said and "`!retirar 2`" in said
    assert "1, “Marcha el sábado”, ya no es" in await talk.answer("ana", "!retira lo de la marcha")


FRIGHTENED = [
    "minga, saca eso ya de la web!!",
    "minga, borra lo público",
    "minga, quita el aviso de la web",
    "minga, tira isso já da internet",
    "minga, take it down now",
]


@pytest.mark.parametrize("line", FRIGHTENED)
async def test_who_is_frightened_is_told_what_to_type(talk: Talk, line: str) -> None:
    await announced(talk)
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "`!retirar 1`: aviso, “Mañana no hay agua”" in await talk.answer("ana", line)


@pytest.mark.parametrize(
    "line",
    [
        "minga, todas las decisiones de esta sala desde ahora",
        "minga, a partir de ahora todas las decisiones de esta sala",
        "minga, publica todas las decisiones de esta sala desde ahora",
        "minga, todas as decisões desta sala a partir de agora",
        "minga, a partir de agora todas as decisões",
        "minga, all decisions of this room from now on",
        "minga, from now on all decisions in this room",
    ],
)
async def test_all_decisions_of_this_room(talk: Talk, line: str) -> None:
    assert "Desde ahora, todo lo que decida esta sala" in await talk.answer("ana", line)


async def test_a_name_that_is_nowhere_is_told_where_it_could_be(talk: Talk) -> None:
    said = await talk.answer("bea", "!publicar mi nombre 99")
    assert "Nada de 99 es público" in said and "`!publicar`" in said
    await announced(talk)
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "te lo pregunto en privado" in await talk.answer("bea", "!publicar mi nombre 1")


@pytest.mark.parametrize(
    "line",
    [
        "!publicar 1 en la web",
        "!publicar 1 en la página web de la red.",
        "minga publica la 1 en la web",
        "minga, publica el aviso 1 en internet",
        "minga sube el aviso 1 a la página",
        "minga pon el aviso de agua en la web",
        "minga, publica a 1 no site",
        "minga, bota o aviso 1 na internet",
        "minga publish 1 on the website",
        "minga put 1 on the site",
    ],
)
async def test_where_it_becomes_public_needs_no_saying(talk: Talk, line: str) -> None:
    await announced(talk)
    shown = await talk.answer("ana", line)
    assert f"aviso 1: “{TEXT}”" in shown and "¿Sigo?" in shown


@pytest.mark.parametrize("line", ["!publicar 1 en la plaza", "!publicar 1 en la web el lunes"])
async def test_other_words_behind_the_number_are_asked_about(talk: Talk, line: str) -> None:
    await announced(talk)
    assert "No sé qué me pides con" in await talk.answer("ana", line)
