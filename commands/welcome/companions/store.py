"""Storage of offers to accompany newcomers, and of turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class CompanionTurn:
    """The turn of `person` to accompany `newcomer`, who was told of it at `told_at`."""

    item: Number
    newcomer: UserId
    person: UserId
    at: datetime
    told_at: datetime | None
    is_over: bool


# --- offers -------------------------------------------------------------------------------------


async def add_offer(tx: Tx, person: UserId, at: datetime) -> bool:
    """Store that a person offers to accompany newcomers. Return False if they did already."""
    return (
        await tx.change(
            "INSERT OR IGNORE INTO welcome_offer (person, since) VALUES (?, ?)",
            person,
            at.timestamp(),
        )
        > 0
    )


async def remove_offer(tx: Tx, person: UserId) -> bool:
    """Delete a person's offer to accompany newcomers. Return False if there was none."""
    return await tx.change("DELETE FROM welcome_offer WHERE person = ?", person) > 0


async def has_offered(tx: Tx, person: UserId) -> bool:
    """Return whether the person offers to accompany newcomers."""
    return await tx.exists("SELECT 1 FROM welcome_offer WHERE person = ?", person)


async def set_languages(tx: Tx, person: UserId, codes: Sequence[str]) -> None:
    """Store in which languages a person accompanies newcomers."""
    await tx.run("UPDATE welcome_offer SET languages = ? WHERE person = ?", " ".join(codes), person)


async def languages_named(tx: Tx, person: UserId) -> list[str]:
    """Return the codes of the languages that a companion named; none if they named none."""
    row = await tx.one("SELECT languages FROM welcome_offer WHERE person = ?", person)
    return row["languages"].split() if row else []


async def all_companions(tx: Tx) -> list[UserId]:
    """Return everybody who offers to accompany newcomers, the first to offer first."""
    return await tx.column(UserId, "SELECT person FROM welcome_offer ORDER BY since, person")


async def companions_to_ask(
    tx: Tx, newcomer: UserId, since: datetime, most: int, new: datetime
) -> list[UserId]:
    """Return the people who may be asked to accompany this newcomer, those asked longest ago first.

    Left out: who was asked for them before, who has `most` open turns since `since`, who is banned
    from any room, and who came into the network after `new`.
    """
    return await tx.column(
        UserId,
        "SELECT person FROM welcome_offer AS o WHERE person != ?1"
        " AND NOT EXISTS (SELECT 1 FROM welcome_companion AS c"
        "  WHERE c.newcomer = ?1 AND c.person = o.person)"
        " AND (SELECT count(*) FROM welcome_companion AS c"
        "  WHERE c.person = o.person AND c.at >= ?2 AND c.over IS NULL) < ?3"
        " AND NOT EXISTS (SELECT 1 FROM member JOIN room USING (room)"
        "  WHERE member.person = o.person AND membership = 'ban' AND room.joined)"
        " AND NOT EXISTS (SELECT 1 FROM welcome_newcomer AS n"
        "  WHERE n.person = o.person AND n.since > ?4)"
        " ORDER BY asked, since, person",
        newcomer,
        since.timestamp(),
        most,
        new.timestamp(),
    )


# --- turns --------------------------------------------------------------------------------------


async def add_turn(tx: Tx, item: Number, newcomer: UserId, person: UserId, at: datetime) -> None:
    """Store that a companion is asked to accompany a newcomer, and when they were asked last."""
    await tx.run(
        "INSERT INTO welcome_companion (item, newcomer, person, at) VALUES (?, ?, ?, ?)",
        item,
        newcomer,
        person,
        at.timestamp(),
    )
    await tx.run("UPDATE welcome_offer SET asked = ? WHERE person = ?", at.timestamp(), person)


async def get_turn(tx: Tx, item: Number) -> CompanionTurn | None:
    """Return the record of who accompanies which newcomer, by its item's number, or None."""
    row = await tx.one("SELECT * FROM welcome_companion WHERE item = ?", item)
    return _turn(row) if row else None


async def open_turns_of(tx: Tx, person: UserId) -> list[CompanionTurn]:
    """Return the newcomers whom the person accompanies or is asked to, as open turns, the newest
    first."""
    rows = await tx.all(
        "SELECT * FROM welcome_companion WHERE person = ? AND over IS NULL"
        " ORDER BY at DESC, item DESC",
        person,
    )
    return [_turn(row) for row in rows]


async def turns_of_companion(tx: Tx, person: UserId) -> list[CompanionTurn]:
    """Return all turns in which the person accompanied a newcomer or was asked to."""
    rows = await tx.all("SELECT * FROM welcome_companion WHERE person = ? ORDER BY item", person)
    return [_turn(row) for row in rows]


async def turns_of_newcomer(tx: Tx, newcomer: UserId) -> list[CompanionTurn]:
    """Return all turns in which somebody accompanied this newcomer or was asked to."""
    rows = await tx.all(
        "SELECT * FROM welcome_companion WHERE newcomer = ? ORDER BY item", newcomer
    )
    return [_turn(row) for row in rows]


async def mark_told(tx: Tx, item: Number, at: datetime) -> None:
    """Store that a newcomer was told at `at` (UTC) who accompanies them."""
    await tx.run("UPDATE welcome_companion SET told = ? WHERE item = ?", at.timestamp(), item)


async def mark_over(tx: Tx, item: Number, at: datetime) -> None:
    """Store that the accompanying of a newcomer ended at `at` (UTC)."""
    await tx.run("UPDATE welcome_companion SET over = ? WHERE item = ?", at.timestamp(), item)


def _turn(row: Any) -> CompanionTurn:
    return CompanionTurn(
        Number(row["item"]),
        UserId(row["newcomer"]),
        UserId(row["person"]),
        datetime.fromtimestamp(row["at"], UTC),
        datetime.fromtimestamp(row["told"], UTC) if row["told"] is not None else None,
        row["over"] is not None,
    )


# --- what the moderators heard --------------------------------------------------------------------


async def told_nobody_free(tx: Tx) -> datetime | None:
    """Return when (UTC) the moderators last heard that no companion is free, or None."""
    row = await tx.one("SELECT at FROM welcome_nobody_free")
    return datetime.fromtimestamp(row["at"], UTC) if row else None


async def note_nobody_free(tx: Tx, at: datetime) -> None:
    """Store that the moderators hear at `at` (UTC) that no companion is free."""
    await tx.run("INSERT OR REPLACE INTO welcome_nobody_free VALUES (1, ?)", at.timestamp())
