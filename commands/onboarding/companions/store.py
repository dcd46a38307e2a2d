"""Offers to accompany newcomers, and whose turn it was, on disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Pair:
    """It is the turn of `person` to accompany `newcomer`, who knows it since `told`."""

    item: Number
    newcomer: UserId
    person: UserId
    at: datetime
    told: datetime | None
    over: bool


# --- offers -------------------------------------------------------------------------------------


async def offer(tx: Tx, person: UserId, at: datetime) -> bool:
    """False if they do already."""
    return (
        await tx.change(
            "INSERT OR IGNORE INTO onboarding_offer (person, since) VALUES (?, ?)",
            person,
            at.timestamp(),
        )
        > 0
    )


async def withdraw(tx: Tx, person: UserId) -> bool:
    return await tx.change("DELETE FROM onboarding_offer WHERE person = ?", person) > 0


async def offers(tx: Tx, person: UserId) -> bool:
    return await tx.one("SELECT 1 FROM onboarding_offer WHERE person = ?", person) is not None


async def came(tx: Tx, person: UserId) -> datetime | None:
    """When they came into the network, where the bot saw it."""
    row = await tx.one("SELECT since FROM onboarding_newcomer WHERE person = ?", person)
    return datetime.fromtimestamp(row["since"], UTC) if row else None


async def everybody(tx: Tx) -> list[UserId]:
    rows = await tx.all("SELECT person FROM onboarding_offer ORDER BY since, person")
    return [UserId(row["person"]) for row in rows]


async def in_turn(
    tx: Tx, newcomer: UserId, since: datetime, most: int, new: datetime
) -> list[UserId]:
    """Who may be asked for this newcomer, whose turn is longest ago first.

    Nobody twice for one newcomer, nobody with `most` newcomers since then, nobody banned anywhere,
    and nobody who came in after `new` themselves.
    """
    rows = await tx.all(
        "SELECT person FROM onboarding_offer AS o WHERE person != ?1"
        " AND NOT EXISTS (SELECT 1 FROM onboarding_companion AS c"
        "  WHERE c.newcomer = ?1 AND c.person = o.person)"
        " AND (SELECT count(*) FROM onboarding_companion AS c"
        "  WHERE c.person = o.person AND c.at >= ?2 AND c.over IS NULL) < ?3"
        " AND NOT EXISTS (SELECT 1 FROM member JOIN room USING (room)"
        "  WHERE member.person = o.person AND membership = 'ban' AND room.joined)"
        " AND NOT EXISTS (SELECT 1 FROM onboarding_newcomer AS n"
        "  WHERE n.person = o.person AND n.since > ?4)"
        " ORDER BY asked, since, person",
        newcomer,
        since.timestamp(),
        most,
        new.timestamp(),
    )
    return [UserId(row["person"]) for row in rows]


# --- turns --------------------------------------------------------------------------------------


async def put(tx: Tx, item: Number, newcomer: UserId, person: UserId, at: datetime) -> None:
    """It is their turn now."""
    await tx.run(
        "INSERT INTO onboarding_companion (item, newcomer, person, at) VALUES (?, ?, ?, ?)",
        item,
        newcomer,
        person,
        at.timestamp(),
    )
    await tx.run("UPDATE onboarding_offer SET asked = ? WHERE person = ?", at.timestamp(), person)


async def get(tx: Tx, item: Number) -> Pair | None:
    row = await tx.one("SELECT * FROM onboarding_companion WHERE item = ?", item)
    return _pair(row) if row else None


async def open_of(tx: Tx, person: UserId) -> list[Pair]:
    """Those with whom it is this person's turn, the newest first."""
    rows = await tx.all(
        "SELECT * FROM onboarding_companion WHERE person = ? AND over IS NULL"
        " ORDER BY at DESC, item DESC",
        person,
    )
    return [_pair(row) for row in rows]


async def of_companion(tx: Tx, person: UserId) -> list[Pair]:
    """Everybody with whom it was this person's turn."""
    rows = await tx.all("SELECT * FROM onboarding_companion WHERE person = ? ORDER BY item", person)
    return [_pair(row) for row in rows]


async def of_newcomer(tx: Tx, newcomer: UserId) -> list[Pair]:
    """Everybody whose turn it was with this newcomer."""
    rows = await tx.all(
        "SELECT * FROM onboarding_companion WHERE newcomer = ? ORDER BY item", newcomer
    )
    return [_pair(row) for row in rows]


async def told(tx: Tx, item: Number, at: datetime) -> None:
    await tx.run("UPDATE onboarding_companion SET told = ? WHERE item = ?", at.timestamp(), item)


async def over(tx: Tx, item: Number, at: datetime) -> None:
    await tx.run("UPDATE onboarding_companion SET over = ? WHERE item = ?", at.timestamp(), item)


def _pair(row: Any) -> Pair:
    return Pair(
        Number(row["item"]),
        UserId(row["newcomer"]),
        UserId(row["person"]),
        datetime.fromtimestamp(row["at"], UTC),
        datetime.fromtimestamp(row["told"], UTC) if row["told"] is not None else None,
        row["over"] is not None,
    )
