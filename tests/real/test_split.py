"""A network becomes two: rooms, and all that is open in them, go to a second bot."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

from tests.real.botprocess import MINGA, BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.patience import PATIENCE
from tests.real.servers import Pair


async def minga(bot: BotProcess, *arguments: str, status: int = 0) -> str:
    """What the operator reads who types this beside the bot."""
    process = await asyncio.create_subprocess_exec(
        *(str(MINGA), *arguments, "--config", str(bot.config)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=bot.folder,
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == status, said
    return said


async def room_of(ana: Element, bot: BotProcess, name: str, *more: str) -> str:
    room = await ana.create_room(invite=[bot.user, *more], name=name, version="11")
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    await ana.set_power(room, bot.user, 50)
    return room


def take_in(first: BotProcess, second: BotProcess) -> None:
    """Bring the key of the section to where the second bot's configuration names it."""
    shutil.copy(first.folder / "section.minga.key", second.folder / "secrets/key")


async def test_an_area_goes_to_a_second_bot_with_all_that_is_open(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, bea = await element("ana"), await plain("bea")
    one, two = pair.person("minga", pair.a), pair.person("minga2", pair.a)
    file = tmp_path / "one" / "section.minga"
    async with BotProcess(tmp_path / "one", one, moderators=[ana.user]) as first:
        stays = await room_of(ana, first, "Queda")
        goes = await room_of(ana, first, "Norte", bea.user)
        await bea.accept(goes)
        await ana.joined(goes, bea.user)

        async def hears(words: str, bot: BotProcess = first, within: float = 40) -> Heard:
            return await ana.hears(re.compile(words), within, room=goes, sender=bot.user)

        for line, answer in (
            ("!area agregar norte", "norte"),
            ("!evento Taller en 3 días a las 19h", r"Evento 1: Taller"),
            ("!publicar 1", "¿Sigo"),
            ("sí", "ahora es público"),
            (f"!presto taladro a {bea.user} por 5 días", r"taladro"),
            ("!guardar ficha Llaves en la panadería #casa", "ficha"),
        ):
            await ana.send(goes, line)
            await hears(answer)
        await ana.send(goes, "!encuesta ¿Dónde? Norte, Sur")
        poll = re.search(r"Encuesta (\d+): ", (await hears(r"Encuesta \d+: ")).text)
        assert poll
        await bea.send(goes, f"!votar {poll[1]} 2")
        await hears("Anotado: Sur")
        await ana.send(stays, "!encuesta ¿Qué? Pan, Té")
        await ana.hears(re.compile(r"Encuesta \d+: "), room=stays, sender=first.user)

        said = await minga(first, "split", "--area", "norte", "--to", two.id, str(file), status=1)
        assert "running" in said
        await first.stop()
        said = await minga(first, "split", "--area", "norte", "--to", two.id, str(file))
        assert file.exists() and "second" in said
        await first.start()
        await first.ready()
        await hears("nothing is lost|no se pierde nada")
        await bea.send(goes, f"!votar {poll[1]} 1")
        await hears(re.escape(two.id))

        second = BotProcess(tmp_path / "two", two, moderators=[ana.user])
        take_in(first, second)
        await minga(second, "restore", str(file))
        async with second:
            await hears("I go on here|Sigo aquí", second)
            await ana.send(goes, f"!votar {poll[1]} 1")
            await hears("Anotado: Norte", second)
            await ana.send(goes, f"!cerrar {poll[1]}")
            await hears("empate|Norte", second)
            for line, answer in (
                ("!agenda", "Taller"),
                ("!préstamos", "taladro"),
                ("#ficha", "panadería"),
                ("!registro", "minga"),
            ):
                await ana.send(goes, line)
                await hears(answer, second)
            async with asyncio.timeout(PATIENCE):
                while first.user in await ana.members(goes):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)  # as the server tells it, not a sync
            await ana.send(goes, "!publicar")
            await hears("Nada de esta sala es público", second)
            await ana.send(stays, "!retirar 1")  # what is public stays with who hands it out
            await ana.hears("1 ya no es público", room=stays, sender=first.user)
            await ana.send(stays, "!encuesta ¿Otra? Sí, No")
            await ana.hears(re.compile("¿Otra"), room=stays, sender=first.user)
