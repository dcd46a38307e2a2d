"""Store of transferred hours and balances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Transfer:
    """`giver` was helped and gives the minutes; `taker` helped and gets them."""

    item: Number
    giver: UserId
    taker: UserId
    minutes: int
    what: str
    at: datetime
    counts: bool = False

    def other(self, person: UserId) -> UserId:
        """Return the other of the two people of the transfer."""
        return self.taker if person == self.giver else self.giver


def _transfer(row: Any) -> Transfer:
    return Transfer(
        Number(row["item"]),
        UserId(row["giver"]),
        UserId(row["taker"]),
        row["minutes"],
        row["what"],
        datetime.fromtimestamp(row["at"], UTC),
        bool(row["counts"]),
    )


async def put_transfer(tx: Tx, one: Transfer) -> None:
    """Store a transfer of hours that is not confirmed yet."""
    await tx.run(
        "INSERT INTO timebank_transfer (item, giver, taker, minutes, what, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        one.item,
        one.giver,
        one.taker,
        one.minutes,
        one.what,
        one.at.timestamp(),
    )


async def get_transfer(tx: Tx, item: Number) -> Transfer | None:
    """Return the transfer of hours with this number, or None."""
    row = await tx.one("SELECT * FROM timebank_transfer WHERE item = ?", item)
    return _transfer(row) if row else None


async def confirm_transfer(tx: Tx, one: Transfer) -> bool:
    """Book a transfer of hours on both balances at once. Return False if it was booked before."""
    if not await tx.change(
        "UPDATE timebank_transfer SET counts = 1 WHERE item = ? AND NOT counts", one.item
    ):
        return False
    await _add_minutes(tx, one.giver, -one.minutes)
    await _add_minutes(tx, one.taker, one.minutes)
    return True


async def _add_minutes(tx: Tx, person: UserId, minutes: int) -> None:
    await tx.run(
        "INSERT INTO timebank_account VALUES (?1, ?2)"
        " ON CONFLICT (person) DO UPDATE SET minutes = minutes + ?2",
        person,
        minutes,
    )


async def get_balance(tx: Tx, person: UserId) -> int:
    """Return a person's balance in minutes; 0 for who never gave or took."""
    row = await tx.one("SELECT minutes FROM timebank_account WHERE person = ?", person)
    return int(row["minutes"]) if row else 0


async def all_balances(tx: Tx, limit: int, skip: int) -> list[tuple[UserId, int]]:
    """Return everybody's balance in minutes, the highest first."""
    rows = await tx.all(
        "SELECT person, minutes FROM timebank_account ORDER BY minutes DESC, person LIMIT ?"
        " OFFSET ?",
        limit,
        skip,
    )
    return [(UserId(row["person"]), row["minutes"]) for row in rows]


async def transfers_of(tx: Tx, person: UserId, limit: int, *, counting: bool) -> list[Transfer]:
    """Return the person's transfers of hours, the newest first: confirmed or unconfirmed ones."""
    rows = await tx.all(
        "SELECT * FROM (SELECT * FROM timebank_transfer WHERE giver = ?1 AND counts = ?2"
        " UNION SELECT * FROM timebank_transfer WHERE taker = ?1 AND counts = ?2)"
        " ORDER BY item DESC LIMIT ?3",
        person,
        int(counting),
        limit,
    )
    return [_transfer(row) for row in rows]


async def forget_person(tx: Tx, person: UserId) -> int:
    """Remove the person's name from their confirmed transfers, so that balances still add up.

    Return how many.
    """
    minutes = await get_balance(tx, person)
    await tx.run("DELETE FROM timebank_account WHERE person = ?", person)
    if minutes:
        await _add_minutes(tx, UserId(""), minutes)
    changed = 0
    for side in ("giver", "taker"):
        changed += await tx.change(
            f"UPDATE timebank_transfer SET {side} = '', what = '' WHERE {side} = ?",  # noqa: S608
            person,
        )
    await tx.run("UPDATE timebank_transfer SET what = '' WHERE instr(what, ?)", person)
    return changed


async def has_open_question(tx: Tx, person: UserId) -> bool:
    """Return whether a time bank question waits for the person in private."""
    return await tx.exists(
        "SELECT 1 FROM question WHERE room = ?1 AND thread = '' AND person = ?1"
        " AND feature = 'timebank' AND name != ''",
        person,
    )
