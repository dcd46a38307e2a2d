"""The homeserver lets the bot's login lapse: it goes on, as the same device, and says nothing."""

from __future__ import annotations

from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import EnterPlain
from tests.real.proxy import SYNC, Proxy, unknown_token
from tests.real.servers import Pair


async def test_a_login_that_lapses_is_renewed(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    ana = await plain("ana")
    person = pair.person("minga", pair.a)
    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(tmp_path, person, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        room = await ana.create_room([bot.user])
        await ana.hears("aquí estoy", 60, room=room, sender=bot.user)
        lapse, logins = proxy.on(SYNC, unknown_token, times=1), proxy.count("POST .*/login$")
        asked = await ana.send(room, "!pendientes")  # the sync that brings it is the one refused
        await ana.hears(lambda one: one.reply_to == asked, 60, room=room, sender=bot.user)
        assert (lapse.hits, proxy.count("POST .*/login$")) == (1, logins + 1)
        assert (bot.running, bot.starts) == (True, 1)
