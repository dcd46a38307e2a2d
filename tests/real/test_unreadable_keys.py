"""Keys that the bot can't read on its disk any more: Element's engine gives them again."""

from __future__ import annotations

from pathlib import Path

from bot.matrix.crypto.key_store import KeyStore
from bot.types import UserId
from storage.encryption.keys import KEY_STORE
from storage.encryption.root_key import unlock
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair


def spoil_room_keys(bot: BotProcess) -> int:
    """Make all room keys that the bot has been given unreadable. Return how many there were."""
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    path, pickle = bot.data / KEY_STORE, keys.nio_pickle
    store = KeyStore(path, UserId(bot.user), "", db_key=keys.niodb, pickle_key=pickle)
    try:
        return int(store.run("UPDATE minga_megolm SET session = x'ff'").rowcount)
    finally:
        store.close()


async def test_who_writes_again_is_read(pair: Pair, element: Enter, tmp_path: Path) -> None:
    """Their app takes it that the bot has the key, and gives it again only as it is asked to."""
    ana = await element("ana")
    bot = BotProcess(tmp_path, pair.person("minga", pair.a), moderators=[ana.user])
    async with bot:
        room = await ana.create_room(invite=[bot.user])
        await ana.greeted(room, bot.user)
        said = await ana.send(room, "!hora")
        await ana.hears(lambda event: event.reply_to == said, 60, room=room, sender=bot.user)
        await bot.kill()
        assert spoil_room_keys(bot) > 0
        await bot.start()
        await bot.ready()
        await ana.send(room, "!hora")
        await bot.logs("could not be read")
        bot.later(minutes=2)
        await ana.hears("No pude leer", 60, room=room, sender=bot.user)
        again = await ana.send(room, "!hora")
        await ana.hears(lambda event: event.reply_to == again, 30, room=room, sender=bot.user)
