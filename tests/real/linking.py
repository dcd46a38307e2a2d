"""Networks of the real tests that link: each a bot with the person who moderates it."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.demo.loopback import write_secret
from bot.demo.synapse import Homeserver
from tests.real.botprocess import BotProcess
from tests.real.crowd import Crowd
from tests.real.element import Element
from tests.real.heard import Heard, What
from tests.real.servers import Pair, token_of

CODE = re.compile(r"\d{4} \d{4} \d{4}")


@dataclass(slots=True)
class Network:
    """A network's room, seen by the person who moderates it."""

    name: str
    bot: BotProcess
    member: Element
    crowd: Crowd
    people: list[str]
    """Who is in the room, but for the bot."""
    room: str = ""

    async def says(self, line: str) -> str:
        return await self.member.send(self.room, line)

    async def hears(self, what: What, within: float = 40) -> Heard:
        """The next thing that the bot says there with these words: readable, and from a signed
        device."""
        wanted = re.compile(what) if isinstance(what, str) else what
        heard = await self.member.hears(wanted, within, room=self.room, sender=self.bot.user)
        assert (heard.encrypted, heard.failure, heard.shield) == (True, None, 0), heard
        return heard

    async def does(self, line: str, what: str) -> Heard:
        await self.says(line)
        return await self.hears(what)

    async def agrees(self, line: str, what: str) -> Heard:
        """A line that is asked back first."""
        await self.does(line, "¿Sigo?|Go on")
        return await self.does("sí", what)


async def entered(
    stack: AsyncExitStack,
    pair: Pair,
    folder: Path,
    name: str,
    server: Homeserver,
    *,
    crowd: int = 0,
    through: str = "",
    device: str = "",
    public: Path | None = None,
) -> Network:
    """A network of one room: who moderates it, on Element, and `crowd` more.

    `through`: the address of a proxy that the bot takes for its homeserver. `device`: the bot is
    given a token of this device, and no password. `public`: its folder for what is public.
    """
    names = ["minga", "ana", *(f"m{n}" for n in range(crowd))]
    account, person, *more = await asyncio.to_thread(
        lambda: [pair.person(one, server) for one in names]
    )
    sections: dict[str, dict[str, str | None]] = {"network": {"name": name}}
    if public is not None:
        sections["publishing"] = {"folder": str(public)}
    if device:
        way = {"password_file": None, "access_token_file": "secrets/token", "device_id": device}
        sections["matrix"] = way
    bot = BotProcess(
        folder / name, account, moderators=[person.id], homeserver=through, sections=sections
    )
    if device:
        token = await asyncio.to_thread(token_of, account, device)
        write_secret(bot.folder / "secrets/token", token)
    member = await stack.enter_async_context(Element())
    _up, _in, others = await asyncio.gather(
        stack.enter_async_context(bot), member.login(*person.door), Crowd.enter(stack, more)
    )
    made = Network(name, bot, member, others, [one.id for one in (person, *more)])
    invited = [bot.user, *(one.id for one in more)]
    made.room = await member.create_room(invite=invited, name=name, version="12")
    await others.come(made.room)
    await member.joined(made.room, bot.user)
    await member.greeted(made.room, bot.user)
    await others.get_ready(made.room)
    return made


async def linked(one: Network, other: Network) -> None:
    """They ask, accept, compare the code and confirm it; the other one is in no link yet."""
    number = number_in(
        r"Conexión (\d+)", await one.agrees(f"!red conectar {other.bot.user}", "Conexión")
    )
    await other.hears("!red aceptar 1")
    await other.does("!red aceptar 1", "Voy")
    here, there = await asyncio.gather(
        one.hears(f"{other.name} .*{CODE.pattern}"), other.hears(f"{one.name} .*{CODE.pattern}")
    )
    assert CODE.findall(here.text) == CODE.findall(there.text)
    for network, known in ((one, number), (other, 1)):
        asked = await network.does(f"!red aceptar {known}", "¿Sigo?")
        assert CODE.findall(asked.text) == CODE.findall(here.text)
        await network.says("sí")
    await asyncio.gather(
        one.hears(f"{other.name} y esta red"), other.hears(f"{one.name} y esta red")
    )


def number_in(pattern: str, heard: Heard) -> int:
    found = re.search(pattern, heard.text)
    assert found, heard.text
    return int(found[1])
