"""The use of power, which members can read: a chain per room in which a removed line shows.

The chain holds salted hashes of people and facts (FIPS 180-4 SHA-256); names stand beside it and
can go, and the chain still checks. Its head is kept beside it (`log_head`), for a chain without its
last lines is a chain too. Who could write both would still not know the marks that members noted.
"""

from __future__ import annotations

import base64
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
    """One line. `rule`: the act and the part of it by whose rule it was done, if by any."""

    id: int
    room: RoomId
    at: datetime
    feature: str
    act: str
    who: UserId | None
    facts: Mapping[str, Any]
    undo: Mapping[str, Any] | None
    rule: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Check:
    """What a look at a room's log found: `broken` is the first line that does not fit.

    `missing`: lines at the end, or all of them, were taken away. `mark` names the newest line.
    """

    lines: int
    broken: Entry | None
    missing: bool
    mark: str

    @property
    def whole(self) -> bool:
        return self.broken is None and not self.missing


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines of a log are wanted: by somebody, of these capabilities, within these times."""

    who: UserId | None = None
    features: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


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
    salt, facts_salt = secrets.token_bytes(16), secrets.token_bytes(16)
    text, stamp = json.dumps(facts, sort_keys=True), int(at.timestamp())
    last = await tx.one("SELECT hash FROM log_head WHERE chain = ?", room)
    marks = _salted(salt, who), _salted(facts_salt, text)
    digest = _link(bytes(last["hash"]) if last else b"", room, stamp, feature, act, *marks)
    await tx.run(
        "INSERT INTO log_head (chain, room, lines, hash) VALUES (?1, ?1, 1, ?2)"
        " ON CONFLICT (chain) DO UPDATE SET lines = lines + 1, hash = ?2",
        room,
        digest,
    )
    return await tx.run(
        "INSERT INTO log (room, chain, at, feature, act, who, facts, undo, salt, facts_salt,"
        " who_mark, facts_mark, hash) VALUES (?1, ?1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        room,
        stamp,
        feature,
        act,
        who,
        text,
        json.dumps(undo) if undo is not None else None,
        salt,
        facts_salt,
        *marks,
        digest,
    )


async def whole(tx: Tx, room: RoomId) -> bool:
    """Does the room's log check: no line changed, added in the middle or taken away?"""
    return (await check(tx, room)).whole


async def check(tx: Tx, room: RoomId, most: int = 2**62) -> Check:
    """Look at every line of the room's chains, or at the newest `most`, and at their heads."""
    rows = await tx.all(
        "SELECT * FROM (SELECT * FROM log WHERE room = ? ORDER BY id DESC LIMIT ?) ORDER BY id",
        room,
        most,
    )
    ends: dict[str, bytes] = {}
    broken = None
    for row in rows:
        chain = row["chain"]
        if chain not in ends:
            ends[chain] = await _end(tx, chain, before=row["id"])
        if broken is None and not _follows(row, ends[chain]):
            broken = _entry(row)
        ends[chain] = bytes(row["hash"])
    missing = broken is None and await _cut(tx, room)
    mark = _mark(bytes(rows[-1]["hash"])) if rows else ""
    return Check(len(rows), broken, missing, mark)


async def _cut(tx: Tx, room: RoomId) -> bool:
    """Are there fewer lines than the heads tell of, or is another one the last?"""
    heads = await tx.all("SELECT * FROM log_head WHERE room = ?", room)
    counts = await tx.all(
        "SELECT chain, count(*) AS lines FROM log WHERE room = ? GROUP BY chain", room
    )
    if {h["chain"]: h["lines"] for h in heads if h["lines"]} != {
        c["chain"]: c["lines"] for c in counts
    }:
        return True
    return any([await _end(tx, h["chain"]) != bytes(h["hash"]) for h in heads])


async def _end(tx: Tx, chain: str, before: int = 2**62) -> bytes:
    """The hash that the next line builds on."""
    row = await tx.one(
        "SELECT hash FROM log WHERE chain = ? AND id < ? ORDER BY id DESC LIMIT 1", chain, before
    )
    if row is None:
        row = await tx.one("SELECT start AS hash FROM log_head WHERE chain = ?", chain)
    return bytes(row["hash"] or b"") if row else b""


def _follows(row: Any, before: bytes) -> bool:
    """Is the line as written, behind the one before? Of who is gone only the mark is left."""
    marks = bytes(row["who_mark"]), bytes(row["facts_mark"])
    texts = ("salt", "who", marks[0]), ("facts_salt", "facts", marks[1])
    digest = _link(before, row["chain"], row["at"], row["feature"], row["act"], *marks)
    return digest == bytes(row["hash"]) and all(
        _salted(bytes(row[salt]), row[text] or "") == mark
        for salt, text, mark in texts
        if row[salt] is not None
    )


async def marked(tx: Tx, room: RoomId, mark: str) -> Entry | None:
    """The line that had this mark when somebody noted it; None: it is not there, or not so."""
    for row in await tx.all("SELECT * FROM log WHERE room = ? ORDER BY id DESC", room):
        if _mark(bytes(row["hash"])) == mark:
            return _entry(row)
    return None


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    """The log of `old` is read in `new`; its chain stays as it is, and so do its marks."""
    await tx.run("UPDATE log SET room = ? WHERE room = ?", new, old)
    await tx.run("UPDATE log_head SET room = ? WHERE room = ?", new, old)


