"""A charter of twelve paragraphs, amended nine times, voted on and found in the library."""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.heard import POLL_START, Heard
from tests.real.servers import Pair

PARAGRAPHS = [
    f"Artículo sobre el tema {n}: somos {n} grupos y decidimos juntas." for n in range(1, 13)
]
SECOND = "Artículo sobre el tema 2: somos {} grupos y decidimos {}."
AMENDMENTS = (
    ("bruno", "2: " + SECOND.format("20", "juntas")),
    ("eva", "2: " + SECOND.format("200", "juntas")),  # the same word: in conflict with the first
    ("bruno", '3: "decidimos juntas" por "decidimos por consenso"'),
    ("eva", "quitar 12"),
    ("bruno", "después de 5: Cada grupo tiene una voz."),
    ("eva", "al principio: Nos une el agua."),
    ("bruno", "11: Artículo sobre el tema 11: somos muchos grupos."),
    ("eva", "agregar: Esta carta se revisa cada año."),
    ("bruno", "7: Artículo sobre el tema 7: somos 7 grupos y decidimos de a poco."),
)
ADOPTED = [
    "Nos une el agua.",
    PARAGRAPHS[0],
    SECOND.format("20", "juntas"),
    PARAGRAPHS[2].replace("decidimos juntas", "decidimos por consenso"),
    PARAGRAPHS[3],
    PARAGRAPHS[4],
    "Cada grupo tiene una voz.",
    PARAGRAPHS[5],
    "Artículo sobre el tema 7: somos 7 grupos y decidimos de a poco.",
    *PARAGRAPHS[7:10],
    "Artículo sobre el tema 11: somos muchos grupos.",
    "Esta carta se revisa cada año.",
]


async def test_a_charter_is_amended_adopted_and_found(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bruno, eva = await asyncio.gather(
        element("ana"), element("bruno"), element(pair.person("eva", pair.a))
    )
    people = {"bruno": bruno, "eva": eva}
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await ana.create_room(
            invite=[bot.user, bruno.user, eva.user], name="Sala", version="12"
        )
        await asyncio.gather(bruno.accept(room), eva.accept(room))
        for user in (bot.user, bruno.user, eva.user):
            await ana.joined(room, user)
        await ana.greeted(room, bot.user)

        async def hears(what: str) -> Heard:
            heard = await ana.hears(what, 60, room=room, sender=bot.user)
            assert (heard.encrypted, heard.failure, heard.shield) == (True, None, 0)
            return heard

        await ana.send(room, "!borrador carta\n" + "\n".join(PARAGRAPHS))
        assert "12. Artículo sobre el tema 12" in (await hears("Borrador 1, “carta”")).text
        shown: list[Heard] = []
        for number, (who, change) in enumerate(AMENDMENTS, start=2):
            await people[who].send(room, f"!enmienda carta {change}")
            shown.append(await hears(f"Enmienda {number} a “carta”"))
        assert "quita: 2\npone: 20" in shown[0].text
        assert "El párrafo 2 también lo cambian: 2." in shown[1].text
        await ana.reply(room, "acepto", shown[0].id)
        assert "ya no encajan, porque cambió su párrafo: 3" in (await hears("versión 2")).text

        await bot.kill()
        await ana.send(room, "!acepto 3")
        await bot.start()
        assert "Ahora dice: " in (await hears("cambió después de escribirse la enmienda 3")).text
        await ana.send(room, "!rechazo 3")
        await hears("Enmienda 3 a “carta”: no aceptada")
        for version, number in enumerate(range(4, 11), start=3):
            await ana.send(room, f"!acepto {number}")
            await hears(f"Enmienda {number} aceptada: “carta” es ahora la versión {version}.")

        await bruno.send(room, "!propuesta carta revisar: en 6 meses")
        file = await hears("“carta”, versión 9")
        opening = (await hears("Propuesta 11: carta, versión 9")).text
        native = await ana.hears(lambda one: one.type == POLL_START, 60, room=room, sender=bot.user)
        data = await ana.download(file)
        assert data.decode() == "\n\n".join(f"{n}. {p}" for n, p in enumerate(ADOPTED, 1)) + "\n"
        digest = hashlib.sha256(data).hexdigest()
        assert f"SHA-256 del archivo: {digest}" in opening
        await eva.send(room, "!enmienda carta 1: Otra cosa")
        await hears("la sala vota la versión 9 en la propuesta 11")

        await asyncio.gather(
            *(one.vote(room, native, next(iter(native.answers))) for one in (ana, bruno, eva))
        )
        await bot.kill()
        await bot.start()
        await bruno.send(room, "!cerrar 11")
        await hears("“carta” queda adoptada por la propuesta 11: versión 9.")
        await eva.send(room, "#carta")
        kept = (await hears("Adoptada en la propuesta 11, versión 9")).text
        assert digest in kept
        for n, text in enumerate(ADOPTED, start=1):
            assert re.search(rf"^\W*{n}\. {re.escape(text)}$", kept, re.MULTILINE), (n, kept)
        await eva.send(room, "!buscar consenso")
        await hears("`#carta`")
        await eva.send(room, "!versiones carta")
        await hears("9) ")
        bot.later(days=190)
        await hears("¿sigue valiendo?")
