"""A machine whose ciphertext is only a wrapper, an inbox that notes what it hears, a run."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from bot.clock import Clock
from bot.matrix.crypto.crypto_machine import CryptoMachine, ToDeviceResult, Withheld
from bot.matrix.crypto.guard import BadCipher, DecryptedEvent, NoKey
from bot.matrix.crypto.room_session import WantingRooms
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.matrix.sync.to_device import DeviceStep
from bot.types import Echo, EventId, InboundEvent, Message, RoomId, Trust, UserId
from storage import sync
from storage.database import Database
from tests.matrix.homeserver import ME, ROOM, TOKEN


@dataclass
class FakeQuarantine:
    """Whose identity is a new one, by hand."""

    unsaved: bool = False
    news: dict[UserId, datetime] = field(default_factory=dict)
    olds: dict[UserId, tuple[datetime, bool]] = field(default_factory=dict)

    def all_pins(self) -> list[tuple[str, str, int | None]]:
        return [("who", "pin", None)]

    def waiting_key(self, user: UserId) -> str:
        return f"key of {user}"

    def replacements(self) -> dict[UserId, datetime]:
        return dict(self.news)

    def mark_replacement_told(self, user: UserId, seen: datetime) -> None:
        del self.news[user]

    def old_identities(self) -> dict[UserId, tuple[datetime, bool]]:
        return dict(self.olds)

    def mark_old_told(self, user: UserId, seen: datetime) -> None:
        del self.olds[user]


@dataclass
class FakeSharer:
    """Notes which rooms were given keys ahead; `wanting` and `want_in` are those of `KeySharer`."""

    wanting: WantingRooms = field(default_factory=WantingRooms)
    spoken: set[RoomId] = field(default_factory=set)
    prepared: asyncio.Queue[tuple[RoomId, list[UserId]]] = field(default_factory=asyncio.Queue)
    marked: list[bool] = field(default_factory=list)
    copied: list[RoomId] = field(default_factory=list)
    starts: int = 0

    def want_in(self, rooms: Iterable[RoomId]) -> None:
        for room in self.spoken & set(rooms):
            self.wanting.add(room)

    def want_recent(self) -> None:
        self.starts += 1

    def keep_copy_ahead(self, room: RoomId) -> None:
        self.copied.append(room)

    async def prepare(
        self, http: Any, room: RoomId, rules: Any, members: Sequence[UserId], *, shared: bool
    ) -> None:
        self.marked.append(shared)
        self.prepared.put_nowait((room, list(members)))


@dataclass
class FakeMachine:
    """Keeps `Machine`'s promises with keys that are names."""

    keys: set[tuple[str, str]] = field(default_factory=lambda: {(ROOM, "s")})
    unknown: set[str] = field(default_factory=set)
    trusts: dict[str, Trust] = field(default_factory=dict)
    shared_with: list[list[UserId]] = field(default_factory=list)
    to_everyone: list[bool] = field(default_factory=list)
    marked: list[bool] = field(default_factory=list)
    forgotten: list[EventId] = field(default_factory=list)
    asked_again: list[UserId] = field(default_factory=list)
    maintained: int = 0
    meanwhile: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """What happens while it fetches keys to encrypt, one for each message."""
    sharer: FakeSharer = field(default_factory=lambda: FakeSharer())
    quarantine: FakeQuarantine = field(default_factory=lambda: FakeQuarantine())
    confirmed: dict[UserId, datetime] = field(default_factory=dict)
    user: UserId = field(default=UserId(ME))
    device: str = "DEVICE"

    def receive_to_device(self, events: Sequence[Mapping[str, Any]]) -> ToDeviceResult:
        told = [(e["type"], e["content"]) for e in events]
        fresh = {(c["room"], c["session"]) for kind, c in told if kind == "key"}
        self.keys |= fresh
        kept = [
            Withheld(UserId(c["sender"]), RoomId(c["room"]), c["session"], c["code"])
            for kind, c in told
            if kind == "withheld"
        ]
        strange = Counter(kind for kind, _ in told if kind == "strange")
        steps = [
            DeviceStep(UserId(c["sender"]), c["type"], c["content"], Trust.PLAIN)
            for kind, c in told
            if kind == "step"
        ]
        return ToDeviceResult({(RoomId(r), s) for r, s in fresh}, kept, strange, steps)

    def forget_event(self, room: RoomId, event: EventId) -> bool:
        self.forgotten.append(event)
        return True

    def confirmations(self) -> dict[UserId, datetime]:
        return dict(self.confirmed)

    def mark_confirmation_told(self, user: UserId) -> None:
        self.confirmed.pop(user, None)

    def ask_keys_again(self, user: UserId) -> None:
        self.asked_again.append(user)

    def note_key_counts(
        self, one_time: Mapping[str, int], unused: Sequence[str] | None
    ) -> None: ...

    def note_device_lists(self, users: Iterable[str], left: Iterable[str]) -> None: ...

    async def query_unknown(self, http: Any, users: Iterable[UserId]) -> None: ...

    async def maintain(self, http: Any) -> set[UserId]:
        self.maintained += 1
        learnt, self.unknown = self.unknown, set()
        return {UserId(u) for u in learnt}

    def transaction(self) -> AbstractContextManager[None]:
        return nullcontext()

    def decrypt(self, room: RoomId, event: Mapping[str, Any]) -> DecryptedEvent:
        content = event["content"]
        session, inside = content["session_id"], content["ciphertext"]
        if (room, session) not in self.keys:
            raise NoKey(session)
        if event["sender"] in self.unknown:
            raise NoKey(session, "device")
        if not isinstance(inside, dict):
            raise BadCipher("ciphertext")
        trust = self.trusts.get(event["sender"], Trust.SIGNED)
        return DecryptedEvent(inside["type"], dict(inside["content"]), trust, "PHONE", session)

    async def encrypt(
        self,
        http: Any,
        room: Any,
        members: Sequence[UserId],
        kind: str,
        content: Mapping[str, Any],
        *,
        everyone: bool = False,
        shared: bool = False,
    ) -> dict[str, Any]:
        self.marked.append(shared)
        self.shared_with.append(list(members))
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        self.to_everyone.append(everyone)
        self.keys.add((room.room, "own"))
        return {"ciphertext": {"type": kind, "content": dict(content)}, "session_id": "own"}

    def close(self) -> None: ...


