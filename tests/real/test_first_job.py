"""The bot's first job, end to end: a strict member on another homeserver, an encrypted room."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair


@pytest.mark.parametrize("version", ["11", "12"])
async def test_a_strict_member_elsewhere_asks_for_help(
    pair: Pair, element: Enter, tmp_path: Path, version: str
) -> None:
    ana = await element("ana")
    bot_account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, bot_account, moderators=[ana.user]) as bot:
        room = await ana.create_room(invite=[bot.user], version=version, name="Sala")
        await ana.joined(room, bot.user)
        await ana.greeted(room, bot.user)
        asked = await ana.send(room, "!ajuda")
        heard = await ana.hears(lambda event: event.reply_to == asked, room=room, sender=bot.user)
        assert heard.shield == 0
        assert heard.text.count("`!") >= 3, "it names what can be done"
