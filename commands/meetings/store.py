"""Meetings in the database: times, marked lines, and who takes part while they last."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import EventId, Number, RoomId, UserId
from commands.meetings.marked_lines import LineKind
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting; all times are UTC.

    `last` is its last activity, `asked` when the bot asked whether it goes on, and `present` how
    many took part.
    """

    item: Number
    title: str
    room: RoomId
    thread: EventId | None
    author: UserId
    started: datetime
    ended: datetime | None
    last: datetime
    asked: datetime | None
    speaker: UserId
    present: int


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """A marked line in the minutes."""

    id: int
    meeting: Number
    kind: LineKind
    words: str
    task: Number | None


_MEETING = "SELECT m.*, i.title, i.author FROM meetings_meeting m JOIN item i ON i.number = m.item"


def _at(stamp: float | None) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if stamp is not None else None


def _meeting(row: Any) -> Meeting:
    return Meeting(
        Number(row["item"]),
        row["title"],
        RoomId(row["room"]),
        EventId(row["thread"]) if row["thread"] else None,
        UserId(row["author"]),
        datetime.fromtimestamp(row["started"], UTC),
        _at(row["ended"]),
        datetime.fromtimestamp(row["last"], UTC),
        _at(row["asked"]),
        UserId(row["speaker"]),
        row["present"],
    )


async def begin_meeting(tx: Tx, item: Number, room: RoomId, thread: str, at: datetime) -> Meeting:
    """Store a new meeting for this item, and return it."""
    await tx.run(
        "INSERT INTO meetings_meeting (item, room, thread, started, last) VALUES (?, ?, ?, ?4, ?4)",
        item,
        room,
        thread,
        at.timestamp(),
    )
    found = await get_meeting(tx, item)
    assert found is not None
    return found


async def get_meeting(tx: Tx, item: Number) -> Meeting | None:
    """Return the meeting of this item, or None."""
    row = await tx.one(f"{_MEETING} WHERE m.item = ?", item)
    return _meeting(row) if row else None


async def find_open_meeting(tx: Tx, room: RoomId, thread: str) -> Meeting | None:
    """Return the open meeting of this thread, else that of the room, or None."""
    row = await tx.one(
        f"{_MEETING} WHERE m.room = ?1 AND m.thread IN (?2, '') AND m.ended IS NULL"
        " ORDER BY m.thread = ?2 DESC LIMIT 1",
        room,
        thread,
    )
    return _meeting(row) if row else None


async def open_meetings_in(tx: Tx, room: RoomId) -> list[Meeting]:
    """Return the open meetings of a room."""
    rows = await tx.all(f"{_MEETING} WHERE m.room = ? AND m.ended IS NULL", room)
    return [_meeting(row) for row in rows]


async def all_open_meetings(tx: Tx) -> list[Meeting]:
    """Return the open meetings of all rooms."""
    return [_meeting(row) for row in await tx.all(f"{_MEETING} WHERE m.ended IS NULL")]


async def find_ended_meeting(tx: Tx, room: RoomId, thread: str, at: datetime) -> Meeting | None:
    """Return the ended meeting that was going on at that time, or None."""
    row = await tx.one(
        f"{_MEETING} WHERE m.room = ?1 AND m.ended >= ?3 AND m.started <= ?3"
        " AND m.thread IN (?2, '') ORDER BY m.thread = ?2 DESC, m.ended LIMIT 1",
        room,
        thread,
        at.timestamp(),
    )
    return _meeting(row) if row else None


async def last_ended_meeting(tx: Tx, room: RoomId) -> Meeting | None:
    """Return the meeting that ended last in this room, or None."""
    row = await tx.one(
        f"{_MEETING} WHERE m.room = ? AND m.ended IS NOT NULL ORDER BY m.ended DESC LIMIT 1", room
    )
    return _meeting(row) if row else None


async def record_activity(tx: Tx, item: Number, at: datetime) -> None:
    """Store when a meeting was last active."""
    await tx.run(
        "UPDATE meetings_meeting SET last = max(last, ?) WHERE item = ?", at.timestamp(), item
    )


async def record_question(tx: Tx, item: Number, at: datetime) -> None:
    """Store that the bot asked whether the meeting goes on."""
    await tx.run("UPDATE meetings_meeting SET asked = ? WHERE item = ?", at.timestamp(), item)


async def end_meeting(tx: Tx, item: Number, at: datetime, *, names: bool) -> None:
    """Store the end of a meeting.

    Raised hands are deleted. Unless `names`, participants are replaced by their number.
    """
    await tx.run(
        "UPDATE meetings_meeting SET ended = max(?1, started), speaker = '', present ="
        " (SELECT count(*) FROM meetings_person WHERE meeting = ?2) WHERE item = ?2",
        at.timestamp(),
        item,
    )
    await tx.run("UPDATE meetings_line SET mark = '' WHERE meeting = ?", item)
    if not names:
        await tx.run("DELETE FROM meetings_person WHERE meeting = ?", item)
    await tx.run("UPDATE meetings_person SET hand = NULL WHERE meeting = ?", item)