@dataclass
class FakeInbox:
    """Once or not at all, as the dispatcher; `crash` raises instead of handling."""

    db: Database
    got: list[InboundEvent] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    live: list[datetime] = field(default_factory=list)
    answered: list[datetime] = field(default_factory=list)
    crash: Callable[[InboundEvent], bool] = lambda _: False
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    error: BaseException | None = None
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, what: InboundEvent) -> None:
        if what.room in self.slow:
            await self.slow[what.room].wait()
        if self.crash(what):
            raise Crash
        if not isinstance(what, Echo):
            async with self.db.transaction() as tx:
                if not await sync.mark_seen(tx, EventId(what.event), datetime.now(UTC)):
                    return
        self.got.append(what)
        self.told.set()

    def note_answer(self, at: datetime) -> None:
        self.answered.append(at)
        self.told.set()

    async def commit_batch(
        self,
        token: str,
        live_until: datetime,
        unmarked: Collection[EventId] = (),
        newest: sync.NewestEvent | None = None,
    ) -> None:
        async with self.db.transaction() as tx:
            await sync.mark_all_seen(tx, unmarked, datetime.now(UTC))
            await sync.save_token(tx, token, newest)
            await sync.save_live_until(tx, live_until)
        self.tokens.append(token)
        self.live.append(live_until)
        self.told.set()

    async def wait_until_answered(self) -> None: ...

    def ended(self, run: asyncio.Task[None]) -> None:
        """The gateway stopped: whoever waits for something waits in vain."""
        if not run.cancelled():
            self.error = run.exception()
            self.told.set()

    @property
    def texts(self) -> list[str]:
        return [w.text for w in self.got if isinstance(w, Message)]

    async def says(self, text: str) -> None:
        await self.until(lambda: text in self.texts)

    async def until(self, true: Callable[[], Any], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                if self.error is not None:
                    raise self.error
                self.told.clear()
                await self.told.wait()


class Crash(Exception):
    """The power went out."""


@asynccontextmanager
async def running(
    url: str,
    db: Database,
    machine: CryptoMachine | FakeMachine,
    clock: Clock | None = None,
    prepare: Callable[[FakeInbox], object] = lambda _: None,
) -> AsyncIterator[tuple[MatrixGateway, FakeInbox]]:
    """One run of the bot; at its end it is cut off as by a kill."""
    http = Http(url, TOKEN)
    gateway = MatrixGateway(http, db, cast(CryptoMachine, machine), clock)
    inbox = FakeInbox(db)
    prepare(inbox)
    run = asyncio.create_task(gateway.run(inbox))
    run.add_done_callback(inbox.ended)
    try:
        yield gateway, inbox
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await http.close()
