"""Store of cohorts, teams, their people and steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.api import Number, RoomId, UserId, items
from storage.database import Tx


class OpeningState(StrEnum):
    """How far a room or an invitation is."""

    WAITING = "waiting"
    SENT = "sent"  # handed to the homeserver
    DONE = "done"  # the room is open; the person is invited or there
    REFUSED = "refused"
    BLOCKED = "blocked"  # the person takes no invitations
    SILENT = "silent"  # a server does not answer
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Cohort:
    """A set of teams that were made together, by a draw from `secret`."""

    item: Number
    secret: str
    area: str
    space: RoomId | None


@dataclass(frozen=True, slots=True)
class Team:
    """A team of a cohort: its place in it, and its room once that is open."""

    item: Number
    cohort: Number
    place: int
    name: str
    state: OpeningState
    room: RoomId | None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person in a team, and how far their invitation to its room has got."""

    team: Team
    person: UserId
    state: OpeningState


_TEAM = "SELECT t.*, item.title FROM teams_team t JOIN item ON item.number = t.item"


def _team(row: Any) -> Team:
    return Team(
        Number(row["item"]),
        Number(row["cohort"]),
        row["place"],
        row["title"],
        OpeningState(row["state"]),
        RoomId(row["room"]) if row["room"] else None,
    )


# --- cohorts and teams ----------------------------------------------------------------------------


async def put_cohort(tx: Tx, cohort: Cohort, at: datetime) -> None:
    """Store a cohort (teams opened together). `at` (UTC) is when its progress was last shown."""
    await tx.run(
        "INSERT INTO teams_cohort (item, secret, area, space, shown) VALUES (?, ?, ?, ?, ?)",
        cohort.item,
        cohort.secret,
        cohort.area,
        cohort.space,
        at.timestamp(),
    )


async def put_team(
    tx: Tx, item: Number, cohort: Number, place: int, people: Iterable[UserId]
) -> None:
    """Store a team, whose room is not open yet, with its people."""
    await tx.run(
        "INSERT INTO teams_team (item, cohort, place, state) VALUES (?, ?, ?, 'waiting')",
        item,
        cohort,
        place,
    )
    await tx.many(
        "INSERT OR IGNORE INTO teams_member VALUES (?, ?, 'waiting')",
        [(item, person) for person in people],
    )


async def get_cohort(tx: Tx, item: Number) -> Cohort | None:
    """Return the cohort with this number, or None."""
    row = await tx.one("SELECT * FROM teams_cohort WHERE item = ?", item)
    if row is None:
        return None
    space = RoomId(row["space"]) if row["space"] else None
    return Cohort(Number(row["item"]), row["secret"], row["area"], space)


async def open_cohorts_in(tx: Tx, room: RoomId) -> list[Number]:
    """Return the open cohorts of a room, newest first."""
    return await tx.column(
        Number,
        "SELECT c.item FROM teams_cohort c JOIN item ON item.number = c.item"
        " WHERE item.room = ? AND item.open ORDER BY c.item DESC",
        room,
    )


async def open_cohorts(tx: Tx) -> list[tuple[Number, str]]:
    """Return number and title of each open cohort (a set of teams that were made together), the
    newest first."""
    rows = await tx.all(
        "SELECT number, title FROM teams_cohort c JOIN item ON item.number = c.item"
        " WHERE item.open ORDER BY number DESC"
    )
    return [(Number(row["number"]), row["title"]) for row in rows]


async def open_cohorts_by(tx: Tx, person: UserId) -> list[Number]:
    """Return the open cohorts that a person began, newest first."""
    return await tx.column(
        Number,
        "SELECT c.item FROM teams_cohort c JOIN item ON item.number = c.item"
        " WHERE item.author = ? AND item.open ORDER BY c.item DESC",
        person,
    )


async def teams_of(tx: Tx, cohort: Number, first: int = 1, most: int = -1) -> list[Team]:
    """Return the cohort's teams from the place `first` on."""
    rows = await tx.all(
        f"{_TEAM} WHERE t.cohort = ? AND t.place >= ? ORDER BY t.place LIMIT ?", cohort, first, most
    )
    return [_team(row) for row in rows]


async def get_team(tx: Tx, item: Number) -> Team | None:
    """Return the team with this number, or None."""
    row = await tx.one(f"{_TEAM} WHERE t.item = ?", item)
    return _team(row) if row else None


async def team_in(tx: Tx, room: RoomId) -> Team | None:
    """Return the team whose room this is, or None."""
    row = await tx.one(f"{_TEAM} WHERE t.room = ?", room)
    return _team(row) if row else None


async def next_team_to_open(tx: Tx, cohort: Number) -> Team | None:
    """Return the next team without a room, or None while one is being opened."""
    row = await tx.one(
        f"{_TEAM} WHERE t.cohort = ?1 AND t.state = 'waiting' AND NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM teams_team WHERE cohort = ?1 AND state = 'sent')"
        " ORDER BY t.place LIMIT 1",
        cohort,
    )
    return _team(row) if row else None


async def set_team_state(
    tx: Tx, item: Number, state: OpeningState, room: RoomId | None = None
) -> None:
    """Store how far the opening of a team's room is, and the room.

    Its item belongs to that room from now on, so people there may see it.
    """
    await tx.run("UPDATE teams_team SET state = ?, room = ? WHERE item = ?", state, room, item)
    if room is not None:
        await items.set_room(tx, item, room)


