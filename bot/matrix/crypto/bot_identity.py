"""The bot's own identity: cross-signing keys made once and stored in our database.

They are replaced only if the operator asks for it (docs/decisions/0026). Without them a strict
client shares no key with us and shows nothing of ours (MSC4153).
"""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.gateway import Refused, SignedOut
from bot.i18n import _
from bot.matrix.crypto.trust import cross_signing_key, is_signed_by
from bot.matrix.crypto.wire import JsonHttp
from bot.matrix.fields import as_mapping
from bot.matrix.interactive_auth import post_authorised
from bot.signing.canonical_json import encode_canonical
from bot.types import UserId
from storage.database import Database
from storage.encryption import own_identity
from storage.encryption import secrets as vault

IDENTITY_ENTRY = "cross-signing"
NEXT_IDENTITY_ENTRY = "cross-signing-next"
"""Seeds of the next identity, until the server shows it."""
USAGES = ("master", "self_signing", "user_signing")
"""What the keys of an identity are for, in the order of its seeds."""
_V3 = "/_matrix/client/v3"
REPLACED = _(
    "The homeserver shows another identity for this account than the one this bot made."
    " Either a second bot runs under the account, or somebody reset the account's"
    " encryption, or the homeserver lies. The bot has stopped and will not overwrite it:"
    " members must not trust what the account says until a person has found out which"
    " it is. If this data is an older copy: minga restore with the newest backup. Else a"
    " new identity, which members are told of: minga init --new-identity"
)
OCCUPIED = _(
    "The homeserver shows an encryption identity for this account already, and the keys"
    " to it are not here: another program was used with it (Element, say), or the bot's"
    " data is gone. Nothing was written. Was it this bot's? Bring the last backup back:"
    " minga restore; or, without one, come back with the recovery key: minga recover."
    " Else give the bot an account that nothing else ever used; or, if it must be this"
    " one, a new identity, of which everybody who talks with it is warned: minga init"
    " --new-identity"
)

OTHER_DEVICE = _(
    "The homeserver shows other keys for this device than this bot has: another copy of"
    " the bot runs with it, or the key store (matrix.db) is gone or not the one it was"
    " made with. The bot has stopped. Stop the other copy; then log in as a new device"
    " of the same identity: minga init --new-device"
)


class DeviceSigner(Protocol):
    """What the identity needs of `CryptoMachine`."""

    @property
    def user(self) -> UserId: ...
    @property
    def device(self) -> str: ...
    def device_keys(self) -> dict[str, Any]: ...
    def sign(self, thing: Mapping[str, Any]) -> dict[str, Any]: ...
    async def maintain(self, http: JsonHttp) -> set[UserId]: ...


def random_device_id() -> str:
    """Return a new random device id, which no other account has either (H5 in
    tests/matrix/test_points.py)."""
    return "MINGA" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(10))


