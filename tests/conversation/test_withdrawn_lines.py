"""Who deletes the line that a question is about took it back: the question is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import Talk, user_id
from storage import questions
from tests.conversation.asking import capability

NOW = timedelta(0)


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Talk]:
    """With a capability that only asks, and listens to no redaction."""
    talk = await Talk.start(tmp_path / "asking.db", [capability(tmp_path)])
    yield talk
    await talk.close()


async def said(talk: Talk) -> str:
    await talk.wait(NOW)
    return "\n".join(post.plain for post in await talk.said())


async def is_asked(talk: Talk, who: str) -> bool:
    async with talk.machine.db.reading() as tx:
        return bool(await questions.open_questions(tx, user_id(who), talk.clock.at))


@pytest.mark.parametrize(
    ("language", "line", "yes", "repeated"),
    [
        ("es", "borrarme", "sí", "Todavía no hice nada"),
        ("pt", "me apague", "sim", "Ainda não fiz nada"),
        ("en", "forget me", "yes", "I did nothing yet"),
    ],
)
async def test_what_somebody_deleted_is_neither_repeated_nor_done(
    talk: Talk, language: str, line: str, yes: str, repeated: str
) -> None:
    private = await talk.private("bea")
    await talk.tells("bea", f"idioma {language}")
    typed = await talk.tells("bea", line)
    await said(talk)
    await talk.tells("bea", "mmm")
    assert repeated in await said(talk)
    await talk.restart()
    await talk.redacts("bea", typed, private)
    assert not await is_asked(talk, "bea")
    await talk.tells("bea", "mmm")
    told = await said(talk)
    assert repeated not in told and f"“{line}”" not in told
    await talk.tells("bea", yes)
    assert "`pend" in await said(talk)  # it waits for no yes, and says what is open


async def test_a_yes_to_an_offer_that_was_taken_back_publishes_nothing(talk: Talk) -> None:
    private = await talk.private("bea")
    typed = await talk.tells("bea", "!ofrezco sillas para el sábado")
    assert "sillas para el sábado" in await said(talk)
    await talk.redacts("bea", typed, private)
    await talk.tells("bea", "sí")
    [post] = await talk.hears("Aquí no espero un sí")
    assert post.room == private


async def test_in_a_room_a_yes_to_it_is_talk(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas")
    typed = await talk.says("ana", "!publicar 1")
    assert "¿Sigo?" in await said(talk)
    await talk.redacts("bea", typed)  # not hers
    assert await is_asked(talk, "ana")
    await talk.redacts("ana", typed)
    await talk.says("ana", "sí")
    await talk.hears_nothing()
    assert "Nada de esta sala es público" in await talk.answer("ana", "!publicar")


async def test_it_is_the_first_line_that_is_taken_back_and_no_answer(asking: Talk) -> None:
    private = await asking.private("bea")
    typed = await asking.tells("bea", "secreto")
    answer = await asking.tells("bea", "duda")
    assert "¿Cuál?" in await said(asking)
    await asking.redacts("bea", answer, private)
    assert await is_asked(asking, "bea")
    await asking.redacts("bea", typed, private)
    assert not await is_asked(asking, "bea")
    await asking.tells("bea", "1")
    assert "Guardado" not in await said(asking)


async def test_a_reply_and_talk_that_asked_are_taken_back_too(asking: Talk) -> None:
    await asking.says("ana", "!nota")
    (note,) = await asking.hears("Nota 1")
    for line, reply in (("fuera", note), ("tengo una bici de sobra", None)):
        typed = await asking.says("bea", line, reply=reply)
        assert "¿" in await said(asking)
        await asking.redacts("bea", typed)
        await asking.says("bea", "sí")
        await asking.hears_nothing()


async def test_who_takes_a_sensitive_line_out_of_a_room_may_go_on_in_private(asking: Talk) -> None:
    await asking.private("bea")
    typed = await asking.says("bea", "!secreto")
    await asking.redacts("bea", typed)
    await asking.tells("bea", "duda")
    await asking.redacts("bea", typed)
    await asking.tells("bea", "2")
    assert "Guardado: 2" in await said(asking)


async def test_who_deletes_a_call_for_help_is_helped_at_their_yes(talk: Talk) -> None:
    private = await talk.private("bea")
    typed = await talk.tells("bea", "me están siguiendo")
    await said(talk)
    await talk.redacts("bea", typed, private)
    await talk.tells("bea", "sí")
    assert "Estoy avisando ahora" in await said(talk)


async def test_a_dialogue_that_waited_begins_and_goes_on_without_a_deleted_answer(
    asking: Talk,
) -> None:
    private = await asking.private("bea")
    typed = await asking.tells("bea", "secreto duda")
    await asking.says("ana", "!bienvenida Sur", mentions=["bea"])
    assert "¿Cómo te llamas?" not in await said(asking)
    await asking.redacts("bea", typed, private)
    assert "¿Cómo te llamas?" in await said(asking)
    answer = await asking.tells("bea", "Bea")
    await asking.redacts("bea", answer, private)
    await asking.tells("bea", "Lima")
    assert "Bea de Lima" in await said(asking)
