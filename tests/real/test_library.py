"""A file kept in an encrypted room: who came later reads it, only who is there, never a disk."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.servers import Pair


def pdf(marker: str) -> bytes:
    """A small document with words that stand readable in it, some hundred times."""
    page = f"BT (Acta {marker}) Tj ET\n".encode() * 200
    head = b"%PDF-1.4\n1 0 obj << /Length " + str(len(page)).encode() + b" >> stream\n"
    return head + page + b"endstream endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


async def a_room(ana: Element, bot: BotProcess, name: str) -> str:
    room = await ana.create_room(invite=[bot.user], name=name)
    await ana.greeted(room, bot.user)
    return room


async def enters(ana: Element, one: Element, room: str) -> None:
    await ana.invite(room, one.user)
    await one.accept(room)
    await ana.joined(room, one.user)


async def test_a_file_reaches_who_came_later_and_only_who_is_there(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, dora, eva = await asyncio.gather(
        element("ana"), element(pair.person("dora", pair.a)), plain("eva")
    )
    words = [f"{kind}{secrets.token_hex(6)}" for kind in ("acta", "nombre", "texto", "tema")]
    inside, name, text, theme = words
    file, scraps, account = pdf(inside), tmp_path / "scraps", pair.person("minga", pair.a)
    scraps.mkdir()
    environment = {"TMPDIR": str(scraps)}
    async with BotProcess(tmp_path, account, moderators=[ana.user], environment=environment) as bot:

        async def hears(one: Element, what: str, room: str) -> Heard:
            heard = await one.hears(what, 60, room=room, sender=bot.user)
            assert (heard.encrypted, heard.failure, heard.shield) == (True, None, 0)
            return heard

        here = await a_room(ana, bot, "Sala")
        there, third = await asyncio.gather(a_room(ana, bot, "Otra"), a_room(ana, bot, "Café"))
        sent = await ana.send_file(here, f"{name}.pdf", "application/pdf", file)
        await ana.reply(here, f"!guardar acta {text} #{theme}", sent)
        await hears(ana, "Guardado como #acta", here)
        await ana.invite(there, eva.user)
        await eva.accept(there)
        await eva.send(there, f"!guardar ficha Solo para la otra sala #{theme}")
        await hears(ana, "Guardado como #ficha", there)

        said = await ana.send(here, "Nos vemos en la calle 5")
        await ana.edit(here, said, "Nos vemos en la calle 6")
        await ana.reply(here, "!guardar punto", said)
        await hears(ana, "Guardado como #punto (3): Nos vemos en la calle 6", here)
        await ana.send(here, "!configurar guardar-con-pin sí")
        await hears(ana, "`sí` o `no`", here)
        await ana.send(here, "sí")
        await hears(ana, "Cambiado", here)
        await ana.react(here, await ana.send(here, "La abogada atiende los lunes"), "📌")
        await hears(ana, "Guardado como #La-abogada-atiende-los-lunes", here)

        await enters(ana, dora, here)
        await enters(ana, dora, third)
        await dora.send(here, "#acta")
        told = await hears(dora, text, here)
        assert told.content["filename"] == f"{name}.pdf"
        assert "url" not in told.content
        assert await dora.download(told) == file

        private = await dora.create_room(invite=[bot.user], direct=True)
        await dora.joined(private, bot.user)
        for line in (f"#{theme}", f"buscar #{theme}"):
            await dora.send(private, line)
            found = await hears(dora, "#acta", private)
            assert "ficha" not in found.text
        await dora.send(private, "#acta")
        assert await dora.download(await hears(dora, text, private)) == file

        await bot.kill()  # the WAL stays behind
        assert bot.holds(words) == []
        assert [*scraps.iterdir()] == []
        await dora.leave(here)
        await bot.start()
        await bot.ready()
        await dora.send(private, f"recursos #{theme}")
        await hears(dora, "nada tiene el tema", private)
        await dora.send(private, f"buscar #{theme}")
        assert "#acta" not in (await hears(dora, "No encuentro", private)).text

        await ana.redact(here, sent)
        await hears(ana, "porque se borró el mensaje: #acta", here)
        gone = await ana.hears(
            lambda event: event.content.get("redacts") == told.id, 60, room=here, sender=bot.user
        )
        assert gone.sender == bot.user
        await bot.stop()
        assert bot.holds(words) == []
