"""What becomes public, on a homeserver: a room that everybody reads, a folder, through a kill."""

from __future__ import annotations

import asyncio
import json
import secrets
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as Xml

import aiohttp
import icalendar

from commands.public_site.log.folder_check import check_folder
from tests.real.botprocess import BotProcess
from tests.real.fixtures import EnterPlain
from tests.real.patience import patient
from tests.real.plain import Member
from tests.real.servers import Pair
from tests.site import faults

API = "/_matrix/client/v3"
READ = "Taller </title><script>alert(1)</script><img src=//x.example> jpg.exe"
HOSTILE = READ.replace("jpg", "\u202ejpg")
"""A title that somebody typed, and how everybody reads it."""
WITHDRAWN = "minga.public-withdrawn"


async def ask(member: Member, method: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """Ask a homeserver as this person's plain client."""
    headers = {"Authorization": f"Bearer {member.client.access_token}"}
    url = f"{member.client.homeserver}{API}/{path}"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, url, json=body or None) as answer,
    ):
        return answer.status, await answer.json()


async def read_outside(eva: Member, room: str) -> list[dict[str, Any]]:
    """Return the messages of a room that the person is not in, newest first."""
    status, answer = await ask(eva, "GET", f"rooms/{quote(room)}/messages?dir=b&limit=20")
    assert status == 200, answer
    return [event for event in answer["chunk"] if event["type"] == "m.room.message"]


async def posted(eva: Member, room: str, words: str, within: float = 20) -> dict[str, Any]:
    """Wait until such words stand in the room."""
    async with asyncio.timeout(patient(within)):
        while True:
            for event in await read_outside(eva, room):
                if words in event["content"].get("body", ""):
                    return event
            await asyncio.sleep(0.2)  # as a reader who looks again


async def written(folder: Path, count: int, within: float = 20) -> None:
    """Wait until so many entries stand in the folder's log, and all of it is whole."""
    async with asyncio.timeout(patient(within)):
        while True:
            check = check_folder(folder)
            if check.state.end.seq >= count and not check.wrong:
                return
            await asyncio.sleep(0.2)  # as somebody who looks at a folder


async def stands(folder: Path, page: str, words: str, within: float = 20) -> str:
    """Wait until these words stand on a page of a folder that is whole; all of the page."""
    path = folder / page
    async with asyncio.timeout(patient(within)):
        while True:
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            if words in text and not check_folder(folder).wrong:
                return text
            await asyncio.sleep(0.2)  # as somebody who looks at a folder


