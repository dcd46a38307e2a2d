"""One questionnaire in many rooms, with the same words and the same rights as a poll."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Number, RoomId
from commands.questionnaires.tests.answering import SHORT, answers, crowd
from storage import items

KITCHEN, GARDEN = RoomId("!kitchen:test"), RoomId("!garden:test")
ASKED = SHORT.replace('"\n', '" en: Cocina, Huerta\n', 1)


@pytest.fixture
async def three(talk: Talk) -> Talk:
    """Ana moderates this room and the kitchen, Eva the garden."""
    await talk.room(KITCHEN, "Cocina", ["ana", "dora"], {"ana": 50})
    await talk.room(GARDEN, "Huerta", ["ana", "elsa", "eva"], {"eva": 50})
    return talk


async def heard(talk: Talk) -> dict[str, str]:
    """What each room heard since the last call, after what was due was done."""
    await talk.wait(timedelta(0))
    found: dict[str, str] = {}
    for post in await talk.said():
        found[post.room] = found.get(post.room, "") + post.plain + "\n"
    return found


async def test_rooms_of_others_are_left_out_and_said_before(three: Talk) -> None:
    shown = await three.answer("ana", ASKED)
    assert "aquí y en 1 sala más: Cocina" in shown
    assert "Sin 1 sala que no moderas: Huerta" in shown
    await three.says("ana", "sí")
    said = await heard(three)
    assert {ROOM, KITCHEN} <= set(said) and GARDEN not in said
    assert all("Cuestionario 1: “Evaluación”" in said[room] for room in (ROOM, KITCHEN))


async def test_a_room_that_agreed_is_asked_too(three: Talk) -> None:
    await three.set("network_notices", "yes", GARDEN)  # Ana is one of the network's moderators
    await three.says("ana", ASKED)
    await three.says("ana", "sí")
    assert {ROOM, KITCHEN, GARDEN} <= set(await heard(three))
    async with three.machine.db.reading() as tx:
        (number,) = await tx.column(Number, "SELECT number FROM item")
        item = await items.get(tx, number)
    assert item is not None and set(item.rooms) == {ROOM, KITCHEN, GARDEN}


async def test_the_counts_are_said_in_each_room(three: Talk) -> None:
    people = await crowd(three, 5, KITCHEN)
    await three.says("ana", ASKED)
    await three.says("ana", "sí")
    await heard(three)
    for who in people:
        await answers(three, who, "!cuestionario 1", "sí", "nada")
    await three.says("ana", "!cuestionario 1 cerrar", room=KITCHEN)
    said = await heard(three)
    assert all("Borré quién respondió qué" in said[room] for room in (ROOM, KITCHEN))
    assert said[ROOM] == said[KITCHEN]
