"""Store things and loans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState, ThingOwner
from storage.database import Tx

_THING = "SELECT t.*, i.title FROM lending_thing t JOIN item i ON i.number = t.item"


def _read_thing(row: Any) -> LentThing:
    return LentThing(
        Number(row["item"]),
        RoomId(row["room"]),
        row["title"],
        ThingOwner(row["owner"]),
        UserId(row["keeper"]),
        bool(row["open"]),
    )


def _read_loan(row: Any) -> Loan:
    return Loan(
        Number(row["item"]),
        Number(row["thing"]),
        UserId(row["borrower"]),
        LoanState(row["state"]),
        _to_instant(row["starts"]),
        _to_instant(row["until"]),
        bool(row["timed"]),
        row["zone"],
        LoanSide(row["handed"]),
        LoanSide(row["back"]),
    )


def _to_instant(stamp: float | None) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if stamp is not None else None


# --- things ---------------------------------------------------------------------------------------


async def save_thing(tx: Tx, thing: LentThing, name: str) -> None:
    """Store a new thing that can be lent. `name` is the form by which it is compared."""
    await tx.run(
        "INSERT INTO lending_thing (item, room, name, owner, keeper) VALUES (?, ?, ?, ?, ?)",
        thing.item,
        thing.room,
        name,
        thing.owner.value,
        thing.keeper,
    )


async def get_thing(tx: Tx, item: Number) -> LentThing | None:
    """Return the thing that can be lent with this item number, or None."""
    row = await tx.one(f"{_THING} WHERE t.item = ?", item)
    return _read_thing(row) if row else None


async def things_named(tx: Tx, room: RoomId, name: str) -> list[LentThing]:
    """Return the room's open things of this name, the oldest first."""
    rows = await tx.all(
        f"{_THING} WHERE t.room = ? AND t.name = ? AND t.open ORDER BY t.item LIMIT 20", room, name
    )
    return [_read_thing(row) for row in rows]


async def things_named_in(
    tx: Tx, rooms: Sequence[RoomId], name: str, limit: int
) -> list[LentThing]:
    """Return open things of these rooms and of the network with this name, the oldest first."""
    marks = ",".join("?" * len(rooms))
    rows = await tx.all(
        f"{_THING} WHERE t.item IN (SELECT item FROM lending_thing WHERE open"  # noqa: S608
        f" AND room IN ({marks}) AND name = ? UNION SELECT item FROM lending_thing WHERE open"
        " AND owner = 'network' AND name = ?) ORDER BY t.item LIMIT ?",
        *rooms,
        name,
        name,
        limit,
    )
    return [_read_thing(row) for row in rows]


async def things_in(tx: Tx, room: RoomId, limit: int, skip: int = 0) -> list[LentThing]:
    """Return a page of the things that a room or the network lends, by name."""
    rows = await tx.all(
        "SELECT t.*, i.title FROM (SELECT * FROM lending_thing WHERE room = ?1 AND open"
        " UNION ALL SELECT * FROM lending_thing WHERE open AND owner = 'network' AND room != ?1"
        " ORDER BY name, item LIMIT ?2 OFFSET ?3) t JOIN item i ON i.number = t.item"
        " ORDER BY t.name, t.item",
        room,
        limit,
        skip,
    )
    return [_read_thing(row) for row in rows]


async def count_things(tx: Tx, rooms: Sequence[RoomId]) -> int:
    """Return how many things can be borrowed in these rooms."""
    marks = ",".join("?" * len(rooms))
    return await tx.count(
        f"SELECT count(*) AS n FROM lending_thing WHERE open AND room IN ({marks})",  # noqa: S608
        *rooms,
    )


async def things_kept_by(tx: Tx, person: UserId, limit: int) -> list[LentThing]:
    """Return the things for lending that this person keeps, the oldest first."""
    rows = await tx.all(f"{_THING} WHERE t.keeper = ? ORDER BY t.item LIMIT ?", person, limit)
    return [_read_thing(row) for row in rows]


async def set_open(tx: Tx, item: Number, *, is_open: bool) -> None:
    """Store whether the thing can still be lent."""
    await tx.run("UPDATE lending_thing SET open = ? WHERE item = ?", int(is_open), item)


# --- loans ----------------------------------------------------------------------------------------


