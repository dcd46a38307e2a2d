"""The use of power, which members can read: a chain per room in which a removed line shows.

The chain holds salted hashes of people and facts (FIPS 180-4 SHA-256); names stand beside it and
can go, and the chain still checks.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.types import RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    at: datetime
    feature: str
    act: str
    who: UserId | None
    facts: Mapping[str, Any]
    undo: Mapping[str, Any] | None


async def add(
    tx: Tx,
    room: RoomId,
    at: datetime,
    feature: str,
    act: str,
    who: UserId,
    facts: Mapping[str, Any],
    undo: Mapping[str, Any] | None = None,
) -> int:
    """Write one line at the end of the room's chain."""
    salt, text, stamp = (
        secrets.token_bytes(16),
        json.dumps(facts, sort_keys=True),
        int(at.timestamp()),
    )
    last = await tx.one("SELECT hash FROM log WHERE room = ? ORDER BY id DESC LIMIT 1", room)
    marks = _salted(salt, who), _salted(salt, text)
    digest = _link(bytes(last["hash"]) if last else b"", room, stamp, feature, act, *marks)
    return await tx.run(
        "INSERT INTO log (room, at, feature, act, who, facts, undo, salt, who_mark, facts_mark,"
        " hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        room,
        stamp,
        feature,
        act,
        who,
        text,
        json.dumps(undo) if undo is not None else None,
        salt,
        *marks,
        digest,
    )


async def whole(tx: Tx, room: RoomId) -> bool:
    """Does the room's chain check: no line changed, added in the middle or taken away?"""
    prev = b""
    for row in await tx.all("SELECT * FROM log WHERE room = ? ORDER BY id", room):
        marks = bytes(row["who_mark"]), bytes(row["facts_mark"])
        digest = _link(prev, room, row["at"], row["feature"], row["act"], *marks)
        if digest != bytes(row["hash"]):
            return False
        if row["who"] is not None and _salted(bytes(row["salt"]), row["who"]) != marks[0]:
            return False
        prev = digest
    return True


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    """The log of `old` goes on in `new`. A chain that does not check must never check again."""
    fine = await whole(tx, old) and await whole(tx, new)
    await tx.run("UPDATE log SET room = ? WHERE room = ?", new, old)
    if not fine:
        return
    digest = b""
    for row in await tx.all("SELECT * FROM log WHERE room = ? ORDER BY id", new):
        marks = bytes(row["who_mark"]), bytes(row["facts_mark"])
        digest = _link(digest, new, row["at"], row["feature"], row["act"], *marks)
        await tx.run("UPDATE log SET hash = ? WHERE id = ?", digest, row["id"])


async def forget(tx: Tx, person: UserId) -> None:
    """A person's name goes out of every line; the chains still check, for they are of hashes."""
    await tx.run("UPDATE log SET who = NULL, salt = NULL WHERE who = ?", person)
    quoted = json.dumps(person)
    await tx.run("UPDATE log SET undo = NULL WHERE instr(undo, ?)", quoted)
    await tx.run("UPDATE log SET facts = replace(facts, ?1, '\"\"') WHERE instr(facts, ?1)", quoted)


async def newest(tx: Tx, room: RoomId, limit: int, before: int | None = None) -> list[Entry]:
    """The latest lines of a room, newest first; `before` continues below a line."""
    rows = await tx.all(
        "SELECT * FROM log WHERE room = ? AND id < ? ORDER BY id DESC LIMIT ?",
        room,
        before if before is not None else 2**62,
        limit,
    )
    return [_entry(row) for row in rows]


async def spent(tx: Tx, entry: int) -> None:
    """The line was undone (or can be undone no more): it stays, its way back goes."""
    await tx.run("UPDATE log SET undo = NULL WHERE id = ?", entry)


def _entry(row: Any) -> Entry:
    return Entry(
        row["id"],
        datetime.fromtimestamp(row["at"], UTC),
        row["feature"],
        row["act"],
        row["who"],
        json.loads(row["facts"]),
        json.loads(row["undo"]) if row["undo"] else None,
    )


def _salted(salt: bytes, text: str) -> bytes:
    return hashlib.sha256(salt + text.encode()).digest()


def _link(
    prev: bytes, room: str, at: int, feature: str, act: str, who: bytes, facts: bytes
) -> bytes:
    head = json.dumps([room, at, feature, act, who.hex(), facts.hex()]).encode()
    return hashlib.sha256(b"minga-log-1\0" + prev + head).digest()