async def prune(tx: Tx, before: datetime) -> None:
    """What was written earlier goes from every log; what is left checks as before.

    The hash of the last line that went is kept: its chain begins there now.
    """
    rows = await tx.all(
        "SELECT chain, max(id) AS last FROM log WHERE at < ? GROUP BY chain",
        int(before.timestamp()),
    )
    for row in rows:
        await tx.run(
            "UPDATE log_head SET start = (SELECT hash FROM log WHERE id = ?2) WHERE chain = ?1",
            row["chain"],
            row["last"],
        )
        gone = await tx.change(
            "DELETE FROM log WHERE chain = ? AND id <= ?", row["chain"], row["last"]
        )
        await tx.run("UPDATE log_head SET lines = lines - ? WHERE chain = ?", gone, row["chain"])


async def is_pruned(tx: Tx, room: RoomId) -> bool:
    """Did old lines of the room's log go because they were kept long enough?"""
    row = await tx.one("SELECT 1 FROM log_head WHERE room = ? AND start IS NOT NULL LIMIT 1", room)
    return row is not None


async def forget(tx: Tx, person: UserId) -> None:
    """A person's name goes out of every line; the chains still check, for they are of hashes."""
    await tx.run(
        "UPDATE log SET who = NULL, salt = NULL,"
        " facts_salt = CASE WHEN facts_salt = salt THEN NULL ELSE facts_salt END WHERE who = ?",
        person,
    )
    quoted = json.dumps(person)
    await tx.run("UPDATE log SET undo = NULL WHERE instr(undo, ?)", quoted)
    await tx.run(
        "UPDATE log SET facts = replace(facts, ?1, '\"\"'), facts_salt = NULL,"
        " salt = CASE WHEN facts_salt = salt THEN NULL ELSE salt END WHERE instr(facts, ?1)",
        quoted,
    )


async def newest(tx: Tx, room: RoomId, limit: int, before: int | None = None) -> list[Entry]:
    """The latest lines of a room, newest first; `before` continues below a line."""
    rows = await tx.all(
        "SELECT * FROM log WHERE room = ? AND id < ? ORDER BY id DESC LIMIT ?",
        room,
        before if before is not None else 2**62,
        limit,
    )
    return [_entry(row) for row in rows]


async def find(tx: Tx, room: RoomId, sought: Sought, most: int, offset: int = 0) -> list[Entry]:
    """Lines of a room, newest first."""
    rows = await tx.all(
        "SELECT * FROM log WHERE room = ?1 AND (?2 IS NULL OR who = ?2)"
        " AND (?3 = '[]' OR feature IN (SELECT value FROM json_each(?3)))"
        " AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5)"
        " ORDER BY id DESC LIMIT ?6 OFFSET ?7",
        room,
        sought.who,
        json.dumps(sought.features),
        sought.since.timestamp() if sought.since else None,
        sought.until.timestamp() if sought.until else None,
        most,
        offset,
    )
    return [_entry(row) for row in rows]


async def about(tx: Tx, person: UserId) -> list[Entry]:
    """The lines of any room that name a person, the newest first."""
    rows = await tx.all(
        "SELECT * FROM log WHERE who = ?1 OR instr(facts, ?2) ORDER BY id DESC",
        person,
        json.dumps(person),
    )
    return [_entry(row) for row in rows]


async def get(tx: Tx, line: int) -> Entry | None:
    """One line, of whichever room."""
    row = await tx.one("SELECT * FROM log WHERE id = ?", line)
    return _entry(row) if row else None


async def last(tx: Tx) -> int:
    """The newest line of all: what is written later has a higher number."""
    row = await tx.one("SELECT max(id) AS id FROM log")
    return (row["id"] if row else None) or 0


async def after(tx: Tx, line: int) -> list[Entry]:
    """What was written after it, in any room, the oldest first: for what one act has written."""
    return [_entry(row) for row in await tx.all("SELECT * FROM log WHERE id > ? ORDER BY id", line)]


async def ruled(tx: Tx, after: int, act: str, of: str) -> None:
    """The lines written since `after` were done by the rule of this act, or of this part of it."""
    await tx.run(
        "UPDATE log SET rule = ? WHERE id > ? AND rule IS NULL", json.dumps([act, of]), after
    )


async def spent(tx: Tx, entry: int) -> None:
    """The line was undone (or can be undone no more): it stays, its way back goes."""
    await tx.run("UPDATE log SET undo = NULL WHERE id = ?", entry)


def _entry(row: Any) -> Entry:
    rule = json.loads(row["rule"]) if row["rule"] else None
    return Entry(
        row["id"],
        RoomId(row["room"]),
        datetime.fromtimestamp(row["at"], UTC),
        row["feature"],
        row["act"],
        row["who"],
        json.loads(row["facts"]),
        json.loads(row["undo"]) if row["undo"] else None,
        (rule[0], rule[1]) if rule else None,
    )


def _mark(digest: bytes) -> str:
    """So much of a line's hash (80 bits) as a person notes down: nobody finds another such line."""
    text = base64.b32encode(digest[:10]).decode()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def _salted(salt: bytes, text: str) -> bytes:
    return hashlib.sha256(salt + text.encode()).digest()


def _link(
    prev: bytes, room: str, at: int, feature: str, act: str, who: bytes, facts: bytes
) -> bytes:
    head = json.dumps([room, at, feature, act, who.hex(), facts.hex()]).encode()
    return hashlib.sha256(b"minga-log-1\0" + prev + head).digest()
