"""Open questions: one per person, room and thread.

A question in private has the person's id as its room.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.types import EventId, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Question:
    """An open question. With an empty `name` it belongs to a command, else to a dialogue."""

    room: RoomId
    thread: str
    person: UserId
    feature: str
    name: str
    wants: Mapping[str, Any]
    payload: Mapping[str, Any]
    asked: datetime
    until: datetime
    event: EventId | None


async def save(tx: Tx, question: Question, letter_txn: str | None) -> None:
    """Store an open question, replacing one to the same person in the same room and thread."""
    await tx.run(
        "INSERT OR REPLACE INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        question.room,
        question.thread,
        question.person,
        question.feature,
        question.name,
        json.dumps(question.wants),
        json.dumps(question.payload),
        question.asked.timestamp(),
        question.until.timestamp(),
        question.event,
        letter_txn,
    )


async def set_payload(tx: Tx, question: Question, payload: Mapping[str, Any]) -> None:
    """Replace the data stored with an open question; the message that asks it stays the same."""
    await tx.run(
        "UPDATE question SET payload = ? WHERE room = ? AND thread = ? AND person = ?",
        json.dumps(payload),
        question.room,
        question.thread,
        question.person,
    )


async def get(tx: Tx, room: RoomId, thread: str, person: UserId) -> Question | None:
    """Return the open question to a person in this room and thread, or None."""
    row = await tx.one(
        "SELECT * FROM question WHERE room = ? AND thread = ? AND person = ?", room, thread, person
    )
    return _question(row) if row else None


async def find_resuming(tx: Tx, person: UserId, line: EventId) -> Question | None:
    """Return the open question to this person whose answer would run the message again, or None.

    Never one whether to call for help: a yes to it says by itself what it means, who is in danger
    may delete what they wrote, and a homeserver can make up a redaction.
    """
    row = await tx.one(
        "SELECT * FROM question WHERE person = ? AND name = ''"
        " AND json_extract(payload, '$.line') = ? AND json_extract(wants, '$.kind') <> 'call'",
        person,
        line,
    )
    return _question(row) if row else None


async def is_question(tx: Tx, person: UserId, txn: str) -> bool:
    """Return whether the outbox entry with this transaction id asks a private question."""
    query = "SELECT 1 FROM question WHERE room = ? AND letter = ?"
    return await tx.exists(query, person, txn)


async def is_on_its_way(tx: Tx, question: Question) -> bool:
    """Return whether the message that asks it, or a file with it, is not known to have arrived yet.

    A room tells of our own messages in its order, so what the person writes after it is read after
    it has: nobody can have seen a question that is on its way.
    """
    return await tx.exists(
        "SELECT 1 FROM letter WHERE txn IN (SELECT letter FROM question"
        " WHERE room = ?1 AND thread = ?2 AND person = ?3 UNION ALL"
        " SELECT value FROM question, json_each(question.payload, '$.files')"
        " WHERE room = ?1 AND thread = ?2 AND person = ?3)",
        question.room,
        question.thread,
        question.person,
    )


async def lapse_lost(tx: Tx, txn: str) -> Question | None:
    """Let the question lapse whose message or file, the outbox entry with this transaction id, will
    never arrive. Return it, or None if that was no question's.

    Only one whether to call for help stays open: a yes to it says by itself what it means.
    """
    row = await tx.one(
        "SELECT * FROM question WHERE letter = ?1"
        " OR EXISTS (SELECT 1 FROM json_each(payload, '$.files') WHERE value = ?1)",
        txn,
    )
    if row is None:
        return None
    await tx.run(  # before any time at which an answer may be said: servers' clocks differ
        "UPDATE question SET until = 0"
        " WHERE letter = ? AND json_extract(wants, '$.kind') <> 'call'",
        row["letter"],
    )
    return _question(row)


async def lapse_lost_in(tx: Tx, room: RoomId) -> None:
    """Let the questions lapse whose messages wait for this room and are to be dropped."""
    for row in await tx.all("SELECT txn FROM letter WHERE room = ?", room):
        await lapse_lost(tx, row["txn"])


async def open_questions(tx: Tx, person: UserId, now: datetime) -> list[Question]:
    """Return all questions to this person that have not lapsed."""
    rows = await tx.all(
        "SELECT * FROM question WHERE person = ? AND until > ?", person, now.timestamp()
    )
    return [_question(row) for row in rows]


def _question(row: Any) -> Question:
    return Question(
        RoomId(row["room"]),
        row["thread"],
        UserId(row["person"]),
        row["feature"],
        row["name"],
        json.loads(row["wants"]),
        json.loads(row["payload"]),
        datetime.fromtimestamp(row["asked"], UTC),
        datetime.fromtimestamp(row["until"], UTC),
        row["event"],
    )


async def delete(tx: Tx, room: RoomId, thread: str, person: UserId) -> bool:
    """Delete an open question. Return whether there was one."""
    return (
        await tx.change(
            "DELETE FROM question WHERE room = ? AND thread = ? AND person = ?",
            room,
            thread,
            person,
        )
        > 0
    )


async def forget_before(tx: Tx, at: datetime) -> None:
    """Delete questions that lapsed before `at`."""
    await tx.run("DELETE FROM question WHERE until < ?", at.timestamp())
