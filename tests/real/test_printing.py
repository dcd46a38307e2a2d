"""An embargo through a kill, and a paper ballot that a member opens, on a homeserver."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair


async def test_what_waits_outlives_a_kill_and_a_ballot_is_printed(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await ana.create_room(invite=[bot.user], name="Sala")
        await ana.joined(room, bot.user)
        await ana.greeted(room, bot.user)

        private = await ana.called({room}, 60)  # the bot asks there how to set up the room
        await ana.send(private, "avisar Ya salió el informe publicar: en 3 horas")
        held = await ana.hears("Hasta entonces solo tú lo ves", 60, room=private, sender=bot.user)
        assert "Embargo 1: “Ya salió el informe”" in held.text
        await bot.kill()
        await ana.send(private, "publicar 1")
        await bot.start()
        said = await ana.hears("Aviso 2: Ya salió el informe", 60, room=room, sender=bot.user)
        assert (said.encrypted, said.failure, said.shield) == (True, None, 0)
        await ana.hears("El embargo 1 ya salió", 60, room=private, sender=bot.user)

        await ana.send(room, '!encuesta "¿Dónde?" "Plaza Ñandú" "Salón" hasta en 3 días')
        await ana.hears("Encuesta 3", 60, room=room, sender=bot.user)
        await ana.send(room, "!imprimir 3")
        file = await ana.hears("Para imprimir: ¿Dónde?", 60, room=room, sender=bot.user)
        ballot = pypdf.PdfReader(io.BytesIO(await ana.download(file)), strict=True)
        assert "1 Plaza Ñandú" in " ".join(ballot.pages[0].extract_text().split())
