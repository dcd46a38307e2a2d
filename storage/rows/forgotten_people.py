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
MOST_OTHERS = 4
"""Lists with other keys that are kept beside ours."""
MOST_LETTERS = 60_000
"""Length of all lists together, ours first."""
_DAY = 86400
_NONCE, _TAG = 12, 16
_USE = b"org.minga.forgotten 1"


@dataclass(frozen=True, slots=True)
class ForgottenEntry:
    """One person who was forgotten: a random id, their keyed hash, and the day since 1970 (UTC)."""

    id: str
    mark: str
    day: int


@dataclass(frozen=True, slots=True)
class OtherList:
    """A list that another key sealed, and the day since 1970 (UTC) on which it was set aside."""

    sealed: str
    day: int


async def make_key(tx: Tx) -> None:
    """Make the key of the list, unless there is one: the first stays for ever."""
    await tx.run("INSERT OR IGNORE INTO forgotten_key VALUES (1, ?)", secrets.token_bytes(32))


async def list_key(tx: Tx) -> bytes:
    """Return the key of the list. Every database that was migrated has one."""
    (key,) = await tx.column(bytes, "SELECT key FROM forgotten_key")
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
    """Return the list with a new entry, without those that are not kept any longer.

    It replaces an earlier one of the same person, who could else push out everybody's.
    """
    oldest = new.day - KEPT_DAYS
    kept = [one for one in entries if one.mark != new.mark and one.day >= oldest]
    return [*kept[1 - MOST_ENTRIES :], new]


def seal_list(
    key: bytes, entries: Iterable[ForgottenEntry], others: Sequence[OtherList] = ()
) -> dict[str, Any]:
    """Return the account data that holds the list, readable with the key alone, and beside it as
    many lists with other keys as there is room for, the youngest first."""
    plain = json.dumps([[one.id, one.mark, one.day] for one in entries]).encode()
    padded = plain.ljust(-(-len(plain) // PADDED_TO) * PADDED_TO)
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(_derive(key, b"list")).encrypt(nonce, padded, _USE)
    content: dict[str, Any] = {"sealed": base64.b64encode(sealed).decode()}
    left = MOST_LETTERS - len(content["sealed"])
    kept: list[list[str | int]] = []
    for one in others:
        if len(kept) < MOST_OTHERS and len(one.sealed) <= left:
            kept.append([one.sealed, one.day])
            left -= len(one.sealed)
    return {**content, "others": kept} if kept else content


def open_list(key: bytes, content: Mapping[str, Any]) -> list[ForgottenEntry]:
    """Return the list that account data holds, the oldest entry first. It is empty for anything
    that was not sealed with this key: the homeserver could store anything there."""
    found: dict[str, ForgottenEntry] = {}
    for sealed, _day in reversed(_parts(content)):
        for one in _open(key, sealed) or ():
            found[one.id] = one
    return sorted(found.values(), key=lambda one: one.day)


def other_lists(key: bytes, content: Mapping[str, Any], today: int) -> list[OtherList]:
    """Return the lists in account data that another key sealed, the youngest first, without those
    that were set aside longer ago than entries are kept. `today`: days since 1970 (UTC)."""
    found = []
    for sealed, since in _parts(content):
        day = min(since, today) if type(since) is int else today
        if _may_be_list(sealed) and _open(key, sealed) is None and day >= today - KEPT_DAYS:
            found.append(OtherList(sealed, day))
    return found


def _parts(content: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Return what stands where lists are, each with the day on which it was set aside."""
    others = content.get("others")
    pairs = others[:MOST_OTHERS] if isinstance(others, list) else []
    aside = [(one[0], one[1]) for one in pairs if isinstance(one, list) and len(one) == 2]
    return [(content.get("sealed"), None), *aside]


def _may_be_list(sealed: object) -> bool:
    """Return whether something has the form of a sealed list."""
    try:
        raw = base64.b64decode(sealed, validate=True)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    filled = len(raw) - _NONCE - _TAG
    return isinstance(sealed, str) and filled > 0 and filled % PADDED_TO == 0


def _open(key: bytes, sealed: object) -> list[ForgottenEntry] | None:
    """Return the entries of a sealed list, or None if this key does not open it."""
    try:
        raw = base64.b64decode(sealed, validate=True)  # type: ignore[arg-type]
        plain = AESGCM(_derive(key, b"list")).decrypt(raw[:_NONCE], raw[_NONCE:], _USE)
    except (TypeError, ValueError, InvalidTag):
        return None
    return [ForgottenEntry(*one) for one in json.loads(plain)]


def _mark(key: bytes, person: UserId) -> str:
    return hmac.digest(_derive(key, b"mark"), person.encode(), "sha256")[:16].hex()


def _derive(key: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=_USE, info=use).derive(key)


def _day_of(at: datetime) -> int:
    return int(at.timestamp()) // _DAY
