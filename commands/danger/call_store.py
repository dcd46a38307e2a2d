"""Store of open calls for help, and of people's contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import NamedAs, Number, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class PanicCall:
    """A call for help.

    `rung`: how often it rang; `taken`: who answered; `called`: all it rang for.
    """

    item: Number
    author: UserId
    at: datetime
    note: str
    rung: int
    taken: UserId | None
    called: tuple[UserId, ...]


_WITH_ITEM = "SELECT mine.*, author FROM danger_panic mine JOIN item ON item.number = mine.item"


async def _read(tx: Tx, row: Any) -> PanicCall:
    called = await tx.all(
        "SELECT person FROM danger_called WHERE item = ? ORDER BY person", row["item"]
    )
    return PanicCall(
        Number(row["item"]),
        UserId(row["author"]),
        datetime.fromtimestamp(row["at"], UTC),
        row["note"],
        row["rung"],
        UserId(row["taken"]) if row["taken"] else None,
        tuple(UserId(one["person"]) for one in called),
    )


async def put_call(tx: Tx, item: Number, at: datetime, note: str) -> None:
    """Store a call for help made at an instant (UTC), of which nobody was told yet."""
    await tx.run("INSERT INTO danger_panic VALUES (?, ?, ?, 0, NULL)", item, at.timestamp(), note)


async def get_call(tx: Tx, item: Number) -> PanicCall | None:
    """Return the open call for help with this number, or None if it is over."""
    row = await tx.one(f"{_WITH_ITEM} WHERE item.number = ?", item)
    return await _read(tx, row) if row else None


async def call_of(tx: Tx, author: UserId) -> PanicCall | None:
    """Return the open call for help of this person, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE author = ?", author)
    return await _read(tx, row) if row else None


async def calls_to(tx: Tx, person: UserId) -> list[PanicCall]:
    """Return the open calls for help that rang for this person, newest first, also those that
    somebody has answered."""
    rows = await tx.all(
        f"{_WITH_ITEM} JOIN danger_called USING (item) WHERE person = ? ORDER BY at DESC", person
    )
    return [await _read(tx, row) for row in rows]


async def answered_by(tx: Tx, person: UserId) -> list[PanicCall]:
    """Return the calls for help that a person answered and that are not over."""
    rows = await tx.all(f"{_WITH_ITEM} WHERE taken = ?", person)
    return [await _read(tx, row) for row in rows]


async def record_ring(tx: Tx, item: Number, called: Iterable[UserId]) -> None:
    """Count one more round of a call for help, and store who was called in it."""
    await tx.run("UPDATE danger_panic SET rung = rung + 1 WHERE item = ?", item)
    await add_called(tx, item, called)


async def add_called(tx: Tx, item: Number, called: Iterable[UserId]) -> None:
    """Store that a call for help rings for these people."""
    rows = [(item, one) for one in called]
    await tx.many("INSERT OR IGNORE INTO danger_called VALUES (?, ?)", rows)


async def add_alluded(tx: Tx, item: Number, named: Mapping[UserId, NamedAs]) -> None:
    """Store how the words of a call name people, in place of what they said of them before. Whom
    that keeps out hears nothing more of it."""
    rows = [(item, person, one.value) for person, one in named.items()]
    await tx.many("INSERT OR REPLACE INTO danger_alluded VALUES (?, ?, ?)", rows)
    out = [(item, person) for person, one in named.items() if one.keeps_out]
    await tx.many("DELETE FROM danger_called WHERE item = ? AND person = ?", out)


async def alluded(tx: Tx, item: Number) -> dict[UserId, NamedAs]:
    """Return how the words of a call name people."""
    rows = await tx.all("SELECT person, how FROM danger_alluded WHERE item = ?", item)
    return {UserId(row["person"]): NamedAs(row["how"]) for row in rows}


async def include_again(tx: Tx, item: Number, people: Iterable[UserId]) -> None:
    """Delete how the words of a call name these people: they are called after all."""
    rows = [(item, one) for one in people]
    await tx.many("DELETE FROM danger_alluded WHERE item = ? AND person = ?", rows)


async def add_names(tx: Tx, item: Number, words: Mapping[str, NamedAs]) -> None:
    """Store how a call names whoever has one of these names, in place of what it said of them
    before."""
    rows = [(item, word, one.value) for word, one in words.items()]
    await tx.many("INSERT OR REPLACE INTO danger_name VALUES (?, ?, ?)", rows)


async def names(tx: Tx, item: Number) -> dict[str, NamedAs]:
    """Return how a call names whoever has one of the names that it holds."""
    rows = await tx.all("SELECT word, how FROM danger_name WHERE item = ?", item)
    return {row["word"]: NamedAs(row["how"]) for row in rows}


async def set_helper(tx: Tx, item: Number, person: UserId | None) -> None:
    """Store who answered a call for help; None if nobody does any more."""
    await tx.run("UPDATE danger_panic SET taken = ? WHERE item = ?", person, item)


async def set_note(tx: Tx, item: Number, text: str) -> None:
    """Replace the text that the caller sent along with the call for help."""
    await tx.run("UPDATE danger_panic SET note = ? WHERE item = ?", text, item)


# --- whom a person wants called -------------------------------------------------------------------


async def contacts_of(tx: Tx, person: UserId) -> list[tuple[UserId, bool]]:
    """Return the people whom a person wants called in danger, and whether each agreed."""
    rows = await tx.all(
        "SELECT named, agreed FROM danger_named WHERE person = ? ORDER BY named", person
    )
    return [(UserId(row["named"]), bool(row["agreed"])) for row in rows]


async def people_with_contact(tx: Tx, named: UserId) -> list[UserId]:
    """Return the people who want this person called when they are in danger."""
    return await tx.column(
        UserId, "SELECT person FROM danger_named WHERE named = ? ORDER BY person", named
    )


async def add_contacts(tx: Tx, person: UserId, named: Iterable[UserId]) -> None:
    """Add people to those whom the person wants called in danger."""
    await tx.many(
        "INSERT OR IGNORE INTO danger_named (person, named) VALUES (?, ?)",
        [(person, one) for one in named],
    )


async def mark_agreed(tx: Tx, person: UserId, named: UserId) -> bool:
    """Store that a person agreed to be called in danger. Return False if they are no contact any
    more."""
    await tx.run("UPDATE danger_named SET agreed = 1 WHERE person = ? AND named = ?", person, named)
    there = "SELECT 1 FROM danger_named WHERE person = ? AND named = ?"
    return await tx.exists(there, person, named)


async def remove_contact(tx: Tx, person: UserId, named: UserId) -> None:
    """Delete one of the people whom a person wants called in danger."""
    await tx.run("DELETE FROM danger_named WHERE person = ? AND named = ?", person, named)
