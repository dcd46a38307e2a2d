"""Keyed hashes of people: they tell people apart, and reveal nothing without the key."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable

from bot.api import UserId
from storage.database import Tx


async def of(tx: Tx, person: UserId) -> bytes:
    return _mark(await _key(tx), person)


async def find(tx: Tx, mark: bytes, among: Iterable[str]) -> UserId | None:
    """Return which of these people the hash belongs to, or None."""
    key = await _key(tx)
    for person in among:
        if hmac.compare_digest(_mark(key, person), mark):
            return UserId(person)
    return None


def _mark(key: bytes, person: str) -> bytes:
    return hmac.digest(key, person.encode(), "sha256")


async def _key(tx: Tx) -> bytes:
    """Return the key; create it at the first call."""
    row = await tx.one("SELECT key FROM care_key")
    if row is not None:
        return bytes(row["key"])
    key = secrets.token_bytes(32)
    await tx.run("INSERT INTO care_key VALUES (1, ?)", key)
    return key
