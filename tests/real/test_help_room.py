"""Who has no signed device reads the fixed sentences in the help room, and nothing else there."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import Element, ElementError
from tests.real.servers import Pair

HELLO = re.compile("!ayuda")
LANGUAGES = ("como tuyo", "como seu", "confirmed as yours")
DONE = "Listo: tu dispositivo está confirmado"


async def comes_when_called(member: Element, known: set[str]) -> str:
    """The next room to which the member is invited; they are in it.

    The inviter's server tells ours before it keeps the invitation itself: who joins within that
    moment is refused.
    """
    async with asyncio.timeout(30):
        while True:
            for room, now in list(member.memberships.items()):
                if room not in known and now == "invite":
                    with suppress(ElementError):
                        await member.accept(room)
                        return room
            await asyncio.sleep(0.3)


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
        await ana.hears(HELLO, room=room, sender=bot.user)

        await caro.send(room, "!pendientes")
        private = await comes_when_called(caro, {room})
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
        for _ in range(10):
            await caro.send(room, "ya está")
            if DONE in str([one.text for one in caro.ear.all(private, bot.user)]):
                break
            await asyncio.sleep(1)
        await caro.hears(DONE, room=private, sender=bot.user)
        assert {one.type for one in caro.ear.all(private, bot.user) if one.text} == {
            "m.room.message"
        }
