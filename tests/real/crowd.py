"""Many members of one room, each with a signed device, that look only when they have to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack
from typing import Any

from tests.real.heard import Heard
from tests.real.plain import Member
from tests.real.servers import Person

AT_ONCE = 6
"""So many of them ask their homeserver at the same time."""


class Crowd:
    """They listen to nothing, so that forty of them cost little more than what they say."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members

    @classmethod
    async def enter(cls, stack: AsyncExitStack, persons: Sequence[Person]) -> Crowd:
        """Everybody has a device; nobody is in a room yet."""
        members = [await stack.enter_async_context(Member()) for _person in persons]
        pairs = zip(members, persons, strict=True)
        await in_turn(one.login(*person.door, listen=False) for one, person in pairs)
        return cls(members)

    async def come(self, room: str) -> None:
        """Into a room to which all were invited."""
        await in_turn(one.client.join(room) for one in self.members)

    async def get_ready(self, room: str) -> None:
        """All are there: each gives its keys to everybody else's device."""

        async def shares_keys(one: Member) -> None:
            await one.look()
            await one.client.share_group_session(room, ignore_unverified_devices=True)

        await in_turn(shares_keys(one) for one in self.members)

    async def vote(self, poll: Heard, labels: Sequence[str]) -> None:
        """Each taps one answer of a native poll, as the list says."""
        pairs = zip(self.members, labels, strict=True)
        await in_turn(one.vote(poll.room, poll, label) for one, label in pairs)


async def in_turn(deeds: Iterable[Coroutine[Any, Any, Any]]) -> None:
    """Do them all, a few at the same time."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def do(deed: Coroutine[Any, Any, Any]) -> None:
        async with turn:
            await deed

    await asyncio.gather(*(do(deed) for deed in deeds))
