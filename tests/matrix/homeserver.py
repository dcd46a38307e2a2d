"""A homeserver in memory over real HTTP: rooms, sync, gaps, and every kind of trouble."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, SupportsIndex
from urllib.parse import unquote

from aiohttp import web
from aiohttp.test_utils import TestServer

ME = "@minga:one.example"
ANA = "@ana:one.example"
ROOM = "!room:one.example"
ENCRYPTION = {"algorithm": "m.megolm.v1.aes-sha2"}
TOKEN = "syt_secret_token"
Json = dict[str, Any]


class TroubleOnce(list[Any]):
    """One answer of a homeserver in trouble, and an event for the moment in which it is given."""

    def __init__(self, answer: Any, given: asyncio.Event) -> None:
        super().__init__([answer])
        self._given = given

    def pop(self, index: SupportsIndex = -1) -> Any:
        self._given.set()
        return super().pop(index)


@dataclass
class FakeRoom:
    """`order` is what /messages walks; `told` says at which sync position an event was told."""

    order: list[Json] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    state: dict[tuple[str, str], Json] = field(default_factory=dict)
    membership: str = "join"


@dataclass
class Homeserver:
    """`trouble` answers the next requests instead: a status and body, or "hang". `unanswered`: what
    is in the path of requests that get no answer."""

    msc4222: bool = False
    limit: int = 100
    rooms: dict[str, FakeRoom] = field(default_factory=lambda: defaultdict(FakeRoom))
    invites: dict[str, tuple[int, list[Json]]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    to_device: list[Json] = field(default_factory=list)
    lists: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[tuple[str, Any]] = field(default_factory=list)
    trouble: list[Any] = field(default_factory=list)
    refuse: dict[str, tuple[int, Json]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    blobs: dict[str, bytes] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    txns: dict[str, str] = field(default_factory=dict)
    account_data: dict[str, tuple[int, Json]] = field(default_factory=dict)
    device: str = "DEVICE"
    next_token: str = TOKEN
    user: str = ME
    now: int = 1_800_000_000_000
    position: int = 1
    news: asyncio.Event = field(default_factory=asyncio.Event)
    tls: ssl.SSLContext | None = None
    server: TestServer | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.server = TestServer(app, scheme="https" if self.tls else "http")
        await self.server.start_server(ssl=self.tls)

    async def stop(self) -> None:
        if self.server is not None:
            await self.server.close()

    @property
    def url(self) -> str:
        assert self.server is not None
        return str(self.server.make_url("")).rstrip("/")

    def count(self, what: str) -> int:
        return sum(what in path for _, path in self.requests)

    # --- what happens on the server -----------------------------------------------------------

    def event(self, kind: str, content: Mapping[str, Any], sender: str = ANA, **more: Any) -> Json:
        self.now += 1000
        number = sum(len(room.order) for room in self.rooms.values())
        return {
            "event_id": f"$e{number}",
            "type": kind,
            "sender": sender,
            "origin_server_ts": self.now,
            "content": dict(content),
        } | more

    def put(
        self, event: Json, room: str = ROOM, *, told: bool = True, at: int | None = None
    ) -> Json:
        """Into the room; `told=False`: federation brings it late and no sync ever tells it."""
        where = self.rooms[room]
        where.order.insert(len(where.order) if at is None else at, event)
        self.position += 1
        if told:
            where.told[event["event_id"]] = self.position
        if "state_key" in event:
            where.state[event["type"], event["state_key"]] = event
        self.news.set()
        return event

    def say(
        self, body: str, room: str = ROOM, sender: str = ANA, session: str = "s", **kw: Any
    ) -> Json:
        """An encrypted message (see `FakeMachine`)."""
        content = {"msgtype": "m.text", "body": body}
        return self.put(self.sealed(content, sender=sender, session=session), room, **kw)

    def sealed(
        self,
        inside: Mapping[str, Any],
        kind: str = "m.room.message",
        sender: str = ANA,
        session: str = "s",
    ) -> Json:
        content = {"ciphertext": {"type": kind, "content": dict(inside)}, "session_id": session}
        return self.event("m.room.encrypted", content, sender)

    def set(
        self, kind: str, content: Mapping[str, Any], room: str = ROOM, key: str = "", **kw: Any
    ) -> Json:
        sender = kw.pop("sender", ANA)
        return self.put(self.event(kind, content, sender, state_key=key, **kw), room)

    def member(
        self, user: str, membership: str, before: str = "leave", room: str = ROOM, **kw: Any
    ) -> Json:
        unsigned = {"prev_content": {"membership": before}}
        content = {"membership": membership}
        return self.set("m.room.member", content, room, user, sender=user, unsigned=unsigned, **kw)

    def make_room(self, room: str = ROOM, *, encrypted: bool = True, joined: bool = True) -> None:
        self.set("m.room.create", {"room_version": "11"}, room)
        self.member(ANA, "join", room=room)
        self.set("m.room.power_levels", {"users": {ANA: 100}}, room)
        if encrypted:
            self.set("m.room.encryption", ENCRYPTION, room)
        if joined:
            self.member(ME, "join", "invite", room)
        else:
            self.rooms[room].membership = "leave"

    def tell(self, kind: str, content: Json) -> None:
        """Set an account data event of the bot's account."""
        self.position += 1
        self.account_data[kind] = (self.position, content)
        self.news.set()

    def give_key(self, room: str = ROOM, session: str = "s") -> None:
        self.to_device.append({"type": "key", "content": {"room": room, "session": session}})
        self.news.set()

    # --- HTTP -----------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0]
        raw = await request.read()
        self.requests.append((request.method, path))
        if "json" in request.headers.get("Content-Type", ""):
            self.bodies.append((path, json.loads(raw or b"{}")))
        if self.trouble:
            found = self.trouble.pop(0)
            if found == "hang":
                await asyncio.sleep(3600)
            if found is not None:
                return web.Response(status=found[0], body=found[1], headers=found[2:] and found[2])
        if any(part in path for part in self.unanswered):
            await asyncio.sleep(3600)
        for part, (status, body) in self.refuse.items():
            if part in path:
                return web.json_response(body, status=status)
        try:
            body = await self._route(request, [unquote(p) for p in path.split("/")[4:]], raw)
        except LookupError:
            return web.json_response({"errcode": "M_NOT_FOUND"}, status=404)
        if isinstance(body, bytes):
            return web.Response(body=body)
        return web.json_response(body)

    async def _route(self, request: web.Request, path: list[str], raw: bytes) -> Any:
        match path:
            case ["sync"]:
                return await self._sync(dict(request.query))
            case ["rooms", room, "messages"]:
                return self._messages(room, dict(request.query))
            case ["rooms", room, "state"]:
                if self.rooms[room].membership != "join":
                    raise LookupError
                return list(self.rooms[room].state.values())
            case ["rooms", room, "state", kind, *key] if request.method == "GET":
                return self.rooms[room].state[kind, "".join(key)]["content"]
            case ["rooms", room, "state", kind, *key] if request.method == "PUT":
                return {"event_id": self.set(kind, json.loads(raw), room)["event_id"]}
            case ["profile", _, _] if request.method == "PUT":
                self.profile |= json.loads(raw)
                return {}
            case ["profile", _]:
                return self.profile
            case ["rooms", room, "event", event]:
                return {e["event_id"]: e for e in self.rooms[room].order}[event]
            case ["rooms", room, "relations", event, kind]:
                return self._related(room, event, kind, dict(request.query))
            case ["rooms", room, "send", kind, txn]:
                return {"event_id": self._sent(room, kind, txn, json.loads(raw))}
            case ["rooms", room, ("leave" | "forget") as step]:
                if step == "leave":
                    self.rooms[room].membership = "leave"
                return {}
            case ["join", room]:
                self.rooms[room].membership = "join"
                self.member(ME, "join", "invite", room)
                return {"room_id": room}
            case ["createRoom"]:
                return {"room_id": self._create(json.loads(raw))}
            case ["directory", "room", alias]:
                return {"room_id": self.aliases[alias.partition(":")[0]]}
            case _:
                return self._rest(request, path, raw)

    def _rest(self, request: web.Request, path: list[str], raw: bytes) -> Any:
        match request.path.split("/"):
            case [*_, "versions"]:
                return {"versions": ["v1.1", "v1.11", "v1.13"]}
            case [*_, "login"]:
                self.device = json.loads(raw)["device_id"]
                return {"access_token": self.next_token, "device_id": self.device, "user_id": ME}
            case [*_, "whoami"]:
                return {"user_id": self.user, "device_id": self.device}
            case [*_, "upload"] if "media" in request.path:
                self.blobs[f"blob{len(self.blobs)}"] = raw
                return {"content_uri": f"mxc://one.example/blob{len(self.blobs) - 1}"}
            case [*_, "download", _, name]:
                return self.blobs[name]
            case [*_, "account_data", kind] if request.method == "PUT":
                self.tell(kind, json.loads(raw))
                return {}
            case [*_, "account_data", kind]:
                return self.account_data[kind][1]
            case [*_, "rooms", _, "invite" | "kick" | "ban" | "unban"]:
                return {}
        raise LookupError

    def _create(self, body: Json) -> str:
        room = f"!private{len(self.rooms)}:one.example"
        alias = "#" + body["room_alias_name"]
        self.aliases[alias] = room
        self.set("m.room.create", {"room_version": "11"}, room, sender=ME)
        self.set("m.room.canonical_alias", {"alias": alias}, room)
        for entry in body["initial_state"]:
            self.set(entry["type"], entry["content"], room)
        self.member(ME, "join", room=room)
        for user in body["invite"]:
            self.member(user, "invite", room=room)
        return room

    def _sent(self, room: str, kind: str, txn: str, content: Json) -> str:
        if txn not in self.txns:
            own = self.event(kind, content, ME, unsigned={"transaction_id": txn})
            self.txns[txn] = str(self.put(own, room)["event_id"])
        return self.txns[txn]

    def _related(self, room: str, event: str, kind: str, query: dict[str, str]) -> Json:
        relation = {"rel_type": kind, "event_id": event}
        found = [e for e in self.rooms[room].order if e["content"].get("m.relates_to") == relation]
        newest, start = found[::-1], int(query.get("from", "0"))
        end = start + int(query["limit"])
        more = {"next_batch": str(end)} if end < len(found) else {}
        return {"chunk": newest[start:end]} | more

    def _messages(self, room: str, query: dict[str, str]) -> Json:
        order = self.rooms[room].order
        start = int(query.get("from", f"p{len(order)}").removeprefix("p"))
        if "to" in query:
            raise AssertionError("a bound hides what federation brings late")
        end = max(start - int(query["limit"]), 0)
        chunk = order[end:start][::-1]
        return {"chunk": chunk} | ({"end": f"p{end}"} if end else {})

    # --- sync -----------------------------------------------------------------------------------

    async def _sync(self, query: dict[str, str]) -> Json:
        since = int(query.get("since", "0"))
        patience = int(query.get("timeout", "0"))
        if since >= self.position and not self.to_device and patience:
            self.news.clear()
            try:
                async with asyncio.timeout(patience / 1000):
                    await self.news.wait()
            except TimeoutError:
                pass
        keys, self.to_device = self.to_device[:100], self.to_device[100:]
        rooms = {r: s for r in self.rooms if (s := self._section(r, since))}
        invites = {
            r: {"invite_state": {"events": e}} for r, (at, e) in self.invites.items() if at > since
        }
        left: Json = {
            r: {"timeline": self._timeline(r, self._told_since(r, since))}
            for r, at in self.left.items()
            if at > since
        }
        changed = [u for u, at in self.lists.items() if at > since]
        told = [
            {"type": kind, "content": content}
            for kind, (at, content) in self.account_data.items()
            if at > since
        ]
        return {
            "account_data": {"events": told},
            "next_batch": str(self.position),
            "to_device": {"events": keys},
            "device_lists": {"changed": changed},
            "rooms": {"join": rooms, "invite": invites, "leave": left},
        }

    def _told_since(self, name: str, since: int) -> list[Json]:
        room = self.rooms[name]
        return [e for e in room.order if room.told.get(e["event_id"], 0) > since]

    def _timeline(self, name: str, fresh: list[Json]) -> Json:
        if not (shown := fresh[-self.limit :]):
            return {"events": []}
        before = self.rooms[name].order.index(shown[0])
        return {"events": shown, "limited": len(fresh) > len(shown), "prev_batch": f"p{before}"}

    def _section(self, name: str, since: int) -> Json | None:
        room = self.rooms[name]
        if room.membership != "join":
            return None
        fresh = self._told_since(name, since)
        if not fresh:
            return None
        timeline = self._timeline(name, fresh)
        shown = timeline["events"]
        state = [e for e in fresh if "state_key" in e]
        kind = "org.matrix.msc4222.state_after" if self.msc4222 else "state"
        shown_state = state if self.msc4222 else [e for e in state if e not in shown]
        return {"timeline": timeline, kind: {"events": shown_state}}
