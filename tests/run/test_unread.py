"""Who can read nothing of ours misses nothing: it waits, and they hear when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from bot.types import DeviceVerified, EventId, Membership, RoomId, Trust, UserId
from storage.database import Tx
from storage.rows import people

DORA = UserId("@dora:lejos.org")
DOOR = RoomId("!puerta:test")
MODS = RoomId("!mod:test")
NOWHERE = RoomId("")
STEPS = ("Element X", "FluffyChat", "confirmar que este dispositivo es tuyo")


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """A door, and Dora, who has not confirmed any device."""
    await talk.room(DOOR, "Vestíbulo", ["ana", "bea"], {"ana": 50}, join_rule="knock")
    await talk.room(MODS, "Moderación", ["ana", "carla"], {"ana": 50})
    await talk.set("moderation", "yes", MODS)
    talk.gateway.unconfirmed.add(DORA)
    return talk


async def signs(talk: Talk, person: UserId, event: str = "$confirmed-1") -> list[PostedEvent]:
    """The person confirms a device, and the bot learns it from the lists of devices alone."""
    talk.gateway.unconfirmed.discard(person)
    await talk.happens(DeviceVerified(NOWHERE, EventId(event), person, talk.clock.at))
    return await talk.sent()


async def knocked(talk: Talk) -> list[PostedEvent]:
    await talk.moves(DORA, Membership.KNOCK, DOOR)
    await talk.wait(timedelta(0))
    return await talk.sent()


async def test_a_newcomer_is_helped_first_and_asked_when_they_can_read_it(talk: Talk) -> None:
    (steps,) = await knocked(talk)
    assert all(words in steps.plain for words in STEPS) and "Vestíbulo" not in steps.plain
    listed = await talk.answer("carla", "!solicitudes", room=MODS)
    assert "no puede leer las preguntas; le falta confirmar su celular" in listed
    await talk.restart()
    assert await talk.sent() == []  # nothing is said twice, nothing that nobody could read
    posts = await signs(talk, DORA)
    done = [p for p in posts if p.room == steps.room]
    assert "Listo" in done[0].plain and done[1].kind == "leave"
    (question,) = [p for p in posts if "1 de 1" in p.plain]
    assert question.room != steps.room
    listed = await talk.answer("carla", "!solicitudes", room=MODS)
    assert "en la pregunta 1 de 1" in listed
    await talk.tells(DORA, "por la radio")
    assert any("Gracias" in p.plain for p in await talk.said())


async def test_it_is_told_once_however_often_it_is_seen(talk: Talk) -> None:
    await knocked(talk)
    assert await signs(talk, DORA)
    assert await signs(talk, DORA) == []
    assert await signs(talk, DORA, "$confirmed-2") == []  # another device: nobody was waiting


async def test_a_second_question_waits_too(talk: Talk) -> None:
    talk.gateway.unconfirmed.discard(DORA)
    await talk.answer("ana", "!preguntas agregar ¿Primera?", room=DOOR)
    await talk.answer("ana", "!preguntas agregar ¿Segunda?", room=DOOR)
    assert any("1 de 2" in p.plain for p in await knocked(talk))
    talk.gateway.unconfirmed.add(DORA)  # a new phone, and the old one is gone
    await talk.tells(DORA, "una")
    await talk.wait(timedelta(0))
    assert not any("2 de 2" in p.plain for p in await talk.sent())
    assert any("2 de 2" in p.plain for p in await signs(talk, DORA))


async def test_a_member_who_was_told_hears_that_it_is_done(talk: Talk) -> None:
    await talk.says("bea", "!ayuda", trust=Trust.UNSIGNED)
    (mark,) = await talk.sent()
    assert mark.kind == "m.reaction"
    (said,) = await signs(talk, user_id("bea"))
    assert "Listo: tu dispositivo está confirmado" in said.plain
    assert said.room == await talk.private("bea")
    assert await signs(talk, user_id("carla")) == []  # nobody told her that anything is missing


async def test_the_state_of_ones_own_devices_and_the_next_tap(talk: Talk) -> None:
    private = await talk.private("bea")
    assert "Todo está bien" in await talk.answer("bea", "segurança", room=private)
    talk.gateway.unsigned[user_id("bea")] = ("VIEJO", "NUEVO")
    await talk.says("bea", "!seguridad")
    here, aside = await talk.said()
    assert here.room == ROOM and "NUEVO" not in here.plain
    for words in (
        "Ya confirmaste 1 celular o computadora: PHONE",
        "2 faltan por confirmar: VIEJO · NUEVO",
        "Element X",
        "FluffyChat",
        "lo noto",
    ):
        assert words in aside.plain, words
    (said,) = await signs(talk, user_id("bea"))
    assert "Listo" in said.plain


async def test_what_is_not_private_waits_for_nobody(talk: Talk) -> None:
    talk.gateway.unconfirmed.add(user_id("bea"))
    assert "No hay nada abierto" in await talk.answer("bea", "!pendientes")


async def test_who_is_forgotten_leaves_no_mark(talk: Talk) -> None:
    await knocked(talk)
    async with talk.machine.db.transaction() as tx:
        assert await _tables_naming(tx, DORA) == {"help_room", "device_trouble"}
        await people.forget_person(tx, DORA)
        assert not await _tables_naming(tx, DORA)


async def _tables_naming(tx: Tx, person: UserId) -> set[str]:
    """Return which of the tables about help name the person."""
    tables = ("help_room", "device_trouble")
    every = {table: await tx.all(f"SELECT * FROM {table}") for table in tables}  # noqa: S608
    return {name for name, rows in every.items() if any(person in tuple(row) for row in rows)}
