"""What a real homeserver shows of the bot's rooms is what `minga doctor` names, with its cure,
and what the bot says in a room where it is again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair
from tests.real.test_operator import minga
from tests.real.test_polls import a_room


async def findings(bot: BotProcess, status: int = 0) -> list[tuple[str, str]]:
    said = await minga("doctor", "--json", "--config", bot.config, status=status)
    return [(one["kind"], one["what"]) for one in json.loads(said)["findings"]]


async def test_a_room_that_shut_the_bot_up_or_out_is_named(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    person = pair.person("minga", pair.a)
    async with BotProcess(tmp_path / "bot", person, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot)
        found = await findings(bot)
        assert [what for kind, what in found if "The last sync with the homeserver was" in what]
        assert [kind for kind, _ in found if kind == "bad"] == []

        await ana.send(room, "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h")
        await ana.hears("Sur", room=room, sender=bot.user)
        await ana.set_power(room, bot.user, -1)
        await ana.send(room, "!estado")
        await bot.logs("outbox.refused")
        ((_, what),) = [one for one in await findings(bot, 1) if one[0] == "bad"]
        assert what.startswith("In “Sala” the bot may not write: it has power -1")

        await ana.set_power(room, bot.user, 0)
        await ana.kick(room, bot.user, "ya no")
        await bot.logs("somebody took the bot out of a room")
        found = await findings(bot)
        (what,) = [what for kind, what in found if "was taken out of" in what]
        assert what.startswith("The bot was taken out of “Sala” on ")

        await ana.invite(room, bot.user)
        await ana.hears("No estuve en esta sala desde el ", room=room, sender=bot.user)
        await ana.hears("sigue. ¿Votaste después del ", room=room, sender=bot.user)
        assert "was taken out of" not in str(await findings(bot))
        await bot.stop()
