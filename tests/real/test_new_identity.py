"""A member's identity is reset: they and who moderates are told once, and talk goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair
from tests.real.test_help_room import comes_when_called
from tests.real.test_polls import a_room

MODERATOR_READS = "tiene una identidad nueva de Matrix: sus claves"
OWNER_READS = "¿Fuiste tú?"


async def test_a_reset_identity_is_told_to_its_owner_and_to_who_moderates(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bea = await asyncio.gather(element("ana"), element("bea"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot)
        await ana.invite(room, bea.user)
        await bea.accept(room)
        await bea.send(room, "!pendientes")
        await bea.hears("No hay nada abierto", room=room, sender=bot.user)
        await bea.reset_identity()
        desk, own = await asyncio.gather(
            comes_when_called(ana, {room}), comes_when_called(bea, {room})
        )
        await ana.hears(MODERATOR_READS, 30, room=desk, sender=bot.user)
        await bea.hears(OWNER_READS, 30, room=own, sender=bot.user)
        await bea.send(room, "!historial")
        await bea.hears("tiene una identidad nueva", room=room, sender=bot.user)
        await bot.restart()
        await bea.send(room, "!estado")
        await bea.hears("Aquí estoy", room=room, sender=bot.user)
        told = [e for e in await ana.timeline(desk) if MODERATOR_READS in e.text]
        assert len(told) == 1
        await bot.stop()
