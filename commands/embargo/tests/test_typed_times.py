"""How people ask that something waits, also where it can't: it is never out because of a slip."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId
from commands.embargo.tests.test_embargo import DAY, heard, private

NORTH, SOUTH = RoomId("!norte:test"), RoomId("!sur:test")

pytestmark = pytest.mark.begins("wednesday 10:00", "it names hours of the day")


async def in_room(talk: Talk, who: str, line: str, *, gone: bool = True) -> str:
    """What the person reads in private to a line in the room, which reads nothing itself."""
    typed = await talk.says(who, line)
    sent = await talk.sent()
    await talk.wait(timedelta(0))
    sent += await talk.sent()
    taken = [p.content["redacts"] for p in sent if p.kind == "redact"]
    assert taken == ([typed] if gone else [])
    assert all(p.room != ROOM for p in sent if p.kind == "m.room.message"), line
    return "\n".join(p.plain for p in sent if p.kind == "m.room.message")


# --- without the colon -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "avisar La carta sale publicar el jueves 9am",
        "avisar La carta sale, publíquese mañana 09:00",
        "avisar La carta sale con embargo mañana 9am",
        "avisar La carta sale embargo hasta el jueves 09:00",
        "avisar La carta sale publicar mañana leído",
        "avisar “La carta sale” publicar el jueves 9am",
        "avisar Saiu o relatório, publicar amanhã 9h",
        "avisar Saiu o relatório com embargo até amanhã 09:00",
        "announce The report is out, publish tomorrow 9am",
        "announce The report is out under embargo until tomorrow 9am",
    ],
)
async def test_a_time_without_a_colon_is_asked_about(talk: Talk, line: str) -> None:
    asked = await private(talk, "ana", line)
    assert "¿Cuándo sale?\n1) lo guardo y sale el jueves" in asked and ", 09:00" in asked, asked
    held = await private(talk, "ana", "1")
    assert "Embargo 1: “" in held and ", 09:00 (Bogotá)" in held, held
    title = held.split("“")[1].split("”")[0]
    assert title in ("La carta sale", "Saiu o relatório", "The report is out")
    assert ROOM in await heard(talk, DAY)


async def test_whoever_means_now_says_so_twice_before_the_room_reads_it(talk: Talk) -> None:
    await private(talk, "ana", "avisar Vamos a publicar mañana 9am el boletín")
    assert "¿Un aviso o un recordatorio?" in await private(talk, "ana", "2")
    assert "Aviso 1: Vamos a publicar mañana 9am el boletín" in await private(talk, "ana", "1")


@pytest.mark.parametrize(
    "line",
    [
        "avisar Vamos a publicar el boletín",
        "avisar “Vamos a publicar mañana 9am”",
        "avisar Van a publicar ayer",
        "avisar El bus sale mañana 6am",
    ],
)
async def test_what_names_no_time_to_publish_is_an_announcement(talk: Talk, line: str) -> None:
    assert "¿Un aviso o un recordatorio?" in await private(talk, "ana", line)


async def test_typed_in_the_room_the_question_is_private_and_the_line_goes(talk: Talk) -> None:
    asked = await in_room(talk, "ana", "!avisar La carta sale publicar mañana 9am")
    assert "¿Cuándo sale?" in asked
    said = await private(talk, "ana", "1")
    assert "Embargo 1: “La carta sale”" in said and "Borré tu mensaje de la sala" in said
    assert "solo tú" not in said


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("avisar publicar: mañana 09:00 La carta sale", "La carta sale"),
        ("avisar publicar: La carta sale mañana 09:00", "La carta sale"),
        ("avisar La carta sale publicar: mañana 09:00. Gracias", "La carta sale Gracias"),
        ("avisar La carta sale publíquese: mañana 09:00", "La carta sale"),
        ("avisar La carta sale con embargo: mañana 09:00", "La carta sale"),
        ("avisar Saiu a carta publique-se: amanhã 09:00", "Saiu a carta"),
        ("announce publish: tomorrow 09:00 The letter", "The letter"),
    ],
)
async def test_the_time_may_stand_before_the_text(talk: Talk, line: str, title: str) -> None:
    said = await private(talk, "ana", line)
    assert f"Embargo 1: “{title}” sale el jueves" in said and ", 09:00" in said, said


# --- where nothing waits ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "propuesta Pintar la casa publicar: mañana 06:00",
        "propuesta “Pintar la casa” publicar: mañana 06:00",
        "proposta Pintar a casa publicar: amanhã 06:00",
        "proposal Paint the house publish: tomorrow 06:00",
        "encuesta ¿Azul o rojo? publicar: mañana 06:00",
        "encuesta ¿Color? Azul, Rojo publicar: luna",
        "enquete Que cor? Azul, Vermelho publicar: amanhã 06:00",
        "poll Which colour? Blue, Red publish: tomorrow 06:00",
        "cuándo Asamblea: viernes, sábado publicar: mañana 06:00",
        "presupuesto 1000 Huerta 500, Radio 400 publicar: mañana 06:00",
        "evento Taller en 3 días 18:00 publicar: mañana 06:00",
        "evento Taller publicar: mañana 06:00",
        "event Workshop in 3 days 18:00 publish: tomorrow 06:00",
        "elección comité 3 puestos publicar: mañana 06:00",
        "eleição comissão 3 vagas publicar: amanhã 06:00",
        "cuestionario Taller publicar: mañana 06:00\n1. ¿Cómo te fue?",
        "questionnaire Workshop publish: tomorrow 06:00\n1. How was it?",
    ],
)
async def test_a_poll_or_an_event_with_an_embargo_is_refused(talk: Talk, line: str) -> None:
    how = "`avisar Ya salió el informe publicar: mañana 06:00`"
    said = await private(talk, "ana", line)
    assert "Con embargo salen avisos" in said and how in said, said
    said = await in_room(talk, "ana", f"!{line}")
    assert "Con embargo salen avisos" in said and "Tu texto: " in said, said
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT 1 FROM item") == []


async def test_in_quotes_it_is_text(talk: Talk) -> None:
    said = await talk.answer("ana", '!propuesta "Acordamos publicar: mañana 06:00"')
    assert "Propuesta 1" in said


# --- a slip in the room ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "line", "why"),
    [
        ("ana", "avisar La denuncia publicar: luna", "No puedo leer “luna”"),
        ("ana", "avisar La denuncia publicar: ayer", "ya pasó"),
        ("ana", "avisar La denuncia en: Nada publicar: mañana", "Nada"),
        ("bea", "avisar La denuncia publicar: mañana", "No puedes"),
        ("ana", "guardar datos La denuncia publicar: luna", "No puedo leer “luna”"),
    ],
)
async def test_a_line_that_was_taken_out_is_given_back(
    talk: Talk, who: str, line: str, why: str
) -> None:
    said = await in_room(talk, who, f"!{line}")
    assert why in said and f"Tu texto: {line}" in said and "Borré tu mensaje" in said, said
    assert "Tu texto" not in await private(talk, who, line)


# --- what was understood ---------------------------------------------------------------------


async def test_the_confirmation_says_all_that_was_understood(talk: Talk) -> None:
    await talk.room(NORTH, "Norte", ["ana", "bea"], {"ana": 50})
    await talk.room(SOUTH, "Sur", ["ana", "bea"], {"ana": 50})
    line = "!avisar Salió en: Norte, Sur english: It is out publicar: mañana 06:00 leído"
    assert "¿Sigo?" in await in_room(talk, "ana", line)
    said = await private(talk, "ana", "sí")
    for part in (
        "Embargo 1: “Salió” sale el jueves",
        "Borré tu mensaje de la sala",
        "“Sala”",
        "Y en 2 salas más: Norte · Sur",
        "En inglés: “It is out”",
        "Pregunta quién lo leyó.",
    ):
        assert part in said, said
    assert "solo tú" not in said


async def test_where_the_bot_may_not_redact_it_says_so(talk: Talk) -> None:
    weak = await talk.room(RoomId("!débil:test"), "Débil", ["ana"], {"ana": 50}, bot_power=0)
    await talk.says("ana", "!avisar Salió publicar: mañana 06:00", room=weak)
    said = "\n".join(p.plain for p in await talk.sent())
    assert (
        "Embargo 1" in said
        and "No tengo permiso para borrar tu mensaje" in said
        and "Borré" not in said
    )
