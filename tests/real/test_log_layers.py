"""Whatever breaks, and wherever: nothing that the process writes holds a person's words or ids."""

from __future__ import annotations

import re
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.capabilities.breaking import BREAKS, WORDS
from tests.real.conftest import EnterPlain
from tests.real.servers import Pair

PLANTED = "@planted:example.org dijo: nos vemos en la calle cinco"
MOST = 20_000
"""Bytes that one break may write: a circle of causes wrote 480 kB."""
LAYERS = (
    "bot.matrix.sync:Sync._take_keys",
    "bot.matrix.sync:Sync._retry",
    "bot.matrix.deliver:Delivery._hand_over",
    "bot.matrix.reading:Reader.read",
    "bot.matrix.mirror:Mirror.update",
    "bot.matrix.machine:Machine.maintain",
    "bot.matrix.http:Http._ask",
    "bot.dispatch:Dispatcher.settle",
    "bot.dispatch:Dispatcher._said",
    "bot.conversation:Conversation.answer",
    "bot.render:Renderer.lines",
    "bot.outbox:Outbox._gather",
    "bot.outbox:Outbox._deliver",
    "bot.scheduler:Scheduler._sleep",
    "bot.app:upkeep",
    "bot.app:assemble",
    "storage.database:Tx.run",
    "storage.jobs:add",
)


async def test_what_breaks_in_any_layer_tells_its_place_and_nothing_else(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    ana = await plain("ana")
    bot = BotProcess(tmp_path, pair.person("minga", pair.a), moderators=[ana.user], capable=True)
    async with bot:
        room = await ana.create_room(invite=[bot.user])
        await ana.hears(re.compile("!ayuda"), room=room, sender=bot.user)
    for layer in LAYERS:
        before = bot.log.stat().st_size
        bot.environment = {BREAKS: layer, WORDS: PLANTED}
        await bot.start()
        await ana.send(room, "!recordar en 2 días; nos vemos en la calle cinco")
        await bot.logs("KeyError", within=60)
        await bot.kill()
        written = bot.log.read_bytes()[before:].decode()
        assert len(written) < MOST, layer
        for secret in ("planted", "calle cinco", ana.user, room, bot.user):
            assert secret not in written, layer
