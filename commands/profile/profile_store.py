"""Store of profiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.api import UserId
from commands.profile.profile_parts import Part, Seen, Value
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Held:
    """A part of somebody's profile."""

    part: Part
    words: tuple[str, ...]
    seen: Seen


async def put(tx: Tx, person: UserId, part: Part, value: Value) -> Held:
    """Store the part's value. Who may see it stays as it was, at first nobody."""
    await tx.run(
        "INSERT INTO profile_part (person, part, value, seen) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (person, part) DO UPDATE SET value = ?3",
        person,
        part,
        "\n".join(value.words),
        Seen.NOBODY,
    )
    await tx.run("DELETE FROM profile_term WHERE person = ? AND part = ?", person, part)
    await tx.many(
        "INSERT INTO profile_term (part, term, person) VALUES (?, ?, ?)",
        [(part, term, person) for term in sorted(value.terms)],
    )
    held = await get(tx, person, part)
    assert held is not None
    return held


async def show(tx: Tx, person: UserId, part: Part, seen: Seen) -> None:
    await tx.run(
        "UPDATE profile_part SET seen = ? WHERE person = ? AND part = ?", seen, person, part
    )


async def get(tx: Tx, person: UserId, part: Part) -> Held | None:
    row = await tx.one("SELECT * FROM profile_part WHERE person = ? AND part = ?", person, part)
    return _held(row) if row else None


async def every(tx: Tx, person: UserId) -> list[Held]:
    """Return all parts of a profile in display order."""
    rows = await tx.all("SELECT * FROM profile_part WHERE person = ?", person)
    order = list(Part)
    return sorted(map(_held, rows), key=lambda held: order.index(held.part))


def _held(row: Any) -> Held:
    return Held(Part(row["part"]), tuple(row["value"].split("\n")), Seen(row["seen"]))


async def take_out(tx: Tx, person: UserId, part: Part) -> bool:
    """Delete the part, also from free pages of the disk. Return whether there was one."""
    gone = await tx.change("DELETE FROM profile_part WHERE person = ? AND part = ?", person, part)
    if part is Part.NAME:
        await greet(tx, person, wanted=False)
    tx.shred()
    return gone > 0


async def forget(tx: Tx, person: UserId) -> int:
    """Delete the whole profile. Return how many parts there were."""
    gone = await tx.change("DELETE FROM profile_part WHERE person = ?", person)
    await greet(tx, person, wanted=False)
    tx.shred()
    return gone


async def found(tx: Tx, part: Part, term: str, after: str, limit: int) -> list[tuple[UserId, Seen]]:
    """Return a page of people who have the term in this part and show it to somebody, by
    address."""
    rows = await tx.all(
        "SELECT p.person, p.seen FROM profile_term t JOIN profile_part p USING (person, part)"
        " WHERE t.part = ? AND t.term = ? AND p.seen != 'nobody' AND t.person > ?"
        " ORDER BY t.person LIMIT ?",
        part,
        term,
        after,
        limit,
    )
    return [(UserId(row["person"]), Seen(row["seen"])) for row in rows]


# --- greeting -------------------------------------------------------------------------------------


async def greet(tx: Tx, person: UserId, *, wanted: bool) -> None:
    query = (
        "INSERT OR IGNORE INTO profile_greeting VALUES (?)"
        if wanted
        else "DELETE FROM profile_greeting WHERE person = ?"
    )
    await tx.run(query, person)


async def greets(tx: Tx, person: UserId) -> bool:
    query = "SELECT 1 FROM profile_greeting WHERE person = ?"
    return await tx.one(query, person) is not None
