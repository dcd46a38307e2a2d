"""A homeserver that knows only keys, in memory: for two machines that talk, and for bad luck.

It can fail a request, lose an answer after the work was done, and tell lies.
"""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.gateway import Refused, TryLater
from bot.matrix.http import NeedsAuth

Answer = dict[str, Any]


@dataclass
class Trouble:
    """What goes wrong with the next requests of a kind."""

    error: Exception
    after: bool  # the work is done and only the answer is lost
    times: int


@dataclass
class KeyServer:
    devices: dict[str, dict[str, Answer]] = field(default_factory=lambda: defaultdict(dict))
    masters: dict[str, Answer] = field(default_factory=dict)
    signing: dict[str, Answer] = field(default_factory=dict)
    one_time: dict[tuple[str, str], Answer] = field(default_factory=lambda: defaultdict(dict))
    fallback: dict[tuple[str, str], Answer] = field(default_factory=dict)
    fallback_used: set[tuple[str, str]] = field(default_factory=set)
    inboxes: dict[tuple[str, str], list[Answer]] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, str]] = field(default_factory=list)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    lie: Callable[[str, Answer], Answer] | None = None
    unwanted: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)  # people whose server does not answer
    passwords: dict[str, str] = field(default_factory=dict)
    asks: bool = False  # for the password, even at the first upload of an identity
    txns: set[str] = field(default_factory=set)

    def http(self, user: str, device: str) -> Line:
        return Line(self, user, device)

    def fail(self, what: str, error: Exception | None = None, times: int = 1) -> None:
        self.troubles[what] = Trouble(error or TryLater("http_502"), False, times)

    def lose(self, what: str, times: int = 1) -> None:
        self.troubles[what] = Trouble(TryLater("TimeoutError"), True, times)

    def take(self, user: str, device: str) -> list[Answer]:
        """The to-device events that wait for a device; taken once."""
        events, self.inboxes[user, device] = self.inboxes[user, device], []
        return events

    def count(self, what: str) -> int:
        return sum(what in path for _, path in self.calls)

    def left(self, user: str, device: str) -> dict[str, int]:
        """`device_one_time_keys_count` of sync."""
        return {"signed_curve25519": len(self.one_time[user, device])}

    def unused(self, user: str, device: str) -> list[str]:
        """`device_unused_fallback_key_types` of sync."""
        have = (user, device) in self.fallback and (user, device) not in self.fallback_used
        return ["signed_curve25519"] if have else []


@dataclass
class Line:
    """One device's connection."""

    server: KeyServer
    user: str
    device: str

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        timeout: float = 60,  # noqa: ASYNC109 - the protocol's
    ) -> Answer:
        what = path.removeprefix("/_matrix/client/v3/").split("/")
        kind = what[0] if what[0] == "sendToDevice" else "/".join(what)
        self.server.calls.append((method, path))
        trouble = self.server.troubles.get(kind)
        if trouble is not None and trouble.times > 0 and not trouble.after:
            trouble.times -= 1
            raise trouble.error
        plain = json.loads(json.dumps(body or {}))
        answer = getattr(self, "_" + kind.replace("/", "_"))(plain, *what[1:])
        if trouble is not None and trouble.times > 0:
            trouble.times -= 1
            raise trouble.error
        if self.server.lie is not None:
            answer = self.server.lie(kind, answer)
        return copy.deepcopy(dict(answer))

    def _keys_upload(self, body: Answer, *_: str) -> Answer:
        me = (self.user, self.device)
        held = self.server.one_time[me]
        for name, key in body.get("one_time_keys", {}).items():
            if name in held and held[name] != key:
                raise Refused("M_INVALID_PARAM", f"One time key {name} already exists")
        if "device_keys" in body:
            self.server.devices[self.user][self.device] = body["device_keys"]
        held |= body.get("one_time_keys", {})
        if body.get("fallback_keys"):
            self.server.fallback[me] = body["fallback_keys"]
            self.server.fallback_used.discard(me)
        return {"one_time_key_counts": {"signed_curve25519": len(held)}}

    def _keys_query(self, body: Answer, *_: str) -> Answer:
        users = [u for u in body["device_keys"] if u not in self.server.away]
        return {
            "device_keys": {u: self.server.devices[u] for u in users},
            "master_keys": {u: k for u, k in self.server.masters.items() if u in users},
            "self_signing_keys": {u: k for u, k in self.server.signing.items() if u in users},
            "failures": {},
        }

    def _keys_claim(self, body: Answer, *_: str) -> Answer:
        found: Answer = {}
        for user, devices in body["one_time_keys"].items():
            for device in devices if user not in self.server.away else ():
                held = self.server.one_time[user, device]
                if held:
                    name = next(iter(held))
                    key = {name: held.pop(name)}
                elif (user, device) in self.server.fallback:
                    key = self.server.fallback[user, device]
                    self.server.fallback_used.add((user, device))
                else:
                    continue
                found.setdefault(user, {})[device] = key
        return {"one_time_keys": found, "failures": {}}

    def _sendToDevice(self, body: Answer, kind: str, txn: str) -> Answer:  # noqa: N802 - its path
        if txn in self.server.txns:
            return {}
        if self.server.unwanted & set(body["messages"]):
            raise Refused("M_TOO_LARGE")
        self.server.txns.add(txn)
        for user, devices in body["messages"].items():
            for device, content in devices.items():
                event = {"type": kind, "sender": self.user, "content": content}
                self.server.inboxes[user, device].append(event)
        return {}

    def _keys_device_signing_upload(self, body: Answer, *_: str) -> Answer:
        held = self.server.masters.get(self.user)
        if self.server.asks or (held is not None and _bare(held) != _bare(body["master_key"])):
            password = body.get("auth", {}).get("password")
            if password is None or password != self.server.passwords.get(self.user):
                raise NeedsAuth({"session": "s", "flows": [{"stages": ["m.login.password"]}]})
        self.server.masters[self.user] = body["master_key"]
        self.server.signing[self.user] = body["self_signing_key"]
        return {}

    def _keys_signatures_upload(self, body: Answer, *_: str) -> Answer:
        failures: Answer = {}
        for user, things in body.items():
            for name, thing in things.items():
                held = self.server.devices[user].get(name)
                if held is None or _bare(held) != _bare(thing):
                    failures.setdefault(user, {})[name] = {"errcode": "M_INVALID_SIGNATURE"}
                    continue
                for signer, signatures in thing["signatures"].items():
                    held["signatures"].setdefault(signer, {}).update(signatures)
        return {"failures": failures}


def _bare(thing: Answer) -> Answer:
    return {k: v for k, v in thing.items() if k not in ("signatures", "unsigned", "auth")}
