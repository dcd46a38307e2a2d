"""Many people with signed devices, made by posting their keys straight to the homeserver.

Nobody of them runs: a device is its keys and what it gives to whoever wants to write to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aiohttp
import vodozemac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.scene import PASSWORD
from benchmarks.senders import few_at_once
from bot.demo.synapse import Homeserver
from tests.real.plain import add_signature, canonical, public

ONE_TIME_KEYS = 6
"""Keys that each device has to give: one for each bot that writes to it, and some."""
ALGORITHMS = ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"]
API = "/_matrix/client/v3"


class Crowd:
    """Makes people on one homeserver, and lets them join rooms."""

    def __init__(self, server: Homeserver, http: aiohttp.ClientSession) -> None:
        self._server = server
        self._http = http
        self._tokens: dict[str, list[str]] = {}

    @property
    def people(self) -> list[str]:
        """Everybody, in the order in which they were made."""
        return list(self._tokens)

    async def grow(self, people: int, devices: int) -> list[str]:
        """Make so many more, each with so many signed devices. Return their ids."""
        first = len(self._tokens)
        names = [f"crowd{first + n}" for n in range(people)]
        return await few_at_once(self._make(name, devices) for name in names)

    async def join(self, room: str, people: Sequence[str]) -> None:
        """Let people into a room that is open to all."""
        path = f"{API}/join/{quote(room)}"
        await few_at_once(self._call("POST", path, {}, self._tokens[one][0]) for one in people)

    async def take_messages(self, person: str) -> list[int]:
        """Return how many to-device messages wait for each device of the person."""
        filters = '{"room":{"rooms":[]},"presence":{"types":[]}}'
        found = []
        for token in self._tokens[person]:
            path = f"{API}/sync?timeout=0&filter={quote(filters)}"
            said = await self._call("GET", path, None, token)
            found.append(len(said.get("to_device", {}).get("events", [])))
        return found

    async def _make(self, name: str, devices: int) -> str:
        user = await asyncio.to_thread(self._server.register, name, PASSWORD)
        master, signing = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        tokens, signed = [], {}
        for n in range(devices):
            body = {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": user},
                "password": PASSWORD,
                "device_id": f"D{n}",
            }
            tokens.append((await self._call("POST", f"{API}/login", body))["access_token"])
            account = vodozemac.Account()
            keys = _device_keys(user, f"D{n}", account)
            upload = {"device_keys": keys, "one_time_keys": _one_time_keys(user, f"D{n}", account)}
            await self._call("POST", f"{API}/keys/upload", upload, tokens[n])
            signed[f"D{n}"] = add_signature(dict(keys), user, signing, public(signing))
        identity = {
            "master_key": _identity_key(user, "master", master),
            "self_signing_key": add_signature(
                _identity_key(user, "self_signing", signing), user, master, public(master)
            ),
        }
        await self._call("POST", f"{API}/keys/device_signing/upload", identity, tokens[0])
        said = await self._call("POST", f"{API}/keys/signatures/upload", {user: signed}, tokens[0])
        assert not said["failures"], said
        self._tokens[user] = tokens
        return user

    async def _call(self, method: str, path: str, body: object, token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self._server.url + path
        async with self._http.request(method, url, json=body, headers=headers) as answer:
            said: dict[str, Any] = await answer.json()
            assert answer.status == 200, (path, said)
            return said


@asynccontextmanager
async def crowd(server: Homeserver) -> AsyncIterator[Crowd]:
    """Begin with nobody."""
    async with aiohttp.ClientSession() as http:
        yield Crowd(server, http)


def _device_keys(user: str, device: str, account: vodozemac.Account) -> dict[str, Any]:
    keys = {
        "user_id": user,
        "device_id": device,
        "algorithms": ALGORITHMS,
        "keys": {
            f"curve25519:{device}": account.curve25519_key.to_base64(),
            f"ed25519:{device}": account.ed25519_key.to_base64(),
        },
    }
    return _signed(keys, user, device, account)


def _one_time_keys(user: str, device: str, account: vodozemac.Account) -> dict[str, Any]:
    account.generate_one_time_keys(ONE_TIME_KEYS)
    return {
        f"signed_curve25519:{name}": _signed({"key": key.to_base64()}, user, device, account)
        for name, key in account.one_time_keys.items()
    }


def _signed(
    thing: dict[str, Any], user: str, device: str, account: vodozemac.Account
) -> dict[str, Any]:
    signature = account.sign(canonical(thing)).to_base64()
    return {**thing, "signatures": {user: {f"ed25519:{device}": signature}}}


def _identity_key(user: str, usage: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    return {"user_id": user, "usage": [usage], "keys": {f"ed25519:{public(key)}": public(key)}}
