"""What becomes public, on a homeserver: a room that everybody reads, a folder, through a kill."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from commands.public_site.log.folder_check import check_folder
from tests.real.botprocess import BotProcess
from tests.real.fixtures import EnterPlain
from tests.real.plain import Member
from tests.real.servers import Pair

API = "/_matrix/client/v3"


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
    async with asyncio.timeout(within):
        while True:
            for event in await read_outside(eva, room):
                if words in event["content"].get("body", ""):
                    return event
            await asyncio.sleep(0.2)  # as a reader who looks again


async def written(folder: Path, count: int, within: float = 20) -> None:
    """Wait until so many entries stand in the folder's log, and all of it is whole."""
    async with asyncio.timeout(within):
        while True:
            check = check_folder(folder)
            if check.state.end.seq >= count and not check.wrong:
                return
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
        await ana.send(room, "!evento Taller en 57 horas lugar: Casa")
        await ana.hears("Evento 2", room=room)
        await ana.send(room, "!publicar 2")
        await ana.hears("“Taller”", room=room)
        await ana.send(room, "sí")
        await bot.kill()
        await bot.start()
        await bot.ready()
        await posted(eva, public, "Taller")
        await written(folder, 2)
        seen = [event["content"]["body"] for event in await read_outside(eva, public)]
        assert len([body for body in seen if "Taller" in body]) == 1
        await nobody_else_writes(eva, public)
        await ana.send(room, "!retirar 1")
        await gone(eva, public, first["event_id"])
        await written(folder, 3)
        log = (folder / "log/000001.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(log) == 3


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
    async with asyncio.timeout(within):
        while True:
            if not (await ask(eva, "GET", path))[1].get("content"):
                return
            await asyncio.sleep(0.2)  # as a reader who looks again
