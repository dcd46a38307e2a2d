"""`leído` without a number, and what is said of one that nobody can mean."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import RoomId
from commands.announcements import store
from commands.announcements.declaration import KIND
from storage import items

KITCHEN, PRESS = RoomId("!kitchen:test"), RoomId("!press:test")
ASKS = "!avisar Mañana no hay agua con leído"


@pytest.mark.parametrize("line", ["leído", "Leído!", "lido", "lo leí", "!leído", "!leido"])
async def test_without_a_number_it_is_the_only_one_that_asks(talk: Talk, line: str) -> None:
    await talk.says("ana", "!avisar Hay feria en la plaza")
    await talk.says("ana", ASKS)
    await talk.sent()
    assert await talk.answer("bea", line) == "Anotado: leíste 2."
    assert "Lo leyó 1 persona." in await talk.answer("ana", "!avisos 2")


async def test_which_of_two_is_asked_and_the_word_alone_is_talk(talk: Talk) -> None:
    await talk.says("bea", "leído")
    await talk.hears_nothing()
    for _n in range(2):
        await talk.says("ana", ASKS)
    await talk.said()
    await talk.says("bea", "leído")
    await talk.hears_nothing()
    assert "Falta el número" in await talk.answer("bea", "!leído")


async def test_one_that_asks_is_not_lost_behind_many_newer_ones(talk: Talk) -> None:
    await talk.answer("ana", ASKS)
    async with talk.machine.db.transaction() as tx:
        for _n in range(25):
            at, author = talk.clock.now(), user_id("ana")
            number = await items.add(tx, "announcements", KIND, ROOM, author, "Hay feria", at)
            await store.add_announcement(tx, store.Announcement(number, "Hay feria", False))
    assert await talk.answer("bea", "leído") == "Anotado: leíste 1."
    listed = await talk.answer("bea", "!avisos")
    assert listed.count("Aviso ") == 20 and "Aviso 26" in listed


async def test_a_word_to_the_bot_is_the_only_announcement(talk: Talk) -> None:
    await talk.answer("ana", "!avisar Hay feria en la plaza")
    await talk.says("bea", "leído")
    await talk.hears_nothing()
    assert await talk.answer("bea", "!leído") == "Anotado: leíste 1."


@pytest.mark.parametrize("line", ["!leído 2", "!avisos 2", "!leído 7"])
async def test_another_number_names_the_list_of_announcements(talk: Talk, line: str) -> None:
    await talk.answer("ana", ASKS)
    said = await talk.answer("bea", line)
    assert "Los avisos: `!avisos`" in said and "pendientes" not in said


async def test_it_says_that_nobody_read_it_and_counts_no_single_room(talk: Talk) -> None:
    await talk.answer("ana", ASKS)
    told = await talk.answer("ana", "!avisos 1")
    assert "Todavía nadie lo marcó como leído." in told and "salas" not in told
    assert "Falta leerlo" not in told


@pytest.mark.parametrize("line", ["!cambiar 1 Traigan baldes y ollas", "!editar 1 texto: Baldes"])
async def test_it_is_cancelled_instead_of_changed(talk: Talk, line: str) -> None:
    await talk.answer("ana", ASKS)
    said = await talk.answer("ana", line)
    assert said == "Un aviso no se cambia: `!cancelar 1` y avisa de nuevo."


async def test_rooms_without_a_name_to_tell_are_only_counted(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana"], {"ana": 50})
    await talk.room(PRESS, "Prensa", ["bea"], {"bea": 50})
    shown = await talk.answer("ana", "!avisar hola en: todas")
    assert "Estará aquí y en 1 sala más: Cocina\n" in shown
    assert "Sin 1 sala que no moderas.\n" in shown and "y 1 más" not in shown


async def test_a_misspelt_room_is_told_its_name(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana"], {"ana": 50})
    said = await talk.answer("ana", "!avisar hola en: Cosina")
    assert "ninguna área, equipo ni sala tuya" in said and "¿Es “Cocina”?" in said


async def test_of_one_that_is_over_no_translation_is_asked_about(talk: Talk) -> None:
    await talk.answer("ana", ASKS)
    await talk.tells("ana", "borrarme")  # Ana is being asked something else
    await talk.answer("bea", "!traducir 1 pt: Amanhã não tem água")
    await talk.answer("ana", "!cancelar 1")
    await talk.said()
    await talk.wait(timedelta(hours=25))
    assert all("terminó" not in post.plain for post in await talk.said())
