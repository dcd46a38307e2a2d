"""Store of check-ins and of the contacts that people name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Somebody is out until `due` (UTC).

    `told`: alarms so far; `taken`: who takes care of it; `said`: when it was stored or changed
    last; `is_local`: nothing of it is left at the homeserver.
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
    is_local: bool = False


async def _read(tx: Tx, row: Any) -> CheckIn:
    named = await tx.all(
        "SELECT person FROM safety_named WHERE item = ? ORDER BY person", row["item"]
    )
    return CheckIn(
        Number(row["item"]),
        UserId(row["author"]),
        datetime.fromtimestamp(row["due"], UTC),
        row["zone"],
        row["note"],
        tuple(UserId(one["person"]) for one in named),
        datetime.fromtimestamp(row["said"], UTC),
        row["told"],
        UserId(row["taken"]) if row["taken"] else None,
        bool(row["is_local"]),
    )


_WITH_ITEM = "SELECT mine.*, author FROM safety_return mine JOIN item ON item.number = mine.item"


async def put_check_in(tx: Tx, one: CheckIn) -> None:
    """Store a check-in (being back by a time), replacing the one with the same number."""
    await tx.run("DELETE FROM safety_return WHERE item = ?", one.item)
    await tx.run(
        "INSERT INTO safety_return VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        one.item,
        one.due.timestamp(),
        one.zone,
        one.note,
        one.told,
        one.taken,
        one.said.timestamp(),
        one.is_local,
    )
    await tx.many(
        "INSERT INTO safety_named VALUES (?, ?)", [(one.item, person) for person in one.named]
    )


async def get_check_in(tx: Tx, item: Number) -> CheckIn | None:
    """Return the check-in (being back by a time) with this number, or None if it is over."""
    row = await tx.one(f"{_WITH_ITEM} WHERE item.number = ?", item)
    return await _read(tx, row) if row else None


async def check_in_of(tx: Tx, author: UserId) -> CheckIn | None:
    """Return the open check-in of this person, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE author = ?", author)
    return await _read(tx, row) if row else None


async def all_check_ins(tx: Tx) -> list[CheckIn]:
    """Return all open check-ins, the ones due first in front."""
    return [await _read(tx, row) for row in await tx.all(f"{_WITH_ITEM} ORDER BY due")]


async def check_ins_naming(tx: Tx, person: UserId) -> list[CheckIn]:
    """Return the check-ins that name this person as a contact."""
    rows = await tx.all(
        f"{_WITH_ITEM} JOIN safety_named USING (item) WHERE person = ? ORDER BY due",
        person,
    )
    return [await _read(tx, row) for row in rows]


async def remove_contact(tx: Tx, item: Number, person: UserId) -> None:
    """Delete one of the people whom a person named in a check-in."""
    await tx.run("DELETE FROM safety_named WHERE item = ? AND person = ?", item, person)


async def count_alarm(tx: Tx, item: Number) -> None:
    """Count one more round in which the contacts of an overdue person were told."""
    await tx.run("UPDATE safety_return SET told = told + 1 WHERE item = ?", item)


async def set_caretaker(tx: Tx, item: Number, person: UserId) -> None:
    """Store who takes care of an overdue person."""
    await tx.run("UPDATE safety_return SET taken = ? WHERE item = ?", person, item)


async def taken_care_of_by(tx: Tx, person: UserId) -> list[CheckIn]:
    """Return the overdue check-ins that a person said they look after."""
    rows = await tx.all(f"{_WITH_ITEM} WHERE taken = ?", person)
    return [await _read(tx, row) for row in rows]


async def clear_caretaker(tx: Tx, item: Number, told: int) -> None:
    """Delete who takes care of an overdue person, and limit the number of alarms counted to
    `told`."""
    await tx.run(
        "UPDATE safety_return SET taken = NULL, told = min(told, ?) WHERE item = ?", told, item
    )


# --- whom a person names usually ------------------------------------------------------------------


async def usual_contacts(tx: Tx, person: UserId) -> tuple[UserId, ...]:
    """Return the contacts whom a person named last, to propose them the next time."""
    return tuple(
        await tx.column(
            UserId, "SELECT named FROM safety_usual WHERE person = ? ORDER BY named", person
        )
    )


async def set_usual_contacts(tx: Tx, person: UserId, named: Iterable[UserId]) -> None:
    """Store the contacts whom a person named last, in place of those before."""
    await tx.run("DELETE FROM safety_usual WHERE person = ?", person)
    await tx.many("INSERT INTO safety_usual VALUES (?, ?)", [(person, one) for one in named])


async def is_usual_contact(tx: Tx, person: UserId) -> bool:
    """Return whether the person named usual contacts, or is one."""
    return await tx.exists("SELECT 1 FROM safety_usual WHERE person = ?1 OR named = ?1", person)
