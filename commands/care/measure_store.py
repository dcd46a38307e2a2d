"""Store of warnings, mutes, removals and bans."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.api import Number, RoomId, UserId
from commands.care import person_hash
from storage.database import Tx


class Deed(StrEnum):
    """What moderators do to a person who did harm."""

    WARN = "warn"
    MUTE = "mute"
    REMOVE = "remove"
    BAN = "ban"


@dataclass(frozen=True, slots=True)
class Measure:
    """A sanction. `person` is None once they are forgotten; `by` is '' then, or the bot after a
    vote.

    Of a mute, `level` is the power level given and `before` the entry it replaced, if any.
    """

    item: Number
    act: Deed
    room: RoomId
    mark: bytes
    person: UserId | None
    by: UserId
    reason: str
    at: datetime
    until: datetime | None
    level: int | None = None
    before: Any = None
    is_over: bool = False


_WITH_ITEM = "SELECT m.*, item.author FROM care_measure m JOIN item ON item.number = m.item"


def _read(row: Any) -> Measure:
    return Measure(
        Number(row["item"]),
        Deed(row["act"]),
        RoomId(row["room"]),
        bytes(row["mark"]),
        UserId(row["person"]) if row["person"] else None,
        UserId(row["author"]),
        row["reason"],
        datetime.fromtimestamp(row["at"], UTC),
        datetime.fromtimestamp(row["until"], UTC) if row["until"] is not None else None,
        row["level"],
        json.loads(row["before"]) if row["before"] is not None else None,
        bool(row["over"]),
    )


async def put_measure(tx: Tx, one: Measure) -> None:
    """Store a warning, mute, removal or ban."""
    await tx.run(
        "INSERT INTO care_measure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.item,
        one.act,
        one.room,
        one.mark,
        one.person,
        one.reason,
        one.at.timestamp(),
        one.until.timestamp() if one.until else None,
        one.level,
        json.dumps(one.before) if one.before is not None else None,
        one.is_over,
    )


async def get_measure(tx: Tx, item: Number) -> Measure | None:
    """Return the warning, mute, removal or ban with this number, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE m.item = ?", item)
    return _read(row) if row else None


async def measures_in_force(
    tx: Tx, room: RoomId, mark: bytes, act: Deed | None = None
) -> list[Measure]:
    """Return the measures in force against a person in a room, oldest first."""
    rows = await tx.all(
        f"{_WITH_ITEM} WHERE mark = ?1 AND m.room = ?2 AND NOT over AND (?3 IS NULL OR act = ?3)"
        " ORDER BY item",
        mark,
        room,
        act,
    )
    return [_read(row) for row in rows]


async def measures_of(tx: Tx, person: UserId) -> list[Measure]:
    """Return the warnings, mutes, removals and bans against a person, in the order of their
    numbers."""
    rows = await tx.all(
        f"{_WITH_ITEM} WHERE mark = ? ORDER BY item", await person_hash.hash_person(tx, person)
    )
    return [_read(row) for row in rows]


async def count_warnings(tx: Tx, room: RoomId, mark: bytes, now: datetime) -> int:
    """Return how many warnings against a person count now."""
    found = await measures_in_force(tx, room, mark, Deed.WARN)
    return sum(one.until is None or one.until > now for one in found)


async def prolong_mute(tx: Tx, item: Number, until: datetime, reason: str) -> None:
    """Set a new end (UTC) and reason of a mute."""
    await tx.run(
        "UPDATE care_measure SET until = ?, reason = ? WHERE item = ?",
        until.timestamp(),
        reason,
        item,
    )


async def end_measure(tx: Tx, item: Number) -> bool:
    """Store that a measure has ended. Return False if it had ended before."""
    return await tx.change("UPDATE care_measure SET over = 1 WHERE item = ? AND NOT over", item) > 0


async def forget_person(tx: Tx, person: UserId) -> tuple[list[Measure], int]:
    """Remove a person's name from measures. Return the ended ones, to be deleted, and how many stay
    under a hash."""
    every = await measures_of(tx, person)
    gone = [one for one in every if one.is_over or one.act is Deed.REMOVE]
    await tx.run("UPDATE care_measure SET person = NULL, reason = '' WHERE person = ?", person)
    return gone, len(every) - len(gone)
