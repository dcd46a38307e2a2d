"""Storage of lists of invitations: a row for each person and room, with its state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.api import Number, RoomId, UserId
from storage.database import Tx


class InvitationState(StrEnum):
    """How an invitation went. `WAITING` and `SENT` are open."""

    WAITING = "waiting"
    SENT = "sent"  # handed to the homeserver
    INVITED = "invited"
    THERE = "there"  # in the room, or invited, already
    WRONG = "wrong"  # not an address
    NO_RIGHT = "no_right"  # the bot may not invite there
    NOT_YOURS = "not_yours"  # whoever invites may not do so there
    BANNED = "banned"
    BLOCKED = "blocked"  # the person takes no invitations
    REFUSED = "refused"
    SILENT = "silent"  # a homeserver does not answer
    STOPPED = "stopped"


OPEN_STATES = (InvitationState.WAITING, InvitationState.SENT)
"""The states of invitations that are not settled."""


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation. `person` is what was typed where that is no address (`WRONG`)."""

    person: str
    room: RoomId
    state: InvitationState


async def add_list(
    tx: Tx,
    item: Number,
    target: str,
    rows: Iterable[InvitationRow],
    at: datetime,
    *,
    newcomer: UserId | None = None,
) -> None:
    """Store a new list of invitations. `newcomer`: the one person whom it brings in, if it was not
    typed."""
    await tx.run(
        "INSERT INTO onboarding_list (item, target, shown, newcomer) VALUES (?, ?, ?, ?)",
        item,
        target,
        at.timestamp(),
        newcomer,
    )
    await tx.many(
        "INSERT OR IGNORE INTO onboarding_invitation VALUES (?, ?, ?, ?)",
        [(item, row.person, row.room, row.state.value) for row in rows],
    )


async def note_announced(tx: Tx, item: Number) -> None:
    """Store that the newcomer has read which invitations come."""
    await tx.run("UPDATE onboarding_list SET announced = 1 WHERE item = ?", item)


async def is_announced(tx: Tx, item: Number) -> bool:
    """Return whether the newcomer has read which invitations come."""
    row = await tx.one("SELECT announced FROM onboarding_list WHERE item = ?", item)
    return bool(row and row["announced"])


async def get_target(tx: Tx, item: Number) -> str:
    """Return the name of the room or area into which a list of invitations invites; empty if the
    list was deleted."""
    row = await tx.one("SELECT target FROM onboarding_list WHERE item = ?", item)
    return str(row["target"]) if row else ""


async def get_newcomer(tx: Tx, item: Number) -> UserId | None:
    """Return the newcomer for whom a list of invitations was made, or None for a list that was
    typed."""
    row = await tx.one("SELECT newcomer FROM onboarding_list WHERE item = ?", item)
    return UserId(row["newcomer"]) if row and row["newcomer"] else None


async def count_try(tx: Tx, item: Number) -> int:
    """Count one more completed try of a list of invitations. Return how many there were."""
    await tx.run("UPDATE onboarding_list SET tries = tries + 1 WHERE item = ?", item)
    row = await tx.one("SELECT tries FROM onboarding_list WHERE item = ?", item)
    return int(row["tries"]) if row else 0


async def get_invitations(tx: Tx, item: Number) -> list[InvitationRow]:
    """Return the invitations of a list, in order."""
    found = await tx.all("SELECT * FROM onboarding_invitation WHERE list = ? ORDER BY rowid", item)
    return [
        InvitationRow(r["person"], RoomId(r["room"]), InvitationState(r["state"])) for r in found
    ]


async def next_invitations(tx: Tx, item: Number, limit: int) -> list[InvitationRow]:
    """Return the next invitations of a list to send, at most `limit`."""
    found = await tx.all(
        "SELECT * FROM onboarding_invitation WHERE list = ? AND state = ? ORDER BY rowid LIMIT ?",
        item,
        InvitationState.WAITING,
        limit,
    )
    return [InvitationRow(r["person"], RoomId(r["room"]), InvitationState.WAITING) for r in found]


