"""Lines of votes that are edited, deleted, written together or read out of order: whatever is
counted, the voter knows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk

POLL = "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h"


@pytest.fixture
async def opened(talk: Talk) -> Talk:
    await talk.says("ana", POLL)
    await talk.sent()
    return talk


async def test_an_edited_vote_stays_and_its_voter_hears_it(opened: Talk) -> None:
    talk = opened
    line = await talk.says("bea", "!votar 1 1")
    await talk.hears("Anotado: Norte")
    await talk.edits("bea", line, "!votar 1 2")
    (post,) = await talk.hears("No leo líneas editadas: tu voto en la 1 queda como estaba.")
    assert "escríbelo otra vez en un mensaje nuevo" in post.plain
    assert post.content["m.relates_to"]["m.in_reply_to"]["event_id"] == line
    assert "Norte: 1" in await talk.answer("ana", "!resultados 1")


async def test_so_does_one_that_is_edited_after_the_end(opened: Talk) -> None:
    talk = opened
    line = await talk.says("bea", "!votar 1 1")
    await talk.says("ana", "!cerrar 1")
    await talk.sent()
    await talk.edits("bea", line, "!votar 1 2")
    (post,) = await talk.hears("No leo líneas editadas")
    assert "mensaje nuevo" not in post.plain
    assert "Norte: 1" in await talk.answer("ana", "!resultados 1")


async def test_of_other_edits_nothing_is_said(opened: Talk) -> None:
    talk = opened
    line = await talk.says("bea", "!votar 1 1")
    await talk.sent()
    await talk.edits("carla", line, "!votar 1 2")  # not hers
    said = await talk.says("bea", "buenas tardes")
    await talk.edits("bea", said, "!votar 1 2")
    await talk.hears_nothing()


@pytest.mark.parametrize("again", ["", "!votar 1 2"])
async def test_a_typed_vote_that_is_deleted_stays_and_its_voter_hears_how_to_take_it_back(
    opened: Talk, again: str
) -> None:
    talk = opened
    line = await talk.says("bea", "!votar 1 1")
    if again:
        line = await talk.says("bea", again)
    await talk.sent()
    await talk.redacts("ana", line)  # who moderates tidies up: nothing changes
    await talk.hears_nothing()
    await talk.redacts("bea", line)
    (post,) = await talk.said()
    assert post.room == await talk.private("bea")
    assert "tu voto en la 1 sigue contando" in post.plain
    assert "Norte" not in post.plain
    assert "votar 1 ninguna" in post.plain
    assert ("Sur: 1" if again else "Norte: 1") in await talk.answer("ana", "!resultados 1")
    await talk.tells("bea", "votar 1 ninguna")
    await talk.sent()
    assert "Votaron 0 de 3" in await talk.answer("ana", "!resultados 1")


async def test_a_vote_that_is_read_after_a_later_one_is_not_said_to_count(opened: Talk) -> None:
    """As one whose key came late: what it says must not read as what is counted."""
    talk = opened
    first = talk.clock.at
    talk.clock.at += timedelta(minutes=1)
    await talk.says("bea", "!votar 1 2")
    await talk.hears("Anotado: Sur")
    await talk.says("bea", "!votar 1 1", at=first)
    await talk.hears("En la 1 cuenta lo que tocaste o escribiste después.")
    assert "Sur: 1" in await talk.answer("ana", "!resultados 1")
    await talk.says("bea", "!votar 1 ninguna")
    await talk.hears("Anotado")
    await talk.says("bea", "!votar 1 1", at=first)
    await talk.hears("En la 1 cuenta lo que tocaste o escribiste después.")
    assert "Votaron 0 de 3" in await talk.answer("ana", "!resultados 1")


@pytest.mark.parametrize(
    "lines",
    [
        "!votar 1 1\n!votar 2 2",
        "!votar 1 norte\n\n!votar 2 martes",
        "!voto 1 1\n!voto 2 2",
        "!votar 1 1\n!votrr 2 2",
        "!votar 1 1 !votar 2 2",
        "!votar 1 1\nvotar 2 2",
    ],
)
async def test_the_vote_on_a_second_line_is_not_lost_as_a_reason(opened: Talk, lines: str) -> None:
    talk = opened
    await talk.says("ana", "!encuesta ¿Cuándo? Lunes, Martes hasta mañana 18h")
    await talk.sent()
    await talk.says("bea", lines)
    await talk.hears("Son dos comandos en un mensaje y no hice ninguno.")
    for number in (1, 2):
        assert "Votaron 0 de 3" in await talk.answer("ana", f"!resultados {number}")
