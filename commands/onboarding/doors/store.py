"""Requests, questions and answers on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.api import Membership, Number, RoomId, UserId, rooms, sealing
from storage.database import Tx

YES_NO = ("yesno",)


class Step(StrEnum):
    ASKING = "asking"
    DECIDING = "deciding"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    GONE = "gone"  # they went away, or somebody let them in or shut them out by hand
    LAPSED = "lapsed"


OPEN = (Step.ASKING, Step.DECIDING)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. `options`: none is any words, `YES_NO` yes or no, else one of them."""

    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    item: Number
    person: UserId
    room: RoomId
    step: Step
    since: datetime
    questions: tuple[Asked, ...]
    poll: Number | None = None
    """The proposal in which a room votes on it now."""
    undecided: bool = False
    """Such a vote came to nothing: the moderators decide."""

    @property
    def open(self) -> bool:
        return self.step in OPEN


def _request(row: Any) -> Request:
    return Request(
        Number(row["item"]),
        UserId(row["person"]),
        RoomId(row["room"]),
        Step(row["step"]),
        datetime.fromtimestamp(row["since"], UTC),
        tuple(Asked(text, tuple(options)) for text, options in json.loads(row["questions"])),
        row["poll"],
        bool(row["undecided"]),
    )


# --- questions ------------------------------------------------------------------------------------


async def questions(tx: Tx, room: RoomId) -> list[Asked]:
    rows = await tx.all("SELECT * FROM onboarding_question WHERE room = ? ORDER BY place", room)
    return [Asked(r["text"], tuple(json.loads(r["options"]))) for r in rows]


async def set_questions(tx: Tx, room: RoomId, asked: Sequence[Asked]) -> None:
    await tx.run("DELETE FROM onboarding_question WHERE room = ?", room)
    await tx.many(
        "INSERT INTO onboarding_question VALUES (?, ?, ?, ?)",
        [(room, n, one.text, json.dumps(one.options)) for n, one in enumerate(asked)],
    )


# --- requests -------------------------------------------------------------------------------------


async def put(
    tx: Tx, item: Number, person: UserId, room: RoomId, asked: Sequence[Asked], at: datetime
) -> None:
    """A new request, with a key of its own."""
    await tx.run(
        "INSERT INTO onboarding_request (item, person, room, step, since, questions)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        item,
        person,
        room,
        Step.ASKING.value,
        at.timestamp(),
        json.dumps([[one.text, one.options] for one in asked]),
    )
    await tx.run("INSERT INTO onboarding_key VALUES (?, ?)", item, sealing.new())


async def get(tx: Tx, item: Number) -> Request | None:
    row = await tx.one("SELECT * FROM onboarding_request WHERE item = ?", item)
    return _request(row) if row else None


async def open_of(tx: Tx, person: UserId, room: RoomId | None = None) -> list[Request]:
    rows = await tx.all(
        "SELECT * FROM onboarding_request WHERE person = ?1 AND step IN ('asking', 'deciding')"
        " AND (?2 IS NULL OR room = ?2) ORDER BY item",
        person,
        room,
    )
    return [_request(row) for row in rows]


async def every_open(tx: Tx) -> list[Request]:
    rows = await tx.all(
        "SELECT * FROM onboarding_request WHERE step IN ('asking', 'deciding') ORDER BY item"
    )
    return [_request(row) for row in rows]


async def count_at(tx: Tx, room: RoomId, server: str, step: Step, since: datetime) -> int:
    """How many requests of a server's people at this door came to this step since, and are there.

    `ASKING` are those who are being asked, `GONE` those who went away again.
    """
    row = await tx.one(
        "SELECT count(*) AS n FROM onboarding_request WHERE room = ? AND step = ?"
        " AND since > ? AND substr(person, instr(person, ':') + 1) = ?",
        room,
        step.value,
        since.timestamp(),
        server,
    )
    return int(row["n"]) if row else 0


async def count_gone_of(tx: Tx, room: RoomId, since: datetime, person: UserId) -> int:
    """How often this person knocked and went away since then."""
    row = await tx.one(
        "SELECT count(*) AS n FROM onboarding_request WHERE person = ? AND room = ?"
        " AND step = 'gone' AND since > ?",
        person,
        room,
        since.timestamp(),
    )
    return int(row["n"]) if row else 0


async def count_since(tx: Tx, since: datetime) -> int:
    """How many requests have gone from the questions to a decision since then."""
    row = await tx.one(
        "SELECT count(*) AS n FROM onboarding_request WHERE step <> 'asking' AND since > ?",
        since.timestamp(),
    )
    return int(row["n"]) if row else 0


async def goes_to(tx: Tx, item: Number, step: Step, at: datetime) -> None:
    await tx.run(
        "UPDATE onboarding_request SET step = ?, since = ? WHERE item = ?",
        step.value,
        at.timestamp(),
        item,
    )