async def settle_invitation(
    tx: Tx, item: Number, person: UserId, room: RoomId, state: InvitationState
) -> bool:
    """Store how an invitation went. Return False if it is settled already or deleted."""
    changed = await tx.change(
        "UPDATE onboarding_invitation SET state = ? WHERE list = ? AND person = ? AND room = ?"
        " AND state IN ('waiting', 'sent')",
        state.value,
        item,
        person,
        room,
    )
    return changed > 0


async def change_state(
    tx: Tx, item: Number, was: InvitationState, becomes: InvitationState
) -> None:
    """Store another state for all invitations of a list from state `was` to `becomes`."""
    await tx.run(
        "UPDATE onboarding_invitation SET state = ? WHERE list = ? AND state = ?",
        becomes.value,
        item,
        was.value,
    )


async def count_by_state(tx: Tx, item: Number) -> dict[InvitationState, int]:
    """Return how many invitations of a list are in each state; 0 for states without any."""
    found = await tx.all(
        "SELECT state, count(*) AS n FROM onboarding_invitation WHERE list = ? GROUP BY state",
        item,
    )
    counted: dict[InvitationState, int] = defaultdict(int)
    counted.update({InvitationState(r["state"]): int(r["n"]) for r in found})
    return counted


async def claim_progress_update(tx: Tx, item: Number, at: datetime, pause: float) -> bool:
    """Return whether a list's progress was not shown within `pause` seconds, and store that it is
    shown now."""
    changed = await tx.change(
        "UPDATE onboarding_list SET shown = ?1 WHERE item = ?2 AND ?1 - shown >= ?3",
        at.timestamp(),
        item,
        pause,
    )
    return changed > 0


async def count_open_lists(tx: Tx, person: UserId) -> int:
    """Return how many running lists of invitations a person has."""
    return await tx.count(
        "SELECT count(*) AS n FROM item WHERE kind = 'invitations' AND author = ? AND open",
        person,
    )


async def delete_arrivals_of(tx: Tx, person: UserId) -> None:
    """Delete the lists of invitations that brought the person in."""
    await tx.run(
        "DELETE FROM item WHERE number IN (SELECT item FROM onboarding_list WHERE newcomer = ?)",
        person,
    )


async def count_lists_of(tx: Tx, person: UserId) -> int:
    """Return how many lists of invitations the person was on."""
    return await tx.count(
        "SELECT count(DISTINCT list) AS n FROM onboarding_invitation WHERE person = ?", person
    )


async def rooms_invited_to(tx: Tx, person: UserId) -> list[RoomId]:
    """Return the rooms to which the bot invited this person, or that they were in already."""
    return await tx.column(
        RoomId,
        "SELECT DISTINCT room FROM onboarding_invitation WHERE person = ?"
        " AND state IN ('waiting', 'sent', 'invited', 'there')",
        person,
    )


async def newcomer_rooms(tx: Tx, person: UserId) -> list[RoomId]:
    """Return the rooms to which somebody who was let in was invited."""
    return await tx.column(
        RoomId,
        "SELECT DISTINCT room FROM onboarding_list JOIN onboarding_invitation ON list = item"
        " WHERE newcomer = ? AND state IN ('invited', 'there') ORDER BY room",
        person,
    )


async def newcomers_since(tx: Tx, since: datetime) -> list[tuple[UserId, datetime]]:
    """Return the people who were let in since an instant, and when; the earliest first."""
    rows = await tx.all(
        "SELECT newcomer, max(at) AS at FROM onboarding_list JOIN item ON number = item"
        " WHERE newcomer IS NOT NULL AND at > ? GROUP BY newcomer ORDER BY at",
        since.timestamp(),
    )
    return [(UserId(r["newcomer"]), datetime.fromtimestamp(r["at"], UTC)) for r in rows]
