"""Who takes part: a homeserver, the bot, and the people around the one who uses the client."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.demo.synapse import Homeserver
from tests.real.botprocess import BotProcess
from tests.real.element import Element
from tests.real.heard import POLL_RESPONSE, POLL_START, Silence
from tests.real.servers import LEAN, Person, in_memory

SERVER_NAME = "barrio.example"
NETWORK = {"es": "Red del barrio", "pt": "Rede do bairro", "en": "Neighbours"}
PEOPLE = ("ana", "bea", "celia")
"""They are on Element's engine, and Ana moderates the network."""


@dataclass(slots=True)
class Stage:
    """`gina` is who uses the client; `room` is where they all meet."""

    server: Homeserver
    bot: BotProcess
    people: dict[str, Element]
    gina: Person
    room: str = ""

    @property
    def ana(self) -> Element:
        return self.people["ana"]

    async def gather(self, name: str) -> str:
        """A new encrypted room of Ana's, with the bot, that greeted, and Gina invited."""
        others = [self.people[one] for one in PEOPLE[1:]]
        invited = [self.bot.user, self.gina.id, *(one.user for one in others)]
        room = await self.ana.create_room(invite=invited, name=name)
        await asyncio.gather(*(one.accept(room) for one in others))
        await self.ana.joined(room, self.bot.user)
        await self.ana.greeted(room, self.bot.user)
        self.room = room
        return room

    async def says(self, who: str, line: str) -> str:
        """The event of a line in the room."""
        return await self.people[who].send(self.room, line)

    async def trusts_gina(self) -> None:
        """Wait until it is known that Gina signed her device."""
        await self.ana.sees_signed(self.gina.id, within=60)

    async def taps(self, who: str, option: str) -> None:
        """Let somebody vote in the newest native poll of the room."""
        one = self.people[who]
        poll = await one.hears(lambda heard: heard.type == POLL_START, room=self.room)
        await one.vote(self.room, poll, option)

    async def knows_the_vote(self, option: str) -> None:
        """Wait until Gina's vote has reached the server, so that it is before what follows."""
        await self.ana.hears(
            lambda heard: heard.type == POLL_RESPONSE or option in heard.text,
            room=self.room,
            sender=self.gina.id,
        )

    async def caption(self) -> str:
        """What stands below the bot's next picture in the room, in clients that show it."""
        picture = await self.ana.hears(
            lambda heard: heard.content.get("msgtype") == "m.image",
            room=self.room,
            sender=self.bot.user,
        )
        return picture.text

    async def marked(self) -> str:
        """The bot's next reaction in the room, '' if none comes soon."""
        try:
            heard = await self.ana.hears(
                lambda heard: heard.type == "m.reaction", 15, room=self.room, sender=self.bot.user
            )
        except Silence:
            return ""
        return str(heard.content["m.relates_to"]["key"])


@asynccontextmanager
async def stage(folder: Path, language: str = "es") -> AsyncIterator[Stage]:
    """Servers and people, until the block ends; the bot's network has this language."""
    async with AsyncExitStack() as stack:
        place = stack.enter_context(in_memory(folder))
        server = Homeserver(place / "synapse", server_name=SERVER_NAME, settings=LEAN)
        await asyncio.to_thread(server.start)
        stack.callback(server.stop)
        persons = {one: _register(server, one) for one in ("minga", "gina", *PEOPLE)}
        people = {one: await stack.enter_async_context(Element()) for one in PEOPLE}
        await asyncio.gather(*(one.login(*persons[who].door) for who, one in people.items()))
        bot = BotProcess(
            place / "bot",
            persons["minga"],
            moderators=[persons["ana"].id],
            sections={"network": {"language": language, "name": NETWORK[language]}},
        )
        await stack.enter_async_context(bot)
        yield Stage(server, bot, people, persons["gina"])


def _register(server: Homeserver, name: str) -> Person:
    password = secrets.token_hex(8)
    return Person(server.register(name, password), name, password, server)
