"""Keyed hashes of people: they tell people apart, and reveal nothing without the key."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable

from bot.api import UserId
from storage.database import Tx


async def hash_person(tx: Tx, person: UserId) -> bytes:
    """Return the keyed hash that stands for a person in this database; without the key it names
    nobody."""
    return _keyed_hash(await _hash_key(tx), person)


async def find_person(tx: Tx, mark: bytes, among: Iterable[str]) -> UserId | None:
    """Return which of these people a keyed hash (`hash_person`) belongs to, or None."""
    key = await _hash_key(tx)
    for person in among:
        if hmac.compare_digest(_keyed_hash(key, person), mark):
            return UserId(person)
    return None


def _keyed_hash(key: bytes, person: str) -> bytes:
    return hmac.digest(key, person.encode(), "sha256")


async def _hash_key(tx: Tx) -> bytes:
    """Return the key; create it at the first call."""
    row = await tx.one("SELECT key FROM care_key")
    if row is not None:
        return bytes(row["key"])
    key = secrets.token_bytes(32)
    await tx.run("INSERT INTO care_key VALUES (1, ?)", key)
    return key
