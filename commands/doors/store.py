"""Storage of doors: questions, requests with their sealed answers, refusals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.api import Membership, Number, RoomId, UserId, rooms, sealed_text
from storage.database import Tx

YES_NO = ("yesno",)
"""Options of a question that is answered with yes or no."""


class RequestStep(StrEnum):
    """Where a request stands. `ASKING` and `DECIDING` are open."""

    ASKING = "asking"
    DECIDING = "deciding"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    GONE = "gone"  # they went away, or somebody let them in or shut them out by hand
    LAPSED = "lapsed"


OPEN_STEPS = (RequestStep.ASKING, RequestStep.DECIDING)
"""The steps of requests that are still open."""


@dataclass(frozen=True, slots=True)
class DoorQuestion:
    """A question. `options`: empty for any words, `YES_NO` for yes or no, else one of them."""

    text: str
    options: tuple[str, ...] = ()
    follow_up: bool = False
    """Whether who decides asked it of this one request."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to come in at a door. `since`: when it came to its step."""

    item: Number
    person: UserId
    room: RoomId
    step: RequestStep
    since: datetime
    questions: tuple[DoorQuestion, ...]
    poll: Number | None = None
    """The proposal in which a room votes on it now."""
    is_undecided: bool = False
    """True once a room's vote came to nothing, so that the moderators decide."""

    @property
    def open(self) -> bool:
        """Whether the request still waits for answers or for a decision."""
        return self.step in OPEN_STEPS


def _request(row: Any) -> Request:
    return Request(
        Number(row["item"]),
        UserId(row["person"]),
        RoomId(row["room"]),
        RequestStep(row["step"]),
        datetime.fromtimestamp(row["since"], UTC),
        tuple(
            DoorQuestion(one[0], tuple(one[1]), *one[2:]) for one in json.loads(row["questions"])
        ),
        row["poll"],
        bool(row["undecided"]),
    )


# --- questions ------------------------------------------------------------------------------------


async def get_questions(tx: Tx, room: RoomId) -> list[DoorQuestion]:
    """Return the interview questions of a door, in order."""
    rows = await tx.all("SELECT * FROM doors_question WHERE room = ? ORDER BY place", room)
    return [DoorQuestion(r["text"], tuple(json.loads(r["options"]))) for r in rows]


async def set_questions(tx: Tx, room: RoomId, asked: Sequence[DoorQuestion]) -> None:
    """Replace the interview questions of a door."""
    await tx.run("DELETE FROM doors_question WHERE room = ?", room)
    await tx.many(
        "INSERT INTO doors_question VALUES (?, ?, ?, ?)",
        [(room, n, one.text, json.dumps(one.options)) for n, one in enumerate(asked)],
    )


# --- requests -------------------------------------------------------------------------------------


async def add_request(
    tx: Tx, item: Number, person: UserId, room: RoomId, asked: Sequence[DoorQuestion], at: datetime
) -> None:
    """Store a new request to come in, with a key of its own for its answers."""
    await tx.run(
        "INSERT INTO doors_request (item, person, room, step, since, questions)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        item,
        person,
        room,
        RequestStep.ASKING.value,
        at.timestamp(),
        json.dumps([[one.text, one.options] for one in asked]),
    )
    await tx.run("INSERT INTO doors_key VALUES (?, ?)", item, sealed_text.new_key())


async def get_request(tx: Tx, item: Number) -> Request | None:
    """Return the request to come in with this number, or None."""
    row = await tx.one("SELECT * FROM doors_request WHERE item = ?", item)
    return _request(row) if row else None


async def open_requests_of(tx: Tx, person: UserId, room: RoomId | None = None) -> list[Request]:
    """Return the person's open requests, at this door or at all."""
    rows = await tx.all(
        "SELECT * FROM doors_request WHERE person = ?1 AND step IN ('asking', 'deciding')"
        " AND (?2 IS NULL OR room = ?2) ORDER BY item",
        person,
        room,
    )
    return [_request(row) for row in rows]


