"""An app that verifies the bot, on vodozemac's own short authentication strings."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import vodozemac

from bot.matrix.sync.verification_steps import read_device_step
from bot.signing.canonical_json import canonical_json
from bot.testing.talk import Talk, user_id
from bot.types import EventId, Trust, VerificationStep

METHOD = {
    "method": "m.sas.v1",
    "key_agreement_protocols": ["curve25519-hkdf-sha256", "curve25519"],
    "hashes": ["sha256"],
    "message_authentication_codes": ["hkdf-hmac-sha256.v2", "hkdf-hmac-sha256"],
    "short_authentication_string": ["decimal", "emoji"],
}
CHOSEN = {
    "method": "m.sas.v1",
    "key_agreement_protocol": "curve25519-hkdf-sha256",
    "hash": "sha256",
    "message_authentication_code": "hkdf-hmac-sha256.v2",
    "short_authentication_string": ["decimal", "emoji"],
}


@dataclass(slots=True)
class App:
    """A person's app. `sas` is vodozemac's. `by_device`: its steps go to the bot's device alone."""

    talk: Talk
    name: str
    keys: dict[str, str]
    sas: Any = field(default_factory=vodozemac.Sas)
    established: Any = None
    request: str | None = None
    started: bool = False
    by_device: bool = False

    @classmethod
    async def of(cls, talk: Talk, name: str, *, by_device: bool = False) -> App:
        """An app whose device and identity the bot knows; the bot has an identity too."""
        user = user_id(name)
        await talk.private(name)
        device, master = f"device key of {name}", f"master of {name}"
        talk.gateway.masters |= {user: master, talk.gateway.me: "master of minga"}
        talk.gateway.signing_keys |= {user: {"PHONE": device}}
        talk.gateway.signing_keys |= {talk.gateway.me: {"FAKE": "device key of minga"}}
        keys = {"ed25519:PHONE": device, f"ed25519:{master}": master}
        return cls(talk, name, keys, by_device=by_device)

    async def sends(self, step: str, content: Mapping[str, Any]) -> None:
        """Send a step, unencrypted as Element does, in the private room or to the bot's device."""
        if self.by_device:
            await self._sends_to_device(step, content)
            return
        room = await self.talk.private(self.name)
        event = EventId(f"${step}-{self.name}-{len(self.talk.gateway.posted)}-{id(content)}")
        self.request = self.request or event
        about = {"m.relates_to": {"rel_type": "m.reference", "event_id": self.request}}
        what = dict(content) if step == "request" else dict(content) | about
        at = self.talk.clock.at
        who = user_id(self.name)
        request = self.request
        await self.talk.happens(
            VerificationStep(room, event, who, at, step, request, what, Trust.PLAIN)
        )

    async def _sends_to_device(self, step: str, content: Mapping[str, Any]) -> None:
        self.request = self.request or f"txn{id(self)}"
        what = dict(content) | {"transaction_id": self.request}
        kind, at = f"m.key.verification.{step}", self.talk.clock.at
        found = read_device_step(user_id(self.name), kind, what, Trust.PLAIN, at)
        assert found is not None
        await self.talk.happens(found)

    async def asks(self, *more: str, at: datetime | None = None) -> None:
        """Ask the bot, by emoji and these other methods."""
        stamp = int((at or self.talk.clock.at).timestamp() * 1000)
        of = {"timestamp": stamp} if self.by_device else {"to": self.talk.gateway.me}
        await self.sends("request", {"from_device": "PHONE", "methods": ["m.sas.v1", *more], **of})

    async def starts(self) -> dict[str, Any]:
        """Offer emoji. Return what was offered, as the bot must bind itself to it."""
        self.started = True
        start = {"from_device": "PHONE", **METHOD}
        await self.sends("start", start)
        if self.by_device:
            return start | {"transaction_id": self.request}
        return start | {"m.relates_to": {"rel_type": "m.reference", "event_id": self.request}}

    @property
    def key(self) -> str:
        return str(self.sas.public_key.to_base64())

    def hears_key(self, key: str) -> None:
        self.established = self.sas.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(key))

    def emoji(self, bots_key: str) -> list[int]:
        """The numbers of the emoji that the app shows."""
        mine = f"{user_id(self.name)}|PHONE|{self.key}"
        bot = f"{self.talk.gateway.me}|FAKE|{bots_key}"
        both = f"{mine}|{bot}" if self.started else f"{bot}|{mine}"
        info = f"MATRIX_KEY_VERIFICATION_SAS|{both}|{self.request}"
        return list(self.established.bytes(info).emoji_indices)

    def macs(self, keys: Mapping[str, str], *, by_bot: bool = False) -> dict[str, Any]:
        """What vouches for the keys, from the app, or as the bot's must be."""
        sides = [f"{user_id(self.name)}PHONE", f"{self.talk.gateway.me}FAKE"]
        base = "".join(("MATRIX_KEY_VERIFICATION_MAC", *(sides[::-1] if by_bot else sides)))
        base += str(self.request)
        code = self.established.calculate_mac
        every = ",".join(sorted(keys))
        return {
            "mac": {name: code(key, base + name).rstrip("=") for name, key in keys.items()},
            "keys": code(every, f"{base}KEY_IDS").rstrip("="),
        }


def bound(key: str, start: Mapping[str, Any]) -> str:
    """The commitment to a key (spec §SAS)."""
    found = hashlib.sha256(key.encode() + canonical_json(dict(start))).digest()
    return b64encode(found).decode().rstrip("=")