async def count_team_states(tx: Tx, cohort: Number) -> dict[OpeningState, int]:
    """Return how many teams of a cohort are in each state of opening, 0 included."""
    rows = await tx.all(
        "SELECT state, count(*) AS n FROM teams_team WHERE cohort = ? GROUP BY state", cohort
    )
    return dict.fromkeys(OpeningState, 0) | {OpeningState(r["state"]): int(r["n"]) for r in rows}


# --- people ---------------------------------------------------------------------------------------

_MEMBER = (
    "SELECT m.person, m.state AS now, t.*, item.title FROM teams_member m"
    " JOIN teams_team t ON t.item = m.team JOIN item ON item.number = t.item"
)


async def people_to_invite(tx: Tx, cohort: Number, most: int) -> list[TeamMember]:
    """Return people still to be invited whose team's room is open, in the order of the teams."""
    rows = await tx.all(
        f"{_MEMBER} WHERE t.cohort = ? AND m.state = 'waiting' AND t.room IS NOT NULL"
        " ORDER BY t.place, m.rowid LIMIT ?",
        cohort,
        most,
    )
    return [TeamMember(_team(row), UserId(row["person"]), OpeningState(row["now"])) for row in rows]


async def failed_invitations(tx: Tx, cohort: Number) -> list[TeamMember]:
    """Return the people of a cohort whose invitation to their team's room failed."""
    rows = await tx.all(
        f"{_MEMBER} WHERE t.cohort = ? AND m.state IN ('refused', 'silent', 'blocked')"
        " ORDER BY t.place, m.rowid",
        cohort,
    )
    return [TeamMember(_team(row), UserId(row["person"]), OpeningState(row["now"])) for row in rows]


async def set_invitation_state(tx: Tx, item: Number, person: UserId, state: OpeningState) -> None:
    """Store how far a person's invitation to their team's room has got."""
    await tx.run(
        "UPDATE teams_member SET state = ? WHERE team = ? AND person = ?", state, item, person
    )


async def count_invitation_states(tx: Tx, cohort: Number) -> dict[OpeningState, int]:
    """Return how many invitations of a cohort are in each state, for teams whose room is open."""
    rows = await tx.all(
        "SELECT m.state, count(*) AS n FROM teams_member m JOIN teams_team t ON t.item = m.team"
        " WHERE t.cohort = ? AND t.room IS NOT NULL GROUP BY m.state",
        cohort,
    )
    return dict.fromkeys(OpeningState, 0) | {OpeningState(r["state"]): int(r["n"]) for r in rows}


async def count_people(tx: Tx, cohort: Number) -> dict[Number, tuple[int, int]]:
    """Return for each team how many belong to it, and how many are in its room."""
    rows = await tx.all(
        "SELECT t.item, count(m.person) AS every, count(here.person) AS there"
        " FROM teams_team t LEFT JOIN teams_member m ON m.team = t.item"
        " LEFT JOIN member here ON here.room = t.room AND here.person = m.person"
        " AND here.membership = 'join' WHERE t.cohort = ? GROUP BY t.item",
        cohort,
    )
    return {Number(r["item"]): (int(r["every"]), int(r["there"])) for r in rows}


# --- how far a cohort is --------------------------------------------------------------------------


async def claim_progress_update(tx: Tx, cohort: Number, at: datetime, pause: float) -> bool:
    """Return whether a cohort's progress was not shown within `pause` seconds, and store that it is
    shown now."""
    changed = await tx.change(
        "UPDATE teams_cohort SET shown = ?1 WHERE item = ?2 AND ?1 - shown >= ?3",
        at.timestamp(),
        cohort,
        pause,
    )
    return changed > 0


async def count_try(tx: Tx, cohort: Number) -> int:
    """Count one more try to open a cohort's rooms, and return how many there were."""
    await tx.run("UPDATE teams_cohort SET tries = tries + 1 WHERE item = ?", cohort)
    row = await tx.one("SELECT tries FROM teams_cohort WHERE item = ?", cohort)
    return int(row["tries"]) if row else 0


async def reset_failed(tx: Tx, cohort: Number) -> int:
    """Store failed and stopped rooms and invitations of a cohort as waiting again. Return how
    many."""
    rooms = await tx.change(
        "UPDATE teams_team SET state = 'waiting'"
        " WHERE cohort = ? AND state IN ('refused', 'silent', 'stopped')",
        cohort,
    )
    return rooms + await tx.change(
        "UPDATE teams_member SET state = 'waiting'"
        " WHERE state IN ('refused', 'silent', 'blocked', 'stopped')"
        " AND team IN (SELECT item FROM teams_team WHERE cohort = ?)",
        cohort,
    )


async def stop_waiting(tx: Tx, cohort: Number) -> None:
    """Store that waiting rooms and invitations of a cohort are stopped."""
    await tx.run(
        "UPDATE teams_team SET state = 'stopped' WHERE cohort = ? AND state = 'waiting'", cohort
    )
    await tx.run(
        "UPDATE teams_member SET state = 'stopped' WHERE state = 'waiting'"
        " AND team IN (SELECT item FROM teams_team WHERE cohort = ?)",
        cohort,
    )


# --- a person's data ------------------------------------------------------------------------------


async def teams_with(tx: Tx, person: UserId) -> list[Team]:
    """Return the teams that a person is in, in the order of their numbers."""
    rows = await tx.all(
        f"{_TEAM} JOIN teams_member m ON m.team = t.item WHERE m.person = ? ORDER BY t.item", person
    )
    return [_team(row) for row in rows]
