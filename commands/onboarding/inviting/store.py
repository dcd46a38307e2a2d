"""Lists of invitations on disk: a row for each person and room, and how it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.api import Number, RoomId, UserId
from storage.database import Tx


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"  # handed to the homeserver
    INVITED = "invited"
    THERE = "there"  # in the room, or invited, already
    WRONG = "wrong"  # no address
    NO_RIGHT = "no_right"  # the bot has none there
    NOT_YOURS = "not_yours"  # who asked has none there
    BANNED = "banned"
    REFUSED = "refused"
    SILENT = "silent"  # a server does not answer
    STOPPED = "stopped"


OPEN = (State.WAITING, State.SENT)


@dataclass(frozen=True, slots=True)
class Row:
    person: str
    room: RoomId
    state: State


async def put(
    tx: Tx,
    item: Number,
    target: str,
    rows: Iterable[Row],
    at: datetime,
    *,
    newcomer: UserId | None = None,
) -> None:
    """A new list: one that was typed, or the rooms into which a newcomer comes."""
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


async def target(tx: Tx, item: Number) -> str:
    row = await tx.one("SELECT target FROM onboarding_list WHERE item = ?", item)
    return str(row["target"]) if row else ""


async def newcomer(tx: Tx, item: Number) -> UserId | None:
    row = await tx.one("SELECT newcomer FROM onboarding_list WHERE item = ?", item)
    return UserId(row["newcomer"]) if row and row["newcomer"] else None


async def tried(tx: Tx, item: Number) -> int:
    """The list has come to its end once more: how often by now."""
    await tx.run("UPDATE onboarding_list SET tries = tries + 1 WHERE item = ?", item)
    row = await tx.one("SELECT tries FROM onboarding_list WHERE item = ?", item)
    return int(row["tries"]) if row else 0


async def rows(tx: Tx, item: Number) -> list[Row]:
    found = await tx.all("SELECT * FROM onboarding_invitation WHERE list = ? ORDER BY rowid", item)
    return [Row(r["person"], RoomId(r["room"]), State(r["state"])) for r in found]


async def waiting(tx: Tx, item: Number, limit: int) -> list[Row]:
    found = await tx.all(
        "SELECT * FROM onboarding_invitation WHERE list = ? AND state = ? ORDER BY rowid LIMIT ?",
        item,
        State.WAITING,
        limit,
    )
    return [Row(r["person"], RoomId(r["room"]), State.WAITING) for r in found]


async def settle(tx: Tx, item: Number, person: UserId, room: RoomId, state: State) -> bool:
    """How it went; False if that is known already, or the list is gone."""
    changed = await tx.change(
        "UPDATE onboarding_invitation SET state = ? WHERE list = ? AND person = ? AND room = ?"
        " AND state IN ('waiting', 'sent')",
        state.value,
        item,
        person,
        room,
    )
    return changed > 0


async def give_up(tx: Tx, item: Number, was: State, becomes: State) -> None:
    await tx.run(
        "UPDATE onboarding_invitation SET state = ? WHERE list = ? AND state = ?",
        becomes.value,
        item,
        was.value,
    )


async def counts(tx: Tx, item: Number) -> dict[State, int]:
    found = await tx.all(
        "SELECT state, count(*) AS n FROM onboarding_invitation WHERE list = ? GROUP BY state",
        item,
    )
    counted: dict[State, int] = defaultdict(int)
    counted.update({State(r["state"]): int(r["n"]) for r in found})
    return counted


async def show(tx: Tx, item: Number, at: datetime, pause: float) -> bool:
    """Is it time to show the progress again? Then it counts as shown."""
    changed = await tx.change(
        "UPDATE onboarding_list SET shown = ?1 WHERE item = ?2 AND ?1 - shown >= ?3",
        at.timestamp(),
        item,
        pause,
    )
    return changed > 0


async def open_lists(tx: Tx, person: UserId) -> int:
    row = await tx.one(
        "SELECT count(*) AS n FROM item WHERE kind = 'invitations' AND author = ? AND open",
        person,
    )
    return int(row["n"]) if row else 0


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    """What is still to come goes to the next room."""
    await tx.run(
        "UPDATE OR IGNORE onboarding_invitation SET room = ? WHERE room = ? AND state = 'waiting'",
        new,
        old,
    )


async def forget(tx: Tx, person: UserId) -> int:
    """A person is in no list any more: neither as invited nor as who invited."""
    await tx.run(
        "DELETE FROM item WHERE number IN (SELECT item FROM onboarding_list WHERE newcomer = ?)",
        person,
    )
    return await tx.change("DELETE FROM onboarding_invitation WHERE person = ?", person)


async def of_person(tx: Tx, person: UserId) -> int:
    row = await tx.one(
        "SELECT count(DISTINCT list) AS n FROM onboarding_invitation WHERE person = ?", person
    )
    return int(row["n"]) if row else 0


async def places_of(tx: Tx, person: UserId) -> list[RoomId]:
    """The rooms to which the bot invites this person, those they are in already included."""
    found = await tx.all(
        "SELECT DISTINCT room FROM onboarding_invitation WHERE person = ?"
        " AND state IN ('waiting', 'sent', 'invited', 'there')",
        person,
    )
    return [RoomId(r["room"]) for r in found]


async def rooms_of_newcomer(tx: Tx, person: UserId) -> list[RoomId]:
    """Where somebody who was let in was invited to."""
    rows = await tx.all(
        "SELECT DISTINCT room FROM onboarding_list JOIN onboarding_invitation ON list = item"
        " WHERE newcomer = ? AND state IN ('invited', 'there') ORDER BY room",
        person,
    )
    return [RoomId(row["room"]) for row in rows]


async def newcomers(tx: Tx, since: datetime) -> list[tuple[UserId, datetime]]:
    """Who was let in since then, and when."""
    rows = await tx.all(
        "SELECT newcomer, max(at) AS at FROM onboarding_list JOIN item ON number = item"
        " WHERE newcomer IS NOT NULL AND at > ? GROUP BY newcomer ORDER BY at",
        since.timestamp(),
    )
    return [(UserId(r["newcomer"]), datetime.fromtimestamp(r["at"], UTC)) for r in rows]
