"""The homeserver is moved to PostgreSQL while the bot runs."""

from __future__ import annotations

import asyncio
import re
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.demo.synapse import Homeserver
from tests.real.botprocess import MINGA, BotProcess
from tests.real.element import Element
from tests.real.homeserver_nursery import ForkedHomeserver
from tests.real.postgres import Postgres
from tests.real.servers import Person

PASSWORD = "a long password"
NOTED, RESULT = "Anotado: ", re.compile("“¿Dónde[?]”: gana Sur")
GO_ON_COUNTING = """SELECT setval('device_inbox_sequence', max(stream_id)) FROM stream_positions
 WHERE stream_name = 'to_device'"""
"""What synapse_port_db leaves out (1.163): without it Synapse does not start, and with the way out
that it names itself, no key that is sent reaches anybody for a while. docs/operating.md has it."""


def person(server: Homeserver, name: str) -> Person:
    name = f"{name}-{token_hex(3)}"
    return Person(server.register(name, PASSWORD), name, PASSWORD, server)


class Network:
    """A bot, and people on Element's engine, on one homeserver that a test moves."""

    def __init__(self, server: Homeserver, folder: Path) -> None:
        self.server = server
        self._folder = folder
        self._stack = AsyncExitStack()
        self._accounts: dict[str, Person] = {}

    async def __aenter__(self) -> Network:
        self.ana = await self.enters("ana")
        account = await asyncio.to_thread(person, self.server, "minga")
        self.bot = BotProcess(self._folder, account, moderators=[self.ana.user])
        await self._stack.enter_async_context(self.bot)
        self.room = await self.ana.create_room(invite=[self.bot.user], name="Sala")
        await self.ana.joined(self.room, self.bot.user)
        await self.ana.greeted(self.room, self.bot.user)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def enters(self, name: str) -> Element:
        account = await asyncio.to_thread(person, self.server, name)
        member = await self._stack.enter_async_context(Element())
        await member.login(*account.door)
        self._accounts[member.user] = account
        return member

    async def enters_anew(self, member: Element) -> Element:
        """The same person on one more device, signed by that member's."""
        other = await self._stack.enter_async_context(Element())
        await other.login(*self._accounts[member.user].door, sign=False)
        await member.share_secrets(other)
        return other

    async def asks(self, who: Element, line: str, answer: str, room: str = "") -> None:
        """The line is answered once, with these words, in a reply."""
        asked = await who.send(room or self.room, line)
        heard = await who.hears(
            lambda one: one.reply_to == asked, 240, room=room or self.room, sender=self.bot.user
        )
        assert re.search(answer, heard.text), heard.text
        assert heard.encrypted and heard.failure is None

    async def closes(self) -> None:
        """The poll ends, with one result."""
        await self.ana.send(self.room, "!cerrar 1")
        await self.ana.hears(RESULT, 240, room=self.room, sender=self.bot.user)
        assert self.said(RESULT.pattern) == 1

    def said(self, words: str) -> int:
        """How many lines of the bot's in the room have these words."""
        every = self.ana.ear.all(self.room, self.bot.user)
        return sum(bool(re.search(words, one.text)) for one in every)


def port_to_postgres(server: Homeserver, base: Postgres) -> None:
    """Copy SQLite's tables by Synapse's own program, and let the server use the copy."""
    database: dict[str, Any] = {"user": "synapse", "host": str(base.socket), "dbname": "synapse"}
    server.settings = {**server.settings, "database": {"name": "psycopg2", "args": database}}
    old = server.folder / "homeserver.db"
    server._prepare()
    program = MINGA.with_name("synapse_port_db")
    words = ["--sqlite-database", str(old), "--postgres-config"]
    done = subprocess.run(  # noqa: S603
        [str(program), *words, str(server.folder / "homeserver.yaml")],
        cwd=server.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    old.rename(old.with_suffix(".old"))
    base.ask("synapse", GO_ON_COUNTING)


@pytest.mark.full
async def test_a_homeserver_moves_from_sqlite_to_postgresql_under_the_bot(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="minga-port-") as folder:
        Path(folder).chmod(0o711)
        server = ForkedHomeserver(
            Path(folder) / "synapse",
            settings={"background_updates": {"sleep_enabled": False, "min_batch_size": 1000}},
        )
        with Postgres(Path(folder) / "base") as base, server:
            base.create("synapse")
            async with Network(server, tmp_path) as net:
                await net.ana.send(net.room, "!encuesta ¿Dónde? Norte, Sur")
                await net.ana.hears("Encuesta 1", 60, room=net.room, sender=net.bot.user)
                await net.asks(net.ana, "!votar 1 1", f"{NOTED}Norte")
                server.stop()
                await asyncio.to_thread(port_to_postgres, server, base)
                await asyncio.to_thread(server.start)
                await net.asks(net.ana, "!votar 1 2", f"{NOTED}Sur")
                bea = await net.enters("bea")
                await net.ana.invite(net.room, bea.user)
                await bea.accept(net.room)
                await net.asks(bea, "!estado", "Aquí estoy")
                await net.closes()
                assert net.bot.running and net.bot.starts == 1
                assert base.ask("synapse", "SELECT count(*) > 20 FROM events") == "t"