@dataclass(frozen=True, slots=True)
class Identity:
    """Master, self-signing and user-signing key of one account (spec §Cross-signing)."""

    user: UserId
    _master: Ed25519PrivateKey
    _self_signing: Ed25519PrivateKey
    _user_signing: Ed25519PrivateKey

    @classmethod
    def from_seeds(cls, user: UserId, seeds: bytes) -> Identity:
        """Return the identity whose keys are made of three seeds of 32 bytes, put one after the
        other."""
        parts = [seeds[i : i + 32] for i in (0, 32, 64)]
        return cls(user, *(Ed25519PrivateKey.from_private_bytes(part) for part in parts))

    @property
    def master_key(self) -> str:
        """The public master key, which members verify and networks pin."""
        return _public_key(self._master)

    @property
    def public_keys(self) -> dict[str, str]:
        """The public keys by their usage: `master`, `self_signing`, `user_signing`."""
        keys = (self._master, self._self_signing, self._user_signing)
        return dict(zip(USAGES, map(_public_key, keys), strict=True))

    def upload_body(self, machine: DeviceSigner) -> dict[str, Any]:
        """Return the body of the request to /keys/device_signing/upload. It is always the same."""
        own = {
            "master_key": machine.sign(self._key(self._master, "master")),
            "self_signing_key": self._key(self._self_signing, "self_signing"),
            "user_signing_key": self._key(self._user_signing, "user_signing"),
        }
        return {
            name: key if name == "master_key" else self._sign(key, self._master)
            for name, key in own.items()
        }

    def sign_device(self, device_keys: Mapping[str, Any]) -> dict[str, Any]:
        """Return the device's keys with the owner's signature added."""
        return self._sign(device_keys, self._self_signing)

    def vouch(self, thing: Mapping[str, Any]) -> dict[str, Any]:
        """Return a JSON object with the master key's signature added."""
        return self._sign(thing, self._master)

    def has_signed(self, device_keys: Mapping[str, Any]) -> bool:
        """Return whether the keys carry this identity's signature."""
        public = _public_key(self._self_signing)
        return is_signed_by(device_keys, self.user, f"ed25519:{public}", public)

    def _key(self, key: Ed25519PrivateKey, usage: str) -> dict[str, Any]:
        public = _public_key(key)
        return {"user_id": self.user, "usage": [usage], "keys": {f"ed25519:{public}": public}}

    def _sign(self, thing: Mapping[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
        bare = {k: v for k, v in thing.items() if k not in ("signatures", "unsigned")}
        signature = _base64(key.sign(encode_canonical(bare)))
        signatures = dict(as_mapping(thing, "signatures"))
        ours = dict(as_mapping(signatures, self.user))
        ours[f"ed25519:{_public_key(key)}"] = signature
        return bare | {"signatures": signatures | {self.user: ours}}


async def establish_identity(
    http: JsonHttp, db: Database, key: bytes, machine: DeviceSigner, password: str | None
) -> Identity:
    """Make sure that the server shows the bot's identity, and its device signed by that identity,
    and return it.

    The seeds are on disk before anything is uploaded, and every step may be repeated after a crash.
    Once all is done it uploads nothing. Raises `SignedOut` if the server shows another identity,
    which is never overwritten.
    """
    identity = Identity.from_seeds(machine.user, await _seeds(db, key))
    shown = await _query_own(http, machine)
    if shown["master"] not in (None, identity.master_key):
        following = await _next_seeds(db, key)
        identity = Identity.from_seeds(machine.user, following) if following else identity
        if shown["master"] != identity.master_key:
            raise SignedOut(REPLACED)
        await _adopt_next(db, key)  # finish an interrupted replacement
    if not shown["device"]:
        await machine.maintain(http)
    elif shown["device"].get("keys") != machine.device_keys()["keys"]:
        raise SignedOut(OTHER_DEVICE)
    if shown["signing"] != _public_key(identity._self_signing):
        await _publish(http, identity, machine, password)
    if not identity.has_signed(shown["device"]):
        await _sign_own_device(http, identity, machine)
    return identity


async def replace_identity(
    http: JsonHttp, db: Database, key: bytes, machine: DeviceSigner, password: str | None
) -> None:
    """Publish a new identity in place of the account's current one. `establish_identity` signs
    later.

    Ours stays until the server has the new one. Rooms are told at the next start.
    """
    async with db.transaction() as tx:
        seeds = await vault.get(tx, key, NEXT_IDENTITY_ENTRY) or secrets.token_bytes(96)
        await vault.put(tx, key, NEXT_IDENTITY_ENTRY, seeds)
    await _publish(http, Identity.from_seeds(machine.user, seeds), machine, password)
    await _adopt_next(db, key)


async def own_master_keys(db: Database, key: bytes, user: UserId) -> set[str]:
    """Return our public master keys: the current one, and that of an interrupted replacement."""
    async with db.reading() as tx:
        found = [await vault.get(tx, key, name) for name in (IDENTITY_ENTRY, NEXT_IDENTITY_ENTRY)]
    return {Identity.from_seeds(user, seeds).master_key for seeds in found if seeds}


async def own_seeds(db: Database, key: bytes) -> bytes | None:
    """Return the three seeds of our current identity, or None if there is none yet."""
    async with db.reading() as tx:
        return await vault.get(tx, key, IDENTITY_ENTRY)


async def adopt_recovered(db: Database, key: bytes, seeds: bytes, at: datetime) -> None:
    """Store these seeds, opened with a recovery key, as the bot's identity, which the server shows
    already.

    Where no identity was stored, everything else was lost too: rooms are told of that at the next
    start.
    """
    async with db.transaction() as tx:
        if await vault.get(tx, key, IDENTITY_ENTRY) is None:
            await own_identity.note_recovery(tx, at)
        await vault.put(tx, key, IDENTITY_ENTRY, seeds)
        await vault.drop(tx, NEXT_IDENTITY_ENTRY)
        tx.shred()


async def _next_seeds(db: Database, key: bytes) -> bytes | None:
    async with db.reading() as tx:
        return await vault.get(tx, key, NEXT_IDENTITY_ENTRY)


async def _adopt_next(db: Database, key: bytes) -> None:
    """Make the next identity, which the server shows, the current one, and have rooms told."""
    async with db.transaction() as tx:
        seeds = await vault.get(tx, key, NEXT_IDENTITY_ENTRY)
        if seeds is not None:
            await vault.put(tx, key, IDENTITY_ENTRY, seeds)
            await vault.drop(tx, NEXT_IDENTITY_ENTRY)
            await own_identity.note_new_identity(tx, datetime.now(UTC))
            tx.shred()


async def _seeds(db: Database, key: bytes) -> bytes:
    async with db.transaction() as tx:
        seeds = await vault.get(tx, key, IDENTITY_ENTRY)
        if seeds is None:
            seeds = secrets.token_bytes(96)
            await vault.put(tx, key, IDENTITY_ENTRY, seeds)
    return seeds


async def _query_own(http: JsonHttp, machine: DeviceSigner) -> dict[str, Any]:
    """Return what the server shows of us: master key, self-signing key and device."""
    body: dict[str, Any] = {"device_keys": {machine.user: []}}
    answer = await http.call("POST", f"{_V3}/keys/query", body)
    master = as_mapping(answer, "master_keys", machine.user)
    signing = as_mapping(answer, "self_signing_keys", machine.user)
    return {
        "master": (cross_signing_key(master, machine.user, "master") or "?") if master else None,
        "signing": cross_signing_key(signing, machine.user, "self_signing"),
        "device": as_mapping(answer, "device_keys", machine.user, machine.device),
    }


async def require_no_keys(http: JsonHttp, user: UserId, device: str) -> None:
    """Raise `SignedOut` if the server has keys of this device, which is useless without our half of
    them."""
    answer = await http.call("POST", f"{_V3}/keys/query", {"device_keys": {user: []}})
    if as_mapping(answer, "device_keys", user, device):
        raise SignedOut(OTHER_DEVICE)


async def _publish(
    http: JsonHttp, identity: Identity, machine: DeviceSigner, password: str | None
) -> None:
    """Upload the identity.

    The first upload needs no password (MSC3967), unless the server asks for it.
    """
    path = f"{_V3}/keys/device_signing/upload"
    await post_authorised(http, machine.user, path, identity.upload_body(machine), password)


async def _sign_own_device(http: JsonHttp, identity: Identity, machine: DeviceSigner) -> None:
    signed = identity.sign_device(machine.device_keys())
    body = {str(machine.user): {machine.device: signed}}
    answer = await http.call("POST", f"{_V3}/keys/signatures/upload", body)
    if answer.get("failures"):  # the status is 200 even then
        raise Refused("M_SIGNATURE_REFUSED")


def _public_key(key: Ed25519PrivateKey) -> str:
    return _base64(key.public_key().public_bytes_raw())


def _base64(raw: bytes) -> str:
    """Return unpadded base64, as everywhere in Matrix."""
    return base64.b64encode(raw).decode().rstrip("=")
