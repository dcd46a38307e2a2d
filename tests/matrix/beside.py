"""Plain nio's client and our bot: two devices of one account on one server, with real ratchets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.matrix.gateway import MatrixGateway
from storage.database import Database
from storage.schema import migrate
from tests.matrix.fakes import FakeInbox, running
from tests.matrix.homeserver import ME, TOKEN, Homeserver
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, know, person, room
from tests.matrix.plain import PlainClient

OURS = "DEVICE"


@dataclass
class WholeServer(Homeserver):
    """With keys, and to-device messages for each device. It cuts requests whose path is in `cut`.

    Our bot comes with `TOKEN`; anybody else's token is the name of the device.
    """

    keys: KeyServer = field(default_factory=KeyServer)
    cut: set[str] = field(default_factory=set)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if any(part in request.path for part in self.cut) and request.transport is not None:
            self.requests.append((request.method, request.path))
            request.transport.abort()
            return web.Response()
        return await super()._answer(request)

    async def _route(self, request: web.Request, path: list[str], raw: bytes) -> Any:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        device = OURS if token == TOKEN else token
        if path[0] in ("keys", "sendToDevice"):
            line = self.keys.http(ME, device)
            return await line.call(request.method, "/".join(path), json.loads(raw))
        if path[0] == "sync":  # a real server keeps them until it is asked with the next token
            self.to_device = self.keys.take(ME, device)
        if path[2:] == ["joined_members"]:
            return {"joined": {user: {} for user in self._joined(path[1])}}
        return await super()._route(request, path, raw)

    def _joined(self, room: str) -> list[str]:
        state = self.rooms[room].state.items()
        return [
            key
            for (kind, key), event in state
            if kind == "m.room.member" and event["content"]["membership"] == "join"
        ]


@dataclass
class Beside:
    """A room with Ana and us. Both bots are in it, know her device, have caught up, and are off."""

    server: WholeServer
    db: Database
    folder: Path
    bot: Person
    ana: Person

    @asynccontextmanager
    async def nio(
        self, handle: Callable[[Any], Awaitable[None]] | None = None
    ) -> AsyncIterator[PlainClient]:
        """A run of plain nio, on what its last run stored."""
        plain = PlainClient(self.server.url, self.folder, handle)
        try:
            yield plain
        finally:
            await plain.client.close()

    def ours(
        self, prepare: Callable[[FakeInbox], object] = lambda _: None
    ) -> AbstractAsyncContextManager[tuple[MatrixGateway, FakeInbox]]:
        return running(self.server.url, self.db, self.bot.machine, prepare=prepare)

    async def caught_up(self) -> FakeInbox:
        """One run of ours until everything so far has been settled."""
        async with self.ours() as (_, inbox):
            await inbox.until(lambda: inbox.live)
        return inbox

    async def share(self) -> None:
        """Ana gives both devices the key of what she says from here on."""
        await self.ana.machine.query_devices(self.ana.http, [self.bot.user])
        shared = await self.ana.machine.encrypt(
            self.ana.http, room(), [self.bot.user], "m.room.message", {}, everyone=True
        )
        assert shared

    def put(self, **payload: Any) -> None:
        """Ana encrypts this."""
        stamp = self.server.event("", {})["origin_server_ts"]
        self.server.put(self.ana.payload(**payload) | {"origin_server_ts": stamp})

    def say(self, *texts: str) -> None:
        for text in texts:
            self.put(content={"msgtype": "m.text", "body": text})


@asynccontextmanager
async def beside(folder: Path) -> AsyncIterator[Beside]:
    db = await Database.open(folder / "minga.db", b"k" * 32)
    await migrate(db, {})
    server = WholeServer(now=int((datetime.now(UTC) - timedelta(hours=1)).timestamp() * 1000))
    await server.start()
    server.make_room()
    name = ME[1:].partition(":")[0]
    ana = await person(server.keys, folder, "ana")
    bot = await person(server.keys, folder, name, OURS)
    scene = Beside(server, db, folder, bot, ana)
    async with scene.nio() as nio:
        await nio.catch_up()
    await know(bot, ana)
    await scene.caught_up()
    yield scene
    await server.stop()
    await db.close()
