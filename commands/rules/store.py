"""Storage of the rules, of who accepted them, and of who waits to be invited until then."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of the network's rules."""

    version: int
    item: Number
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Admission:
    """An admission: who was let in, to which rooms, by whom and with what right.

    `granted`: rooms where the decision itself is the right to invite.
    """

    person: UserId
    target: str
    room: RoomId
    by: UserId
    area: str | None
    places: tuple[RoomId, ...]
    granted: tuple[RoomId, ...]
    since: datetime


async def current_rules(tx: Tx) -> Rules | None:
    """Return the network's rules in force, or None."""
    row = await tx.one("SELECT * FROM rules_version ORDER BY version DESC LIMIT 1")
    if row is None:
        return None
    at = datetime.fromtimestamp(row["at"], UTC)
    return Rules(row["version"], Number(row["item"]), row["text"], at)


async def add_rules(tx: Tx, one: Rules) -> None:
    """Store a version of the rules. The highest version is in force."""
    await tx.run(
        "INSERT INTO rules_version VALUES (?, ?, ?, ?)",
        one.version,
        one.item,
        one.text,
        one.at.timestamp(),
    )


async def withdraw_rules(tx: Tx, version: int) -> bool:
    """Delete this version of the rules if it is the newest. Return False if it is not."""
    newest = await current_rules(tx)
    if newest is None or newest.version != version:
        return False
    await tx.run("DELETE FROM rules_version WHERE version = ?", version)
    return True


async def add_acceptance(tx: Tx, version: int, person: UserId, at: datetime) -> bool:
    """Store that the person accepted a version of the rules. Return False if there is one already,
    which keeps its date."""
    return (
        await tx.change(
            "INSERT OR IGNORE INTO rules_accepted VALUES (?, ?, ?)",
            version,
            person,
            at.timestamp(),
        )
        > 0
    )


async def acceptance_time(tx: Tx, version: int, person: UserId) -> datetime | None:
    """Return when (UTC) the person accepted this version of the rules, or None."""
    row = await tx.one(
        "SELECT at FROM rules_accepted WHERE version = ? AND person = ?", version, person
    )
    return datetime.fromtimestamp(row["at"], UTC) if row else None


async def people_accepted(tx: Tx, version: int) -> set[UserId]:
    """Return everybody who accepted this version of the rules."""
    return set(
        await tx.column(UserId, "SELECT person FROM rules_accepted WHERE version = ?", version)
    )


async def acceptances_of(tx: Tx, person: UserId) -> list[tuple[int, datetime]]:
    """Return the versions of the network's rules that the person accepted, and when (UTC)."""
    rows = await tx.all(
        "SELECT version, at FROM rules_accepted WHERE person = ? ORDER BY version", person
    )
    return [(row["version"], datetime.fromtimestamp(row["at"], UTC)) for row in rows]


# --- people still to be asked ---------------------------------------------------------------------


async def set_people_to_ask(tx: Tx, people: Sequence[UserId]) -> None:
    """Store who is to be asked to accept the rules, instead of whoever was still to be asked."""
    await tx.run("DELETE FROM rules_to_ask")
    await tx.many("INSERT OR IGNORE INTO rules_to_ask VALUES (?)", [(p,) for p in people])


async def take_people_to_ask(tx: Tx, limit: int) -> list[UserId]:
    """Return and remove the next people who are to be asked to accept the rules, so that each is
    asked once."""
    rows = await tx.all("SELECT person FROM rules_to_ask ORDER BY person LIMIT ?", limit)
    people = [UserId(row["person"]) for row in rows]
    for person in people:
        await tx.run("DELETE FROM rules_to_ask WHERE person = ?", person)
    return people


# --- admissions that wait for acceptance ----------------------------------------------------------


async def hold_admission(tx: Tx, one: Admission) -> None:
    """Store that the person is to be let in once they accept the rules. Replaces an earlier one."""
    await tx.run(
        "INSERT OR REPLACE INTO rules_admission VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        one.person,
        one.target,
        one.room,
        one.by,
        one.area,
        json.dumps(one.places),
        json.dumps(one.granted),
        one.since.timestamp(),
    )


async def held_admissions(tx: Tx, person: UserId | None = None) -> list[Admission]:
    """Return the people who are let in once they accept the rules, the oldest first; with `person`
    only them."""
    rows = await tx.all(
        "SELECT * FROM rules_admission WHERE ?1 IS NULL OR person = ?1 ORDER BY since", person
    )
    return [_admission(row) for row in rows]


async def release_admissions(tx: Tx, person: UserId) -> list[Admission]:
    """Return and delete what the person is let into once they accept the rules."""
    found = await held_admissions(tx, person)
    await tx.run("DELETE FROM rules_admission WHERE person = ?", person)
    return found


def _admission(row: Any) -> Admission:
    return Admission(
        UserId(row["person"]),
        row["target"],
        RoomId(row["room"]),
        UserId(row["author"]),
        row["area"],
        tuple(RoomId(r) for r in json.loads(row["places"])),
        tuple(RoomId(r) for r in json.loads(row["given"])),
        datetime.fromtimestamp(row["since"], UTC),
    )
