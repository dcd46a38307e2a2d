"""Care on real servers: silence that outlives SIGKILL, a ban over an area, a shared list read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.plain import Member, PlainError
from tests.real.servers import Pair

LEVELS = "m.room.power_levels"


async def a_room(ana: Element, bot: BotProcess, name: str, *others: Member | Element) -> str:
    """With the bot, which may do all that Ana may, and these people."""
    invited = [bot.user, *(one.user for one in others)]
    room = await ana.create_room(invite=invited, name=name, version="11")
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    for one in others:
        await one.accept(room)
        await ana.joined(room, one.user)
    await ana.set_power(room, bot.user, 100)
    await ana.send(room, "!area agregar prensa")
    await ana.hears("prensa:", 60, room=room, sender=bot.user)
    return room


async def alone(one: Element, bot: BotProcess) -> str:
    """The private room of this person and the bot."""
    room = await one.create_room(invite=[bot.user], direct=True)
    await one.joined(room, bot.user)
    return room


async def powers(pair: Pair, ana: Element, room: str) -> dict[str, Any]:
    """The room's power levels, as Ana's server has them."""
    path = f"/_matrix/client/v3/rooms/{quote(room)}/state/{LEVELS}"
    found: dict[str, Any] = await asyncio.to_thread(pair.b.call, "GET", path, token=ana.token)
    return found


async def does(ana: Element, bot: BotProcess, room: str, line: str, heard: str) -> str:
    """What the bot answers to a line of Ana's."""
    await ana.send(room, line)
    return (await ana.hears(heard, 60, room=room, sender=bot.user)).text


async def becomes(ana: Element, room: str, wanted: dict[str, Any]) -> None:
    """Until the power levels are these."""

    def holds() -> bool:
        heard = ana.ear.all(room, kind=LEVELS)
        return bool(heard) and heard[-1].content == wanted

    await ana.ear.until(holds, 120)


def _is_ban(event: Heard, user: str) -> bool:
    return (event.state_key, event.content.get("membership")) == (user, "ban")


async def gone(member: Member, *rooms: str) -> None:
    """Until their own server tells them that they are out."""
    await member.ear.until(
        lambda: all(member.memberships.get(room) == "leave" for room in rooms), 60
    )


async def test_silence_ends_after_sigkill_and_a_ban_holds_in_a_whole_area(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, eva, mal = await asyncio.gather(element("ana"), plain("eva"), plain("mal"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, "Sala", eva, mal)
        desk = await a_room(ana, bot, "Mesa", mal)
        before = await powers(pair, ana, room)

        own = await alone(ana, bot)  # what is done about somebody is said in private
        await ana.send(room, f"!silenciar {eva.user} 3 horas gritos")
        await ana.hears("no puede escribir aquí", 60, room=own, sender=bot.user)
        silent = {**before, "users": {**before["users"], eva.user: -1}}
        await becomes(ana, room, silent)
        with pytest.raises(PlainError):
            await eva.send(room, "hola")
        letters = await eva.called(60)
        await eva.hears("Motivo: gritos", 60, room=letters, sender=bot.user)
        await bot.kill()
        await bot.start()
        await bot.ready()

        await does(ana, bot, desk, "!configurar moderacion sí", "¿Sigo?")
        await does(ana, bot, desk, "sí", "Cambiado")
        rules = await ana.create_room(name="Lista", encrypted=False)
        rule = {"entity": mal.user, "recommendation": "m.ban", "reason": "spam"}
        await ana.set_state(rules, "m.policy.rule.user", rule, "k1")
        await ana.invite(rules, bot.user)
        await ana.hears("no está cifrada", 60, room=rules, sender=bot.user)
        await does(ana, bot, desk, f"!vetos seguir {rules}", "Sigo “Lista”: 1 regla")
        await does(ana, bot, desk, "sí", "Ya la sigo")
        told = await ana.hears("“Lista” nombra a", 60, room=desk, sender=bot.user)
        assert mal.user in told.text and "`!vetar" in told.text
        assert {mal.user} <= await ana.members(room)  # a list by itself does nothing

        await ana.send(desk, f"!vetar {mal.user} amenazas área:prensa")
        asked = await ana.hears("En 2 salas del área “prensa”", 60, room=own, sender=bot.user)
        assert "¿Sigo?" in asked.text
        await does(ana, bot, own, "sí", "Hecho en 2 salas")
        for place in (room, desk):
            await ana.hears(lambda event: _is_ban(event, mal.user), 60, room=place)
        await gone(mal, room, desk)

        bot.later(hours=4)
        await becomes(ana, room, before)
        await eva.hears("Ya puedes volver a escribir", 60, room=letters, sender=bot.user)
        await eva.send(room, "hola de nuevo")
        log = await does(ana, bot, room, "!historial", "silenció a alguien")
        assert "prohibió la entrada de alguien" in log and "Motivo: amenazas" in log
        assert mal.user not in log
        await bot.stop()


async def test_whom_an_incident_is_about_gets_nothing_of_it(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """Bea is in the care team. Carla writes her name as people write names."""
    ana, bea, carla = await asyncio.gather(element("ana"), element("bea"), element("carla"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        care = await ana.create_room(invite=[bot.user, bea.user], name="Cuidado", version="11")
        await ana.joined(care, bot.user)
        await bea.accept(care)
        await ana.joined(care, bea.user)
        await does(ana, bot, care, "!configurar cuidado sí", "¿Sigo?")
        await does(ana, bot, care, "sí", "Cambiado")
        await a_room(ana, bot, "Sala", carla)  # who shares no room is a stranger
        own, anas = await alone(carla, bot), await alone(ana, bot)
        await does(carla, bot, own, "incidente Bea me amenaza", "No se muestra a: bea")
        letter = await ana.hears("me amenaza", 60, room=anas, sender=bot.user)
        assert "No se muestra a: bea" in letter.text
        await does(carla, bot, own, "incidente 1 y hoy también la bea", "Agregado al incidente 1")
        await ana.hears("y hoy también", 60, room=anas, sender=bot.user)
        await does(ana, bot, anas, "atender 1", "Lo contó carla")
        await carla.hears("atiende el incidente 1", 60, room=own, sender=bot.user)

        # What Bea's app has heard from the bot since it came: its greeting, and what Ana set.
        await does(bea, bot, care, "!pendientes", "No hay nada abierto")
        heard = [one for one in bea.ear.all() if one.sender == bot.user]
        assert {one.room for one in heard} == {care}
        assert not [one for one in heard if "ncidente 1" in one.text or "amenaza" in one.text]
        await bot.stop()
