"""What is kept of meetings: when, the marked lines, and who takes part while it lasts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import EventId, Number, RoomId, UserId
from commands.meetings.lines import Kind
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Meeting:
    """All times are UTC. `last`: its last sign of life; `asked`: whether it goes on."""

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
class Kept:
    """A marked line."""

    id: int
    meeting: Number
    kind: Kind
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


async def begin(tx: Tx, item: Number, room: RoomId, thread: str, at: datetime) -> Meeting:
    await tx.run(
        "INSERT INTO meetings_meeting (item, room, thread, started, last) VALUES (?, ?, ?, ?4, ?4)",
        item,
        room,
        thread,
        at.timestamp(),
    )
    found = await get(tx, item)
    assert found is not None
    return found


async def get(tx: Tx, item: Number) -> Meeting | None:
    row = await tx.one(f"{_MEETING} WHERE m.item = ?", item)
    return _meeting(row) if row else None


async def going_on(tx: Tx, room: RoomId, thread: str) -> Meeting | None:
    """The one of this thread, else the room's own."""
    row = await tx.one(
        f"{_MEETING} WHERE m.room = ?1 AND m.thread IN (?2, '') AND m.ended IS NULL"
        " ORDER BY m.thread = ?2 DESC LIMIT 1",
        room,
        thread,
    )
    return _meeting(row) if row else None


async def open_in(tx: Tx, room: RoomId) -> list[Meeting]:
    rows = await tx.all(f"{_MEETING} WHERE m.room = ? AND m.ended IS NULL", room)
    return [_meeting(row) for row in rows]


async def all_open(tx: Tx) -> list[Meeting]:
    return [_meeting(row) for row in await tx.all(f"{_MEETING} WHERE m.ended IS NULL")]


async def ended_around(tx: Tx, room: RoomId, thread: str, at: datetime) -> Meeting | None:
    """The meeting that went on at that time and has ended."""
    row = await tx.one(
        f"{_MEETING} WHERE m.room = ?1 AND m.ended >= ?3 AND m.started <= ?3"
        " AND m.thread IN (?2, '') ORDER BY m.thread = ?2 DESC, m.ended LIMIT 1",
        room,
        thread,
        at.timestamp(),
    )
    return _meeting(row) if row else None


async def newest(tx: Tx, room: RoomId) -> Meeting | None:
    """The last one that ended here."""
    row = await tx.one(
        f"{_MEETING} WHERE m.room = ? AND m.ended IS NOT NULL ORDER BY m.ended DESC LIMIT 1", room
    )
    return _meeting(row) if row else None


async def alive(tx: Tx, item: Number, at: datetime) -> None:
    """It gives a sign of life."""
    await tx.run(
        "UPDATE meetings_meeting SET last = max(last, ?) WHERE item = ?", at.timestamp(), item
    )


async def asked(tx: Tx, item: Number, at: datetime) -> None:
    await tx.run("UPDATE meetings_meeting SET asked = ? WHERE item = ?", at.timestamp(), item)


async def end(tx: Tx, item: Number, at: datetime, *, names: bool) -> None:
    """It is over: hands go, who took part becomes a number unless names are wanted."""
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


async def keep(
    tx: Tx,
    meeting: Number,
    event: EventId,
    author: UserId,
    kind: Kind,
    words: str,
    task: Number | None,
) -> None:
    """Who wrote it is not kept, only a mark by which an edit of theirs is known as theirs."""
    await tx.run(
        "INSERT INTO meetings_line (meeting, event, mark, kind, words, task)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        meeting,
        event,
        _mark(event, author),
        kind,
        words,
        task,
    )


def _mark(event: EventId, author: UserId) -> str:
    return hashlib.sha256(f"{event} {author}".encode()).hexdigest()


async def change(tx: Tx, line: int, words: str, task: Number | None) -> None:
    await tx.run("UPDATE meetings_line SET words = ?, task = ? WHERE id = ?", words, task, line)


async def of_message(tx: Tx, event: EventId, author: UserId) -> tuple[list[Kept], bool]:
    """The lines of a message whose meeting still goes on; False if they are somebody else's."""
    rows = await tx.all(
        "SELECT l.* FROM meetings_line l JOIN meetings_meeting m ON m.item = l.meeting"
        " WHERE l.event = ? AND m.ended IS NULL ORDER BY l.id",
        event,
    )
    mark = _mark(event, author)
    return [_kept(row) for row in rows], all(row["mark"] == mark for row in rows)


async def known(tx: Tx, event: EventId) -> bool:
    """Did this message have lines in any minutes?"""
    return await tx.one("SELECT 1 FROM meetings_line WHERE event = ?", event) is not None


async def lines(tx: Tx, meeting: Number) -> list[Kept]:
    rows = await tx.all("SELECT * FROM meetings_line WHERE meeting = ? ORDER BY id", meeting)
    return [_kept(row) for row in rows]


