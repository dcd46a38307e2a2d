"""Store of check-ins and of the contacts that people name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody is out until `due` (UTC).

    `told`: alarms so far; `taken`: who takes care of it; `said`: when it was stored or changed
    last.
    """

    item: Number
    author: UserId
    due: datetime
    zone: str
    note: str
    named: tuple[UserId, ...]
    said: datetime
    told: int = 0
    taken: UserId | None = None


async def _read(tx: Tx, row: Any) -> Return:
    named = await tx.all(
        "SELECT person FROM safety_named WHERE item = ? ORDER BY person", row["item"]
    )
    return Return(
        Number(row["item"]),
        UserId(row["author"]),
        datetime.fromtimestamp(row["due"], UTC),
        row["zone"],
        row["note"],
        tuple(UserId(one["person"]) for one in named),
        datetime.fromtimestamp(row["said"], UTC),
        row["told"],
        UserId(row["taken"]) if row["taken"] else None,
    )


_WITH_ITEM = "SELECT mine.*, author FROM safety_return mine JOIN item ON item.number = mine.item"


async def put(tx: Tx, one: Return) -> None:
    """Store it, replacing the one with the same number."""
    await tx.run("DELETE FROM safety_return WHERE item = ?", one.item)
    await tx.run(
        "INSERT INTO safety_return VALUES (?, ?, ?, ?, ?, ?, ?)",
        one.item,
        one.due.timestamp(),
        one.zone,
        one.note,
        one.told,
        one.taken,
        one.said.timestamp(),
    )
    await tx.many(
        "INSERT INTO safety_named VALUES (?, ?)", [(one.item, person) for person in one.named]
    )


async def get(tx: Tx, item: Number) -> Return | None:
    row = await tx.one(f"{_WITH_ITEM} WHERE item.number = ?", item)
    return await _read(tx, row) if row else None


async def of(tx: Tx, author: UserId) -> Return | None:
    """Return the open check-in of this person."""
    row = await tx.one(f"{_WITH_ITEM} WHERE author = ?", author)
    return await _read(tx, row) if row else None


async def every(tx: Tx) -> list[Return]:
    return [await _read(tx, row) for row in await tx.all(f"{_WITH_ITEM} ORDER BY due")]


async def naming(tx: Tx, person: UserId) -> list[Return]:
    """Return the check-ins that name this person as a contact."""
    rows = await tx.all(
        f"{_WITH_ITEM} JOIN safety_named USING (item) WHERE person = ? ORDER BY due",
        person,
    )
    return [await _read(tx, row) for row in rows]


async def unname(tx: Tx, item: Number, person: UserId) -> None:
    await tx.run("DELETE FROM safety_named WHERE item = ? AND person = ?", item, person)


async def told_again(tx: Tx, item: Number) -> None:
    await tx.run("UPDATE safety_return SET told = told + 1 WHERE item = ?", item)


async def take(tx: Tx, item: Number, person: UserId) -> None:
    """Store who takes care of it."""
    await tx.run("UPDATE safety_return SET taken = ? WHERE item = ?", person, item)


async def taken_by(tx: Tx, person: UserId) -> list[Return]:
    rows = await tx.all(f"{_WITH_ITEM} WHERE taken = ?", person)
    return [await _read(tx, row) for row in rows]


async def let_go(tx: Tx, item: Number, told: int) -> None:
    """Remove who takes care of it, and limit the number of alarms counted to `told`."""
    await tx.run(
        "UPDATE safety_return SET taken = NULL, told = min(told, ?) WHERE item = ?", told, item
    )


# --- whom a person names usually ------------------------------------------------------------------


async def usual(tx: Tx, person: UserId) -> tuple[UserId, ...]:
    rows = await tx.all("SELECT named FROM safety_usual WHERE person = ? ORDER BY named", person)
    return tuple(UserId(row["named"]) for row in rows)


async def set_usual(tx: Tx, person: UserId, named: Iterable[UserId]) -> None:
    await tx.run("DELETE FROM safety_usual WHERE person = ?", person)
    await tx.many("INSERT INTO safety_usual VALUES (?, ?)", [(person, one) for one in named])


async def forget(tx: Tx, person: UserId) -> bool:
    """Delete their usual contacts and remove them from others'. Return whether there was
    anything."""
    own = await tx.one("SELECT 1 FROM safety_usual WHERE person = ?1 OR named = ?1", person)
    await tx.run("DELETE FROM safety_usual WHERE person = ?1 OR named = ?1", person)
    await tx.run("UPDATE safety_return SET taken = NULL WHERE taken = ?", person)
    return own is not None


async def known_as(tx: Tx, asker: UserId, name: str) -> list[UserId]:
    """Return people in the asker's rooms whose address begins with `@name:`, at most 5."""
    rows = await tx.all(
        "SELECT DISTINCT them.person FROM member mine JOIN member them USING (room)"
        " WHERE mine.person = ?1 AND mine.membership = 'join' AND them.membership = 'join'"
        " AND substr(them.person, 1, length(?2) + 2) = '@' || ?2 || ':'"
        " AND them.person != ?1 ORDER BY them.person LIMIT 5",
        asker,
        name,
    )
    return [UserId(row["person"]) for row in rows]
