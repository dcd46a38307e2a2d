"""Calendar files on real servers: one comes encrypted beside an event, one is taken in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
import vobject

from tests.real.botprocess import BotProcess
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.servers import Pair

pytestmark = pytest.mark.asyncio(loop_scope="module")
BOGOTA = ZoneInfo("America/Bogota")


@dataclass(slots=True)
class Scene:
    """An encrypted room of Ana, on Element in its strictest mode, and the bot."""

    bot: BotProcess
    room: str
    ana: Element

    async def hears(self, words: str) -> Heard:
        return await self.ana.hears(words, room=self.room, sender=self.bot.user)

    async def file(self, words: str) -> tuple[Heard, Any, str]:
        """The next calendar file whose caption has these words, and the event in it."""
        told = await self.hears(words)
        assert told.content["msgtype"] == "m.file"
        assert (told.shield, "url" in told.content) == (0, False)
        text = (await self.ana.download(told)).decode()
        return told, vobject.readOne(text).vevent, text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        ana = await stack.enter_async_context(Element())
        await ana.login(*pair.person("ana").door)
        account = pair.person("minga", pair.a)
        bot = BotProcess(tmp_path_factory.mktemp("calendar"), account, moderators=[ana.user])
        await stack.enter_async_context(bot)
        room = await ana.create_room(invite=[bot.user], name="Sala")
        await ana.joined(room, bot.user)
        yield Scene(bot, room, ana)


async def test_the_file_beside_an_event_follows_its_changes(scene: Scene) -> None:
    day = datetime.now(UTC).astimezone(BOGOTA) + timedelta(days=10)
    said = f"{day:%d/%m/%Y}"
    await scene.ana.send(scene.room, "!configurar archivo-calendario sí")
    await scene.hears("¿Sigo?")
    await scene.ana.send(scene.room, "sí")
    await scene.hears("Cambiado.")
    await scene.ana.send(scene.room, f"!evento Taller de radio {said} 19:00 lugar: Casa Azul")
    first, entry, text = await scene.file("para ponerlo en tu calendario")
    assert first.content["filename"].endswith(".ics")
    assert first.content["info"]["mimetype"] == "text/calendar"
    assert entry.dtstart.value == day.replace(hour=19, minute=0, second=0, microsecond=0)
    assert f"DTSTART;TZID=America/Bogota:{day:%Y%m%d}T190000" in text
    assert (entry.summary.value, entry.location.value) == ("Taller de radio", "Casa Azul")
    assert scene.ana.user not in text and scene.room not in text
    number = first.text.partition(",")[0]
    await scene.ana.send(scene.room, f"!mover {number} {said} 20:30")
    await scene.ana.hears(
        lambda event: event.content.get("redacts") == first.id,
        room=scene.room,
        sender=scene.bot.user,
    )
    _told, moved, _text = await scene.file("para cambiarlo en tu calendario")
    assert moved.uid.value == entry.uid.value
    assert int(moved.sequence.value) > int(entry.sequence.value)
    assert moved.dtstart.value - entry.dtstart.value == timedelta(minutes=90)


async def test_a_calendar_that_a_member_sends_is_taken_in(scene: Scene) -> None:
    day = datetime.now(UTC) + timedelta(days=12)
    theirs = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:7@example.org\r\nSUMMARY:Marcha\\, salida\r\n"
        f"DTSTART;TZID=SA Pacific Standard Time:{day:%Y%m%d}T160000\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    ).encode()
    sent = await scene.ana.send_file(scene.room, "marcha.ics", "text/calendar", theirs)
    await scene.ana.reply(scene.room, "!importar", sent)
    shown = await scene.hears("Eventos nuevos: 1")
    assert "16:00 (Bogotá): Marcha, salida" in shown.text
    await scene.ana.send(scene.room, "sí")
    await scene.hears("Importé 1 evento")
    await scene.ana.send(scene.room, "!eventos")
    await scene.hears("16:00 Marcha, salida (")