async def test_a_stranger_reads_what_is_public_and_nobody_else_writes_there(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, eva = await plain("ana"), await plain(pair.person("eva", pair.a))
    folder, name = tmp_path / "public", f"publico{secrets.token_hex(4)}"
    folder.mkdir()
    (templates := tmp_path / "templates").mkdir()
    (templates / "item.html").write_text("<h1>{{ heading }}</h1><p>Hecho en la radio</p>")
    account = pair.person("minga", pair.a)
    bot = BotProcess(
        tmp_path,
        account,
        moderators=[ana.user],
        sections={
            "publishing": {
                "folder": str(folder),
                "address": "https://red.example.org",
                "templates": str(templates),
            }
        },
    )
    async with bot:
        room = await ana.create_room(invite=[bot.user])
        await ana.joined(room, bot.user)
        await ana.send(room, f"!publicar sala #{name}")
        await ana.hears("¿Sigo?", room=room)
        await ana.send(room, "sí")
        await ana.hears("está abierta", room=room)
        address = f"#{name}:{bot.user.partition(':')[2]}"
        status, found = await ask(eva, "GET", f"directory/room/{quote(address)}")
        assert status == 200
        public = found["room_id"]
        await publish(ana, room, "Marcha en 50 horas lugar: Plaza", 1)
        first = await posted(eva, public, "Marcha")
        assert first["sender"] == bot.user and first["content"]["msgtype"] == "m.text"
        await written(folder, 1)
        page = (folder / "es/event-1.html").read_text(encoding="utf-8")
        assert "Marcha</bdi></h1><p>Hecho en la radio</p>" in page
        await enter_from_elsewhere(ana, address)
        await ana.hears("Marcha", room=public)
        await ana.send(room, f"!evento {HOSTILE} en 57 horas lugar: ../../casa")
        await ana.hears("Evento 2", room=room)
        await ana.send(room, "!publicar 2")
        await ana.hears("¿Sigo?", room=room)
        await ana.send(room, "sí")
        await bot.kill()
        await bot.start()
        await bot.ready()
        shown = await posted(eva, public, "Taller")
        assert (await ana.hears("Taller", room=public)).content == shown["content"]
        await written(folder, 2)
        no_markup(shown["content"], folder)
        seen = [event["content"]["body"] for event in await read_outside(eva, public)]
        assert len([body for body in seen if "Taller" in body]) == 1
        await nobody_else_writes(eva, public)
        await ana.send(room, "!retirar 1")
        await ana.hears("Quien lo tenga lo conserva: no se lo puedo quitar", room=room)
        await gone(eva, public, first["event_id"])
        await ana.hears(lambda event: event.content.get("redacts") == first["event_id"])
        await written(folder, 3)
        await stands(folder, "es/event-1.html", "La red lo retiró. Quien tiene una copia")
        assert json.loads((folder / "record/1.json").read_bytes())["type"] == WITHDRAWN
        named = [path for path in folder.rglob("*.*") if b"Marcha" in path.read_bytes()]
        assert named == []
        log = (folder / "log/000001.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(log) == 3


async def enter_from_elsewhere(ana: Member, address: str) -> None:
    """Enter a public room by its address, from a homeserver that was not in it."""
    status, answer = await ask(ana, "POST", f"join/{quote(address)}")
    assert status == 200, answer


def no_markup(post: dict[str, Any], folder: Path) -> None:
    """What somebody typed as markup and tricks is read as it was typed, wherever it is public."""
    assert post["body"].startswith(f"evento 2: “{READ}”")
    assert escape(READ, quote=False) in post["formatted_body"]
    page = (folder / "es/event-2.html").read_text(encoding="utf-8")
    assert f'<h1><bdi lang="">{escape(READ)}</bdi></h1>' in page
    assert "lugar: ../../casa" in post["body"]
    feed = Xml.fromstring((folder / "es/feed.xml").read_bytes())  # noqa: S314
    assert READ in [one.text for one in feed.iter()]
    calendar = icalendar.Calendar.from_ical((folder / "calendar.ics").read_bytes())
    events = [(str(one["summary"]), str(one["location"])) for one in calendar.walk("VEVENT")]
    assert (READ, "../../casa") in events
    assert list(faults(folder)) == [], "no page asks another host for anything"
    for path in folder.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert "\u202e" not in text, path
        if path.suffix == ".html" and path.name != "verify.html":
            assert "<script" not in text and "<img" not in text, path


async def publish(ana: Member, room: str, what: str, number: int) -> None:
    """Plan an event and make it public."""
    await ana.send(room, f"!evento {what}")
    await ana.hears(f"Evento {number}", room=room)
    await ana.send(room, f"!publicar {number}")
    await ana.hears("¿Sigo?", room=room)
    await ana.send(room, "sí")
    await ana.hears("ahora es público", room=room)


async def nobody_else_writes(eva: Member, room: str) -> None:
    """Whoever joins may neither write nor change anything, and the bot does not answer."""
    status, _answer = await ask(eva, "POST", f"rooms/{quote(room)}/join")
    assert status == 200
    text = {"msgtype": "m.text", "body": "!ayuda"}
    status, _answer = await ask(
        eva, "PUT", f"rooms/{quote(room)}/send/m.room.message/{secrets.token_hex(8)}", **text
    )
    assert status == 403
    status, _answer = await ask(eva, "PUT", f"rooms/{quote(room)}/state/m.room.name", name="Mía")
    assert status == 403
    status, _answer = await ask(
        eva, "PUT", f"rooms/{quote(room)}/send/m.reaction/{secrets.token_hex(8)}", **text
    )
    assert status == 403


async def gone(eva: Member, room: str, event: str, within: float = 20) -> None:
    """Wait until an event is redacted."""
    path = f"rooms/{quote(room)}/event/{quote(event)}"
    async with asyncio.timeout(patient(within)):
        while True:
            if not (await ask(eva, "GET", path))[1].get("content"):
                return
            await asyncio.sleep(0.2)  # as a reader who looks again
