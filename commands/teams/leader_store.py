"""Store who leads a cohort beside the person who began it."""

from __future__ import annotations

from bot.api import Number, RoomId, UserId
from storage.database import Tx


async def leaders_of(tx: Tx, cohort: Number, *, accepted: bool = True) -> list[UserId]:
    """Return the people who lead a cohort too, or were asked and have not answered."""
    return await tx.column(
        UserId,
        "SELECT person FROM teams_leader WHERE cohort = ? AND accepted = ? ORDER BY rowid",
        cohort,
        int(accepted),
    )


async def cohorts_led_by(tx: Tx, person: UserId) -> list[tuple[Number, str]]:
    """Return the cohorts that a person leads beside whoever began them, with their titles."""
    rows = await tx.all(
        "SELECT number, title FROM teams_leader JOIN item ON number = cohort"
        " WHERE person = ? AND accepted ORDER BY number",
        person,
    )
    return [(Number(row["number"]), row["title"]) for row in rows]


async def ask_leader(tx: Tx, cohort: Number, person: UserId) -> bool:
    """Store that a person is asked to lead a cohort too. Return False if they were asked or lead
    already."""
    return bool(
        await tx.change(
            "INSERT OR IGNORE INTO teams_leader (cohort, person) VALUES (?, ?)", cohort, person
        )
    )


async def accept_leader(tx: Tx, cohort: Number, person: UserId) -> bool:
    """Store that a person agreed to lead a cohort too. Return False if nobody asks them any
    more."""
    return bool(
        await tx.change(
            "UPDATE teams_leader SET accepted = 1 WHERE cohort = ? AND person = ? AND NOT accepted",
            cohort,
            person,
        )
    )


async def delete_leader(tx: Tx, cohort: Number, person: UserId) -> bool:
    """Delete that a person leads a cohort or was asked to. Return False if they neither do nor
    were."""
    return bool(
        await tx.change("DELETE FROM teams_leader WHERE cohort = ? AND person = ?", cohort, person)
    )


async def add_to_teams(tx: Tx, cohort: Number, person: UserId) -> None:
    """Put a person into all teams of a cohort, to be invited to their rooms."""
    await tx.run(
        "INSERT OR IGNORE INTO teams_member SELECT item, ?2, 'waiting' FROM teams_team"
        " WHERE cohort = ?1",
        cohort,
        person,
    )


async def add_power(tx: Tx, room: RoomId, person: UserId) -> None:
    """Store that leading gives a person the power to moderate a team's room."""
    await tx.run(
        "INSERT OR IGNORE INTO teams_power SELECT item, ?2 FROM teams_team WHERE room = ?1",
        room,
        person,
    )


async def rooms_with_power(tx: Tx, cohort: Number, person: UserId) -> list[RoomId]:
    """Return the rooms of a cohort in which leading gave a person power, in the teams' order."""
    return await tx.column(
        RoomId,
        "SELECT room FROM teams_power JOIN teams_team ON item = team"
        " WHERE cohort = ? AND person = ? AND room IS NOT NULL ORDER BY place",
        cohort,
        person,
    )


async def delete_power(tx: Tx, room: RoomId, person: UserId) -> None:
    """Delete that leading gives a person the power to moderate a team's room."""
    await tx.run(
        "DELETE FROM teams_power WHERE person = ?2"
        " AND team IN (SELECT item FROM teams_team WHERE room = ?1)",
        room,
        person,
    )
