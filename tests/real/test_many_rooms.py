"""One poll in many rooms on two homeservers, through a kill: in each room once, each voted once."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.heard import POLL_START
from tests.real.proxy import SEND, Answer, Call, Dropped, Proxy
from tests.real.servers import Pair

ROOMS = 15
"""More than one page of those that a job writes at once."""
OPENING = re.compile(r"^Encuesta (\d+): ¿Qué día\?\n")
RESULT = re.compile(r"^Encuesta \d+, [“\"]¿Qué día\?[”\"]: gana jueves", re.MULTILINE)


async def test_one_poll_in_many_rooms_is_asked_and_counted_once_through_a_kill(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    """The bot dies after the 9th message that the server took."""
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        rooms = [
            await ana.create_room(invite=[bot.user, eva.user], name=f"Equipo {n}", version="12")
            for n in range(ROOMS)
        ]
        for room in rooms:
            await eva.accept(room)
            await ana.greeted(room, bot.user)
        home, *others = rooms
        await ana.send(home, "!encuesta ¿Qué día? martes, jueves en: todas")
        await ana.hears(f"aquí y en {ROOMS - 1} salas más", room=home, sender=bot.user)
        sent, died = 0, asyncio.Event()

        async def die_in_the_middle(call: Call) -> Answer:
            nonlocal sent
            sent += 1
            mine = sent  # others are on their way at once
            answer = await call.forward()
            if mine == 9:
                await bot.kill()
                died.set()
                raise Dropped
            return answer

        proxy.on(SEND, die_in_the_middle, times=9)
        await ana.send(home, "sí")
        async with asyncio.timeout(120):
            await died.wait()
        await bot.start()
        await bot.ready()
        polls = {}
        for room in rooms:
            polls[room] = await ana.hears(
                lambda event: event.type == POLL_START, room=room, sender=bot.user, within=60
            )
        opening = await ana.hears(OPENING, room=home, sender=bot.user)
        found = OPENING.search(opening.text)
        assert found
        for room in rooms:
            said = [one for one in await ana.timeline(room) if one.sender == bot.user]
            assert [one.type for one in said].count(POLL_START) == 1, "once in each"
            assert sum(bool(OPENING.search(one.text)) for one in said) == 1, "once in each"
            assert {one.failure for one in said if one.encrypted} == {None}
        await ana.vote(others[0], polls[others[0]], "martes")
        await ana.vote(others[-1], polls[others[-1]], "jueves")  # her last one counts
        await eva.send(others[1], f"!votar {found[1]} 2")
        await eva.hears("Anotado: jueves", room=others[1], sender=bot.user)
        await ana.send(home, f"!cerrar {found[1]}")
        for room in rooms:
            result = await ana.hears(RESULT, room=room, sender=bot.user)
            assert {"martes: 0", "jueves: 2"} <= set(result.text.splitlines())
        await bot.stop()
