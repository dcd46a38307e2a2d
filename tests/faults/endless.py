"""A homeserver in memory that says as much as is wanted, to the whole bot with its real engine.

It stands where `Http` stands, so nothing but the bot's own work costs time. It keeps nothing of
what was said: the memory that grows is the bot's.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from bot.capability.discovery import features
from bot.capability.room_policy import Defaults
from bot.clock import SystemClock
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.operate.watch.service_manager import ServiceManager
from bot.run.app import run_tasks
from bot.run.machine import Machine, assemble, migrate_database
from bot.run.stages.limits import Limits
from bot.signing.signer import open_signer
from bot.types import RoomId, UserId
from storage.database import Database
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, know, person, room

Json = dict[str, Any]
DB_KEY = b"k" * 32
SERVER = "one.example"


def room_id(n: int) -> RoomId:
    return RoomId(f"!room{n}:{SERVER}")


@dataclass
class Endless:
    """Answers what the bot asks. `say` and `tell` put something into its next sync."""

    keys: KeyServer
    bot: Person
    people: Sequence[Person]
    rooms: int
    token: str = ""
    before_change: Any = None
    sent: Callable[[RoomId, str, Json], None] = lambda *_: None
    """Called with the room, type and content of each event that the bot sends."""
    requests: Counter[str] = field(default_factory=Counter)
    joins: list[str] = field(default_factory=list)
    inviters: dict[str, str] = field(default_factory=dict)
    _invites: Json = field(default_factory=dict)
    _entered: Json = field(default_factory=dict)
    _waiting: dict[RoomId, deque[Json]] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=itertools.count)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _syncs: int = 0

    # --- what happens there -----------------------------------------------------------------------

    async def say(self, who: Person, where: RoomId, kind: str, content: Json) -> str:
        """Let somebody send an encrypted event; its key goes to the bot first."""
        sealed = await who.machine.encrypt(
            who.http, room(name=where), [self.bot.user], kind, content, everyone=True
        )
        return self.tell(where, who.user, "m.room.encrypted", sealed)

    def tell(self, where: RoomId, sender: str, kind: str, content: Json, **more: Any) -> str:
        """Put an event into the room; `more` are fields of it. Return its id."""
        event = {
            "type": kind,
            "event_id": f"$e{next(self._ids)}",
            "sender": sender,
            "origin_server_ts": int(time.time() * 1000),
            "content": content,
        } | more
        self._waiting.setdefault(where, deque()).append(event)
        self._news.set()
        return str(event["event_id"])

    @property
    def waiting(self) -> int:
        """Return how many events no sync has delivered yet."""
        return sum(map(len, self._waiting.values()))

    # --- what `Http` is ---------------------------------------------------------------------------

    async def close(self) -> None:
        """Nothing is open."""

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Json:
        parts = [unquote(part) for part in path.split("/")[4:]]
        self.requests[f"{method} {parts[0]}"] += 1
        match parts:
            case ["sync"]:
                return await self._sync(more["query"])
            case ["keys" | "sendToDevice", *_]:
                return await self.bot.http.call(method, path, body)
            case ["rooms", where, "send", kind, txn]:
                return {"event_id": self._take(RoomId(where), kind, txn, dict(body))}
            case ["rooms", _, "joined_members"]:
                return {"joined": {one.user: {} for one in (self.bot, *self.people)}}
            case ["join", where]:
                return self._enter(RoomId(where))
        return self._rest(method, parts)

    def _enter(self, where: RoomId) -> Json:
        """Let the bot come into a room to which the first of its members invited it."""
        if where not in self.joins:
            self.joins.append(where)
            state = self._state_for_two(where)
            own = next(one for one in state if one["state_key"] == self.bot.user)
            state.remove(own)
            timeline = {"events": [{**own, "event_id": f"$joined-{where}"}]}
            self._entered[where] = {"state": {"events": state}, "timeline": timeline}
            self._news.set()
        return {"room_id": where}

    def _state_for_two(self, where: RoomId) -> list[Json]:
        """Return the state of the private room of whoever invited the bot."""
        state = [one for one in self._state() if one["state_key"] in ("", self.bot.user)]
        there = {"state_key": self.inviters[where], "sender": self.inviters[where]}
        return [*state, {**state[-1], **there, "event_id": f"$there-{where}"}]

    def invite(self, where: RoomId, inviter: str) -> None:
        """Let somebody invite the bot into a room for two."""
        self.inviters[where] = inviter
        content = {"membership": "invite", "is_direct": True}
        event: Json = {"type": "m.room.member", "state_key": self.bot.user}
        event["content"] = content
        event |= {"sender": inviter, "event_id": f"$invite-{where}", "origin_server_ts": 1}
        self._invites[where] = {"invite_state": {"events": [event]}}
        self._news.set()

    def _rest(self, method: str, parts: Sequence[str]) -> Json:
        match parts:
            case ["createRoom"]:
                return {"room_id": f"!made{next(self._ids)}:{SERVER}"}
            case ["rooms", _, "state", *_] if method == "GET":
                return {}
            case ["rooms", _, "messages"]:
                return {"chunk": []}
            case ["rooms", *_]:
                return {"event_id": f"$own{next(self._ids)}"}
        return {}

    async def get_list(self, path: str) -> list[Json]:
        where = RoomId(unquote(path.split("/")[5]))
        return self._state_for_two(where) if where in self.inviters else self._state()

    async def upload(self, data: bytes, mime: str = "") -> str:
        return f"mxc://{SERVER}/blob"

    async def download(self, path: str, cap: int) -> bytes:
        return b""

    def _take(self, where: RoomId, kind: str, txn: str, content: Json) -> str:
        self.sent(where, kind, content)
        own = {"unsigned": {"transaction_id": txn}}
        return self.tell(where, self.bot.user, kind, content, **own)

    async def _sync(self, query: Mapping[str, str]) -> Json:
        self._syncs += 1
        if "since" not in query:
            state = {"events": self._state()}
            joined: Json = {room_id(n): {"state": state} for n in range(self.rooms)}
            return self._answer(joined)
        patience = int(query["timeout"]) / 1000
        if not (self.waiting or self._invites or self._entered) and patience:
            self._news.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._news.wait()
            except TimeoutError:
                return self._answer({})
        return self._answer(
            {
                where: {"timeline": {"events": [queue.popleft() for _ in range(min(100, count))]}}
                for where, queue in self._waiting.items()
                if (count := len(queue))
            }
        )

    def _answer(self, joined: Json) -> Json:
        invited, self._invites = self._invites, {}
        entered, self._entered = self._entered, {}
        return {
            "next_batch": f"s{self._syncs}",
            "to_device": {"events": self.keys.take(self.bot.user, self.bot.device)},
            "device_one_time_keys_count": self.keys.left(self.bot.user, self.bot.device),
            "rooms": {"join": {**joined, **entered}, "invite": invited},
        }

    def _state(self) -> list[Json]:
        """Return the state of a room. All are alike: everybody is in, the first one moderates."""
        first, *_ = self.people
        state: dict[tuple[str, str], Json] = {
            ("m.room.create", ""): {"room_version": "11"},
            ("m.room.power_levels", ""): {"users": {first.user: 100, self.bot.user: 50}},
            ("m.room.encryption", ""): {"algorithm": "m.megolm.v1.aes-sha2"},
            ("m.room.join_rules", ""): {"join_rule": "invite"},
        }
        for one in (self.bot, *self.people):
            state["m.room.member", one.user] = {"membership": "join", "displayname": one.user[1:4]}
        return [
            {
                "type": kind,
                "state_key": key,
                "sender": key or first.user,
                "event_id": f"$s-{kind}-{key}",
                "origin_server_ts": 1,
                "content": content,
            }
            for (kind, key), content in state.items()
        ]


@dataclass
class Bot:
    """The whole bot on an endless homeserver. `async with Bot(…) as bot` has caught up."""

    folder: Path
    server: Endless
    commands_per_minute: int = 0
    seconds_to_start: float = 0.0
    machine: Machine | None = None
    gateway: MatrixGateway | None = None
    _run: asyncio.Task[None] | None = None
    _db: Database | None = None

    async def __aenter__(self) -> Bot:
        """Start the bot as `bot.run.app.run` does, but for signing in."""
        began = time.monotonic()
        found, bot = features(), self.server.bot
        bot.restart()
        self._db = db = await Database.open(self.folder / "minga.db", DB_KEY)
        await migrate_database(db, found)
        identity = await bot.sign()
        self.gateway = MatrixGateway(cast(Http, self.server), db, bot.machine, identity=identity)
        moderators = frozenset({self.server.people[0].user})
        self.machine = assemble(
            db,
            self.gateway,
            SystemClock(),
            found,
            Defaults("es", "America/Bogota", moderators, "Red de prueba"),
            Limits(self.commands_per_minute),
            await open_signer(db, DB_KEY, self.gateway.me, self.gateway.vouch),
        )
        running = run_tasks(self.machine, self.gateway, "Minga", ServiceManager())
        self._run = asyncio.create_task(running)
        caught_up = asyncio.create_task(self.machine.dispatcher.contact.caught_up.wait())
        await asyncio.wait({self._run, caught_up}, return_when=asyncio.FIRST_COMPLETED)
        if not caught_up.done():
            caught_up.cancel()
            self._run.result()
        self.seconds_to_start = time.monotonic() - began
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._run is not None and self._db is not None
        self._run.cancel()
        ended = (await asyncio.gather(self._run, return_exceptions=True))[0]
        await self._db.close()
        if isinstance(ended, Exception):
            raise ended

    def check(self) -> None:
        """Raise what ended the bot, if anything did."""
        if self._run is not None and self._run.done():
            self._run.result()


async def begin(folder: Path, people: int, rooms: int) -> Endless:
    """Return a server with a bot's account and so many people and rooms.

    People know each other's signed devices, and everybody is in all rooms.
    """
    keys = KeyServer()
    bot = await person(keys, folder, "minga", "BOT", signed=False)
    members = [await person(keys, folder, f"m{n:02}") for n in range(people)]
    await bot.sign()
    for one in members:
        await know(one, bot)
    return Endless(keys, bot, members, rooms)


def message(text: str, **more: Any) -> Json:
    return {"msgtype": "m.text", "body": text, "m.mentions": {}} | more


def user(name: str) -> UserId:
    return UserId(f"@{name}:{SERVER}")
