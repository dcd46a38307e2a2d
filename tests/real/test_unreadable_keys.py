"""Keys that the bot can't read on its disk any more: Element's engine gives them again."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from bot.matrix.crypto.key_store import KeyStore
from bot.types import UserId
from storage.encryption.keys import KEY_STORE
from storage.encryption.root_key import unlock
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.heard import Heard, Silence
from tests.real.patience import PATIENCE
from tests.real.servers import Pair


def is_answer(said: str, event: Heard) -> bool:
    """Return whether this is the bot's answer."""
    return event.reply_to == said


def spoil_room_keys(bot: BotProcess) -> None:
    """Make all room keys that the bot has been given unreadable."""
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    path, pickle = bot.data / KEY_STORE, keys.nio_pickle
    store = KeyStore(path, UserId(bot.user), "", db_key=keys.niodb, pickle_key=pickle)
    try:
        assert store.run("UPDATE minga_megolm SET session = x'ff'").rowcount > 0
    finally:
        store.close()


async def test_who_writes_again_is_read(pair: Pair, element: Enter, tmp_path: Path) -> None:
    """Their app takes it that the bot has the key, and gives it again only as it is asked to."""
    ana = await element("ana")
    bot = BotProcess(tmp_path, pair.person("minga", pair.a), moderators=[ana.user])
    async with bot:
        room = await ana.create_room(invite=[bot.user])
        await ana.greeted(room, bot.user)

        async def asks(within: float) -> None:
            said = await ana.send(room, "!hora")
            answers = partial(is_answer, said)
            await ana.hears(answers, within, room=room, sender=bot.user)

        await asks(30)
        await bot.kill()
        spoil_room_keys(bot)
        await bot.start()
        await bot.ready()
        lost = await ana.send(room, "!hora")
        await bot.logs("could not be read")
        for _minutes in range(PATIENCE):  # it counts from when the bot has read it
            bot.later(minutes=2)
            with suppress(Silence):
                await ana.hears(partial(is_answer, lost), 1, room=room, sender=bot.user)
                break
        else:
            pytest.fail("Ana was not told")
        for _times in range(2):  # faster than the request, as no person writes
            with suppress(Silence):
                await asks(3)
                break
        else:
            await asks(20)
