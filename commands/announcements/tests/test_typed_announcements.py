"""What people type to announce something: to whom, in which rooms, and whether at a later hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

KITCHEN, PRESS = RoomId("!kitchen:test"), RoomId("!press:test")


async def several(talk: Talk) -> None:
    """Open two more rooms: Ana moderates one of them, Bea the other."""
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.room(PRESS, "Prensa", ["bea", "carla"], {"bea": 50})


# --- who moderates nothing ------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["!avisar hoy hay feria", "!comunicado hay feria", "!avisar"])
async def test_who_does_not_moderate_hears_who_announces(talk: Talk, line: str) -> None:
    said = await talk.answer("bea", line)
    assert "Los avisos los da quien modera: pídeselo." in said
    assert "Para un recordatorio" in said


async def test_in_private_they_are_not_asked_for_a_room_first(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.tells("bea", "avisar hoy hay feria")
    (said,) = await talk.said()
    assert "Los avisos los da quien modera" in said.plain


# --- a day without an hour is no reminder ---------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Mañana no hay agua en la casa", "Hay feria en la plaza", "Traigan baldes el domingo"],
)
async def test_a_plain_announcement_is_said_at_once(talk: Talk, text: str) -> None:
    assert await talk.answer("ana", f"!avisar {text}") == f"Aviso 1: {text}"


async def test_announce_means_no_reminder(talk: Talk) -> None:
    said = await talk.answer("ana", "!announce Tomorrow 8am the bus leaves")
    assert said == "Aviso 1: Tomorrow 8am the bus leaves"


@pytest.mark.parametrize(
    ("typed", "reminder"),
    [
        ("mañana 8am sale el bus", "mañana 8am; sale el bus"),
        ("El bus sale mañana 8am", "mañana 8am; El bus sale"),
    ],
)
async def test_the_reminder_keeps_what_was_typed(talk: Talk, typed: str, reminder: str) -> None:
    assert "¿Un aviso o un recordatorio?" in await talk.answer("ana", f"!avisar {typed}")
    assert f"`!recordar {reminder}`" in await talk.answer("ana", "2")
    await talk.says("ana", f"!recordar {reminder}")
    await talk.said()
    await talk.wait(timedelta(days=2))
    (rung,) = await talk.said()
    assert reminder.partition("; ")[2].casefold() in rung.plain.casefold()


async def test_in_private_without_a_room_it_is_asked(talk: Talk) -> None:
    await talk.tells("ana", "avisar llamar a la imprenta")
    (asked,) = await talk.said()
    assert "¿Un aviso o un recordatorio?" in asked.plain
    await talk.tells("ana", "2")
    (said,) = await talk.said()
    assert said.plain == "Para un recordatorio: `recordar mañana 17:00;` y el texto"


# --- to everyone ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "!avisar a todas las salas hay agua",
        "!avisar a todas las salas que hay agua",
        "!avisar en todas las salas: hay agua",
        "!avisar hay agua en todas",
        "!avisar hay agua en todas las salas",
        "!avisar em todas as salas hay agua",
        "!avisar a toda la red: hay agua",
        "!avisar hay agua en toda la red",
        "!avisa a todos que hay agua",
        "!avisa a todas hay agua",
        "!avisa pra todo mundo que hay agua",
        "!avisa a todo mundo que hay agua",
        "!announce hay agua in all rooms",
        "!tell everyone hay agua",
        "!tell everybody that hay agua",
    ],
)
async def test_to_everyone_asks_whether_in_all_rooms(talk: Talk, line: str) -> None:
    await several(talk)
    assert await talk.answer("ana", line) == "¿En todas las salas que moderas? `sí` o `no`"
    shown = await talk.answer("ana", "sí")
    assert "Aviso: hay agua\n" in shown and "en 1 sala más: Cocina" in shown
    await talk.says("ana", "sí")
    await talk.wait(timedelta(0))
    assert sorted(post.room for post in await talk.said()) == sorted([ROOM, KITCHEN])


async def test_no_is_this_room_only(talk: Talk) -> None:
    await several(talk)
    await talk.answer("ana", "!avisar hay agua en todas")
    assert await talk.answer("ana", "no") == "Aviso 1: hay agua en todas"
    await talk.answer("ana", "!avisa a todos que hay agua")
    assert await talk.answer("ana", "no") == "Aviso 2: hay agua"


async def test_who_moderates_one_room_is_not_asked(talk: Talk) -> None:
    assert await talk.answer("ana", "!avisa a todos que hay agua") == "Aviso 1: hay agua"


@pytest.mark.parametrize(
    "text",
    [
        "a todas las que vienen, hay agua",
        "hola a todas",
        "en todas partes hay agua",
        "a toda la red de apoyo: hay agua",
    ],
)
async def test_what_only_begins_so_is_text(talk: Talk, text: str) -> None:
    await several(talk)
    assert await talk.answer("ana", f"!avisar {text}") == f"Aviso 1: {text}"


# --- in private, `in:` says in which room ---------------------------------------------------------


@pytest.mark.parametrize("line", ["avisar hola en: Cocina", "avisar hola en Cocina"])
async def test_in_private_it_is_said_in_the_room_that_is_named(talk: Talk, line: str) -> None:
    await several(talk)
    await talk.tells("ana", line)
    await talk.wait(timedelta(0))
    posts = {post.room: post.plain for post in await talk.said()}
    assert posts[KITCHEN] == "Aviso 1: hola" and ROOM not in posts


@pytest.mark.parametrize("where", ["Cocina, Sala", "Sala; Cocina", "todas", "todas las salas"])
async def test_in_private_several_rooms_are_not_asked_for_again(talk: Talk, where: str) -> None:
    await several(talk)
    await talk.tells("ana", f"avisar hola en: {where}")
    (shown,) = await talk.said()
    assert "Aviso: hola\n" in shown.plain and "Estará en 2 salas: " in shown.plain
    assert "Cocina" in shown.plain and "Sala" in shown.plain
    await talk.tells("ana", "sí")
    await talk.wait(timedelta(0))
    posts = {post.room for post in await talk.said()}
    assert {ROOM, KITCHEN} < posts and PRESS not in posts


@pytest.mark.parametrize(
    "line", ["avisar hola en todas", "avisa a todas que hola", "avisar em todas as salas: hola"]
)
async def test_in_private_all_rooms_are_not_asked_for_one_by_one(talk: Talk, line: str) -> None:
    await several(talk)
    await talk.tells("ana", line)
    (asked,) = await talk.said()
    assert asked.plain == "¿En todas las salas que moderas? `sí` o `no`"
    await talk.tells("ana", "sí")
    (shown,) = await talk.said()
    assert "Aviso: hola\n" in shown.plain and "Estará en 2 salas: " in shown.plain


async def test_in_private_who_warns_somebody_is_asked_for_no_room(talk: Talk) -> None:
    await several(talk)
    await talk.tells("ana", "avisar @bea:test cuidado")
    (said,) = await talk.said()
    assert "Para advertir a alguien" in said.plain


async def test_in_private_a_room_of_others_is_refused(talk: Talk) -> None:
    await several(talk)
    await talk.tells("bea", "avisar hola en: Cocina")
    (said,) = await talk.said()
    assert "Los avisos los da quien modera" in said.plain or "No puedes" in said.plain
    await talk.tells("bea", "avisar hola en: Prensa")
    await talk.wait(timedelta(0))
    assert PRESS in {post.room for post in await talk.said()}
