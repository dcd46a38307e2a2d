"""`!status`: what is late, and what the bot may not do in a room."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId
from storage import jobs

OTHER = RoomId("!otra:test")


async def test_the_status_tells_what_is_late_and_what_the_bot_may_not_do(talk: Talk) -> None:
    heard = await talk.answer("bea", "!estado")
    assert "tarde" not in heard
    assert "!permisos" not in heard
    async with talk.machine.db.transaction() as tx:
        due, again = talk.clock.at - timedelta(hours=3), talk.clock.at + timedelta(hours=1)
        failed = await jobs.add(tx, "reminders", "ring", ROOM, due)
        await jobs.schedule_retry(tx, failed, again)
    assert "1 cosa que debo hacer va tarde, desde el" in await talk.answer("bea", "!estado")
    await talk.room(OTHER, "Otra", ["ana"], {"ana": 100}, bot_power=0)
    await talk.says("ana", "!estado", room=OTHER)
    await talk.hears("Hay cosas que aquí no puedo hacer: `!permisos`")