async def before_a_vote(tx: Tx) -> list[Request]:
    """Who waits for a decision on which no room votes or has voted, the longest first."""
    rows = await tx.all(
        "SELECT * FROM onboarding_request WHERE step = 'deciding' AND poll IS NULL"
        " AND NOT undecided ORDER BY since, item"
    )
    return [_request(row) for row in rows]


async def votes(tx: Tx, item: Number, poll: Number | None) -> None:
    """A room votes on it in this proposal; None: not any more."""
    await tx.run("UPDATE onboarding_request SET poll = ? WHERE item = ?", poll, item)


async def votes_in(tx: Tx, room: RoomId) -> int:
    """On how many requests this room votes now."""
    row = await tx.one(
        "SELECT count(*) AS n FROM onboarding_request r JOIN item i ON i.number = r.poll"
        " WHERE r.poll IS NOT NULL AND i.room = ?",
        room,
    )
    return int(row["n"]) if row else 0


async def undecided(tx: Tx, item: Number) -> None:
    """The room's vote came to nothing: from now on it is up to the moderators."""
    await tx.run("UPDATE onboarding_request SET undecided = 1 WHERE item = ?", item)


async def knocking(tx: Tx, room: RoomId) -> list[UserId]:
    """Who knocks, as the server's state says, and has neither an open request nor been let in.

    Who was let in goes on knocking until they accept the rules and their invitation is there.
    """
    rows = await tx.all(
        "SELECT person FROM onboarding_request r WHERE room = ? AND (step IN ('asking', 'deciding')"
        " OR step = 'admitted' AND item = (SELECT max(item) FROM onboarding_request o"
        " WHERE o.room = r.room AND o.person = r.person))",
        room,
    )
    inside = {row["person"] for row in rows}
    return [p for p in await rooms.members(tx, room, Membership.KNOCK) if p not in inside]


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    for table in ("onboarding_question", "onboarding_request", "onboarding_refused"):
        await tx.run(f"UPDATE OR IGNORE {table} SET room = ? WHERE room = ?", new, old)  # noqa: S608


# --- answers --------------------------------------------------------------------------------------


async def answered(tx: Tx, item: Number) -> int:
    row = await tx.one("SELECT count(*) AS n FROM onboarding_answer WHERE item = ?", item)
    return int(row["n"]) if row else 0


async def keep(tx: Tx, item: Number, place: int, text: str) -> None:
    """Seal an answer; once shredded there is no key, and nothing is kept."""
    row = await tx.one("SELECT key FROM onboarding_key WHERE item = ?", item)
    if row is not None:
        sealed = sealing.seal(bytes(row["key"]), _place(item, place), text)
        await tx.run("INSERT OR REPLACE INTO onboarding_answer VALUES (?, ?, ?)",
                     item, place, sealed)  # fmt: skip


async def answers(tx: Tx, item: Number) -> list[str]:
    key = await tx.one("SELECT key FROM onboarding_key WHERE item = ?", item)
    rows = await tx.all("SELECT * FROM onboarding_answer WHERE item = ? ORDER BY place", item)
    if key is None:
        return []
    return [
        sealing.unseal(bytes(key["key"]), _place(item, r["place"]), bytes(r["sealed"]))
        for r in rows
    ]


async def shred(tx: Tx, item: Number) -> None:
    """Key and answers are gone, from the write-ahead log too."""
    await tx.run("DELETE FROM onboarding_key WHERE item = ?", item)
    await tx.run("DELETE FROM onboarding_answer WHERE item = ?", item)
    tx.shred()


def _place(item: Number, place: int) -> bytes:
    return b"%d|%d" % (item, place)


# --- refusals -------------------------------------------------------------------------------------


async def refuse(tx: Tx, person: UserId, room: RoomId, until: datetime) -> None:
    await tx.run(
        "INSERT OR REPLACE INTO onboarding_refused VALUES (?, ?, ?)",
        person,
        room,
        until.timestamp(),
    )


async def refused_until(tx: Tx, person: UserId, room: RoomId, at: datetime) -> datetime | None:
    """Until when this person can't ask again, if that is so."""
    row = await tx.one(
        "SELECT until FROM onboarding_refused WHERE person = ? AND room = ? AND until > ?",
        person,
        room,
        at.timestamp(),
    )
    return datetime.fromtimestamp(row["until"], UTC) if row else None


async def forget(tx: Tx, person: UserId) -> list[Request]:
    """All requests of a person; that they were turned down stays, or forgetting would undo it."""
    rows = await tx.all("SELECT * FROM onboarding_request WHERE person = ?", person)
    for row in rows:
        await shred(tx, Number(row["item"]))
        await tx.run("DELETE FROM onboarding_request WHERE item = ?", row["item"])
    return [_request(row) for row in rows]
