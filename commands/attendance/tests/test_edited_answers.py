"""Who edits a line into another answer about an event knows that it changed nothing."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.events.tests.making import made


@pytest.mark.parametrize(
    "typed, edited",
    [
        ("voy 1", "no voy 1"),
        ("!voy 1", "!no voy 1"),
        ("voy 1", "1 tal vez"),
        ("voy 1", "voy 1 con 2 más"),
        ("voi 1", "voy 1"),
        ("buenas tardes", "count me in 1"),
    ],
)
async def test_an_edit_that_says_otherwise_is_told_how_it_counts(
    talk: Talk, typed: str, edited: str
) -> None:
    await made(talk)
    line = await talk.says("bea", typed)
    await talk.sent()
    await talk.edits("bea", line, edited)
    (post,) = await talk.hears("No leo líneas editadas: en “Taller de radio” (1) no cambió nada.")
    assert "en un mensaje nuevo" in post.plain
    assert post.content["m.relates_to"]["m.in_reply_to"]["event_id"] == line


@pytest.mark.parametrize(
    "edited", ["voy 1", "VOY 1!", "voy 9", "no voy con 1 perro al mercado", "gracias, 1 abrazo"]
)
async def test_of_other_edits_nothing_is_said(talk: Talk, edited: str) -> None:
    await made(talk)
    line = await talk.says("bea", "voy 1")
    await talk.sent()
    await talk.edits("bea", line, edited)
    await talk.hears_nothing()


async def test_nor_of_what_is_over(talk: Talk) -> None:
    await made(talk)
    line = await talk.says("bea", "voy 1")
    await talk.says("ana", "!cancelar 1")
    await talk.says("ana", "sí")
    await talk.sent()
    await talk.edits("bea", line, "no voy 1")
    await talk.hears_nothing()
