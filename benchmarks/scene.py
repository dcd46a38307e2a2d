"""One homeserver with the bots on it, and the people who talk to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.bots import Bot, Maker, Minga
from benchmarks.senders import Sender, few_at_once
from bot.demo.synapse import Homeserver
from tests.real.plain import Member
from tests.real.servers import LEAN, Person

OURS = "minga"
PASSWORD = "a long password"  # noqa: S105 - of a homeserver that lives for one run


@dataclass(frozen=True, slots=True)
class Scene:
    """What runs. `ana` moderates our bot: only she can invite it. `watcher` makes her requests.

    `bots` has what each of `makers` made, by the same names and in the same order.
    """

    server: Homeserver
    folder: Path
    makers: Mapping[str, Maker]
    bots: Mapping[str, Bot]
    ana: Member
    watcher: Sender

    @property
    def minga(self) -> Minga:
        """Our bot."""
        bot = self.bots[OURS]
        assert isinstance(bot, Minga)
        return bot

    @asynccontextmanager
    async def silence(self) -> AsyncIterator[None]:
        """Let Ana listen to nothing meanwhile: what she reads costs the homeserver and the
        processor."""
        await self.ana.pause()
        try:
            yield
        finally:
            self.ana.resume()

    def person(self, name: str) -> Person:
        """Register an account, with hyphens for the spaces of the name."""
        return register(self.server, name)

    async def room(self, bot: str | None, senders: Sequence[Sender] = ()) -> str:
        """Make an encrypted room in which the bot and the senders are."""
        invited = [one.id for one in senders] + ([self.bots[bot].user] if bot else [])
        room = await self.ana.create_room(invited)
        await few_at_once(
            one.call("POST", f"/_matrix/client/v3/join/{quote(room)}", {}) for one in senders
        )
        if bot:
            await self.ana.joined(room, self.bots[bot].user, within=60)
        return room


def register(server: Homeserver, name: str) -> Person:
    """Make an account on a homeserver, with hyphens for the spaces of the name."""
    name = name.replace(" ", "-")
    return Person(server.register(name, PASSWORD), name, PASSWORD, server)


@asynccontextmanager
async def scene(folder: Path, makers: Mapping[str, Maker]) -> AsyncIterator[Scene]:
    """Start a homeserver and the bots in the folder. What was started ends with the context."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(Homeserver(folder / "synapse", settings=LEAN))
        persons = {name: register(server, name) for name in (*makers, "ana")}
        ana = await stack.enter_async_context(Member())
        await ana.login(*persons["ana"].door)
        bots = {
            name: make(folder / name, persons[name], persons["ana"].id)
            for name, make in makers.items()
        }
        for bot in bots.values():
            stack.push_async_callback(bot.kill)
            await bot.start()
        watcher = Sender(ana, persons["ana"])
        stack.push_async_callback(watcher.close)
        made = Scene(server, folder, makers, bots, ana, watcher)
        await made.minga.ready()
        yield made
