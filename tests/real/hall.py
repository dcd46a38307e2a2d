"""A room that decides: Ana, strict on Element's engine, four plain members, four who keep silent.

Votes are written as a table: `ana toca 2`, `bruno escribe 1`, `celia responde la 2`; behind `→`
what the bot's answer says, where it is not that the vote was noted.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.element import Element
from tests.real.heard import POLL_START, Heard, What
from tests.real.plain import Member
from tests.real.servers import Pair, Person, enter_silently

PLAIN = ("bruno", "celia", "dani", "eva")
SILENT = 4
EVERYBODY = 1 + len(PLAIN) + SILENT
OPENING = re.compile(r"^(?:Encuesta|Propuesta) (\d+): ")


@dataclass(frozen=True, slots=True)
class Poll:
    """A decision as Ana heard it begin."""

    number: str
    opening: Heard
    native: Heard

    @property
    def room(self) -> str:
        return self.opening.room

    @property
    def labels(self) -> list[str]:
        return list(self.native.answers)


@dataclass(slots=True)
class Hall:
    """`room` is where all of them are; Ana made it, and moderates."""

    bot: BotProcess
    ana: Element
    people: dict[str, Member]
    silent: list[str]
    """They are in the room and do nothing there."""
    persons: dict[str, Person]
    """The accounts of those who are not silent."""
    room: str = ""
    letters: dict[str, str] = field(default_factory=dict)
    """The private rooms that the bot has made, by person."""

    @classmethod
    @asynccontextmanager
    async def of(cls, pair: Pair, folder: Path) -> AsyncIterator[Hall]:
        async with AsyncExitStack() as stack:
            ana, plain = Element(), [Member() for _name in PLAIN]
            persons = [pair.person(name) for name in ("ana", *PLAIN)]
            silent = [pair.person(f"silent{n}") for n in range(SILENT)]
            bot = BotProcess(folder, pair.person("minga", pair.a), moderators=[persons[0].id])
            members: list[Element | Member] = [ana, *plain]
            for one in members:
                await stack.enter_async_context(one)
            doors = zip(members, persons, strict=True)
            await asyncio.gather(
                stack.enter_async_context(bot), *(one.login(*who.door) for one, who in doors)
            )
            people = dict(zip(PLAIN, plain, strict=True))
            accounts = dict(zip(("ana", *PLAIN), persons, strict=True))
            hall = cls(bot, ana, people, [one.id for one in silent], accounts)
            hall.room = await hall.gather_in("Sala", *PLAIN, others=hall.silent)
            await asyncio.gather(
                *(asyncio.to_thread(enter_silently, one, hall.room) for one in silent)
            )
            await asyncio.gather(*(ana.joined(hall.room, one) for one in hall.silent))
            yield hall

    async def gather_in(self, name: str, *who: str, others: list[str] | None = None) -> str:
        """A new encrypted room of Ana's with the bot, that greeted, and these people."""
        people = [self.people[one] for one in who]
        invited = [self.bot.user, *(one.user for one in people), *(others or [])]
        room = await self.ana.create_room(invite=invited, name=name, version="12")
        await asyncio.gather(*(one.accept(room) for one in people))
        for user in (self.bot.user, *(one.user for one in people)):
            await self.ana.joined(room, user)
        await self.ana.greeted(room, self.bot.user)
        return room

    # --- saying and hearing -----------------------------------------------------------------------

    def member(self, who: str) -> Element | Member:
        return self.ana if who == "ana" else self.people[who]

    async def says(self, who: str, line: str, to: Heard | None = None, room: str = "") -> str:
        """The event of a line, in reply to what the bot said or not."""
        room = to.room if to else room or self.room
        content: dict[str, object] = {"msgtype": "m.text", "body": line, "m.mentions": {}}
        if to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": to.id}}
        return await self.member(who).send_event(room, "m.room.message", content)

    async def hears(self, what: What, within: float = 30, room: str = "") -> Heard:
        """What the bot says in the room, as Ana reads it: signed, and without a shield."""
        heard = await self.ana.hears(what, within, room=room or self.room, sender=self.bot.user)
        assert (heard.encrypted, heard.failure, heard.shield) == (True, None, 0), heard
        return heard

    async def answer(self, who: str, line: str, to: Heard | None = None, room: str = "") -> str:
        """What the bot answers to a line, as Ana reads it."""
        room = to.room if to else room or self.room
        event = await self.says(who, line, to, room)
        return (await self.hears(lambda heard: heard.reply_to == event, room=room)).text

    async def letter(self, who: str, words: str) -> str:
        """What the bot tells a plain member in private, in the room that it made for that."""
        member = self.people[who]
        if who not in self.letters:
            self.letters[who] = await member.called()
        heard = await member.hears(words, room=self.letters[who], sender=self.bot.user)
        assert heard.failure is None
        return heard.text

    # --- deciding ---------------------------------------------------------------------------------

    async def opens(self, who: str, line: str, room: str = "") -> Poll:
        """A decision is opened: its words, and the poll to tap."""
        await self.says(who, line, room=room)
        opening = await self.hears(OPENING, room=room)
        poll = await self.hears(lambda heard: heard.type == POLL_START, room=room)
        found = OPENING.search(opening.text)
        assert found
        assert poll.text.splitlines()[0] in opening.text.splitlines()[0]
        return Poll(found[1], opening, poll)

    async def votes(self, poll: Poll, table: str) -> None:
        """Everybody at once, the lines of each in turn, and what the bot answers to them."""
        lines = [line.strip() for line in table.strip().splitlines()]
        by_person = itertools.groupby(sorted(lines, key=_voter), _voter)
        await asyncio.gather(*(self._votes(poll, who, list(them)) for who, them in by_person))

    async def _votes(self, poll: Poll, who: str, lines: list[str]) -> None:
        for line in lines:
            vote, _arrow, answer = line.partition("→")
            _who, way, what = vote.strip().split(maxsplit=2)
            if way == "toca":
                labels = [poll.labels[int(place) - 1] for place in what.split()]
                await self.member(who).vote(poll.room, poll.native, *labels)
                continue
            assert way in ("escribe", "responde"), line
            said = (
                await self.answer(who, what, poll.opening)
                if way == "responde"
                else await self.answer(who, f"!votar {poll.number} {what}", room=poll.room)
            )
            assert (answer.strip() or "Anotado") in said, (line, said)

    async def result(self, poll: Poll, within: float = 30) -> str:
        """What the room reads when it has ended."""
        head = re.compile(rf"^(?:Encuesta|Propuesta) {poll.number}, [“\"].*[”\"](?::| cerró)")
        return (await self.hears(head, within, poll.room)).text

    async def closes(self, poll: Poll) -> str:
        """Ana closes it; the result."""
        await self.says("ana", f"!cerrar {poll.number}", room=poll.room)
        return await self.result(poll)


def _voter(line: str) -> str:
    return line.split(maxsplit=1)[0]
