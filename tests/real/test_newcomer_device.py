"""A newcomer whose device is not confirmed is helped at the door, and asked when they can read."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.heard import all_read
from tests.real.servers import Pair
from tests.real.test_onboarding import a_room, again, comes_in, knock

DONE = "Listo: tu dispositivo está confirmado"
QUESTION = "1 de 1: ¿Cómo supiste"


async def test_the_question_waits_for_a_confirmed_device_and_comes_by_itself(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """Nobody writes a word between the tap that confirms the device and the question."""
    host = pair.person("ana", pair.a)
    ana, dora = await asyncio.gather(element(host), element("dora", strict=False, sign=False))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        door = await a_room(ana, bot, "Vestíbulo")
        await ana.set_state(door, "m.room.join_rules", {"join_rule": "knock"})
        await ana.send(door, "!preguntas")
        await ana.hears("Quien toca a la puerta responde", room=door, sender=bot.user)

        await knock(pair, dora, door, host.id.partition(":")[2])
        (private,) = await comes_in(dora, set())
        (helping,) = await comes_in(dora, {private})
        steps = await dora.hears("Element X", 60, room=helping, sender=bot.user)
        assert "FluffyChat" in steps.text and "Vestíbulo" not in steps.text
        await again(bot)
        await ana.send(door, "!solicitudes")
        (aside,) = await comes_in(ana, {door})
        await ana.hears("le falta confirmar su celular", 60, room=aside, sender=bot.user)

        await dora.sign()
        await dora.hears(DONE, 60, room=helping, sender=bot.user)
        asked = await dora.hears(QUESTION, 60, room=private, sender=bot.user)
        assert asked.failure is None
        said = await all_read(dora, private, bot.user)
        assert {one.failure for one in said if one.encrypted} == {None}  # nothing was lost before

        await dora.send(private, "por la radio")
        await dora.hears(re.compile("Gracias"), 60, room=private, sender=bot.user)
        await dora.send(private, "!seguridad")
        await dora.hears("Todo está bien", 60, room=private, sender=bot.user)
        await bot.stop()
