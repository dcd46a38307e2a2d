"""A homeserver that no longer knows what it showed: the bot becomes a new device, once."""

from __future__ import annotations

from pathlib import Path

from bot.operate.operator_errors import TRY_AGAIN
from bot.types import EventId, RoomId
from storage import sync
from storage.database import Database
from storage.encryption.keys import DATABASE
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair
from tests.real.test_two_bots import answers, keys_of, room_of


async def remember_what_never_was(bot: BotProcess, room: str) -> None:
    """As if the last event that a sync brought had been lost with the homeserver's disk."""
    db = await Database.open(bot.data / DATABASE, keys_of(bot).db)
    try:
        token = await sync.get_token(db)
        assert token is not None and await sync.newest_event(db) is not None
        async with db.transaction() as tx:
            await sync.save_token(tx, token, (RoomId(room), EventId("$" + "x" * 43)))
    finally:
        await db.close()


async def test_a_start_at_an_older_homeserver_makes_one_new_device_and_no_second(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await room_of(ana, bot)
        before = await ana.devices(bot.user)
        await bot.stop()

        await remember_what_never_was(bot, room)
        await bot.start()
        assert await bot.ends(within=60) == TRY_AGAIN
        assert "as a new device" in bot.last_words()
        await bot.start()
        await bot.ready()
        after = await ana.devices(bot.user)
        assert len(after) == 1 and after != before
        assert await answers(ana, room, bot, "!encuesta ¿Qué? Pan, Té", r"\d: ¿Qué") == 1
