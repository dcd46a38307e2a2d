"""Whatever breaks, and wherever: nothing that the process writes holds a person's words or ids."""

from __future__ import annotations

from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.capabilities.breaking import BREAKS, WORDS
from tests.real.conftest import EnterPlain
from tests.real.servers import Pair

PLANTED = "@planted:example.org dijo: nos vemos en la calle cinco"
MOST = 20_000
"""Bytes that one break may write: a circle of causes wrote 480 kB."""
LAYERS = (
    "bot.matrix.sync.sync_loop:SyncLoop._take_keys",
    "bot.matrix.sync.sync_loop:SyncLoop._retry_sessions",
    "bot.matrix.sync.batches:BatchIntake._hand_over",
    "bot.matrix.sync.inbound_events:EventReader.read",
    "bot.matrix.sync.state_mirror:Mirror.update",
    "bot.matrix.crypto.crypto_machine:CryptoMachine.maintain",
    "bot.matrix.http:Http._ask",
    "bot.run.dispatch:Dispatcher.commit_batch",
    "bot.run.stages.lines:LineStages.find_concern",
    "bot.conversation.conversation:Conversation.answer",
    "bot.delivery.rendering:Renderer.render_lines",
    "bot.delivery.outbox:Outbox._gather",
    "bot.delivery.outbox:Outbox._deliver",
    "bot.run.scheduler:Scheduler._sleep",
    "bot.run.app:run_upkeep",
    "bot.run.app:assemble",
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
        await ana.hears("!ayuda", room=room, sender=bot.user)
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
