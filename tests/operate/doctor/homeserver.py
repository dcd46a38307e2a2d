"""A homeserver for one operator's day, in a thread of its own: logins, devices, keys, lies."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from tests.matrix.homeserver import Homeserver
from tests.matrix.keyserver import KeyServer

ME = "@minga:one.example"
ANA = "@ana:one.example"
PASSWORD = "a long password"
NAME = "one.example"
Answer = Callable[[web.Request], web.StreamResponse | None]


def refusal(status: int, code: str, **more: Any) -> web.Response:
    return web.json_response({"errcode": code, "error": "no"} | more, status=status)


@dataclass
class OperatorsServer(Homeserver):
    """Everything that `minga init` and `minga doctor` ask. `instead` answers before all else."""

    keys: KeyServer = field(default_factory=KeyServer)
    logins: dict[str, str] = field(default_factory=dict)
    """Token to device."""
    password: str = PASSWORD
    is_deactivated: bool = False
    flows: tuple[str, ...] = ("m.login.password",)
    versions: tuple[str, ...] = ("v1.1", "v1.11", "v1.13")
    people: set[str] = field(default_factory=lambda: {ME, ANA})
    instead: Answer = lambda _request: None
    ahead: timedelta = timedelta()
    """How far its clock is ahead of ours."""
    name: str = NAME
    hangs: bool = False

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.hangs:
            await asyncio.sleep(3600)
        answer = self.instead(request) or await self._answer_as_ever(request)
        answer.headers["Date"] = format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)
        return answer

    async def _answer_as_ever(self, request: web.Request) -> web.StreamResponse:
        try:
            return await super()._answer(request)
        except _Refusal as refused:
            return refused.answer

    async def _route(self, request: web.Request, path: list[str], raw: bytes) -> Any:
        if request.path == "/_matrix/key/v2/server":
            return {"server_name": self.name, "verify_keys": {}}
        if request.path == "/_matrix/client/versions":
            return {"versions": list(self.versions)}
        if path == ["login"]:
            return self._log_in(request.method, raw)
        if path[:1] == ["profile"] and request.method == "GET":
            if path[1] not in self.people:
                code = "M_NOT_FOUND" if path[2:] else "M_UNKNOWN"  # as Synapse 1.163 says it
                raise self.refused(404, code)
            return {"displayname": "A name"}
        return await self._route_of_login(request, path, raw, self._device_of(request))

    async def _route_of_login(
        self, request: web.Request, path: list[str], raw: bytes, device: str
    ) -> Any:
        match path:
            case ["rooms", room, "send", *_] if room not in self.rooms:
                raise LookupError
            case ["account", "whoami"]:
                return {"user_id": ME, "device_id": device}
            case ["logout"]:
                self.end(device)
                return {}
            case ["devices"]:
                return {"devices": [{"device_id": one} for one in self.logins.values()]}
            case ["delete_devices"]:
                for one in json.loads(raw)["devices"]:
                    self.end(one)
                return {}
            case ["keys", *_]:
                line = self.keys.http(ME, device)
                return await line.call(request.method, "/".join(path), json.loads(raw))
        return await super()._route(request, path, raw)

    def _log_in(self, method: str, raw: bytes) -> Any:
        if method == "GET":
            return {"flows": [{"type": kind} for kind in self.flows]}
        asked = json.loads(raw)
        if asked["type"] not in self.flows:
            raise _Refusal(refusal(403, "M_FORBIDDEN"))
        if self.is_deactivated:
            raise _Refusal(refusal(403, "M_USER_DEACTIVATED"))
        fits = asked["identifier"]["user"] == ME and asked["password"] == self.password
        if not fits:
            raise _Refusal(refusal(403, "M_FORBIDDEN"))
        device = asked.get("device_id") or f"LOOK{len(self.requests)}"
        self.end(device, keys=False)
        token = f"token-{device}-{len(self.requests)}"
        self.logins[token] = device
        return {"access_token": token, "device_id": device, "user_id": ME}

    def _device_of(self, request: web.Request) -> str:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.logins or self.is_deactivated:
            raise _Refusal(refusal(401, "M_UNKNOWN_TOKEN"))
        return self.logins[token]

    @staticmethod
    def refused(status: int, code: str, **more: Any) -> Exception:
        """Return what to raise to refuse a request."""
        return _Refusal(refusal(status, code, **more))

    def end(self, device: str, *, keys: bool = True) -> None:
        """Sign a device out."""
        self.logins = {t: d for t, d in self.logins.items() if d != device}
        if keys:
            self.keys.devices[ME].pop(device, None)


class _Refusal(Exception):
    def __init__(self, answer: web.Response) -> None:
        self.answer = answer


@contextmanager
def serving(server: Homeserver) -> Iterator[None]:
    """Let the server answer from a thread of its own, so that a whole `minga` may run in ours."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
        yield
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
