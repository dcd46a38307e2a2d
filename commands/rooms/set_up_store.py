"""Storage of the questions that set a room up: who answers them, and what they answered."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.api import RoomId, UserId
from storage.database import Tx


async def begin(tx: Tx, room: RoomId, person: UserId) -> None:
    """Store that this person is asked the set-up's questions. Answers of theirs that are stored
    stay, others' are deleted."""
    await tx.run("DELETE FROM rooms_set_up WHERE room = ? AND person != ?", room, person)
    await tx.run("INSERT OR IGNORE INTO rooms_set_up (room, person) VALUES (?, ?)", room, person)


async def kept_answers(tx: Tx, room: RoomId, person: UserId) -> dict[str, str]:
    """Return the answers that this person gave before they put the set-up's questions off."""
    row = await tx.one(
        "SELECT answers FROM rooms_set_up WHERE room = ? AND person = ?", room, person
    )
    return dict(json.loads(row["answers"])) if row else {}


async def is_asked(tx: Tx, room: RoomId, person: UserId) -> bool:
    """Return whether this person has questions of this room's set-up still to answer."""
    query = "SELECT 1 FROM rooms_set_up WHERE room = ? AND person = ?"
    return await tx.one(query, room, person) is not None


async def is_asked_anywhere(tx: Tx, person: UserId) -> bool:
    """Return whether this person has questions of any room's set-up to answer."""
    return await tx.one("SELECT 1 FROM rooms_set_up WHERE person = ?", person) is not None


async def postpone(tx: Tx, room: RoomId, person: UserId, answers: Mapping[str, str]) -> bool:
    """Store the answers to a room's set-up for later. Return whether it is the first time."""
    await begin(tx, room, person)
    row = await tx.one(
        "UPDATE rooms_set_up SET answers = ?, postponed = postponed + 1 WHERE room = ?"
        " RETURNING postponed",
        json.dumps(dict(answers)),
        room,
    )
    return row is not None and row["postponed"] == 1


async def end(tx: Tx, room: RoomId) -> None:
    """Delete the questions of a room's set-up, which are answered or not wanted, and their
    answers."""
    await tx.run("DELETE FROM rooms_set_up WHERE room = ?", room)
