"""A proxy between a bot and its homeserver that does what bad networks and bad servers do."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from bot.demo.loopback import LOOPBACK, free_port
from tests.real.patience import patient

BIG = 256 * 1024 * 1024
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
HOP_BY_HOP |= {"content-encoding", "accept-encoding"}


@dataclass
class Answer:
    """What the homeserver answered; a fault may change it."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @classmethod
    def of(cls, status: int, body: Any) -> Answer:
        return cls(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


class Dropped(Exception):
    """The connection is cut without an answer."""


@dataclass
class Call:
    """One request on its way."""

    method: str
    path: str  # as it was written, query included
    headers: dict[str, str]
    body: bytes
    _proxy: Proxy = field(repr=False)
    _answer: Answer | None = None

    async def forward(self) -> Answer:
        """Let the homeserver do it, once."""
        if self._answer is None:
            self._answer = await self._proxy.ask(self)
        return self._answer


Fault = Callable[[Call], Awaitable[Answer]]


@dataclass
class Rule:
    """A fault for the calls whose `METHOD /path` the pattern finds."""

    pattern: re.Pattern[str]
    fault: Fault
    times: int | None
    hits: int = 0
    _hit: asyncio.Event = field(default_factory=asyncio.Event)

    def takes(self, call: Call) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        return bool(self.pattern.search(f"{call.method} {call.path}"))

    def count(self) -> None:
        self.hits += 1
        self._hit.set()

    async def hit(self, times: int = 1, within: float = 20) -> None:
        """Wait until it was applied so often."""
        async with asyncio.timeout(patient(within)):
            while self.hits < times:
                self._hit.clear()
                await self._hit.wait()


class Proxy:
    """Forwards everything to `target` until a rule says otherwise. `async with Proxy(url) as p`."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.port = free_port()
        self.calls: list[tuple[float, str]] = []  # time.monotonic(), "METHOD /path"
        self._rules: list[Rule] = []
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    async def __aenter__(self) -> Proxy:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None),
            connector=aiohttp.TCPConnector(limit=0),
            auto_decompress=True,
        )
        await self.accept()

    async def close(self) -> None:
        await self.refuse()
        if self._session is not None:
            await self._session.close()

    async def accept(self) -> None:
        """Listen, on the same port as before."""
        app = web.Application(client_max_size=BIG)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, LOOPBACK, self.port, reuse_address=True)
        await self._site.start()

    async def refuse(self) -> None:
        """Cut every connection and refuse new ones, as if the homeserver were off."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def on(self, pattern: str, fault: Fault, times: int | None = None) -> Rule:
        """From now on; a later rule goes before an earlier one."""
        rule = Rule(re.compile(pattern), fault, times)
        self._rules.insert(0, rule)
        return rule

    def off(self, rule: Rule) -> None:
        if rule in self._rules:
            self._rules.remove(rule)

    def heal(self) -> None:
        """No rule is left."""
        self._rules.clear()

    def count(self, pattern: str, since: float = 0.0) -> int:
        """How many requests came, by `METHOD /path`; `since` in `time.monotonic()`."""
        return sum(1 for at, line in self.calls if at >= since and re.search(pattern, line))

    async def ask(self, call: Call) -> Answer:
        assert self._session is not None
        url = URL(self.target + call.path, encoded=True)
        async with self._session.request(
            call.method, url, data=call.body or None, headers=call.headers, allow_redirects=False
        ) as answer:
            headers = _end_to_end(answer.headers)
            return Answer(answer.status, await answer.read(), headers)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        call = Call(
            request.method,
            request.raw_path,
            _end_to_end(request.headers),
            await request.read(),
            self,
        )
        self.calls.append((time.monotonic(), f"{call.method} {call.path}"))
        try:
            answer = await self._answer(call)
        except (Dropped, aiohttp.ClientError):
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=502)
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)

    async def _answer(self, call: Call) -> Answer:
        """A rule made while a long poll waits holds for its answer too."""
        if rule := self._rule(call):
            return await rule.fault(call)
        answer = await call.forward()
        if rule := self._rule(call):
            return await rule.fault(call)
        return answer

    def _rule(self, call: Call) -> Rule | None:
        for rule in self._rules:
            if rule.takes(call):
                rule.count()
                return rule
        return None


