"""A room makes a moderator by its decision, on real servers, in rooms of versions 11 and 12."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import nio

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.plain import Member
from tests.real.proxy import Answer, Call, Proxy, black_hole
from tests.real.servers import Pair

POWERS = "m.room.power_levels"
OPENED = re.compile(r"Propuesta (\d+): ")


async def powers(member: Member, room: str) -> dict[str, int]:
    """Who has which power in a room, as a member's own app sees it."""
    state = await member.client.room_get_state_event(room, POWERS)
    assert isinstance(state, nio.RoomGetStateEventResponse)
    return dict(state.content["users"])


async def decided(ana: Element, eva: Member, bot: BotProcess, room: str) -> str:
    """Ana lets the room decide on moderators; Eva asks to be one; both say yes. Its number."""
    await ana.set_power(room, bot.user, 100)
    await ana.send(room, "!gobierno dar-moderación decisión 1 día")
    await ana.hears("¿Sigo?", room=room, sender=bot.user)
    await ana.send(room, "sí")
    await ana.hears("Desde ahora", room=room, sender=bot.user)
    await eva.send(room, f"!dar-moderación {eva.user}")
    await eva.hears("dar la moderación a eva", room=room, sender=bot.user)
    await eva.send(room, "sí")
    opening = await ana.hears(OPENED, room=room, sender=bot.user)
    assert (opening.encrypted, opening.failure, opening.shield) == (True, None, 0)
    found = OPENED.search(opening.text)
    assert found and eva.user in opening.text
    for member in (ana, eva):
        await member.send(room, f"!votar {found[1]} a favor")
        await member.hears("Anotado", room=room, sender=bot.user)
    return found[1]


async def test_a_decision_makes_a_moderator_once_though_the_bot_is_killed_as_it_does(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    """In the one room the power is set, and before the bot hears so it is killed."""
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    done, sets = asyncio.Event(), 0

    async def answered_to_nobody(call: Call) -> Answer:
        nonlocal sets
        sets += 1
        answer = await call.forward()
        if sets == 1:
            done.set()
            return await black_hole(call)
        return answer

    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        rooms = []
        for version in ("11", "12"):
            room = await ana.create_room(
                invite=[bot.user, eva.user], name=f"Sala {version}", version=version
            )
            await eva.accept(room)
            await ana.joined(room, eva.user)
            await ana.greeted(room, bot.user)
            rooms.append(room)
        numbers = [await decided(ana, eva, bot, room) for room in rooms]
        proxy.on(rf"^PUT .*/state/{re.escape(POWERS)}", answered_to_nobody)
        await ana.send(rooms[0], f"!cerrar {numbers[0]}")
        await asyncio.wait_for(done.wait(), 60)
        await bot.kill()
        await bot.start()
        await ana.send(rooms[1], f"!cerrar {numbers[1]}")
        for room in rooms:
            await ana.hears("modera esta sala desde ahora", 60, room=room, sender=bot.user)
            levels = await powers(eva, room)
            assert levels[eva.user] == 50
            assert levels[bot.user] == 100, "what stood there stays"
            await eva.send(room, "!renombrar Asamblea")
            await eva.hears("“Asamblea”", 30, room=room, sender=bot.user)
        said = [one.text for one in await ana.timeline(rooms[0]) if one.sender == bot.user]
        assert sum("modera esta sala desde ahora" in text for text in said) == 1
        await eva.send(rooms[1], f"!quitar-moderación {ana.user}")
        await eva.hears("creó esta sala", 30, room=rooms[1], sender=bot.user)
        await bot.stop()
