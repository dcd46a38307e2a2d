"""`me encargo 57` and `listo 57` do what fits the kind of that number."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk


async def said(talk: Talk, who: str, line: str) -> str:
    """Type a line in private and return what everybody hears."""
    await talk.tells(who, line)
    return "\n".join(post.plain for post in await talk.said())


async def call_for_help(talk: Talk) -> None:
    for who, line in (
        ("bea", "pánico avisar @ana:test"),
        ("ana", "sí"),
        ("bea", "pánico"),
    ):
        await talk.tells(who, line)
        await talk.sent()


@pytest.mark.parametrize("line", ["me encargo", "me ocupo", "eu assumo", "on it", "acudo"])
async def test_an_alarm_is_answered(talk: Talk, line: str) -> None:
    await call_for_help(talk)
    heard = await said(talk, "ana", f"{line} 1")
    assert "respondes al aviso de Bea" in heard


@pytest.mark.parametrize("line", ["me encargo", "me ocupo", "eu assumo", "acudo"])
async def test_an_incident_is_taken_and_settled(talk: Talk, line: str) -> None:
    await talk.tells("bea", "incidente mensajes feos de noche")
    await talk.sent()
    assert "atiendes el incidente 1" in await said(talk, "ana", f"{line} 1")
    assert "Resuelto: incidente 1" in await said(talk, "ana", "listo 1 hablamos y quedó bien")


async def test_who_may_not_know_of_it_hears_that_there_is_nothing(talk: Talk) -> None:
    await call_for_help(talk)
    nothing = await said(talk, "carla", "me encargo 99")
    assert await said(talk, "carla", "me encargo 1") == nothing
    missing = await said(talk, "carla", "listo 99")
    assert await said(talk, "carla", "listo 1") == missing.replace("99", "1")


async def test_two_that_wait_are_asked_back(talk: Talk) -> None:
    await call_for_help(talk)
    await talk.tells("carla", "incidente mensajes feos de noche")
    await talk.sent()
    heard = await said(talk, "ana", "me encargo")
    assert "¿De cuál hablas?" in heard and "1" in heard and "2" in heard
    await said(talk, "ana", "me encargo 1")
    assert "atiendes el incidente 2" in await said(talk, "ana", "me encargo")


async def test_a_need_is_answered_and_closed(talk: Talk) -> None:
    await talk.says("bea", "!necesito sillas")
    await talk.says("bea", "!sí")
    await talk.sent()
    assert "Le pregunto en privado" in await said(talk, "carla", "me encargo 1")
    heard = await said(talk, "bea", "listo 1")
    assert "sillas" in heard


@pytest.mark.parametrize("line", ["listo", "pronto", "done", "hecho", "ya está"])
async def test_a_loan_is_returned_and_no_task_done(talk: Talk, line: str) -> None:
    await talk.says("ana", '!presto "proyector" a @bea:test hasta en 3 días')
    await talk.sent()
    assert "volvió (préstamo 2)" in await said(talk, "bea", f"{line} 2")


async def test_a_loan_word_does_no_task(talk: Talk) -> None:
    for line in ("!reunion empezar", "tarea: @bea imprimir", "!reunion cerrar"):
        await talk.says("ana", line)
        await talk.sent()
    assert "Hecha" not in await said(talk, "bea", "devuelto 2")


async def test_a_shift_is_taken(talk: Talk) -> None:
    await talk.says("ana", '!evento "Taller" en 2 días 19h turnos: sonido 2')
    await talk.sent()
    assert "sonido" in await said(talk, "bea", "me encargo 1 sonido")
