"""Roles, who has them, and draws, on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import Number, RoomId, UserId, fold
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Role:
    item: Number
    room: RoomId
    title: str
    moderates: bool
    term: timedelta | None
    called: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    person: UserId
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Draw:
    item: Number
    role: Number
    seats: int
    secret: str


@dataclass(frozen=True, slots=True)
class Candidate:
    person: UserId
    word: str | None
    stands: bool


_ROLE = "SELECT mine.*, item.title FROM roles_role mine JOIN item ON item.number = mine.item"


def _role(row: Any) -> Role:
    term = timedelta(seconds=row["term"]) if row["term"] is not None else None
    return Role(
        Number(row["item"]),
        RoomId(row["room"]),
        row["title"],
        bool(row["moderates"]),
        term,
        _at(row["called"]),
    )


def _at(stamp: float | None) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if stamp is not None else None


async def add(
    tx: Tx, item: Number, room: RoomId, name: str, *, moderates: bool, term: timedelta | None
) -> None:
    await tx.run(
        "INSERT INTO roles_role (item, room, name, moderates, term) VALUES (?, ?, ?, ?, ?)",
        item,
        room,
        fold(name),
        moderates,
        int(term.total_seconds()) if term else None,
    )


async def drop(tx: Tx, role: Number) -> None:
    await tx.run("DELETE FROM roles_role WHERE item = ?", role)


async def get(tx: Tx, role: Number) -> Role | None:
    row = await tx.one(f"{_ROLE} WHERE mine.item = ?", role)
    return _role(row) if row else None


async def named(tx: Tx, room: RoomId, name: str) -> Role | None:
    row = await tx.one(f"{_ROLE} WHERE mine.room = ? AND mine.name = ?", room, fold(name))
    return _role(row) if row else None


async def of_room(tx: Tx, room: RoomId) -> list[Role]:
    rows = await tx.all(f"{_ROLE} WHERE mine.room = ? ORDER BY mine.item", room)
    return [_role(row) for row in rows]


async def called(tx: Tx, role: Number, at: datetime) -> None:
    await tx.run("UPDATE roles_role SET called = ? WHERE item = ?", at.timestamp(), role)


# --- who has a role -------------------------------------------------------------------------------


async def holders(tx: Tx, role: Number) -> list[Holder]:
    rows = await tx.all("SELECT * FROM roles_holder WHERE role = ? ORDER BY person", role)
    return [Holder(UserId(row["person"]), _at(row["until"])) for row in rows]


async def give(tx: Tx, role: Number, person: UserId, until: datetime | None) -> None:
    stamp = until.timestamp() if until else None
    await tx.run("INSERT OR REPLACE INTO roles_holder VALUES (?, ?, ?)", role, person, stamp)


async def take(tx: Tx, role: Number, person: UserId) -> bool:
    query = "DELETE FROM roles_holder WHERE role = ? AND person = ?"
    return await tx.change(query, role, person) > 0


async def moderating(tx: Tx, room: RoomId) -> list[UserId]:
    """Whoever has a role of this room that moderates it."""
    rows = await tx.all(
        "SELECT DISTINCT person FROM roles_holder JOIN roles_role ON item = role"
        " WHERE room = ? AND moderates ORDER BY person",
        room,
    )
    return [UserId(row["person"]) for row in rows]


async def left(tx: Tx, room: RoomId, person: UserId) -> list[Role]:
    """They are not in the room any more: which of its roles they had, and have no more."""
    rows = await tx.all(
        f"{_ROLE} JOIN roles_holder ON role = mine.item WHERE mine.room = ? AND person = ?",
        room,
        person,
    )
    found = [_role(row) for row in rows]
    for role in found:
        await take(tx, role.item, person)
    return found


# --- draws ----------------------------------------------------------------------------------------


async def begin(tx: Tx, draw: Draw, people: Sequence[UserId]) -> None:
    await tx.run(
        "INSERT INTO roles_draw VALUES (?, ?, ?, ?)", draw.item, draw.role, draw.seats, draw.secret
    )
    await tx.many(
        "INSERT INTO roles_candidate (draw, person) VALUES (?, ?)",
        [(draw.item, person) for person in people],
    )


async def draw(tx: Tx, item: Number) -> Draw | None:
    row = await tx.one("SELECT * FROM roles_draw WHERE item = ?", item)
    return _draw(row) if row else None


def _draw(row: Any) -> Draw:
    return Draw(Number(row["item"]), Number(row["role"]), row["seats"], row["secret"])


async def draw_for(tx: Tx, role: Number) -> Draw | None:
    row = await tx.one("SELECT * FROM roles_draw WHERE role = ?", role)
    return _draw(row) if row else None


async def candidates(tx: Tx, draw: Number) -> list[Candidate]:
    rows = await tx.all("SELECT * FROM roles_candidate WHERE draw = ? ORDER BY person", draw)
    return [Candidate(UserId(r["person"]), r["word"], bool(r["stands"])) for r in rows]


async def stands(tx: Tx, draw: Number, person: UserId, *, stands: bool) -> bool:
    """False: they are none of the candidates."""
    query = "UPDATE roles_candidate SET stands = ? WHERE draw = ? AND person = ?"
    return await tx.change(query, stands, draw, person) > 0


async def puts(tx: Tx, draw: Number, person: UserId, word: str) -> None:
    """Their word in the draw; who is no candidate may put one in as well."""
    await tx.run(
        "INSERT INTO roles_candidate (draw, person, word, stands) VALUES (?1, ?2, ?3, 0)"
        " ON CONFLICT (draw, person) DO UPDATE SET word = ?3",
        draw,
        person,
        word,
    )


async def over(tx: Tx, draw: Number) -> None:
    await tx.run("DELETE FROM roles_draw WHERE item = ?", draw)


# --- rooms and people -----------------------------------------------------------------------------


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    await tx.run("UPDATE OR IGNORE roles_role SET room = ? WHERE room = ?", new, old)


async def of_person(tx: Tx, person: UserId) -> list[tuple[Role, datetime | None]]:
    rows = await tx.all(
        "SELECT mine.*, item.title, held.until FROM roles_holder held"
        " JOIN roles_role mine ON mine.item = held.role JOIN item ON item.number = mine.item"
        " WHERE held.person = ? ORDER BY mine.item",
        person,
    )
    return [(_role(row), _at(row["until"])) for row in rows]


async def forget(tx: Tx, person: UserId) -> int:
    await tx.run("DELETE FROM roles_candidate WHERE person = ?", person)
    ends = "DELETE FROM job WHERE feature = 'roles' AND instr(payload, ?)"
    await tx.run(ends, json.dumps(person))
    return await tx.change("DELETE FROM roles_holder WHERE person = ?", person)