# --- lines ------------------------------------------------------------------------------------


async def add_line(
    tx: Tx,
    meeting: Number,
    event: EventId,
    author: UserId,
    kind: LineKind,
    words: str,
    task: Number | None,
) -> None:
    """Store a marked line of a meeting's minutes.

    Instead of its author only a hash is kept, which recognises the author's own edits.
    """
    await tx.run(
        "INSERT INTO meetings_line (meeting, event, mark, kind, words, task)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        meeting,
        event,
        _author_hash(event, author),
        kind,
        words,
        task,
    )


def _author_hash(event: EventId, author: UserId) -> str:
    return hashlib.sha256(f"{event} {author}".encode()).hexdigest()


async def change_line(tx: Tx, line: int, words: str, task: Number | None) -> None:
    """Replace the words and the task of a line of the minutes."""
    await tx.run("UPDATE meetings_line SET words = ?, task = ? WHERE id = ?", words, task, line)


async def lines_of_message(
    tx: Tx, event: EventId, author: UserId
) -> tuple[list[MinutesLine], bool]:
    """Return the lines of a message in the minutes of open meetings, and whether `author` wrote
    them."""
    rows = await tx.all(
        "SELECT l.* FROM meetings_line l JOIN meetings_meeting m ON m.item = l.meeting"
        " WHERE l.event = ? AND m.ended IS NULL ORDER BY l.id",
        event,
    )
    mark = _author_hash(event, author)
    return [_kept(row) for row in rows], all(row["mark"] == mark for row in rows)


async def has_lines(tx: Tx, event: EventId) -> bool:
    """Return whether this message has lines in any minutes."""
    return await tx.exists("SELECT 1 FROM meetings_line WHERE event = ?", event)


async def list_lines(tx: Tx, meeting: Number) -> list[MinutesLine]:
    """Return the lines of a meeting's minutes in order."""
    rows = await tx.all("SELECT * FROM meetings_line WHERE meeting = ? ORDER BY id", meeting)
    return [_kept(row) for row in rows]


async def count_lines(tx: Tx, meeting: Number) -> int:
    """Return how many lines a meeting's minutes have."""
    return await tx.count("SELECT count(*) AS n FROM meetings_line WHERE meeting = ?", meeting)


async def remove_lines(tx: Tx, event: EventId) -> list[MinutesLine]:
    """Delete the minutes' lines of this message, if their meeting is open. Returns what was
    deleted."""
    rows = await tx.all(
        "SELECT l.* FROM meetings_line l JOIN meetings_meeting m ON m.item = l.meeting"
        " WHERE l.event = ? AND m.ended IS NULL",
        event,
    )
    for row in rows:
        await tx.run("DELETE FROM meetings_line WHERE id = ?", row["id"])
    return [_kept(row) for row in rows]


def _kept(row: Any) -> MinutesLine:
    task = Number(row["task"]) if row["task"] is not None else None
    return MinutesLine(row["id"], Number(row["meeting"]), LineKind(row["kind"]), row["words"], task)


# --- people -----------------------------------------------------------------------------------


async def record_attendance(tx: Tx, meeting: Number, person: UserId) -> None:
    """Store that a person takes part in a meeting."""
    await tx.run(
        "INSERT OR IGNORE INTO meetings_person (meeting, person) VALUES (?, ?)", meeting, person
    )


async def list_participants(tx: Tx, meeting: Number) -> list[UserId]:
    """Return the people who are stored as taking part in a meeting."""
    return await tx.column(
        UserId, "SELECT person FROM meetings_person WHERE meeting = ? ORDER BY person", meeting
    )


async def meetings_of_person(tx: Tx, person: UserId) -> list[Number]:
    """Return the meetings in which this person is known to have taken part."""
    return await tx.column(
        Number, "SELECT meeting FROM meetings_person WHERE person = ? ORDER BY meeting", person
    )


async def move_threads(tx: Tx, new: RoomId) -> None:
    """Move the meeting agenda out of its threads in a room that replaced another.

    A thread's meeting becomes the room's if it has none.
    """
    await tx.run("UPDATE meetings_point SET thread = '' WHERE room = ? AND meeting IS NULL", new)
    for meeting in await open_meetings_in(tx, new):
        if await find_open_meeting(tx, new, "") is None:
            await tx.run("UPDATE meetings_meeting SET thread = '' WHERE item = ?", meeting.item)


def task_numbers(found: Sequence[MinutesLine]) -> list[Number]:
    """Return the numbers of the tasks among these lines of the minutes."""
    return [one.task for one in found if one.task is not None]
