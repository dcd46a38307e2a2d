"""Who has no signed device reads the fixed sentences in the help room, and nothing else there."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.heard import Silence
from tests.real.patience import PATIENCE
from tests.real.servers import Pair

LANGUAGES = ("dispositivo es tuyo", "dispositivo é seu", "confirmed as yours")
DONE = "Listo: tu dispositivo está confirmado"


async def test_only_the_fixed_sentences_reach_an_unsigned_device(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, caro = await asyncio.gather(element("ana"), element("caro", strict=False, sign=False))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user, caro.user]) as bot:
        room = await ana.create_room(invite=[caro.user], name="Sala")
        await caro.accept(room)
        await ana.joined(room, caro.user)
        await ana.invite(room, bot.user)
        await ana.greeted(room, bot.user)

        await caro.joined(room, bot.user)  # else her app does not encrypt for it
        await caro.send(room, "!pendientes")
        private = await caro.called({room})
        steps = await caro.hears(LANGUAGES[0], room=private, sender=bot.user)
        assert all(words in steps.text for words in LANGUAGES)

        await caro.send(private, "!pendientes")
        await ana.send(room, '!encuesta "Cine" "Parque" "Casa"')
        await ana.hears(lambda event: "poll.start" in event.type, room=room, sender=bot.user)
        assert len(caro.ear.all(private, bot.user, "m.room.message")) == 1
        read = [one for one in caro.ear.all(room, bot.user) if one.type != "m.room.member"]
        assert all(one.failure or not one.text for one in read)

        await caro.sign()
        await caro.sees_signed(caro.user, caro.device)
        for _ in range(PATIENCE):
            await caro.send(room, "ya está")
            with suppress(Silence):  # her server tells the bot's of it when it gets to that
                await caro.hears(DONE, 1, room=private, sender=bot.user)
                break
        else:
            raise AssertionError(caro.ear.told())
        assert {one.type for one in caro.ear.all(private, bot.user) if one.text} == {
            "m.room.message"
        }
