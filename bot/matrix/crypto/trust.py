"""Verify device ← self-signing key ← master key (MSC1756, MSC4153). Pure.

All input is the raw answer of /keys/query, which other people's servers wrote. C5 is described in
tests/matrix/test_points.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import vodozemac

from bot.matrix.fields import as_mapping, short_text
from bot.signing.canonical_json import encode_canonical
from bot.types import UserId

MOST_DEVICES = 200
"""Limit of devices per person; more are a server's invention. Signed ones are kept first."""

HOSTILE_ERRORS = (KeyError, TypeError, ValueError, AttributeError, RecursionError)
"""What reading untrusted JSON may raise (vodozemac's own errors are ValueErrors)."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device as its owner described it. `signed`: by the owner's self-signing key."""

    user_id: UserId
    id: str
    ed25519: str
    curve25519: str
    signed: bool


@dataclass(frozen=True, slots=True)
class KeyVerdict:
    """What one person's part of an answer is worth. `refused` counts unusable devices."""

    devices: tuple[Device, ...]
    master: str | None
    refused: int
    vouchers: frozenset[str] = frozenset()
    """Signing keys of devices that signed the master key: their owner has made it."""
    half_told: bool = False
    """Whether a device bears a signature of its owner by a key that the answer lacks."""


def is_signed_by(thing: Mapping[str, Any], user: str, key_id: str, public: str) -> bool:
    """Return whether `thing` has a valid signature of this key (spec, appendix 3.3). Never
    raises."""
    try:
        signature = vodozemac.Ed25519Signature.from_base64(thing["signatures"][user][key_id])
        bare = {k: v for k, v in thing.items() if k not in ("signatures", "unsigned")}
        key = vodozemac.Ed25519PublicKey.from_base64(public)
        key.verify_signature(encode_canonical(bare), signature)
    except HOSTILE_ERRORS:
        return False
    return True


def cross_signing_key(thing: Any, user: str, usage: str) -> str | None:
    """Return the public key in a cross-signing key object, if it is this person's and for this
    usage; else None."""
    keys = list(as_mapping(thing, "keys").items())
    uses = as_mapping(thing).get("usage")
    if as_mapping(thing).get("user_id") != user or not isinstance(uses, list) or usage not in uses:
        return None
    if len(keys) != 1 or keys[0][0] != f"ed25519:{keys[0][1]}":
        return None
    return short_text(keys[0][1]) or None


def self_signing_key(user: str, master: str | None, key: Any) -> str | None:
    """Return the public self-signing key if the master key signed it, else None."""
    public = cross_signing_key(key, user, "self_signing")
    if master is None or public is None:
        return None
    return public if is_signed_by(key, user, f"ed25519:{master}", master) else None


def judge_keys(user: UserId, devices: Any, master: Any, signing: Any) -> KeyVerdict:
    """Return one person's keys, each verified. What is malformed counts as refused and affects
    nothing else (C5).

    Of several devices with one identity key one is kept: no honest client makes a second.
    """
    root = cross_signing_key(master, user, "master")
    owner = self_signing_key(user, root, signing)
    given = as_mapping(devices)
    found = [d for name, raw in given.items() if (d := _read_device(user, name, raw, owner))]
    found.sort(key=lambda d: d.signed)
    several = {d.curve25519: d for d in found}  # of each the last: a signed one, if there is any
    kept = sorted(several.values(), key=lambda d: not d.signed)[:MOST_DEVICES]
    vouchers = {d.ed25519 for d in kept if is_signed_by(master, user, f"ed25519:{d.id}", d.ed25519)}
    half = owner is None and any(_has_owners_signature(user, d.id, given[d.id]) for d in kept)
    return KeyVerdict(tuple(kept), root, len(given) - len(kept), frozenset(vouchers), half)


def _has_owners_signature(user: UserId, name: str, raw: Any) -> bool:
    """Return whether the device has a signature of its owner besides its own, valid or not."""
    return bool(as_mapping(raw, "signatures", user).keys() - {f"ed25519:{name}"})


def _read_device(user: UserId, name: str, raw: Any, owner: str | None) -> Device | None:
    try:
        if raw["user_id"] != user or raw["device_id"] != name or not short_text(name):
            return None
        ed25519, curve25519 = raw["keys"][f"ed25519:{name}"], raw["keys"][f"curve25519:{name}"]
        if vodozemac.Curve25519PublicKey.from_base64(curve25519).to_base64() != curve25519:
            return None
    except HOSTILE_ERRORS:
        return None
    if not is_signed_by(raw, user, f"ed25519:{name}", ed25519):
        return None
    vouched = owner is not None and is_signed_by(raw, user, f"ed25519:{owner}", owner)
    return Device(user, name, ed25519, curve25519, vouched)


def verified_one_time_key(device: Device, claimed: Mapping[str, Any]) -> str | None:
    """Return the Curve25519 key of a /keys/claim answer if the device itself signed it, else
    None."""
    for name, raw in _signed_keys(claimed):
        if name.startswith("signed_curve25519:") and isinstance(raw, Mapping):
            key_id = f"ed25519:{device.id}"
            if is_signed_by(raw, device.user_id, key_id, device.ed25519):
                return short_text(raw.get("key")) or None
    return None


def _signed_keys(claimed: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return list(claimed.items())[:5]
