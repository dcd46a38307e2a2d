"""Several networks without a homeserver: what one bot says in a link room the others hear."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.api import BotInvited, EventId, LinkMessage, Membership, RoomId, UserId, certifying_key
from bot.capability.room_policy import PublicFolder
from bot.run.app import features
from bot.testing.fake_gateway import signer_of
from bot.testing.talk import ROOM, PostedEvent, Talk
from commands.links.declaration import LINK_TYPE

Twist = Callable[[UserId, UserId, dict[str, Any]], Sequence[dict[str, Any]]]
"""What becomes of a message on its way from one to another: none, one or more."""


def bot_of(name: str) -> UserId:
    """Each network has a homeserver of its own, but for sections, that are named by their bot."""
    return UserId(name if ":" in name else f"@minga:{name}")


def _plainly(_by: UserId, _to: UserId, content: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [content]


@dataclass(slots=True)
class Between:
    """Networks by their bot, and who is in which link room."""

    talks: dict[UserId, Talk] = field(default_factory=dict)
    inside: dict[RoomId, set[UserId]] = field(default_factory=dict)
    asked: set[tuple[RoomId, UserId]] = field(default_factory=set)
    heard: dict[UserId, list[PostedEvent]] = field(default_factory=dict)
    wire: list[dict[str, Any]] = field(default_factory=list)
    links: dict[str, int] = field(default_factory=dict)
    """The number that each network has for the link."""
    twist: Twist = _plainly
    found: dict[str, Any] = field(default_factory=dict)
    """How a link room is for whoever comes in, where it is not as it should be."""
    ids: count[int] = field(default_factory=count)

    @classmethod
    async def start(
        cls, folder: Path, *names: str, language: str = "en", public: bool = False
    ) -> Between:
        """One network for each name; `a`'s bot is `@minga:a`, and `@ana:test` moderates each.

        `public`: each has a folder for what is public, `public` in its own.
        """
        made = cls()
        for name in names:
            bot = bot_of(name)
            shown = folder / name / "public"
            (shown if public else folder / name).mkdir(parents=True)
            talk = await Talk.start(
                folder / name / "m.db",
                features(),
                bot=bot,
                network=f"Red {name.removeprefix('@').partition(':')[0].upper()}",
                language=language,
                public=PublicFolder(shown if public else None),
            )
            made.talks[bot], made.heard[bot] = talk, []
        for talk in made.talks.values():
            for other in made.talks.values():
                signer = signer_of(other.gateway)
                master = certifying_key(signer.certificate, signer.public)
                talk.gateway.masters[other.gateway.me] = master or ""
        return made

    def of(self, name: str) -> Talk:
        return self.talks[bot_of(name)]

    async def says(self, name: str, what: str, who: str = "ana", **more: Any) -> None:
        """A person of that network writes in its room; everything that follows happens."""
        await self.of(name).says(who, what, **more)
        await self.flow()

    async def answer(self, name: str, what: str, who: str = "ana") -> str:
        """The same, and all that their bot said to people since."""
        self.heard[bot_of(name)].clear()
        await self.says(name, what, who)
        return self.told(name)

    def told(self, name: str) -> str:
        """What that network's people were told since, and forget it."""
        every = self.heard[bot_of(name)]
        said = "\n".join(post.plain for post in every if post.room == ROOM)
        every.clear()
        return said

    async def flow(self) -> None:
        """Deliver until nobody has anything more to say."""
        moved = True
        while moved:
            moved = False
            for bot, talk in self.talks.items():
                await talk.wait(timedelta(0))  # what is due at once
                for post in await talk.sent():
                    moved = True
                    await self._posted(bot, post)
                moved |= await self._invited(bot)

    async def _posted(self, bot: UserId, post: PostedEvent) -> None:
        assert post.kind != "m.room.message" or post.room not in self.inside, post.plain
        if post.kind == LINK_TYPE:
            await self._carried(bot, post)
        elif post.kind == "join":
            await self._joined(bot, post.room)
        elif post.kind == "leave":
            await self._left(bot, post.room)
        else:
            self.heard[bot].append(post)

    async def _carried(self, bot: UserId, post: PostedEvent) -> None:
        content = dict(post.content)
        self.wire.append(content)
        able = post.readers or frozenset()
        for other in (self.inside.get(post.room, set()) - {bot}) & able:
            for one in self.twist(bot, other, content):
                await self.hears(other, bot, post.room, one)

    async def hears(self, bot: UserId, by: UserId, room: RoomId, content: dict[str, Any]) -> None:
        """One message arrives at one bot."""
        talk = self.talks[bot]
        event = EventId(f"$link{next(self.ids)}")
        await talk.happens(LinkMessage(room, event, by, talk.clock.at, LINK_TYPE, content))

    async def _invited(self, bot: UserId) -> bool:
        """Rooms that this one opened: whoever was asked sees the invitation."""
        state = self.talks[bot].gateway.state
        kinds = [
            room
            for (room, kind, _key), c in state.items()
            if kind == "m.room.create" and c.get("type") == LINK_TYPE
        ]
        fresh = [
            (room, UserId(key))
            for room in kinds
            for (where, kind, key), _content in state.items()
            if (where, kind) == (room, "m.room.member")
            and key in self.talks
            and (room, UserId(key)) not in self.asked
        ]
        for room, other in fresh:
            self.asked.add((room, other))
            self.inside.setdefault(room, {bot})
            talk, event = self.talks[other], EventId(f"$invite{next(self.ids)}")
            await talk.happens(BotInvited(room, event, bot, talk.clock.at, False, True, LINK_TYPE))
        return bool(fresh)

    async def _joined(self, bot: UserId, room: RoomId) -> None:
        others = self.inside[room]
        talk, by = self.talks[bot], min(others)
        await talk.room(room, "", [*others], kind=LINK_TYPE, creator=by, bot_power=0, **self.found)
        await talk.moves(bot, Membership.JOIN, room)
        for other in others:
            await self.talks[other].moves(bot, Membership.JOIN, room)
        others.add(bot)

    async def _left(self, bot: UserId, room: RoomId) -> None:
        self.inside.get(room, set()).discard(bot)
        for other in self.inside.get(room, set()):
            await self.talks[other].moves(bot, Membership.LEAVE, room)

    async def bring(self, one: str, fresh: str) -> None:
        """One more network comes into the link; nobody has compared a code with it yet."""
        await self.says(one, f"!network add {bot_of(fresh)} {self.links[one]}")
        await self.says(one, "yes")
        self.links[fresh] = self.number(fresh)
        await self.says(fresh, f"!network accept {self.links[fresh]}")

    async def compare(self, one: str, other: str) -> None:
        """The people of two networks find the code to be the same."""
        for name, with_ in ((one, other), (other, one)):
            await self.says(name, f"!network compare Red {with_.upper()}")
            await self.says(name, "yes")

    async def add(self, one: str, fresh: str, *others: str) -> None:
        """One more network comes in, and all of those that are there compare its code."""
        await self.bring(one, fresh)
        for name in (one, *others):
            await self.compare(name, fresh)

    async def link(self, one: str, other: str) -> None:
        """Two networks are linked, as their people do it."""
        await self.says(one, f"!red conectar {bot_of(other)}")
        await self.says(one, "sí")
        number = self.links[other] = self.number(other)
        await self.says(other, f"!red aceptar {number}")
        await self.says(other, f"!red aceptar {number}")
        await self.says(other, "sí")
        self.links[one] = self.number(one)
        await self.says(one, f"!red aceptar {self.links[one]}")
        await self.says(one, "sí")

    def number(self, name: str) -> int:
        """The latest link's number in what that network's people were told."""
        found = re.findall(r"accept (\d+)", self.said(name))
        return int(found[-1])

    def said(self, name: str) -> str:
        return "\n".join(post.plain for post in self.heard[bot_of(name)])

    async def close(self, *, leaves_files: bool = False) -> None:
        for talk in self.talks.values():
            await talk.close(leaves_file=leaves_files)


def shuffled(seed: int, *, twice: float = 0.3) -> Callable[[list[Any]], list[Any]]:
    """An order that a bad network would make, some of it twice."""
    chance = random.Random(seed)  # noqa: S311

    def order(every: list[Any]) -> list[Any]:
        more = every + [one for one in every if chance.random() < twice]
        chance.shuffle(more)
        return more

    return order
