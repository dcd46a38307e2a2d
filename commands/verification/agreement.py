"""Short authentication strings: key agreement, commitment, emoji and authentication codes. Pure.

Spec §Short Authentication String (SAS) verification, with `curve25519-hkdf-sha256`, `sha256` and
`hkdf-hmac-sha256.v2`. The secret stands in the database, so that a verification survives a restart
of the bot; vodozemac's `Sas` can't be stored, and the tests hold ours against it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.api import UserId, canonical_json

METHOD = "m.sas.v1"
SHOW_CODE, SCAN_CODE = "m.qr_code.show.v1", "m.qr_code.scan.v1"
RECIPROCATE = "m.reciprocate.v1"
"""Methods of verification (spec §Verification methods)."""
AGREEMENT, HASH, MAC = "curve25519-hkdf-sha256", "sha256", "hkdf-hmac-sha256.v2"
KEY_BYTES = 32


class Mismatch(Exception):
    """What the other side sent does not fit. `code` is the spec's code for cancelling."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two that verify each other."""

    user: UserId
    device: str


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """What both sides know once they have each other's public key."""

    shared: bytes
    us: Party
    them: Party
    our_key: str
    their_key: str
    request: str

    def emoji(self, *, we_started: bool) -> tuple[int, ...]:
        """Return seven numbers from 0 to 63 for the emoji that both sides compare. Who sent the
        start comes first."""
        sides = (self.us, self.our_key), (self.them, self.their_key)
        first, second = sides if we_started else sides[::-1]
        names = (*_named(*first), *_named(*second), self.request)
        bits = int.from_bytes(_derive(self.shared, "|".join((_SAS, *names)), 6))
        return tuple(bits >> shift & 63 for shift in range(42, 0, -6))

    def our_macs(self, keys: Mapping[str, str]) -> dict[str, Any]:
        """Return the codes (`mac` and `keys`) that vouch for our keys, by their ids
        (`ed25519:…`)."""
        return self._macs(self.us, self.them, keys)

    def check_macs(self, content: Mapping[str, Any], known: Mapping[str, str]) -> None:
        """Check the other side's codes. Raises `Mismatch` unless each of `known` is vouched for,
        and rightly."""
        given = content.get("mac")
        if not isinstance(given, Mapping) or not known.keys() <= given.keys():
            raise Mismatch("m.invalid_message")  # some apps vouch for the device alone
        ids = {str(name): "" for name in given}
        meant = self._macs(self.them, self.us, ids)["keys"]
        right = self._macs(self.them, self.us, known)["mac"]
        same = [_is_same(content.get("keys"), meant)]
        same += [_is_same(given[name], right[name]) for name in known]
        if not all(same):
            raise Mismatch("m.key_mismatch")

    def _macs(self, by: Party, to: Party, keys: Mapping[str, str]) -> dict[str, Any]:
        base = _MAC + by.user + by.device + to.user + to.device + self.request
        every = ",".join(sorted(keys))
        made = {name: _mac(self.shared, base + name, key) for name, key in keys.items()}
        return {"mac": made, "keys": _mac(self.shared, f"{base}KEY_IDS", every)}


_SAS, _MAC = "MATRIX_KEY_VERIFICATION_SAS", "MATRIX_KEY_VERIFICATION_MAC"


def new_secret() -> bytes:
    """Return a new private key for one verification."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_key(secret: bytes) -> str:
    """Return the public key of a private one, in unpadded base64."""
    return _base64(X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw())


def commitment(key: str, start: Mapping[str, Any]) -> str:
    """Return the hash that binds who accepts to their public key before they see the other one.

    Raises `Mismatch` for a start that is no canonical JSON.
    """
    try:
        return _base64(hashlib.sha256(key.encode() + canonical_json(dict(start))).digest())
    except ValueError:
        raise Mismatch("m.invalid_message") from None


def agree(secret: bytes, us: Party, them: Party, their_key: str, request: str) -> SharedSecret:
    """Return the secret shared by our private and their public key. Raises `Mismatch` for what is
    no public key."""
    try:
        other = X25519PublicKey.from_public_bytes(base64.b64decode(f"{their_key}=", validate=True))
        shared = X25519PrivateKey.from_private_bytes(secret).exchange(other)
    except ValueError:
        raise Mismatch("m.invalid_message") from None
    return SharedSecret(shared, us, them, public_key(secret), their_key, request)


def start_content(device: str) -> dict[str, Any]:
    """Return the content of the event by which we start a verification: the methods that we
    offer."""
    return {
        "from_device": device,
        "method": METHOD,
        "key_agreement_protocols": [AGREEMENT],
        "hashes": [HASH],
        "message_authentication_codes": [MAC],
        "short_authentication_string": ["decimal", "emoji"],
    }


def accept_content(key: str, start: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content that answers their start. Raises `Mismatch` if we know none of the methods
    it offers."""
    offers = {
        "key_agreement_protocols": AGREEMENT,
        "hashes": HASH,
        "message_authentication_codes": MAC,
        "short_authentication_string": "emoji",
    }
    for name, ours in offers.items():
        given = start.get(name)
        if not isinstance(given, list) or ours not in given:
            raise Mismatch("m.unknown_method")
    return {
        "method": METHOD,
        "key_agreement_protocol": AGREEMENT,
        "hash": HASH,
        "message_authentication_code": MAC,
        "short_authentication_string": ["decimal", "emoji"],
        "commitment": commitment(key, start),
    }


def read_commitment(content: Mapping[str, Any]) -> str:
    """Return the commitment in their answer to our start. Raises `Mismatch` if they chose a method
    we don't know."""
    chosen = content.get("key_agreement_protocol"), content.get("hash")
    code, bound = content.get("message_authentication_code"), content.get("commitment")
    if (*chosen, code) != (AGREEMENT, HASH, MAC):
        raise Mismatch("m.unknown_method")
    shown = content.get("short_authentication_string")
    if not isinstance(bound, str) or not isinstance(shown, list) or "emoji" not in shown:
        raise Mismatch("m.unknown_method")
    return bound


def _named(who: Party, key: str) -> tuple[str, str, str]:
    return who.user, who.device, key


def _derive(shared: bytes, info: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=info.encode()).derive(shared)


def _mac(shared: bytes, info: str, what: str) -> str:
    return _base64(hmac.digest(_derive(shared, info, KEY_BYTES), what.encode(), "sha256"))


def _is_same(given: object, meant: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), meant.encode())


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")
