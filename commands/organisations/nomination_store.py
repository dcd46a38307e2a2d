"""Nominations in the database: whom a delegate named, until the alternate has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.api import RoomId, UserId
from commands.poll_book.voter_store import Organisation, SeatRole
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Nomination:
    """Who is named for which role, by which delegate, and which alternate is to confirm it."""

    organisation: int
    role: SeatRole
    next: UserId
    delegate: UserId
    alternate: UserId
    at: datetime

    def fits(self, one: Organisation) -> bool:
        """Return whether the two people of the nomination still speak for the organisation."""
        return (one.delegate, one.alternate) == (self.delegate, self.alternate)


async def put_nomination(tx: Tx, one: Nomination) -> None:
    """Store whom an organisation's delegate names as the next one, in place of an earlier
    nomination."""
    await tx.run(
        "INSERT OR REPLACE INTO organisations_nomination"
        " (organisation, role, next, delegate, alternate, at) VALUES (?, ?, ?, ?, ?, ?)",
        one.organisation,
        one.role,
        one.next,
        one.delegate,
        one.alternate,
        one.at.timestamp(),
    )


async def get_nomination(tx: Tx, organisation: int) -> Nomination | None:
    """Return the nomination that waits for the alternate of this organisation to confirm, or
    None."""
    row = await tx.one(
        "SELECT * FROM organisations_nomination WHERE organisation = ?", organisation
    )
    if row is None:
        return None
    return Nomination(
        row["organisation"],
        SeatRole(row["role"]),
        UserId(row["next"]),
        UserId(row["delegate"]),
        UserId(row["alternate"]),
        datetime.fromtimestamp(row["at"], UTC),
    )


async def drop_nomination(tx: Tx, organisation: int) -> bool:
    """Delete the nomination that waits in this organisation. Returns whether there was one."""
    return (
        await tx.change("DELETE FROM organisations_nomination WHERE organisation = ?", organisation)
        > 0
    )


async def named_in(tx: Tx, person: UserId) -> list[Organisation]:
    """Return the organisations in whose waiting nomination this person is named, in whichever
    place."""
    numbers = await tx.column(
        int,
        "SELECT organisation FROM organisations_nomination"
        " WHERE next = ?1 OR delegate = ?1 OR alternate = ?1 ORDER BY organisation",
        person,
    )
    found = [await find_organisation(tx, number) for number in numbers]
    return [one[1] for one in found if one is not None]


async def find_organisation(tx: Tx, number: int) -> tuple[RoomId, Organisation] | None:
    """Return the organisation with this id and the room in which it votes, or None."""
    row = await tx.one("SELECT * FROM poll_book_organisation WHERE id = ?", number)
    if row is None:
        return None
    found = Organisation(row["id"], row["name"], row["delegate"], row["alternate"], row["weight"])
    return RoomId(row["room"]), found


async def organisations_spoken_for(tx: Tx, person: UserId) -> list[tuple[RoomId, Organisation]]:
    """Return the organisations of all rooms for which this person speaks, by name."""
    numbers = await tx.column(
        int,
        "SELECT id FROM poll_book_organisation WHERE delegate = ?1 OR alternate = ?1"
        " ORDER BY folded, id",
        person,
    )
    found = [await find_organisation(tx, number) for number in numbers]
    return [one for one in found if one is not None]