async def open_requests(tx: Tx) -> list[Request]:
    """Return all open requests to come in, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM doors_request WHERE step IN ('asking', 'deciding') ORDER BY item"
    )
    return [_request(row) for row in rows]


async def count_at_step(
    tx: Tx, room: RoomId, server: str, step: RequestStep, since: datetime
) -> int:
    """Return how many requests of a homeserver's people at this door have been at this step since
    an instant.

    `ASKING` are those who are being asked, `GONE` those who went away again.
    """
    return await tx.count(
        "SELECT count(*) AS n FROM doors_request WHERE room = ? AND step = ?"
        " AND since > ? AND substr(person, instr(person, ':') + 1) = ?",
        room,
        step.value,
        since.timestamp(),
        server,
    )


async def count_taken_back(tx: Tx, room: RoomId, since: datetime, person: UserId) -> int:
    """Return how often this person knocked and went away since an instant (UTC)."""
    return await tx.count(
        "SELECT count(*) AS n FROM doors_request WHERE person = ? AND room = ?"
        " AND step = 'gone' AND since > ?",
        person,
        room,
        since.timestamp(),
    )


async def set_step(tx: Tx, item: Number, step: RequestStep, at: datetime) -> None:
    """Store the step at which a request to come in is since `at` (UTC)."""
    await tx.run(
        "UPDATE doors_request SET step = ?, since = ? WHERE item = ?",
        step.value,
        at.timestamp(),
        item,
    )


async def requests_awaiting_vote(tx: Tx) -> list[Request]:
    """Return the requests to decide on which no room votes or voted, the longest waiting first."""
    rows = await tx.all(
        "SELECT * FROM doors_request WHERE step = 'deciding' AND poll IS NULL"
        " AND NOT undecided ORDER BY since, item"
    )
    return [_request(row) for row in rows]


async def set_ballot(tx: Tx, item: Number, poll: Number | None) -> None:
    """Store the proposal in which a room votes on a request; None if it no longer does."""
    await tx.run("UPDATE doors_request SET poll = ? WHERE item = ?", poll, item)


async def count_ballots_in(tx: Tx, room: RoomId) -> int:
    """Return on how many requests this room votes now."""
    return await tx.count(
        "SELECT count(*) AS n FROM doors_request r JOIN item i ON i.number = r.poll"
        " WHERE r.poll IS NOT NULL AND i.room = ?",
        room,
    )


async def mark_undecided(tx: Tx, item: Number) -> None:
    """Store that the room's vote on a request came to nothing and the moderators decide."""
    await tx.run("UPDATE doors_request SET undecided = 1 WHERE item = ?", item)


async def people_knocking(tx: Tx, room: RoomId) -> list[UserId]:
    """Return who knocks by the room's state, has no open request and was not let in.

    Somebody who was let in goes on knocking until they accept the rules and are invited.
    """
    rows = await tx.all(
        "SELECT person FROM doors_request r WHERE room = ? AND (step IN ('asking', 'deciding')"
        " OR step = 'admitted' AND item = (SELECT max(item) FROM doors_request o"
        " WHERE o.room = r.room AND o.person = r.person))",
        room,
    )
    inside = {row["person"] for row in rows}
    return [p for p in await rooms.members(tx, room, Membership.KNOCK) if p not in inside]


# --- answers --------------------------------------------------------------------------------------


async def count_answers(tx: Tx, item: Number) -> int:
    """Return how many interview questions of a request were answered."""
    return await tx.count("SELECT count(*) AS n FROM doors_answer WHERE item = ?", item)


async def put_answer(tx: Tx, item: Number, place: int, text: str) -> None:
    """Encrypt and store an interview answer. Does nothing once the request's key is deleted."""
    row = await tx.one("SELECT key FROM doors_key WHERE item = ?", item)
    if row is not None:
        sealed = sealed_text.seal(bytes(row["key"]), _associated_data(item, place), text)
        await tx.run("INSERT OR REPLACE INTO doors_answer VALUES (?, ?, ?)", item, place, sealed)


async def get_answers(tx: Tx, item: Number) -> list[str]:
    """Return the interview answers of a request in order; none if they were deleted."""
    key = await tx.one("SELECT key FROM doors_key WHERE item = ?", item)
    rows = await tx.all("SELECT * FROM doors_answer WHERE item = ? ORDER BY place", item)
    if key is None:
        return []
    return [
        sealed_text.unseal(
            bytes(key["key"]), _associated_data(item, r["place"]), bytes(r["sealed"])
        )
        for r in rows
    ]


async def shred_answers(tx: Tx, item: Number) -> None:
    """Delete key and interview answers of a request, from the write-ahead log too."""
    await tx.run("DELETE FROM doors_key WHERE item = ?", item)
    await tx.run("DELETE FROM doors_answer WHERE item = ?", item)
    tx.shred()


def _associated_data(item: Number, place: int) -> bytes:
    return b"%d|%d" % (item, place)


# --- refusals -------------------------------------------------------------------------------------


async def add_refusal(tx: Tx, person: UserId, room: RoomId, until: datetime) -> None:
    """Store that the person can't ask to come in at this door until an instant (UTC)."""
    query = "INSERT OR REPLACE INTO doors_refused VALUES (?, ?, ?)"
    await tx.run(query, person, room, until.timestamp())


async def refused_until(tx: Tx, person: UserId, room: RoomId, at: datetime) -> datetime | None:
    """Return until when (UTC) this person can't ask to come in at this door, or None if they
    can."""
    row = await tx.one(
        "SELECT until FROM doors_refused WHERE person = ? AND room = ? AND until > ?",
        person,
        room,
        at.timestamp(),
    )
    return datetime.fromtimestamp(row["until"], UTC) if row else None


async def forget_requests(tx: Tx, person: UserId) -> list[Request]:
    """Delete all requests of a person and return them.

    Refusals stay, or being forgotten would undo them.
    """
    found = await requests_of(tx, person)
    for one in found:
        await shred_answers(tx, one.item)
        await tx.run("DELETE FROM doors_request WHERE item = ?", one.item)
    return found


async def requests_of(tx: Tx, person: UserId) -> list[Request]:
    """Return all requests of a person to come in, open or not."""
    rows = await tx.all("SELECT * FROM doors_request WHERE person = ?", person)
    return [_request(row) for row in rows]
