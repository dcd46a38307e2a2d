"""A decision and an event become public by typing, once, through kills of the bot.

A stranger who has nothing but the folder finds what was decided, and that all of it is whole.
"""

from __future__ import annotations

import asyncio
import html
import io
import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from commands.verify_page.tests.judges import PageJudge
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import Element
from tests.real.heard import Heard, What
from tests.real.judged import judge_folder, judge_result
from tests.real.servers import Pair
from tests.real.test_public_places import stands
from tests.real.test_publishing_rules import sections

BOGOTA = ZoneInfo("America/Bogota")
FACT = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>")
TAG = re.compile(r"<[^>]*>")


def followed(folder: Path, *links: str) -> str:
    """The page to which links with these names lead from the first page of a site."""
    at = folder / "index.html"
    for name in links:
        link = rf'<a [^>]*href="([^"]+)"[^>]*>(?:<bdi[^>]*>)?{re.escape(name)}<'
        (found,) = re.findall(link, at.read_text(encoding="utf-8"))[:1]
        at = at.parent / html.unescape(found)
    return at.read_text(encoding="utf-8")


async def a_stranger_reads(folder: Path, page: PageJudge, between: list[int]) -> None:
    """When it was decided, by what rule, how many voted; and that the file and all else is whole.

    `between`: what the room's own clock said before and after, in milliseconds.
    """
    shown = followed(folder, "Español", "Decisiones", "¿Dónde?")
    facts = {TAG.sub("", name): TAG.sub("", said) for name, said in FACT.findall(shown)}
    at = json.loads((folder / "record/1.json").read_bytes())["at"]
    assert between[0] // 1000 <= at <= between[1] // 1000
    decided = datetime.fromtimestamp(at, BOGOTA)
    assert facts["Decidida"].endswith(f" de {decided:%Y, %H:%M} (Bogotá)")
    assert f" {decided.day} de " in facts["Decidida"]
    assert (facts["Votaron"], facts["Regla"]) == ("1 de 2", "una opción, gana la más votada")
    whole, said = await judge_folder(page, folder)
    assert whole and "Public: 2, taken back: 0" in said and "Decisions among" in said, said
    is_true, said = await judge_result(page, folder / "files/1/decision-1.json")
    assert is_true and "Norte" in said, said


async def a_picture(ana: Element, shown: Heard) -> None:
    """The picture of a result has in its caption, for whoever hears it, what it adds."""
    assert shown.text.endswith("gana Norte. De quienes votaron: Norte, 100%; Sur, 0%.")
    assert "\n" not in shown.text and shown.content["filename"] == "resultado-1.png"
    with Image.open(io.BytesIO(await ana.download(shown))) as picture:
        size = shown.content["info"]["w"], shown.content["info"]["h"]
        assert (picture.format, picture.size) == ("PNG", size)


async def test_a_decision_and_an_event_become_public_once(
    pair: Pair, element: Enter, page_judge: PageJudge, tmp_path: Path
) -> None:
    ana, bruno = await asyncio.gather(element("ana"), element("bruno"))
    account, folder = pair.person("minga", pair.a), tmp_path / "public"
    bot = BotProcess(tmp_path, account, moderators=[ana.user], sections=sections(folder))
    async with bot:
        room = await ana.create_room(invite=[bot.user, bruno.user], name="Sala", version="12")
        await bruno.accept(room)
        for user in (bot.user, bruno.user):
            await ana.joined(room, user)
        await ana.greeted(room, bot.user)

        async def hears(what: What) -> Heard:
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
        shown = (await hears("Esto queda público")).text
        assert "lugar: Casa de alguien" in shown
        assert "Quien lo guarde lo conserva, aunque después lo retires." in shown
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
        closed = await hears("Encuesta 1, “¿Dónde?”: gana Norte")
        await ana.send(room, "!resultados 1 imagen")
        await hears("Norte: 1")
        await a_picture(ana, await hears(lambda one: one.content.get("msgtype") == "m.image"))
        bot.later(days=2)
        await hears("1, “¿Dónde?”, ahora es público")
        await stands(folder, "es/decisions.html", "¿Dónde?")
        await a_stranger_reads(folder, page_judge, [asked.at, closed.at])
        await ana.send(room, "!publicar")
        listed = (await hears("Lo público de esta sala")).text
        assert listed.count("evento, “Marcha”") == listed.count("decisión, “¿Dónde?”") == 1

        await ana.send(room, "!visible 2")
        seen = (await hears("Pueden ver 2, “Marcha”:")).text
        assert "quien esté en “Sala”" in seen and "todo el mundo: es público desde" in seen
        await ana.send(room, "!retirar 2")
        gone = (await hears("2, “Marcha”, ya no es público")).text
        assert "Quien lo tenga lo conserva: no se lo puedo quitar." in gone
        await ana.send(room, "!visible 2")
        seen = (await hears(re.compile("Pueden ver 2,(?!.*todo el mundo)", re.DOTALL))).text
        assert "quien esté en “Sala”" in seen and "No es público." in seen
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
        await stands(folder, "es/decision-1.html", "La red lo retiró")
