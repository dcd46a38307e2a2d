"""A list of people on a real homeserver: an invitation or a reason for each."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import quote

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair
from tests.real.test_onboarding import a_room, again


async def test_sixty_of_which_five_are_bad(pair: Pair, element: Enter, tmp_path: Path) -> None:
    """55 invitations, as the homeserver counts them, and 5 reasons; killed on the way."""
    host, eva = pair.person("ana", pair.a), pair.person("eva")
    ana = await element(host)
    account = pair.person("minga", pair.a)
    here = host.id.partition(":")[2]
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, "Sala")
        banned = {"membership": "ban"}
        await ana.set_state(room, "m.room.member", banned, key=f"@veto:{here}")
        good = [eva.id, *(f"@persona{n}:{here}" for n in range(54))]
        bad = ["@sinservidor", "correo@gmail.com", "@nadie", f"@veto:{here}", ana.user]
        await ana.send(room, "!invitar general\n" + "\n".join([*bad, *good]))
        await ana.hears("60 personas", 60, room=room, sender=bot.user)
        await again(bot)
        told = await ana.hears("Invité a 55 personas", 120, room=room, sender=bot.user)
        assert all(told.text.count(one) == 1 for one in bad), told.text
        path = f"/_matrix/client/v3/rooms/{quote(room)}/members?membership=invite"
        asked = await asyncio.to_thread(pair.a.call, "GET", path, token=ana.token)
        assert sorted(one["state_key"] for one in asked["chunk"]) == sorted(good)
        await bot.stop()
