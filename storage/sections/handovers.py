"""Which rooms this bot hands over to another one, or takes from it (docs/decisions/0048)."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.types import RoomId, UserId
from storage.database import Tx

Way = Literal["out", "in"]

NOT_OURS = "room IN (SELECT room FROM section_room)"
"""An SQL condition on the rooms in which this bot does nothing: no longer, or not yet."""
RUNS_HERE = (
    f"NOT ({NOT_OURS}) AND (item IS NULL OR item NOT IN"  # noqa: S608
    f" (SELECT number FROM item WHERE {NOT_OURS}))"
)
"""An SQL condition on the jobs that this bot may run."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A section of a network, as it was handed over: `out` by this bot, or `in` to it."""

    id: str
    way: Way
    peer: UserId
    made: datetime
    statement: str
    signature: str
    public: str
    told: bool

    @property
    def account(self) -> UserId:
        """The account of the bot that takes the rooms."""
        return UserId(json.loads(self.statement)["to"])


def _handover(row: Any) -> Handover:
    return Handover(
        row["id"],
        row["way"],
        UserId(row["peer"]),
        datetime.fromtimestamp(row["made"], UTC),
        row["statement"],
        row["signature"],
        row["public"],
        bool(row["told"]),
    )


async def add(tx: Tx, one: Handover, rooms: Collection[RoomId]) -> None:
    """Store a part of the network to be handed over, in whose rooms this bot does nothing more."""
    await tx.run(
        "INSERT INTO section (id, way, peer, made, statement, signature, public, told)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        one.id,
        one.way,
        one.peer,
        one.made.timestamp(),
        one.statement,
        one.signature,
        one.public,
        one.told,
    )
    await tx.many(
        "INSERT INTO section_room (room, section) VALUES (?, ?)", [(r, one.id) for r in rooms]
    )


async def turn_around(tx: Tx, section: str, peer: UserId) -> None:
    """In a copy for the other bot: keep only this part of the network, as one taken over from
    `peer`."""
    await tx.run("DELETE FROM section WHERE id != ?", section)
    await tx.run("UPDATE section SET way = 'in', peer = ?, told = 0", peer)


async def all_of(tx: Tx, way: Way) -> list[Handover]:
    """Return the handovers to other bots (`out`) or from them (`in`), the first that began first.

    In a handover a bot gives some of its rooms, with all that belongs to them, to another one.
    """
    rows = await tx.all("SELECT * FROM section WHERE way = ? ORDER BY made, id", way)
    return [_handover(row) for row in rows]


async def progress(tx: Tx) -> frozenset[tuple[str, str, bool]]:
    """Return how far all handovers are: for each part and room ("" for none left), whether it was
    given."""
    if not await tx.has_table("section"):  # of an older version
        return frozenset()
    rows = await tx.all(
        "SELECT id, coalesce(room, '') AS room, coalesce(given, 0) AS given"
        " FROM section LEFT JOIN section_room ON section = id"
    )
    return frozenset((row["id"], row["room"], bool(row["given"])) for row in rows)


async def of_room(tx: Tx, room: RoomId) -> Handover | None:
    """Return the handover to which this room belongs, or None where the bot does its ordinary
    work."""
    row = await tx.one(
        "SELECT section.* FROM section_room JOIN section ON section.id = section_room.section"
        " WHERE room = ?",
        room,
    )
    return _handover(row) if row else None


async def is_idle(tx: Tx, room: RoomId) -> bool:
    """Return whether this bot does nothing in the room because of a handover: no longer, or not
    yet."""
    return await tx.exists("SELECT 1 FROM section_room WHERE room = ?", room)


async def is_awaited(tx: Tx, room: RoomId) -> bool:
    """Return whether another bot has yet to hand this room over to us."""
    return await tx.exists(
        "SELECT 1 FROM section_room JOIN section ON section.id = section_room.section"
        " WHERE room = ? AND way = 'in'",
        room,
    )


async def idle_rooms(tx: Tx, section: str | None = None) -> list[RoomId]:
    """Return the rooms in which this bot does nothing, of one handover or of all."""
    return await tx.column(
        RoomId,
        "SELECT room FROM section_room WHERE ?1 IS NULL OR section = ?1 ORDER BY room",
        section,
    )


async def is_given(tx: Tx, room: RoomId) -> bool:
    """Return whether the room was given to the other bot already."""
    return await tx.exists("SELECT 1 FROM section_room WHERE room = ? AND given", room)


async def mark_given(tx: Tx, room: RoomId) -> None:
    """Store that the room was given to the other bot."""
    await tx.run("UPDATE section_room SET given = 1 WHERE room = ?", room)


async def mark_told(tx: Tx, section: str) -> None:
    """Store that the rooms of a handover were told."""
    await tx.run("UPDATE section SET told = 1 WHERE id = ?", section)


async def end(tx: Tx, room: RoomId) -> None:
    """Store that a room's handover is finished: it is ours, or the other bot's and we have left
    it."""
    await tx.run("DELETE FROM section_room WHERE room = ?", room)


async def take_back(tx: Tx, section: str) -> list[RoomId]:
    """Cancel a handover for the rooms that the other bot does not have yet, and return them."""
    which = "section = ? AND NOT given"
    rooms = await tx.column(
        RoomId,
        f"SELECT room FROM section_room WHERE {which} ORDER BY room",  # noqa: S608
        section,
    )
    await tx.run(f"DELETE FROM section_room WHERE {which}", section)  # noqa: S608
    return rooms


async def begin_all(tx: Tx) -> int:
    """End the wait in all rooms that another bot was to hand over, so that this bot begins there.
    Return how many."""
    return await tx.change(
        "DELETE FROM section_room WHERE section IN (SELECT id FROM section WHERE way = 'in')"
    )
