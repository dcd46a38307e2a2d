"""Three teams on a real homeserver: three rooms, though the bot is killed while it opens them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.proxy import Answer, Call, Proxy, black_hole
from tests.real.servers import Pair, Person

TEAMS = ("Norte", "Sur", "Este")


async def rooms_of(person: Person) -> list[str]:
    """The names of the rooms that an account is in, as its server says."""
    who = {"type": "m.id.user", "user": person.id}
    login = {"type": "m.login.password", "password": person.password, "identifier": who}

    def ask() -> list[str]:
        token = person.server.call("POST", "/_matrix/client/v3/login", login)["access_token"]
        where = "/_matrix/client/v3"
        joined = person.server.call("GET", f"{where}/joined_rooms", token=token)["joined_rooms"]
        states = [
            person.server.call("GET", f"{where}/rooms/{room}/state", token=token) for room in joined
        ]
        every: list[Any] = [one for state in states for one in state]
        return [one["content"]["name"] for one in every if one["type"] == "m.room.name"]

    return await asyncio.to_thread(ask)


async def test_three_teams_get_three_rooms_though_the_bot_is_killed(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    """The second room is made and its answer never comes; then SIGKILL."""
    ana, eva = await asyncio.gather(element(pair.person("ana", pair.a)), plain("eva"))
    account = pair.person("minga", pair.a)
    seen, made = 0, asyncio.Event()

    async def the_second_is_never_answered(call: Call) -> Answer:
        nonlocal seen
        seen += 1
        last = seen == 2
        answer = await call.forward()
        if last:
            made.set()
            return await black_hole(call)
        return answer

    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        school = await ana.create_room(invite=[bot.user], name="Escuela")
        await ana.greeted(school, bot.user)
        rule = proxy.on(r"^POST /_matrix/client/v3/createRoom", the_second_is_never_answered)
        teams = "\n".join(f"{name}: {eva.user}" for name in TEAMS)
        await ana.send(school, f"!equipos Escuela\n{teams}")
        await ana.hears("3 equipos, cada uno con una sala cifrada", 60, room=school)
        await ana.send(school, "sí")
        await made.wait()
        await bot.kill()
        proxy.off(rule)
        await bot.start()
        told = re.compile("salas abiertas: 3 de 3; invitaciones enviadas: 6")
        await ana.hears(told, 60, room=school, sender=bot.user)
        assert sorted(await rooms_of(account)) == sorted([*TEAMS, "Escuela"])

        # Three teams, and the room in which the bot asks how to set up.
        await ana.ear.until(lambda: len(ana.invitations()) == 4)
        invited = ana.invitations()
        team = await eva.called()
        assert team in invited
        await ana.accept(team)
        await eva.joined(team, ana.user)
        await eva.send(team, "!equipos")
        card = await eva.hears("de “Escuela”", 60, room=team, sender=bot.user)
        assert card.encrypted and card.failure is None
        number = re.search(r"Equipo (\d+), (Norte|Sur|Este)", card.text)
        assert number
        await ana.send(school, "!equipos pasos 1 Lectura hasta en 5 días, Ensayo")
        steps = re.compile("1 Lectura, hasta .* · 2 Ensayo")
        await ana.hears(steps, 60, room=school, sender=bot.user)
        await eva.send(team, "!paso 2")
        await ana.hears("paso 2, Ensayo, listo", 60, room=team, sender=bot.user)
        await ana.set_power(team, eva.user, 50)  # who leads has the power to
        await bot.stop()