async def count(tx: Tx, meeting: Number) -> int:
    row = await tx.one("SELECT count(*) AS n FROM meetings_line WHERE meeting = ?", meeting)
    return int(row["n"]) if row else 0


async def take_out(tx: Tx, event: EventId) -> list[Kept]:
    """The lines of this message go, if their meeting still goes on; what went."""
    rows = await tx.all(
        "SELECT l.* FROM meetings_line l JOIN meetings_meeting m ON m.item = l.meeting"
        " WHERE l.event = ? AND m.ended IS NULL",
        event,
    )
    for row in rows:
        await tx.run("DELETE FROM meetings_line WHERE id = ?", row["id"])
    return [_kept(row) for row in rows]


def _kept(row: Any) -> Kept:
    task = Number(row["task"]) if row["task"] is not None else None
    return Kept(row["id"], Number(row["meeting"]), Kind(row["kind"]), row["words"], task)


# --- people -----------------------------------------------------------------------------------


async def attends(tx: Tx, meeting: Number, person: UserId) -> None:
    await tx.run(
        "INSERT OR IGNORE INTO meetings_person (meeting, person) VALUES (?, ?)", meeting, person
    )


async def people(tx: Tx, meeting: Number) -> list[UserId]:
    rows = await tx.all(
        "SELECT person FROM meetings_person WHERE meeting = ? ORDER BY person", meeting
    )
    return [UserId(row["person"]) for row in rows]


async def queue(tx: Tx, meeting: Number) -> list[UserId]:
    """Who raised a hand, in order: first who has not spoken yet."""
    rows = await tx.all(
        "SELECT person FROM meetings_person WHERE meeting = ? AND hand IS NOT NULL"
        " ORDER BY spoke > 0, hand",
        meeting,
    )
    return [UserId(row["person"]) for row in rows]


async def raise_hand(tx: Tx, meeting: Number, person: UserId) -> None:
    await attends(tx, meeting, person)
    await tx.run(
        "UPDATE meetings_person SET hand ="
        " (SELECT coalesce(max(hand), 0) + 1 FROM meetings_person WHERE meeting = ?1)"
        " WHERE meeting = ?1 AND person = ?2 AND hand IS NULL",
        meeting,
        person,
    )


async def lower_hand(tx: Tx, meeting: Number, person: UserId) -> bool:
    """False if it was not raised."""
    return bool(
        await tx.change(
            "UPDATE meetings_person SET hand = NULL"
            " WHERE meeting = ? AND person = ? AND hand IS NOT NULL",
            meeting,
            person,
        )
    )


async def give_floor(tx: Tx, meeting: Number, person: UserId) -> None:
    await tx.run(
        "UPDATE meetings_person SET hand = NULL, spoke = spoke + 1"
        " WHERE meeting = ? AND person = ?",
        meeting,
        person,
    )
    await tx.run("UPDATE meetings_meeting SET speaker = ? WHERE item = ?", person, meeting)


async def of_person(tx: Tx, person: UserId) -> list[Number]:
    """Meetings that are known to have had this person in them."""
    rows = await tx.all(
        "SELECT meeting FROM meetings_person WHERE person = ? ORDER BY meeting", person
    )
    return [Number(row["meeting"]) for row in rows]


async def forget(tx: Tx, person: UserId) -> int:
    """Out of every meeting; how many. What was agreed stays, without an address typed into it."""
    await tx.run("UPDATE meetings_meeting SET speaker = '' WHERE speaker = ?", person)
    await tx.run("UPDATE meetings_point SET person = '' WHERE person = ?", person)
    for table, column in (("meetings_line", "words"), ("meetings_point", "title")):
        await tx.run(
            f"UPDATE {table} SET {column} = replace({column}, ?1, '@')"  # noqa: S608
            f" WHERE instr({column}, ?1)",
            person,
        )
    await tx.run(
        "UPDATE item SET title = replace(title, ?1, '@') WHERE feature = 'meetings'"
        " AND instr(title, ?1)",
        person,
    )
    return await tx.change("DELETE FROM meetings_person WHERE person = ?", person)


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    """All goes on in the next room; what went on in a thread goes on in the room, if it can."""
    for table in ("meetings_meeting", "meetings_point"):
        await tx.run(f"UPDATE {table} SET room = ? WHERE room = ?", new, old)  # noqa: S608
    await tx.run("UPDATE meetings_point SET thread = '' WHERE room = ? AND meeting IS NULL", new)
    for meeting in await open_in(tx, new):
        if await going_on(tx, new, "") is None:
            await tx.run("UPDATE meetings_meeting SET thread = '' WHERE item = ?", meeting.item)


def numbers(found: Sequence[Kept]) -> list[Number]:
    """The tasks among the lines."""
    return [one.task for one in found if one.task is not None]
