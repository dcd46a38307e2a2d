"""A question that never arrives is over: no yes counts to what nobody can have read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.gateway import Refused
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership
from storage import questions
from tests.conversation.asking import capability

NOW = timedelta(0)
OVER = "Así que no espero respuesta, y no cambió nada."


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Talk]:
    """With a capability that only asks."""
    talk = await Talk.start(tmp_path / "asking.db", [capability(tmp_path)])
    yield talk
    await talk.close()


async def refuses(talk: Talk, code: str = "M_TOO_LARGE") -> None:
    """The homeserver refuses the one message that waits to be sent, and nothing after it."""
    codes, send = [code], FakeGateway.send

    async def refuse(self: FakeGateway, *which: Any, **how: Any) -> EventId:
        if codes:
            raise Refused(codes.pop())
        return await send(self, *which, **how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FakeGateway, "send", refuse)
        await talk.wait(NOW)
        await talk.machine.outbox.deliver_pending()
    assert not codes, "nothing was refused"


async def said(talk: Talk) -> str:
    await talk.wait(NOW)
    return "\n".join(post.plain for post in await talk.said())


async def is_asked(talk: Talk, who: str) -> bool:
    async with talk.machine.db.reading() as tx:
        return bool(await questions.open_questions(tx, user_id(who), talk.clock.at))


async def test_a_yes_to_a_refused_preview_publishes_nothing(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas")
    await said(talk)
    line = await talk.says("ana", "!publicar 1")
    await refuses(talk)
    assert not await is_asked(talk, "ana")
    [notice] = await talk.hears("No pude enviar mi pregunta: el servidor no recibe")
    assert OVER in notice.plain and "Pide menos" in notice.plain
    assert notice.content["m.relates_to"]["m.in_reply_to"]["event_id"] == line
    await talk.says("ana", "sí")
    await talk.hears("Mi pregunta ya venció")
    assert "Nada de esta sala es público" in await talk.answer("ana", "!publicar")


async def test_a_yes_to_a_refused_question_forgets_nobody(talk: Talk) -> None:
    await talk.private("bea")
    await talk.tells("bea", "borrarme")
    await refuses(talk, "M_FORBIDDEN")
    told = await said(talk)
    assert OVER in told and "Escríbelo otra vez más tarde" in told
    await talk.tells("bea", "sí")
    assert "venció" in await said(talk)
    await talk.tells("bea", "borrarme")
    assert "`sí` o `no`" in await said(talk)


async def test_it_is_asked_anew_in_private_and_then_counts(asking: Talk) -> None:
    await asking.private("bea")
    await asking.tells("bea", "secreto duda")
    await refuses(asking)
    await asking.tells("bea", "secreto duda")
    await asking.tells("bea", "1")
    assert "Guardado" in await said(asking)


LONG = "Palabra buena. " * 110


async def test_a_yes_counts_only_once_the_whole_text_has_arrived_as_a_file(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_which: object, **_how: object) -> None:
        raise Refused("M_TOO_LARGE")

    await talk.says("ana", f"!anunciar {LONG} con leído")
    await said(talk)
    await talk.says("ana", "!publicar 1")
    with monkeypatch.context() as patched:
        patched.setattr(FakeGateway, "upload", refuse)
        told = await said(talk)
    assert "¿Sigo?" in told and "el servidor no recibe nada tan grande" in told
    assert OVER in told and "No pude enviar mi pregunta" not in told
    await talk.says("ana", "sí")
    assert "venció" in await said(talk)
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "ahora es público" in await said(talk)


async def test_in_a_thread_it_is_told_in_the_thread(talk: Talk) -> None:
    thread = EventId("$thread")
    await talk.says("ana", "!evento Marcha en 50 horas")
    await said(talk)
    await talk.says("ana", "!publicar 1", thread=thread)
    await refuses(talk)
    [notice] = await talk.hears("No pude enviar mi pregunta")
    assert notice.content["m.relates_to"]["event_id"] == thread
    await talk.says("ana", "sí", thread=thread)
    await talk.hears("venció")


async def test_its_dialogue_ends_with_it_and_the_next_begins(asking: Talk) -> None:
    await asking.private("bea")
    for room in ("Norte", "Sur"):
        await asking.says("ana", f"!bienvenida {room}", mentions=["bea"])
    await refuses(asking)
    assert "¿Cómo te llamas?" in await said(asking)
    await asking.tells("bea", "Bea")
    await asking.tells("bea", "Lima")
    assert "de Lima" in await said(asking)
    async with asking.machine.db.reading() as tx:
        assert await tx.count("SELECT count(*) AS n FROM dialogue") == 0


async def test_one_whether_to_call_for_help_stays_open(talk: Talk) -> None:
    await talk.private("bea")
    await talk.tells("bea", "me están siguiendo")
    await refuses(talk)
    told = await said(talk)
    assert "No pude enviar mi pregunta" in told and "`pánico`" in told and OVER not in told
    assert await is_asked(talk, "bea")
    await talk.tells("bea", "sí")
    assert "Estoy avisando ahora" in await said(talk)


async def test_what_waited_for_a_room_that_we_left_is_over(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas")
    await said(talk)
    await talk.says("ana", "!publicar 1")
    assert await is_asked(talk, "ana")
    await talk.moves("minga", Membership.LEAVE, ROOM, by="ana")
    assert not await is_asked(talk, "ana")


async def test_one_that_was_moved_to_a_new_private_room_is_still_open(asking: Talk) -> None:
    private = await asking.private("bea")
    await asking.tells("bea", "secreto duda")
    async with asking.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET private_of = NULL WHERE room = ?", private)
    await asking.machine.outbox.deliver_pending()
    assert await is_asked(asking, "bea")


# --- an answer that came before its question -----------------------------------------------------


@pytest.mark.parametrize(
    ("language", "told"),
    [("es", "antes de que llegara"), ("pt", "antes de a minha"), ("en", "came before my question")],
)
async def test_an_early_answer_is_asked_for_again(talk: Talk, language: str, told: str) -> None:
    await talk.private("bea")
    await talk.tells("bea", f"idioma {language}")
    await said(talk)
    await talk.tells("bea", "borrarme")
    await talk.tells("bea", "sí", unread=True)
    *_question, again = await talk.sent()
    assert told in again.plain
    await talk.tells("bea", "no")
    assert told not in await said(talk)


async def test_in_a_room_too(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas")
    await said(talk)
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí", unread=True)
    await talk.hears("¿Sigo?", "antes de que llegara mi pregunta")
    await talk.says("ana", "sí")
    assert "ahora es público" in await said(talk)


async def test_what_is_no_answer_is_not_told_so(talk: Talk) -> None:
    await talk.private("bea")
    await talk.tells("bea", "borrarme")
    await talk.tells("bea", "qué tal", unread=True)
    assert "antes de que llegara" not in await said(talk)


async def test_a_call_for_help_is_heard_where_a_question_is_over(talk: Talk) -> None:
    await talk.private("bea")
    await talk.tells("bea", "incidente")
    await refuses(talk)
    await said(talk)
    await talk.tells("bea", "me están siguiendo, ayuda")
    heard = await said(talk)
    assert "venció" not in heard and "`sí`" in heard
