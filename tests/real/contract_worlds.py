"""The contract's two worlds: a fake gateway alone, and a real one with Ana at its homeserver."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.gateway import DelayLimits, Gateway
from bot.matrix.gateway import MatrixGateway
from bot.matrix.login import Account
from bot.run.machine import migrate_database
from bot.testing.fake_gateway import FakeGateway
from bot.types import EventId, InboundEvent, MemberPoll, Message, PollVote, RoomId, UserId
from storage.database import Database
from storage.encryption.keys import DATABASE, Keys
from storage.sync import NewestEvent
from tests.real.heard import POLL_RESPONSE, POLL_START
from tests.real.patience import PATIENCE
from tests.real.plain import Member
from tests.real.servers import Pair

TEXT, HELLO = "m.room.message", {"msgtype": "m.text", "body": "Hola"}
ANSWERS = (("a", "Sí"), ("b", "No"))


@dataclass(slots=True)
class World:
    """A gateway, a room for two that it made, and what others see of it."""

    gateway: Gateway
    room: RoomId
    ana: UserId
    stranger: Callable[[], UserId]
    seen: Callable[[], Awaitable[dict[EventId, bool]]]
    """The events of the room, and whether each was redacted."""
    theirs: Callable[[str], Awaitable[EventId]]
    """Ana says something that the gateway can read."""
    edits: Callable[[EventId, str], Awaitable[None]]
    """Ana puts other words in the place of hers."""
    polled: Callable[[], Awaitable[EventId]]
    """Ana makes a poll, `Hoy?`, and votes in it: first for one answer, then for the other."""

    reads: Callable[[EventId], Awaitable[bool]]  # can Ana?
    newest: Callable[[EventId], Awaitable[tuple[RoomId, EventId]]]
    """What is committed as the newest event, once this one is: room and event."""

    async def says(self, txn: str) -> EventId:
        return await self.gateway.send(self.room, TEXT, HELLO, txn)

    async def found(self, txn: str, room: RoomId | None = None) -> EventId | None:
        since = datetime.now(UTC) - timedelta(minutes=5)
        return await self.gateway.find_sent(room or self.room, txn, since)

    async def membership(self, user: UserId) -> str:
        state = await self.gateway.get_state(self.room, "m.room.member", user)
        return str(state["membership"]) if state else ""


@asynccontextmanager
async def faked() -> AsyncIterator[World]:
    """The fake alone."""
    gateway = FakeGateway(now=lambda: datetime.now(UTC))

    async def seen() -> dict[EventId, bool]:
        posts = [post for post in gateway.posted.values() if post.room == room]
        gone = {post.content["redacts"] for post in posts if post.kind == "redact"}
        return {post.event: post.event in gone for post in posts}

    def stranger() -> UserId:
        return UserId(f"@eva-{secrets.token_hex(3)}:test")

    async def theirs(text: str) -> EventId:
        event = EventId(f"$theirs{len(gateway.said)}")
        gateway.said[event] = Message(room, event, ana, datetime.now(UTC), text)
        return event

    async def edits(event: EventId, text: str) -> None:
        now = datetime.now(UTC)
        gateway.said[event] = replace(gateway.said[event], text=text, edited_at=now)

    async def polled() -> EventId:
        event, now = EventId("$poll"), datetime.now(UTC)
        votes = tuple(
            PollVote(room, EventId(f"$vote{n}"), ana, now, event, (key,), n)
            for n, (key, _label) in enumerate(ANSWERS)
        )
        gateway.polls[room, event] = MemberPoll(event, ana, "Hoy?", ANSWERS, 1, votes, None, 0)
        return event

    async def reads(event: EventId) -> bool:
        (post,) = (post for post in gateway.posted.values() if post.event == event)
        return post.readers is None or ana in post.readers

    async def newest(event: EventId) -> tuple[RoomId, EventId]:
        return gateway.said[event].room, event

    ana = UserId("@ana:test")
    gateway.delayed.keeps = DelayLimits(timedelta(days=31), 100)
    room = await gateway.make_private_room(ana, "contract")
    yield World(gateway, room, ana, stranger, seen, theirs, edits, polled, reads, newest)


class Ear:
    """An inbox that only hears, and knows what it heard."""

    def __init__(self) -> None:
        self._heard: set[EventId] = set()
        self._stirred = asyncio.Condition()
        self._newest: NewestEvent | None = None

    async def receive(self, what: InboundEvent) -> None:
        async with self._stirred:
            self._heard.add(what.event)
            self._stirred.notify_all()

    def note_answer(self, at: datetime) -> None: ...

    async def commit_batch(
        self,
        token: str,
        live_until: datetime,
        unmarked: Collection[EventId] = (),
        newest: NewestEvent | None = None,
    ) -> None:
        async with self._stirred:
            self._newest = newest
            self._stirred.notify_all()

    async def wait_until_answered(self) -> None: ...

    async def hears(self, event: str) -> EventId:
        async with asyncio.timeout(PATIENCE), self._stirred:
            await self._stirred.wait_for(lambda: event in self._heard)
        return EventId(event)

    async def commits(self, event: EventId) -> tuple[RoomId, EventId]:
        """Wait until this is the newest event that is committed. Return its room and itself."""
        async with asyncio.timeout(PATIENCE), self._stirred:
            await self._stirred.wait_for(lambda: self._newest and self._newest.event == event)
            assert self._newest is not None
            return self._newest.room, self._newest.event


@asynccontextmanager
async def served(pair: Pair, folder: Path) -> AsyncIterator[World]:
    """The real one at its homeserver, and Ana there too, who came into the room."""
    async with AsyncExitStack() as stack:
        bot, person = pair.person("minga", pair.a), pair.person("ana", pair.a)
        keys = Keys.from_root(secrets.token_bytes(32))
        db = await Database.open(folder / DATABASE, keys.db)
        stack.push_async_callback(db.close)
        await migrate_database(db, [])
        account = Account(pair.a.url, UserId(bot.id), bot.password)
        gateway = await MatrixGateway.connect(account, db, folder, keys)
        stack.push_async_callback(gateway.close)
        ana = await stack.enter_async_context(Member())
        await ana.login(*person.door)
        room = await gateway.make_private_room(UserId(person.id), secrets.token_hex(8))
        await ana.accept(room)

        async def seen() -> dict[EventId, bool]:
            return {EventId(one.id): not one.content for one in await ana.timeline(room)}

        def stranger() -> UserId:
            return UserId(pair.person("eva", pair.a).id)

        async def theirs(text: str) -> EventId:
            return await ear.hears(await ana.send(room, text))

        async def edits(event: EventId, text: str) -> None:
            await ear.hears(await ana.edit(room, event, text))

        async def polled() -> EventId:
            answers = [{"id": key, "org.matrix.msc1767.text": label} for key, label in ANSWERS]
            question = {"org.matrix.msc1767.text": "Hoy?", "body": "Hoy?", "msgtype": "m.text"}
            start = {"question": question, "max_selections": 1, "answers": answers}
            poll = await ana.send_event(room, POLL_START, {POLL_START: start})
            for key, _label in ANSWERS:
                relates = {"rel_type": "m.reference", "event_id": poll}
                vote = {"m.relates_to": relates, POLL_RESPONSE: {"answers": [key]}}
                await ear.hears(await ana.send_event(room, POLL_RESPONSE, vote))
            return EventId(poll)

        async def reads(event: EventId) -> bool:
            return all(o.failure is None for o in await ana.timeline(room) if o.id == event)

        ear = Ear()
        running = asyncio.create_task(gateway.run(ear))
        stack.push_async_callback(_stopped, running)
        me = UserId(person.id)
        yield World(gateway, room, me, stranger, seen, theirs, edits, polled, reads, ear.commits)


async def _stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
