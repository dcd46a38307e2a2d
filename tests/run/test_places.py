"""Where an event happened decides whose it is to handle: in some rooms it is nobody's."""

from __future__ import annotations

from bot.testing.talk import Talk
from bot.types import RoomId
from storage import rooms

ELSEWHERE = RoomId("!otra:test")


async def test_in_a_persons_private_room_nobody_else_is_answered(talk: Talk) -> None:
    room = await talk.private("bea")
    await talk.says("ana", "!pendientes", room=room)
    await talk.says("ana", "!recordar mañana 9h; agua", room=room)
    await talk.hears_nothing()
    await talk.tells("bea", "!recordar mañana 9h; agua")
    await talk.hears("Recordatorio 1")


async def test_talk_in_a_room_of_linked_bots_is_nobodys(talk: Talk) -> None:
    link = rooms.LINK_ROOM_TYPE
    await talk.room(ELSEWHERE, "Otra", ["ana", "bea"], {"ana": 100}, kind=link)
    line = await talk.says("ana", "!encuesta ¿Qué? Pan, Té", room=ELSEWHERE)
    await talk.edits("ana", line, "!encuesta ¿Qué? Pan, Queso", room=ELSEWHERE)
    await talk.redacts("ana", line, room=ELSEWHERE)
    await talk.hears_nothing()
    async with talk.machine.db.reading() as tx:
        assert not await tx.exists("SELECT 1 FROM item")


async def test_what_nobody_handles_is_marked_as_seen_with_its_batch(talk: Talk) -> None:
    line = await talk.says("ana", "!pendientes", room=await talk.private("bea"))
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    async with talk.machine.db.reading() as tx:
        assert await tx.exists("SELECT 1 FROM seen WHERE event = ?", line)