def _end_to_end(headers: Any) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key.lower() not in HOP_BY_HOP}


# --- faults ---

SEND = r"^PUT \S*/rooms/[^/]+/send/"
SYNC = r"^GET \S*/sync"
KEYS_QUERY = r"^POST \S*/keys/query"
TO_DEVICE = r"^PUT \S*/sendToDevice/"


async def drop_response(call: Call) -> Answer:
    """The homeserver does it; the answer is lost."""
    await call.forward()
    raise Dropped


async def drop_request(call: Call) -> Answer:
    """The connection is cut before the homeserver hears of it."""
    raise Dropped


async def bad_gateway(call: Call) -> Answer:
    """What a web server in front says while Synapse is away."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    return Answer(502, page, {"Content-Type": "text/html"})


async def unknown_token(call: Call) -> Answer:
    """Soft logout: the token is dead for now."""
    body = {"errcode": "M_UNKNOWN_TOKEN", "error": "Token is not active", "soft_logout": True}
    return Answer.of(401, body)


async def black_hole(call: Call) -> Answer:
    """Never an answer, nor an end of the connection."""
    await asyncio.get_running_loop().create_future()
    raise Dropped


def held(until: asyncio.Event) -> Fault:
    """The homeserver hears of it only then."""

    async def fault(call: Call) -> Answer:
        await until.wait()
        return await call.forward()

    return fault


def refused(status: int, code: str) -> Fault:
    """The homeserver says no, without doing it."""

    async def fault(call: Call) -> Answer:
        return Answer.of(status, {"errcode": code, "error": "Refused by the proxy"})

    return fault


def limited(retry_after_ms: int) -> Fault:
    """429 with `retry_after_ms` and the header."""

    async def fault(call: Call) -> Answer:
        body = {"errcode": "M_LIMIT_EXCEEDED", "error": "Slow", "retry_after_ms": retry_after_ms}
        answer = Answer.of(429, body)
        answer.headers["Retry-After"] = str(-(-retry_after_ms // 1000))
        return answer

    return fault


def delayed(seconds: float) -> Fault:
    """The homeserver does it; the answer comes late."""

    async def fault(call: Call) -> Answer:
        answer = await call.forward()
        await asyncio.sleep(seconds)
        return answer

    return fault


def changed(change: Callable[[Any], None]) -> Fault:
    """`change` alters the JSON of the answer in place."""

    async def fault(call: Call) -> Answer:
        answer = await call.forward()
        if answer.status != 200:
            return answer
        body = answer.json
        change(body)
        return Answer(200, json.dumps(body).encode(), answer.headers)

    return fault


def spoofed(claimed: Callable[[dict[str, Any]], str | None]) -> Fault:
    """In syncs, the sender of an event becomes what `claimed` returns, where not None."""

    def change(sync: Any) -> None:
        for room in sync.get("rooms", {}).get("join", {}).values():
            for event in room.get("timeline", {}).get("events", []):
                event["sender"] = claimed(event) or event["sender"]

    return changed(change)


def without_state(kind: str) -> Fault:
    """In syncs, no event of this type is seen, in state nor timeline."""

    def change(sync: Any) -> None:
        for room in sync.get("rooms", {}).get("join", {}).values():
            for part in ("state", "timeline"):
                events = room.get(part, {}).get("events", [])
                events[:] = [event for event in events if event["type"] != kind]

    return changed(change)


@dataclass
class HeldBack:
    """To-device events are kept from the syncs until `release()`. Use as a fault on `SYNC`."""

    kept: list[Any] = field(default_factory=list)
    holding: bool = True
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, call: Call) -> Answer:
        return await changed(self._change)(call)

    def _change(self, sync: Any) -> None:
        events = sync.setdefault("to_device", {}).setdefault("events", [])
        if self.holding:
            self.kept.extend(events)
            events.clear()
            if self.kept:
                self._arrived.set()
        else:
            events[:0] = self.kept
            self.kept.clear()

    async def arrived(self, within: float = 20) -> None:
        """Wait until something is held back."""
        async with asyncio.timeout(patient(within)):
            await self._arrived.wait()

    def release(self) -> None:
        """With the next answer of a sync, everything comes."""
        self.holding = False
