"""A replaced identity on real servers: it reads and does nothing until a member confirms it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import Element
from tests.real.servers import Pair, enter_silently
from tests.real.test_polls import a_room

ROOM_READS = "tiene una identidad nueva de Matrix"
DOES_NOTHING = "Por ahora no hago nada de lo que escribe"
HELPED = "Tu identidad de Matrix es nueva"
COUNTS = "la identidad nueva cuenta desde ahora"
POLL = re.compile(r"Encuesta (\d+)")


async def test_who_resets_it_on_their_own_phone_is_confirmed_by_a_member(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bea = await asyncio.gather(element("ana"), element("bea"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot)
        await ana.invite(room, bea.user)
        await bea.accept(room)
        await bea.send(room, "!pendientes")
        await bea.hears("No hay nada abierto", room=room, sender=bot.user)
        await bea.reset_identity()
        await ana.hears(ROOM_READS, 30, room=room, sender=bot.user)
        await bea.send(room, "!estado")
        await ana.hears(DOES_NOTHING, room=room, sender=bot.user)
        helped = await bea.called({room})
        await bea.hears(HELPED, 30, room=helped, sender=bot.user)
        await bot.restart()
        await ana.send(room, f"!confirmar {bea.user}")
        await ana.hears(COUNTS, 30, room=room, sender=bot.user)
        await bea.hears("tu dispositivo está confirmado", 30, room=helped, sender=bot.user)
        await bea.send(room, "!estado")
        await bea.hears("Aquí estoy", 30, room=room, sender=bot.user)
        await bea.send(room, "!historial")
        await bea.hears("confirmó la identidad nueva", room=room, sender=bot.user)
        said = [event.text for event in ana.ear.all(room, bot.user)]
        assert len([text for text in said if ROOM_READS in text and "72 horas" not in text]) >= 1
        assert len([text for text in said if "celular nuevo, contraseña perdida" in text]) == 1
        assert not [text for text in said if "sigue escribiendo" in text]  # her phone made it
        await bot.stop()


async def test_an_impostor_reads_and_does_nothing_before_and_no_secret_after(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """With the account's password and the server's own API, as a server could without it."""
    account, person = pair.person("minga", pair.a), pair.person("bea")
    others = [pair.person(f"voter{n}") for n in range(4)]
    ana, bea = await asyncio.gather(element("ana"), element(person))
    async with BotProcess(tmp_path, account, moderators=[ana.user, bea.user]) as bot:
        room = await a_room(ana, bot)
        await ana.invite(room, bea.user)
        await bea.accept(room)
        for one in others:
            await ana.invite(room, one.id)
            await asyncio.to_thread(enter_silently, one, room)
            await ana.joined(room, one.id)
        await ana.send(room, "!encuesta ¿Quién coordina? Marta, Luz secreta hasta en 3 días")
        opening = await ana.hears(POLL, 30, room=room, sender=bot.user)
        found = POLL.search(opening.text)
        assert found
        own = await bea.create_room(invite=[bot.user], direct=True)
        await bea.joined(own, bot.user)
        await bea.send(own, f"votar {found[1]} 2 piedra azul")
        await bea.hears("Anotado: Luz", 30, room=own, sender=bot.user)

        evil = await element(person, sign=False)
        await evil.reset_identity()
        await ana.hears(ROOM_READS, 30, room=room, sender=bot.user)
        helped = await _is_kept_out(evil, own, room, bot, found[1])
        await bea.ask("setStrict", strict=False)  # her app would not speak: it sees it, too
        await bea.send(room, "hola, aquí sigo")
        await ana.hears("sigue escribiendo", 30, room=room, sender=bot.user)

        await ana.send(room, f"!confirmar {bea.user}")
        await ana.hears(COUNTS, 30, room=room, sender=bot.user)
        await evil.hears("tu dispositivo está confirmado", 30, room=helped, sender=bot.user)
        await evil.send(own, "estado")
        await evil.hears("Aquí estoy", 30, room=own, sender=bot.user)
        for line in (f"votar {found[1]}", f"votar {found[1]} 1 otra", f"votar {found[1]} prueba"):
            await evil.send(own, line)
            answer = await evil.hears("cuenta como se dio", 30, room=own, sender=bot.user)
            assert "piedra azul" not in answer.text
        await bot.stop()


async def _is_kept_out(evil: Element, own: str, room: str, bot: BotProcess, number: str) -> str:
    """All that it hears are the fixed sentences in the help room, which is returned."""
    for line in (f"votar {number}", f"votar {number} 1 otra", "autodestruir código", "sí"):
        await evil.send(own, line)
    helped = await evil.called({own, room})
    await evil.hears(HELPED, 30, room=helped, sender=bot.user)
    await evil.send(room, "!resultados")
    await bot.restart()
    await evil.send(own, f"votar {number}")
    await evil.send(helped, "hola")
    await evil.hears(HELPED, 30, room=helped, sender=bot.user)  # all before it is handled
    heard = [one for where in (own, room) for one in evil.ear.all(where, bot.user)]
    assert not [one.text for one in heard if one.type == "m.room.message" and not one.failure]
    return helped
