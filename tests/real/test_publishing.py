"""A decision and an event become public by typing, once, through kills of the bot."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.heard import Heard
from tests.real.servers import Pair


async def test_a_decision_and_an_event_become_public_once(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bruno = await asyncio.gather(element("ana"), element("bruno"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await ana.create_room(invite=[bot.user, bruno.user], name="Sala", version="12")
        await bruno.accept(room)
        for user in (bot.user, bruno.user):
            await ana.joined(room, user)
        await ana.greeted(room, bot.user)

        async def hears(what: str) -> Heard:
            heard = await ana.hears(what, 60, room=room, sender=bot.user)
            assert (heard.encrypted, heard.failure, heard.shield) == (True, None, 0)
            return heard

        await ana.send(room, "!publicar decisiones")
        await hears("todo lo que decida esta sala se hace público")
        await ana.send(room, "sí")
        await hears("Quien modera puede terminarlo")
        await ana.send(room, "!encuesta ¿Dónde? Norte, Sur")
        assert "El resultado se hará público" in (await hears("Encuesta 1: ¿Dónde?")).text
        await bruno.send(room, "!votar 1 1")
        await hears("Anotado: Norte")

        await ana.send(room, f"!evento Marcha en 50 horas lugar: Casa de {bruno.user}")
        await hears("Evento 2: Marcha")
        await ana.send(room, "!publicar 2")
        assert "lugar: Casa de alguien" in (await hears("Esto queda público")).text
        await bot.kill()
        await ana.send(room, "sí")
        await bot.start()
        await hears("2, “Marcha”, ahora es público")
        private = await bruno.called({room}, 60)
        asked = await bruno.hears("Tu nombre estaría ahí", 60, room=private, sender=bot.user)
        assert asked.encrypted

        await bot.kill()
        await bruno.send(private, "sí")
        await bot.start()
        await bruno.hears("Tu nombre va a estar en 2", 60, room=private, sender=bot.user)
        await ana.send(room, "!cerrar 1")
        await hears("gana Norte")
        bot.later(days=2)
        await hears("1, “¿Dónde?”, ahora es público")
        await ana.send(room, "!publicar")
        listed = (await hears("Lo público de esta sala")).text
        assert listed.count("evento, “Marcha”") == listed.count("decisión, “¿Dónde?”") == 1

        await ana.send(room, "!retirar 2")
        await hears("2, “Marcha”, ya no es público")
        await ana.send(room, "!publicar")
        assert "Marcha" not in (await hears("Lo público de esta sala")).text

        other = await ana.create_room(invite=[bot.user])
        await ana.joined(other, bot.user)
        await ana.greeted(other, bot.user)
        await ana.kick(room, bot.user)
        await bot.logs("somebody took the bot out of a room")
        await bot.restart()
        await ana.send(other, "!retirar 1")
        await ana.hears("1 ya no es público", 60, room=other, sender=bot.user)
