"""Many accounts with one signed device each, made by requests alone: no client runs for them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
import vodozemac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.demo.synapse import Homeserver
from bot.signing.canonical_json import encode_canonical

AT_ONCE = 8
ONE_TIME_KEYS = 5
_V3 = "/_matrix/client/v3"
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Dweller:
    """An account with one device."""

    user: str
    device: str
    token: str


class Crowds:
    """Registers people, signs their devices and lets them into rooms."""

    def __init__(self, server: Homeserver) -> None:
        self._server = server
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Crowds:
        self._http = aiohttp.ClientSession(self._server.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._http is not None
        await self._http.close()

    async def make(self, name: str, count: int, *, devices: bool = True) -> list[Dweller]:
        """Register so many people; with `devices` each publishes a device signed by its owner."""

        async def one(number: int) -> Dweller:
            made = await self._register(f"{name}{number}")
            if devices:
                await self._publish(made)
            return made

        return await in_parallel(one, range(count))

    async def enter(self, people: Iterable[Dweller], room: str) -> None:
        """Let them join a room that anybody may join."""

        async def one(person: Dweller) -> None:
            await self.call("POST", f"{_V3}/join/{quote(room)}", {}, person.token)

        await in_parallel(one, people)

    async def create_room(self, owner: Dweller, **more: Any) -> str:
        """Create an encrypted room that anybody may join."""
        state = [
            {
                "type": "m.room.encryption",
                "state_key": "",
                "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            }
        ]
        body = {"preset": "public_chat", "initial_state": state} | more
        return str((await self.call("POST", f"{_V3}/createRoom", body, owner.token))["room_id"])

    async def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        assert self._http is not None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._http.request(method, path, json=body, headers=headers) as answer:
            if answer.status != 200:
                raise RuntimeError(f"{method} {path}: {await answer.text()}")
            return await answer.json()

    async def _register(self, name: str) -> Dweller:
        path = "/_synapse/admin/v1/register"
        nonce = (await self.call("GET", path))["nonce"]
        password = secrets.token_hex(8)
        secret = (self._server.folder / "secret").read_bytes()
        words = "\0".join((nonce, name, password, "notadmin")).encode()
        body = {"nonce": nonce, "username": name, "password": password, "admin": False}
        body["mac"] = hmac.new(secret, words, hashlib.sha1).hexdigest()
        made = await self.call("POST", path, body)
        return Dweller(made["user_id"], made["device_id"], made["access_token"])

    async def _publish(self, who: Dweller) -> None:
        made = signed_device(who.user, who.device)
        body = {"device_keys": made.bare, "one_time_keys": made.one_time}
        await self.call("POST", f"{_V3}/keys/upload", body, who.token)
        await self.call("POST", f"{_V3}/keys/device_signing/upload", made.identity, who.token)
        signed = {who.user: {who.device: made.signed}}
        await self.call("POST", f"{_V3}/keys/signatures/upload", signed, who.token)


@dataclass(frozen=True, slots=True)
class SignedDevice:
    """What somebody publishes of a device: its keys, `bare` and as its owner signed them."""

    bare: dict[str, Any]
    signed: dict[str, Any]
    one_time: dict[str, Any]
    identity: dict[str, Any]


def signed_device(user: str, device: str) -> SignedDevice:
    """Make a device and an identity that signed it."""
    account = vodozemac.Account()
    account.generate_one_time_keys(ONE_TIME_KEYS)

    def own(thing: dict[str, Any]) -> dict[str, Any]:
        signature = account.sign(encode_canonical(thing)).to_base64()
        return thing | {"signatures": {user: {f"ed25519:{device}": signature}}}

    bare = own(
        {
            "algorithms": ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
            "device_id": device,
            "user_id": user,
            "keys": {
                f"curve25519:{device}": account.curve25519_key.to_base64(),
                f"ed25519:{device}": account.ed25519_key.to_base64(),
            },
        }
    )
    one_time = {
        f"signed_curve25519:{name}": own({"key": key.to_base64()})
        for name, key in account.one_time_keys.items()
    }
    master, signing, vouching = (Ed25519PrivateKey.generate() for _ in range(3))
    identity = {
        "master_key": _key(master, user, "master"),
        "self_signing_key": _sign(_key(signing, user, "self_signing"), user, master),
        "user_signing_key": _sign(_key(vouching, user, "user_signing"), user, master),
    }
    return SignedDevice(bare, _sign(bare, user, signing), one_time, identity)


async def in_parallel(
    act: Callable[[T], Awaitable[R]], things: Iterable[T], at_once: int = AT_ONCE
) -> list[R]:
    """Return what `act` returns for each, some of them at a time."""
    gate = asyncio.Semaphore(at_once)

    async def one(thing: T) -> R:
        async with gate:
            return await act(thing)

    return await asyncio.gather(*(one(thing) for thing in things))


def _public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")


def _key(key: Ed25519PrivateKey, user: str, usage: str) -> dict[str, Any]:
    public = _public(key)
    return {"user_id": user, "usage": [usage], "keys": {f"ed25519:{public}": public}}


def _sign(thing: dict[str, Any], user: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    bare = {name: part for name, part in thing.items() if name != "signatures"}
    signature = base64.b64encode(key.sign(encode_canonical(bare))).decode().rstrip("=")
    given = thing.get("signatures", {}).get(user, {}) | {f"ed25519:{_public(key)}": signature}
    return bare | {"signatures": {user: given}}
