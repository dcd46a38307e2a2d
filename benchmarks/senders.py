"""Members that prepare what they will say, so that saying it costs hardly more than a request."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import aiohttp

from tests.real.plain import Member
from tests.real.servers import Person

AT_ONCE = 6
SESSION_MESSAGES = 100
"""After so many messages nio replaces a session."""
ROOMS = "/_matrix/client/v3/rooms"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An encrypted event that is still to be sent."""

    room: str
    content: dict[str, Any]


class Sender:
    """A person with one signed device that listens to nothing."""

    def __init__(self, member: Member, person: Person) -> None:
        self.member = member
        self.person = person
        self._used: Counter[str] = Counter()
        self._http: aiohttp.ClientSession | None = None

    @property
    def id(self) -> str:
        """The person's Matrix id."""
        return self.person.id

    async def share(self, room: str) -> None:
        """Give a new session's keys to everybody's devices in the room."""
        client = self.member.client
        await client.joined_members(room)
        client.invalidate_outbound_session(room)
        await client.share_group_session(room, ignore_unverified_devices=True)
        self._used[room] = 0

    async def share_with(self, room: str, readers: Sequence[str]) -> None:
        """Give a new session's keys to these people alone, whoever else is in the room."""
        client = self.member.client
        known = client.rooms[room]
        for user in [*known.users]:
            known.remove_member(user)
        for user in readers:
            known.add_member(user, None, None)
        known.members_synced = True
        client.olm.users_for_key_query = {*readers}
        await client.keys_query()
        client.invalidate_outbound_session(room)
        await client.share_group_session(room, ignore_unverified_devices=True)
        self._used[room] = 0

    async def prepare(self, room: str, text: str) -> Prepared:
        """Encrypt a message for the room."""
        if self._used[room] >= SESSION_MESSAGES:
            await self.share(room)
        self._used[room] += 1
        content = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        _kind, sealed = self.member.client.encrypt(room, "m.room.message", content)
        return Prepared(room, sealed)

    async def send(self, prepared: Prepared) -> str:
        """Send it, and return the event's id."""
        path = f"{ROOMS}/{quote(prepared.room)}/send/m.room.encrypted/{uuid4().hex}"
        return str((await self.call("PUT", path, prepared.content))["event_id"])

    async def send_all(self, prepared: Iterable[Prepared]) -> list[str]:
        """Send one after the other, as fast as the homeserver takes them."""
        return [await self.send(one) for one in prepared]

    async def call(
        self, method: str, path: str, body: object = None, **query: str
    ) -> dict[str, Any]:
        """Make a request to the homeserver. Raises for any status but 200."""
        if self._http is None:
            token = str(self.member.client.access_token)
            self._http = aiohttp.ClientSession(
                self.person.server.url, headers={"Authorization": f"Bearer {token}"}
            )
        async with self._http.request(method, path, json=body, params=query) as answer:
            answer.raise_for_status()
            said: dict[str, Any] = await answer.json()
            return said

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()


async def enter(stack: AsyncExitStack, persons: Sequence[Person]) -> list[Sender]:
    """Log everybody in, each with a signed device."""
    found = []
    for person in persons:
        sender = Sender(await stack.enter_async_context(Member()), person)
        stack.push_async_callback(sender.close)
        found.append(sender)
    await few_at_once(one.member.login(*one.person.door, listen=False) for one in found)
    return found


async def few_at_once(deeds: Iterable[Coroutine[Any, Any, Any]], limit: int = AT_ONCE) -> list[Any]:
    """Run them, so many side by side. Return their results in order."""
    turn = asyncio.Semaphore(limit)

    async def do(deed: Coroutine[Any, Any, Any]) -> Any:
        async with turn:
            return await deed

    return await asyncio.gather(*(do(deed) for deed in deeds))
