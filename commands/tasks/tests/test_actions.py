"""Calls for action: everybody sees how many, nobody sees who."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk

CALL = '!accion "Carta al alcalde" "Escribe" "Llama" "Comparte"'


async def test_steps_are_counted_once_for_each_person_and_the_room_sees_how_many(
    talk: Talk,
) -> None:
    await talk.says("ana", CALL)
    (opening,) = await talk.hears("Llamado a la acción 1: Carta al alcalde")
    await talk.answer("bea", "hecho 1 1")
    await talk.answer("bea", "!hecho 1 1")
    await talk.answer("carla", "1 3", reply=opening)
    await talk.tells("ana", "hecho 1 3")
    assert "hiciste 3" in (await talk.said())[0].plain
    await talk.wait(timedelta(minutes=1))
    (edit,) = await talk.said()
    new = edit.content["m.new_content"]["body"]
    assert "1. Escribe: 2 personas\n2. Llama: 0 personas\n3. Comparte: 2 personas" in new
    shown = await talk.answer("bea", "!accion 1")
    assert not any(name in shown for name in ("Ana", "Bea", "Carla"))


async def test_a_mistake_is_taken_back(talk: Talk) -> None:
    await talk.answer("ana", CALL)
    await talk.answer("bea", "!hecho 1 1 2")
    await talk.answer("bea", "!hecho 1 2 no")
    await talk.answer("carla", "!hecho 1 2 no")
    shown = await talk.answer("bea", "!accion 1")
    assert "1. Escribe: 1 persona\n2. Llama: 0 personas" in shown


async def test_at_the_end_the_counts_stay_and_who_is_deleted(talk: Talk) -> None:
    await talk.answer("ana", f"{CALL} hasta mañana 18h")
    await talk.answer("bea", "!hecho 1 1")
    await talk.wait(timedelta(days=2))
    assert "Terminó el llamado" in (await talk.said())[-1].plain
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM tasks_did") == []
    assert "El llamado 1 terminó" in await talk.answer("carla", "!hecho 1 1")
    assert "1. Escribe: 1 persona" in await talk.answer("carla", "!accion 1")


async def test_its_author_ends_it(talk: Talk) -> None:
    await talk.answer("bea", CALL)
    assert "alcalde" in await talk.answer("bea", "!pendientes")
    assert "No puedes" in await talk.answer("carla", "!cancelar 1")
    assert "Terminó" in await talk.answer("bea", "!cancelar 1")
    assert "alcalde" not in await talk.answer("bea", "!pendientes")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("!accion", "Falta el tema"),
        ("!accion Carta al alcalde", "¿Qué pasos?"),
        ("!accion “Carta” “Escribe” “Llama”", "1. Escribe: 0 personas\n2. Llama"),
        ("!ação Carta\nEscreva\nLigue", "1. Escreva: 0 personas\n2. Ligue"),
        ("!hecho 1 9", "¿Cuál paso?"),
        ("!hecho 1", "¿Cuál paso?"),
        ("!hecho 1 pan", "¿Cuál paso?"),
        ("!accion 77", "No existe el número 77"),
    ],
)
async def test_written_in_other_ways_and_wrongly(talk: Talk, line: str, answer: str) -> None:
    if "1" in line:
        await talk.answer("ana", CALL)
    assert answer in await talk.answer("ana", line)