async def save_loan(tx: Tx, loan: Loan) -> Loan:
    """Insert or update a loan, and return it.

    The database refuses two loans of one thing that overlap.
    """
    values = (
        loan.thing,
        loan.borrower,
        loan.state.value,
        loan.starts.timestamp() if loan.starts else None,
        loan.until.timestamp() if loan.until else None,
        int(loan.timed),
        loan.zone,
        int(loan.handed),
        int(loan.back),
    )
    changed = await tx.change(
        "UPDATE lending_loan SET thing = ?, borrower = ?, state = ?, starts = ?, until = ?,"
        " timed = ?, zone = ?, handed = ?, back = ? WHERE item = ?",
        *values,
        loan.item,
    )
    if not changed:
        await tx.run(
            "INSERT INTO lending_loan (thing, borrower, state, starts, until, timed, zone, handed,"
            " back, item) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *values,
            loan.item,
        )
    return loan


async def get_loan(tx: Tx, item: Number) -> Loan | None:
    """Return the loan with this item number, or None."""
    row = await tx.one("SELECT * FROM lending_loan WHERE item = ?", item)
    return _read_loan(row) if row else None


async def live_loans(tx: Tx, *things: Number) -> list[Loan]:
    """Return the agreed and current loans of these things, by their start."""
    marks = ",".join("?" * len(things))
    rows = await tx.all(
        f"SELECT * FROM lending_loan WHERE thing IN ({marks}) AND state IN ('booked', 'out')"  # noqa: S608
        " ORDER BY starts, item",
        *things,
    )
    return [_read_loan(row) for row in rows]


async def waiting_requests(tx: Tx, *things: Number) -> list[Loan]:
    """Return the requests to borrow these things, in the order in which they were made."""
    marks = ",".join("?" * len(things))
    rows = await tx.all(
        f"SELECT * FROM lending_loan WHERE thing IN ({marks}) AND state = 'wanted' ORDER BY item",  # noqa: S608
        *things,
    )
    return [_read_loan(row) for row in rows]


async def loans_of(tx: Tx, person: UserId, *states: LoanState, limit: int = 100) -> list[Loan]:
    """Return a borrower's loans in these states, the first due back first."""
    marks = ",".join("?" * len(states))
    rows = await tx.all(
        f"SELECT * FROM lending_loan WHERE borrower = ? AND state IN ({marks})"  # noqa: S608
        " ORDER BY until IS NULL, until, item LIMIT ?",
        person,
        *(one.value for one in states),
        limit,
    )
    return [_read_loan(row) for row in rows]


async def lent_by(tx: Tx, person: UserId) -> list[Loan]:
    """Return up to 100 loans and requests for the things this person keeps, without those that are
    over."""
    rows = await tx.all(
        "SELECT l.* FROM lending_thing t JOIN lending_loan l ON l.thing = t.item"
        " WHERE t.keeper = ? AND l.state != 'over' ORDER BY l.until IS NULL, l.until, l.item"
        " LIMIT 100",
        person,
    )
    return [_read_loan(row) for row in rows]


async def live_loans_in(tx: Tx, room: RoomId, limit: int) -> list[tuple[Loan, LentThing]]:
    """Return the agreed and current loans of a room's things, the first due back first."""
    rows = await tx.all(
        "SELECT l.* FROM lending_thing t JOIN lending_loan l ON l.thing = t.item"
        " WHERE t.room = ? AND l.state IN ('booked', 'out') ORDER BY l.until, l.item LIMIT ?",
        room,
        limit,
    )
    found: list[tuple[Loan, LentThing]] = []
    for row in rows:
        of = await get_thing(tx, Number(row["thing"]))
        assert of is not None
        found.append((_read_loan(row), of))
    return found


async def count_requests(tx: Tx, person: UserId) -> int:
    """Return how many requests to borrow of this person wait."""
    return await tx.count(
        "SELECT count(*) AS n FROM lending_loan WHERE borrower = ? AND state = 'wanted'", person
    )


# --- people and rooms -----------------------------------------------------------------------------


async def remove_borrower(tx: Tx, loan: Loan) -> None:
    """Remove the borrower's name from a loan whose thing is still out."""
    await save_loan(tx, replace(loan, borrower=UserId("")))


async def all_loans_of(tx: Tx, thing: Number) -> list[Loan]:
    """Return all loans of a thing and requests to borrow it."""
    rows = await tx.all("SELECT * FROM lending_loan WHERE thing = ?", thing)
    return [_read_loan(row) for row in rows]


async def is_being_asked(tx: Tx, person: UserId) -> bool:
    """Return whether a question about lending waits for the person in private."""
    return await tx.exists(
        "SELECT 1 FROM question WHERE room = ?1 AND thread = '' AND person = ?1"
        " AND feature = 'lending' AND name != ''",
        person,
    )
