"""The bot's signing key for results and receipts, certified by its Matrix identity.

It is not the identity itself, so that nothing a capability signs can pass for a device or a person.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.signing.canonical_json import canonical_json
from bot.types import UserId
from storage.database import Database
from storage.encryption import secrets as vault

NAME = "signing-key"
USAGE = "org.minga.results"

VouchFunction = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Returns its argument with the signature of the account's master key added."""


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """Signs for the bot. `certificate` is its public key, signed by the cross-signing master
    key.
    """

    _key: Ed25519PrivateKey
    public: str
    """The public key, which members compare and networks pin."""
    certificate: Mapping[str, Any]

    @classmethod
    def from_seed(cls, user: UserId, seed: bytes, vouch: VouchFunction) -> Signer:
        """Return the signer whose key is made of 32 secret bytes."""
        key = Ed25519PrivateKey.from_private_bytes(seed)
        public = _text(key.public_key().public_bytes_raw())
        named = {"user_id": user, "usage": [USAGE], "keys": {f"ed25519:{public}": public}}
        return cls(key, public, vouch(named))

    def sign(self, message: bytes) -> str:
        """Return the Ed25519 signature in unpadded base64."""
        return _text(self._key.sign(message))


async def open_signer(db: Database, key: bytes, user: UserId, vouch: VouchFunction) -> Signer:
    """Return the bot's signing key, created at the first call and stored encrypted with `key`."""
    async with db.transaction() as tx:
        seed = await vault.get(tx, key, NAME)
        if seed is None:
            seed = secrets.token_bytes(32)
            await vault.put(tx, key, NAME, seed)
    return Signer.from_seed(user, seed, vouch)


def is_signed(public: str, message: bytes, signature: str) -> bool:
    """Return whether the signature of these bytes is valid for that public key. Never raises."""
    try:
        Ed25519PublicKey.from_public_bytes(_bytes(public)).verify(_bytes(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def certifying_key(certificate: Mapping[str, Any], public: str) -> str | None:
    """Return the master key that certifies the signing key `public`, or None."""
    named = {name: part for name, part in certificate.items() if name != "signatures"}
    user, keys = named.get("user_id"), {f"ed25519:{public}": public}
    if named != {"user_id": user, "usage": [USAGE], "keys": keys} or not isinstance(user, str):
        return None
    signatures = certificate.get("signatures")
    given = signatures.get(user) if isinstance(signatures, dict) else None
    for name, signature in given.items() if isinstance(given, dict) else ():
        master = str(name).removeprefix("ed25519:")
        if is_signed(master, canonical_json(named), str(signature)):
            return master
    return None


def _text(raw: bytes) -> str:
    """Encode as unpadded base64, as Matrix does."""
    return base64.b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Decode unpadded base64. Raises `ValueError` unless it is in its only canonical form."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    if _text(raw) != text:
        raise ValueError("not the one spelling")
    return raw
