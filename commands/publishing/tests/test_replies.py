"""A reply to the bot's post of something says which one is meant."""

from __future__ import annotations

import pytest

from bot.testing.posted_event import PostedEvent
from bot.testing.talk import Talk
from commands.publishing import store
from commands.publishing.tests.test_publishing import said_now

TEXT = "Mañana no hay agua"


async def announced(talk: Talk, text: str = TEXT) -> PostedEvent:
    """Announce in the room, and return what the room reads."""
    await talk.says("ana", f"!avisar {text}")
    await talk.says("ana", "1")
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
    post, number = await announced(talk), 1
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
    post = next(iter(talk.gateway.posted.values()))
    await talk.said()
    await talk.says("bea", "publicar", reply=post)
    (noted,) = await talk.said()
    assert "Anotado: Publicar" in noted.plain
