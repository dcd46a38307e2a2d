"""Roles, their holders, and draws in the database."""

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
    """A role of a room. `term` is how long it is given for, `called` when it was last called."""

    item: Number
    room: RoomId
    title: str
    moderates: bool
    term: timedelta | None
    called: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who has a role, and until when."""

    person: UserId
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw for a role that is going on. `seats` is how many are drawn."""

    item: Number
    role: Number
    seats: int
    secret: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person in a draw, with their word. `stands` is whether they can be drawn."""

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


async def add_role(
    tx: Tx, item: Number, room: RoomId, name: str, *, moderates: bool, term: timedelta | None
) -> None:
    """Store a role for this item."""
    await tx.run(
        "INSERT INTO roles_role (item, room, name, moderates, term) VALUES (?, ?, ?, ?, ?)",
        item,
        room,
        fold(name),
        moderates,
        int(term.total_seconds()) if term else None,
    )


async def drop_role(tx: Tx, role: Number) -> None:
    """Delete a role."""
    await tx.run("DELETE FROM roles_role WHERE item = ?", role)


async def get_role(tx: Tx, role: Number) -> Role | None:
    """Return the role of this item, or None."""
    row = await tx.one(f"{_ROLE} WHERE mine.item = ?", role)
    return _role(row) if row else None


async def get_role_by_name(tx: Tx, room: RoomId, name: str) -> Role | None:
    """Return the role of this name in a room, or None."""
    row = await tx.one(f"{_ROLE} WHERE mine.room = ? AND mine.name = ?", room, fold(name))
    return _role(row) if row else None


async def roles_of_room(tx: Tx, room: RoomId) -> list[Role]:
    """Return the roles of a room in the order they were made."""
    rows = await tx.all(f"{_ROLE} WHERE mine.room = ? ORDER BY mine.item", room)
    return [_role(row) for row in rows]


async def record_call(tx: Tx, role: Number, at: datetime) -> None:
    """Store when the holders of a role were last mentioned."""
    await tx.run("UPDATE roles_role SET called = ? WHERE item = ?", at.timestamp(), role)


# --- who has a role -------------------------------------------------------------------------------


async def list_holders(tx: Tx, role: Number) -> list[Holder]:
    """Return the people who have a role."""
    rows = await tx.all("SELECT * FROM roles_holder WHERE role = ? ORDER BY person", role)
    return [Holder(UserId(row["person"]), _at(row["until"])) for row in rows]


async def add_holder(tx: Tx, role: Number, person: UserId, until: datetime | None) -> None:
    """Store that a person has a role until a time (UTC), or without end."""
    stamp = until.timestamp() if until else None
    await tx.run("INSERT OR REPLACE INTO roles_holder VALUES (?, ?, ?)", role, person, stamp)


async def remove_holder(tx: Tx, role: Number, person: UserId) -> bool:
    """Store that a person no longer has a role. Returns False if they did not have it."""
    query = "DELETE FROM roles_holder WHERE role = ? AND person = ?"
    return await tx.change(query, role, person) > 0


async def moderating_holders(tx: Tx, room: RoomId) -> list[UserId]:
    """Return everybody who has a role that moderates this room."""
    return await tx.column(
        UserId,
        "SELECT DISTINCT person FROM roles_holder JOIN roles_role ON item = role"
        " WHERE room = ? AND moderates ORDER BY person",
        room,
    )


async def remove_from_roles(tx: Tx, room: RoomId, person: UserId) -> list[Role]:
    """Take all roles of a room from a person who left it. Returns these roles."""
    rows = await tx.all(
        f"{_ROLE} JOIN roles_holder ON role = mine.item WHERE mine.room = ? AND person = ?",
        room,
        person,
    )
    found = [_role(row) for row in rows]
    for role in found:
        await remove_holder(tx, role.item, person)
    return found


# --- draws ----------------------------------------------------------------------------------------


async def add_draw(tx: Tx, draw: Draw, people: Sequence[UserId]) -> None:
    """Store a draw by lot for a role and the people who can be drawn."""
    await tx.run(
        "INSERT INTO roles_draw VALUES (?, ?, ?, ?)", draw.item, draw.role, draw.seats, draw.secret
    )
    await tx.many(
        "INSERT INTO roles_candidate (draw, person) VALUES (?, ?)",
        [(draw.item, person) for person in people],
    )


async def get_draw(tx: Tx, item: Number) -> Draw | None:
    """Return the draw by lot of this item, or None."""
    row = await tx.one("SELECT * FROM roles_draw WHERE item = ?", item)
    return _draw(row) if row else None


def _draw(row: Any) -> Draw:
    return Draw(Number(row["item"]), Number(row["role"]), row["seats"], row["secret"])


async def get_draw_for_role(tx: Tx, role: Number) -> Draw | None:
    """Return the draw by lot for a role, or None."""
    row = await tx.one("SELECT * FROM roles_draw WHERE role = ?", role)
    return _draw(row) if row else None


async def all_draws(tx: Tx) -> list[Draw]:
    """Return the draws by lot that go on, oldest first."""
    return [_draw(row) for row in await tx.all("SELECT * FROM roles_draw ORDER BY item")]


async def list_candidates(tx: Tx, draw: Number) -> list[Candidate]:
    """Return everybody in a draw by lot."""
    rows = await tx.all("SELECT * FROM roles_candidate WHERE draw = ? ORDER BY person", draw)
    return [Candidate(UserId(r["person"]), r["word"], bool(r["stands"])) for r in rows]


async def set_stands(tx: Tx, draw: Number, person: UserId, *, stands: bool) -> bool:
    """Store whether a person can be drawn. Returns False if they are not in the draw by lot."""
    query = "UPDATE roles_candidate SET stands = ? WHERE draw = ? AND person = ?"
    return await tx.change(query, stands, draw, person) > 0


async def put_word(tx: Tx, draw: Number, person: UserId, word: str) -> None:
    """Store a person's word in a draw by lot. Somebody who cannot be drawn may add one too."""
    await tx.run(
        "INSERT INTO roles_candidate (draw, person, word, stands) VALUES (?1, ?2, ?3, 0)"
        " ON CONFLICT (draw, person) DO UPDATE SET word = ?3",
        draw,
        person,
        word,
    )


async def delete_draw(tx: Tx, draw: Number) -> None:
    """Delete a draw that is over."""
    await tx.run("DELETE FROM roles_draw WHERE item = ?", draw)


# --- rooms and people -----------------------------------------------------------------------------


async def roles_of_person(tx: Tx, person: UserId) -> list[tuple[Role, datetime | None]]:
    """Return the roles that a person has, each with its end (UTC)."""
    rows = await tx.all(
        "SELECT mine.*, item.title, held.until FROM roles_holder held"
        " JOIN roles_role mine ON mine.item = held.role JOIN item ON item.number = mine.item"
        " WHERE held.person = ? ORDER BY mine.item",
        person,
    )
    return [(_role(row), _at(row["until"])) for row in rows]


async def delete_jobs_about(tx: Tx, person: UserId) -> None:
    """Delete the scheduled jobs that name a person."""
    ends = "DELETE FROM job WHERE feature = 'roles' AND instr(payload, ?)"
    await tx.run(ends, json.dumps(person))
