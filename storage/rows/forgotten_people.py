"""The list of people who were forgotten, which outlives a restore and names nobody.

It lies sealed in the account's data at the homeserver. An entry has a random id and a keyed hash of
the person. The database knows the ids alone: an id that it does not know is of a time that it has
lost, and whom the hash fits is to be forgotten again. Reasons: docs/decisions/0076.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.types import UserId
from storage.database import Tx

LIST_TYPE = "org.minga.forgotten"
"""The type of the account data event."""
KEPT_DAYS = 365
"""How long an entry stands in the list. A backup older than that brings people back."""
MOST_ENTRIES = 500
"""Entries of a list: account data of a homeserver may have 64 KiB."""
PADDED_TO = 4096
"""Bytes: the length of the list tells less about how many were forgotten."""
_DAY = 86400
_NONCE = 12
_USE = b"org.minga.forgotten 1"


@dataclass(frozen=True, slots=True)
class ForgottenEntry:
    """One person who was forgotten: a random id, their keyed hash, and the day since 1970 (UTC)."""

    id: str
    mark: str
    day: int


async def list_key(tx: Tx) -> bytes:
    """Return the key of the list, which is made at the first call and stays for ever."""
    row = await tx.one("SELECT key FROM forgotten_key")
    if row is not None:
        return bytes(row["key"])
    key = secrets.token_bytes(32)
    await tx.run("INSERT INTO forgotten_key VALUES (1, ?)", key)
    return key


async def add_entry(tx: Tx, person: UserId, now: datetime) -> ForgottenEntry:
    """Store the id of a new entry for a person who is being forgotten, and return the entry."""
    entry = ForgottenEntry(secrets.token_hex(8), _mark(await list_key(tx), person), _day_of(now))
    await tx.run("DELETE FROM forgotten_entry WHERE day < ?", entry.day - KEPT_DAYS - 1)
    await mark_known(tx, [entry])
    return entry


async def unknown_entries(
    tx: Tx, entries: Iterable[ForgottenEntry], now: datetime
) -> list[ForgottenEntry]:
    """Return the entries that this database does not know. Older ones than are kept do not count:
    their ids may be deleted, and a homeserver can show an old list."""
    known = {row["id"] for row in await tx.all("SELECT id FROM forgotten_entry")}
    oldest = _day_of(now) - KEPT_DAYS
    return [one for one in entries if one.id not in known and one.day >= oldest]


async def mark_known(tx: Tx, entries: Iterable[ForgottenEntry]) -> None:
    """Store that this database knows these entries."""
    for one in entries:
        await tx.run("INSERT OR IGNORE INTO forgotten_entry VALUES (?, ?)", one.id, one.day)


def find_people(
    key: bytes, entries: Iterable[ForgottenEntry], among: Iterable[UserId]
) -> list[UserId]:
    """Return which of these people the entries are of, sorted."""
    marks = {one.mark for one in entries}
    return sorted(person for person in among if _mark(key, person) in marks)


def with_entry(entries: Sequence[ForgottenEntry], new: ForgottenEntry) -> list[ForgottenEntry]:
    """Return the list with a new entry, without those that are not kept any longer. An entry that
    is there already is not added twice."""
    oldest = new.day - KEPT_DAYS
    kept = [one for one in entries if one.id != new.id and one.day >= oldest]
    return [*kept[1 - MOST_ENTRIES :], new]


def seal_list(key: bytes, entries: Iterable[ForgottenEntry]) -> dict[str, str]:
    """Return the account data that holds the list, readable with the key alone."""
    plain = json.dumps([[one.id, one.mark, one.day] for one in entries]).encode()
    padded = plain.ljust(-(-len(plain) // PADDED_TO) * PADDED_TO)
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(_derive(key, b"list")).encrypt(nonce, padded, _USE)
    return {"sealed": base64.b64encode(sealed).decode()}


def open_list(key: bytes, content: Mapping[str, Any]) -> list[ForgottenEntry]:
    """Return the list that account data holds, the oldest entry first. It is empty for anything
    that was not sealed with this key: the homeserver could store anything there."""
    try:
        raw = base64.b64decode(content["sealed"], validate=True)
        plain = AESGCM(_derive(key, b"list")).decrypt(raw[:_NONCE], raw[_NONCE:], _USE)
    except (KeyError, TypeError, ValueError, InvalidTag):
        return []
    return [ForgottenEntry(*one) for one in json.loads(plain)]


def _mark(key: bytes, person: UserId) -> str:
    return hmac.digest(_derive(key, b"mark"), person.encode(), "sha256")[:16].hex()


def _derive(key: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=_USE, info=use).derive(key)


def _day_of(at: datetime) -> int:
    return int(at.timestamp()) // _DAY
