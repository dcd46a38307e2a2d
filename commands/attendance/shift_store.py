"""Store the shifts of events and who has taken them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import Number, UserId, fold
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Shift:
    """A task at an event and how many people it needs."""

    name: str
    people: int

    @property
    def key(self) -> str:
        """The shift's name without case and accents, which identifies it within its event."""
        return fold(self.name)


async def load_shifts(tx: Tx, item: Number) -> list[Shift]:
    """Return the shifts of an event in the order in which they were set."""
    rows = await tx.all("SELECT * FROM attendance_shift WHERE item = ? ORDER BY place", item)
    return [Shift(r["name"], r["people"]) for r in rows]


async def save_shifts(tx: Tx, item: Number, shifts: Sequence[Shift]) -> None:
    """Replace the shifts of an event. People keep the shifts that go on under the same name."""
    await tx.run("DELETE FROM attendance_shift WHERE item = ?", item)
    await tx.many(
        "INSERT INTO attendance_shift VALUES (?, ?, ?, ?)",
        [(item, place, s.name, s.people) for place, s in enumerate(shifts, start=1)],
    )
    keys = {one.key for one in shifts}
    for row in await tx.all("SELECT DISTINCT name FROM attendance_taken WHERE item = ?", item):
        if row["name"] not in keys:
            await tx.run(
                "DELETE FROM attendance_taken WHERE item = ? AND name = ?", item, row["name"]
            )


async def people_by_shift(tx: Tx, item: Number, date: str) -> dict[str, list[UserId]]:
    """Return the people who have taken each shift on a date, by the key of the shift."""
    rows = await tx.all(
        "SELECT name, person FROM attendance_taken WHERE item = ? AND date = ?"
        " ORDER BY name, person",
        item,
        date,
    )
    found: dict[str, list[UserId]] = {}
    for row in rows:
        found.setdefault(row["name"], []).append(UserId(row["person"]))
    return found


async def most_people(tx: Tx, item: Number, key: str) -> int:
    """Return how many people have taken the shift on the date on which most have."""
    return await tx.count(
        "SELECT count(*) AS n FROM attendance_taken WHERE item = ? AND name = ?"
        " GROUP BY date ORDER BY n DESC LIMIT 1",
        item,
        key,
    )


async def save_taken(tx: Tx, item: Number, date: str, key: str, person: UserId) -> None:
    """Store that the person takes a shift on a date. Idempotent."""
    await tx.run(
        "INSERT OR IGNORE INTO attendance_taken VALUES (?, ?, ?, ?)", item, date, key, person
    )


async def delete_taken(
    tx: Tx, item: Number, person: UserId, date: str | None = None, key: str | None = None
) -> int:
    """Remove a person from one shift, from all of a date, or from all of an event.

    Returns how many shifts that were.
    """
    return await tx.change(
        "DELETE FROM attendance_taken WHERE item = ?1 AND person = ?2"
        " AND (?3 IS NULL OR date = ?3) AND (?4 IS NULL OR name = ?4)",
        item,
        person,
        date,
        key,
    )


async def shifts_of_person(tx: Tx, person: UserId) -> list[tuple[Number, str]]:
    """Return all shifts that this person has taken, each as the event and the key of the shift."""
    rows = await tx.all(
        "SELECT DISTINCT item, name FROM attendance_taken WHERE person = ? ORDER BY item, name",
        person,
    )
    return [(Number(r["item"]), str(r["name"])) for r in rows]
