"""The rules and who accepted them, on disk."""

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
    version: int
    item: Number
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who was let in: where to, by whom and with what right."""

    person: UserId
    target: str
    room: RoomId
    by: UserId
    area: str | None
    places: tuple[RoomId, ...]
    given: tuple[RoomId, ...]
    since: datetime


async def rules(tx: Tx) -> Rules | None:
    """Those in force."""
    row = await tx.one("SELECT * FROM onboarding_rules ORDER BY version DESC LIMIT 1")
    if row is None:
        return None
    at = datetime.fromtimestamp(row["at"], UTC)
    return Rules(row["version"], Number(row["item"]), row["text"], at)


async def publish(tx: Tx, one: Rules) -> None:
    await tx.run(
        "INSERT INTO onboarding_rules VALUES (?, ?, ?, ?)",
        one.version,
        one.item,
        one.text,
        one.at.timestamp(),
    )


async def withdraw(tx: Tx, version: int) -> bool:
    """The newest version is gone, with its acceptances; an older one can't be taken out."""
    newest = await rules(tx)
    if newest is None or newest.version != version:
        return False
    await tx.run("DELETE FROM onboarding_rules WHERE version = ?", version)
    return True


async def accept(tx: Tx, version: int, person: UserId, at: datetime) -> bool:
    """False if they did before; the first date stays."""
    return (
        await tx.change(
            "INSERT OR IGNORE INTO onboarding_accepted VALUES (?, ?, ?)",
            version,
            person,
            at.timestamp(),
        )
        > 0
    )


async def accepted(tx: Tx, version: int, person: UserId) -> datetime | None:
    row = await tx.one(
        "SELECT at FROM onboarding_accepted WHERE version = ? AND person = ?", version, person
    )
    return datetime.fromtimestamp(row["at"], UTC) if row else None


async def who_accepted(tx: Tx, version: int) -> set[UserId]:
    rows = await tx.all("SELECT person FROM onboarding_accepted WHERE version = ?", version)
    return {UserId(row["person"]) for row in rows}


async def history(tx: Tx, person: UserId) -> list[tuple[int, datetime]]:
    rows = await tx.all(
        "SELECT version, at FROM onboarding_accepted WHERE person = ? ORDER BY version", person
    )
    return [(row["version"], datetime.fromtimestamp(row["at"], UTC)) for row in rows]


# --- who is to be asked ---------------------------------------------------------------------------


async def ask_all(tx: Tx, people: Sequence[UserId]) -> None:
    await tx.run("DELETE FROM onboarding_to_ask")
    await tx.many("INSERT OR IGNORE INTO onboarding_to_ask VALUES (?)", [(p,) for p in people])


async def next_to_ask(tx: Tx, limit: int) -> list[UserId]:
    """They are asked now, and once."""
    rows = await tx.all("SELECT person FROM onboarding_to_ask ORDER BY person LIMIT ?", limit)
    people = [UserId(row["person"]) for row in rows]
    for person in people:
        await tx.run("DELETE FROM onboarding_to_ask WHERE person = ?", person)
    return people


# --- who is let in and has yet to accept ----------------------------------------------------------


async def hold(tx: Tx, one: Coming) -> None:
    await tx.run(
        "INSERT OR REPLACE INTO onboarding_coming VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        one.person,
        one.target,
        one.room,
        one.by,
        one.area,
        json.dumps(one.places),
        json.dumps(one.given),
        one.since.timestamp(),
    )


async def held(tx: Tx, person: UserId | None = None) -> list[Coming]:
    rows = await tx.all(
        "SELECT * FROM onboarding_coming WHERE ?1 IS NULL OR person = ?1 ORDER BY since", person
    )
    return [_coming(row) for row in rows]


async def let_go(tx: Tx, person: UserId) -> list[Coming]:
    found = await held(tx, person)
    await tx.run("DELETE FROM onboarding_coming WHERE person = ?", person)
    return found


def _coming(row: Any) -> Coming:
    return Coming(
        UserId(row["person"]),
        row["target"],
        RoomId(row["room"]),
        UserId(row["author"]),
        row["area"],
        tuple(RoomId(r) for r in json.loads(row["places"])),
        tuple(RoomId(r) for r in json.loads(row["given"])),
        datetime.fromtimestamp(row["since"], UTC),
    )


async def forget(tx: Tx, person: UserId) -> int:
    await tx.run("DELETE FROM onboarding_to_ask WHERE person = ?", person)
    await tx.run("DELETE FROM onboarding_coming WHERE person = ?", person)
    return await tx.change("DELETE FROM onboarding_accepted WHERE person = ?", person)
