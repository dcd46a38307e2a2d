"""People for tests: a machine with a device on the fake key server, signed or not."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.matrix.crypto.bot_identity import Identity
from bot.matrix.crypto.crypto_machine import CryptoMachine, DecryptedEvent, ToDeviceResult
from bot.matrix.crypto.room_session import key_content
from bot.matrix.crypto.trust import Device
from bot.types import RoomId, Trust, UserId
from storage.membership.room import Room
from tests.matrix.keyserver import KeyServer, Line

ROOM = RoomId("!room:one.example")
_numbers = itertools.count(1)


class Clock:
    """Seconds that pass when we say so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def room(rules: Mapping[str, Any] | None = None, name: RoomId = ROOM) -> Room:
    encryption = {"algorithm": "m.megolm.v1.aes-sha2"} | dict(rules or {})
    at = datetime.now(UTC)
    creators: frozenset[UserId] = frozenset()
    return Room(
        name, "11", creators, {}, encryption, "", "invite", "shared", "", None, None, True, at, None
    )


def event(sender: str, content: Mapping[str, Any], ts: int = 1_700_000_000_000) -> dict[str, Any]:
    """An encrypted event as sync brings it, with an id of its own."""
    return {
        "type": "m.room.encrypted",
        "event_id": f"$event{next(_numbers)}",
        "sender": sender,
        "origin_server_ts": ts,
        "content": dict(content),
    }


@dataclass
class Person:
    """Somebody with one device; `machine` is reopened by `restart`, as after a kill."""

    server: KeyServer
    folder: Path
    user: UserId
    device: str
    clock: Clock = field(default_factory=Clock)
    machine: CryptoMachine = field(init=False)

    def __post_init__(self) -> None:
        self.machine = self._open()

    def _open(self) -> CryptoMachine:
        path = self.folder / f"{self.user[1:].split(':')[0]}-{self.device}.db"
        return CryptoMachine.open(
            path, self.user, self.device, db_key=b"d" * 32, pickle_key=b"p" * 32, clock=self.clock
        )

    @property
    def http(self) -> Line:
        return self.server.http(self.user, self.device)

    def restart(self) -> None:
        self.machine.close()
        self.machine = self._open()

    def sync(self) -> ToDeviceResult:
        """What the sync loop does with the part of a sync that is about keys."""
        result = self.machine.receive_to_device(self.server.take(self.user, self.device))
        self.machine.note_key_counts(
            self.server.left(self.user, self.device), self.server.unused(self.user, self.device)
        )
        return result

    def trust_of(self, user: UserId, device: str) -> Trust | None:
        """What an event from this device is worth to us; None for an unknown one."""
        known = [one for one in self.machine._book.devices_of(user) if one.id == device]
        return self.machine._book.trust_of(known[0]) if known else None

    def device_of(self, other: Person) -> Device:
        """The other one's device as this person's machine knows it."""
        (found,) = (d for d in self.machine._book.devices_of(other.user) if d.id == other.device)
        return found

    async def say(
        self,
        text: str,
        members: Sequence[Person],
        *,
        rules: Mapping[str, Any] | None = None,
        shared: bool = False,
    ) -> dict[str, Any]:
        """An event of ours in the room, its key delivered; `shared`: newcomers may have it."""
        users = sorted({p.user for p in members} | {self.user})
        content = {"msgtype": "m.text", "body": text}
        kind = "m.room.message"
        sealed = await self.machine.encrypt(
            self.http, room(rules), users, kind, content, shared=shared
        )
        return event(self.user, sealed)

    def raw(self, payload: bytes) -> dict[str, Any]:
        """An event of ours with any bytes inside, after `say` has delivered the key."""
        session = self.machine._sharer._rooms[ROOM].session
        content = {"algorithm": "m.megolm.v1.aes-sha2", "session_id": session.session_id}
        content |= {"sender_key": self.machine.curve25519, "device_id": self.device}
        return event(self.user, content | {"ciphertext": session.encrypt(payload).to_base64()})

    def payload(self, **more: Any) -> dict[str, Any]:
        """An event of ours whose decrypted payload is a message with these changes."""
        usual = {"type": "m.room.message", "room_id": ROOM, "content": {"body": "x"}}
        return self.raw(json.dumps(usual | more).encode())

    def room_key(self) -> dict[str, Any]:
        """The content of the `m.room_key` that we sent for the room."""
        return key_content(ROOM, self.machine._sharer._rooms[ROOM].session)

    async def whisper(self, to: Person, kind: str, content: Mapping[str, Any]) -> None:
        """A to-device message of any kind under Olm."""
        await self.machine.query_devices(self.http, [to.user])
        keys = self.machine._keys
        await keys.start_sessions(self.http, [self.device_of(to)])
        await keys.send_to_devices(
            self.http, "m.room.encrypted", keys.encrypt_for([self.device_of(to)], kind, content)
        )

    def hear(self, said: Mapping[str, Any]) -> DecryptedEvent:
        return self.machine.decrypt(ROOM, said)

    async def sign(self, seed: bytes | None = None) -> Identity:
        """Publish an identity and sign the device with it."""
        identity = Identity.from_seeds(self.user, (seed or self.user.encode() * 96)[:96])
        keys = identity.upload_body(self.machine)
        self.server.masters[self.user] = keys["master_key"]
        self.server.signing[self.user] = keys["self_signing_key"]
        held = self.server.devices[self.user][self.device]
        self.server.devices[self.user][self.device] = identity.sign_device(held)
        return identity


async def person(
    server: KeyServer, folder: Path, name: str, device: str = "PHONE", *, signed: bool = True
) -> Person:
    """Somebody whose keys are on the server."""
    someone = Person(server, folder, UserId(f"@{name}:one.example"), device)
    await someone.machine.maintain(someone.http)
    if signed:
        await someone.sign()
    return someone


async def know(*people: Person) -> None:
    """Everyone has asked for everyone's devices."""
    users = [p.user for p in people]
    for someone in people:
        await someone.machine.query_devices(someone.http, users)


def fresh_seed() -> bytes:
    return b"".join(Ed25519PrivateKey.generate().private_bytes_raw() for _ in range(3))
