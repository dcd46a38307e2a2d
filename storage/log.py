"""The log of uses of power, which members can read: a hash chain per room that shows removed lines.

The chain covers salted hashes of people and facts (SHA-256, FIPS 180-4). Names are stored beside it
and can be deleted without breaking it. The head is stored apart (`log_head`), so that missing last
lines show. Even someone who rewrites both can't match marks that members noted.
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
class LogEntry:
    """One line. `rule` is the act and part by whose rule it was done, if any."""

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
class LogCheck:
    """The result of checking a log. `broken` is the first line that does not fit.

    `missing`: lines at the end, or all, were removed. `mark` identifies the newest line.
    """

    lines: int
    broken: LogEntry | None
    missing: bool
    mark: str

    @property
    def is_whole(self) -> bool:
        """Whether the check found no line that is missing or changed."""
        return self.broken is None and not self.missing


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines to find: by a person, of some capabilities, between two times."""

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
    """Append a line to the hash chain of the room's log and return its id."""
    salt, facts_salt = secrets.token_bytes(16), secrets.token_bytes(16)
    text, stamp = json.dumps(facts, sort_keys=True), int(at.timestamp())
    last = await tx.one("SELECT hash FROM log_head WHERE chain = ?", room)
    marks = _salted_hash(salt, who), _salted_hash(facts_salt, text)
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


async def is_whole(tx: Tx, room: RoomId) -> bool:
    """Return whether no line of the room's log is missing or changed."""
    return (await check_log(tx, room)).is_whole


async def check_log(tx: Tx, room: RoomId, most: int = 2**62) -> LogCheck:
    """Return what a check of the room's hash chains found, of all lines or the newest `most`."""
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
            ends[chain] = await _last_hash(tx, chain, before=row["id"])
        if broken is None and not _follows(row, ends[chain]):
            broken = _entry(row)
        ends[chain] = bytes(row["hash"])
    missing = broken is None and await _is_cut(tx, room)
    mark = _mark(bytes(rows[-1]["hash"])) if rows else ""
    return LogCheck(len(rows), broken, missing, mark)


async def _is_cut(tx: Tx, room: RoomId) -> bool:
    """Return whether lines at the end are missing, by the heads."""
    heads = await tx.all("SELECT * FROM log_head WHERE room = ?", room)
    counts = await tx.all(
        "SELECT chain, count(*) AS lines FROM log WHERE room = ? GROUP BY chain", room
    )
    if {h["chain"]: h["lines"] for h in heads if h["lines"]} != {
        c["chain"]: c["lines"] for c in counts
    }:
        return True
    return any([await _last_hash(tx, h["chain"]) != bytes(h["hash"]) for h in heads])


async def _last_hash(tx: Tx, chain: str, before: int = 2**62) -> bytes:
    """Return the hash on which the next line builds."""
    row = await tx.one(
        "SELECT hash FROM log WHERE chain = ? AND id < ? ORDER BY id DESC LIMIT 1", chain, before
    )
    if row is None:
        row = await tx.one("SELECT start AS hash FROM log_head WHERE chain = ?", chain)
    return bytes(row["hash"] or b"") if row else b""


def _follows(row: Any, before: bytes) -> bool:
    """Return whether the line is unchanged and follows `before`. Of deleted names only marks
    remain.
    """
    marks = bytes(row["who_mark"]), bytes(row["facts_mark"])
    texts = ("salt", "who", marks[0]), ("facts_salt", "facts", marks[1])
    digest = _link(before, row["chain"], row["at"], row["feature"], row["act"], *marks)
    return digest == bytes(row["hash"]) and all(
        _salted_hash(bytes(row[salt]), row[text] or "") == mark
        for salt, text, mark in texts
        if row[salt] is not None
    )


async def entry_marked(tx: Tx, room: RoomId, mark: str) -> LogEntry | None:
    """Return the line of a room's log with this mark, or None if it is missing or changed."""
    for row in await tx.all("SELECT * FROM log WHERE room = ? ORDER BY id DESC", room):
        if _mark(bytes(row["hash"])) == mark:
            return _entry(row)
    return None


async def prune(tx: Tx, before: datetime) -> None:
    """Delete all log lines from before `before`. The hash chain of the rest still checks.

    The hash of the last deleted line is stored as the chain's new start.
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
    """Return whether old lines of the room's log were deleted on schedule."""
    return await tx.exists(
        "SELECT 1 FROM log_head WHERE room = ? AND start IS NOT NULL LIMIT 1", room
    )


async def forget_person(tx: Tx, person: UserId) -> None:
    """Delete a person's name from every log line. The hash chains still check."""
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


async def newest_entries(tx: Tx, room: RoomId, limit: int) -> list[LogEntry]:
    """Return the newest log lines of a room, newest first."""
    rows = await tx.all("SELECT * FROM log WHERE room = ? ORDER BY id DESC LIMIT ?", room, limit)
    return [_entry(row) for row in rows]


async def find_entries(
    tx: Tx, room: RoomId, sought: LogFilter, most: int, offset: int = 0
) -> list[LogEntry]:
    """Return the matching log lines of a room, newest first."""
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


async def entries_about(tx: Tx, person: UserId) -> list[LogEntry]:
    """Return the log lines of all rooms that name a person, newest first."""
    rows = await tx.all(
        "SELECT * FROM log WHERE who = ?1 OR instr(facts, ?2) ORDER BY id DESC",
        person,
        json.dumps(person),
    )
    return [_entry(row) for row in rows]


async def get(tx: Tx, line: int) -> LogEntry | None:
    """Return the line of a room's log with this id, or None."""
    row = await tx.one("SELECT * FROM log WHERE id = ?", line)
    return _entry(row) if row else None


async def last_id(tx: Tx) -> int:
    """Return the id of the newest log line of any room."""
    row = await tx.one("SELECT max(id) AS id FROM log")
    return (row["id"] if row else None) or 0


async def entries_after(tx: Tx, line: int) -> list[LogEntry]:
    """Return the log lines of all rooms after this one, oldest first."""
    return [_entry(row) for row in await tx.all("SELECT * FROM log WHERE id > ? ORDER BY id", line)]


async def mark_rule(tx: Tx, after: int, act: str, of: str) -> None:
    """Store that the lines of rooms' logs after the one with the id `after` were done by the rule
    of this act, or of its part `of`."""
    await tx.run(
        "UPDATE log SET rule = ? WHERE id > ? AND rule IS NULL", json.dumps([act, of]), after
    )


async def delete_undo(tx: Tx, entry: int) -> None:
    """Delete the undo data of a log line that was undone or can't be undone any more."""
    await tx.run("UPDATE log SET undo = NULL WHERE id = ?", entry)


def _entry(row: Any) -> LogEntry:
    rule = json.loads(row["rule"]) if row["rule"] else None
    return LogEntry(
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
    """Return 80 bits of a line's hash in a form that people can note down."""
    text = base64.b32encode(digest[:10]).decode()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def _salted_hash(salt: bytes, text: str) -> bytes:
    return hashlib.sha256(salt + text.encode()).digest()


def _link(
    prev: bytes, room: str, at: int, feature: str, act: str, who: bytes, facts: bytes
) -> bytes:
    head = json.dumps([room, at, feature, act, who.hex(), facts.hex()]).encode()
    return hashlib.sha256(b"minga-log-1\0" + prev + head).digest()
