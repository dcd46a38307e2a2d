"""Polls in the database. Counts are kept with every vote, so that a vote costs the same always."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.api import EventId, Number, RoomId, UserId
from commands.polls.rules import Response, counting
from storage.database import Tx

TAPS_KEPT = 5
"""So many taps can be taken back one after the other; the vote before each counts again."""
_OF_ONE = "SELECT id FROM polls_response WHERE poll = ? AND person = ? AND stamp"
_OLD_TAPS = f"{_OF_ONE} IS NOT NULL ORDER BY stamp DESC, id DESC LIMIT -1 OFFSET {TAPS_KEPT}"
_OLD_LINES = f"{_OF_ONE} IS NULL ORDER BY at DESC, id DESC LIMIT -1 OFFSET 1"


@dataclass(frozen=True, slots=True)
class Option:
    place: int
    label: str
    votes: int


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll with its options and what was counted so far."""

    number: Number
    most: int
    interim: bool
    closes: datetime | None
    ended: datetime | None
    cancelled: bool
    final: bool
    turnout: int
    options: tuple[Option, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(option.label for option in self.options)

    def over(self, at: datetime) -> bool:
        """Does what happens at `at` come too late?

        By the time at which it ended, not by whether it has: what was sent before is in time, and
        only what is read after the end in the same instant stands behind it.
        """
        if self.cancelled:
            return True
        if self.ended is not None:
            return at >= self.ended
        return self.closes is not None and at > self.closes


def _time(value: float | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)


async def add(
    tx: Tx,
    number: Number,
    labels: Sequence[str],
    *,
    most: int,
    interim: bool,
    closes: datetime | None,
) -> None:
    await tx.run(
        "INSERT INTO polls_poll (number, most, interim, closes) VALUES (?, ?, ?, ?)",
        number,
        most,
        interim,
        closes.timestamp() if closes else None,
    )
    await tx.many(
        "INSERT INTO polls_option (poll, place, label) VALUES (?, ?, ?)",
        [(number, place, label) for place, label in enumerate(labels, start=1)],
    )


async def get(tx: Tx, number: Number) -> Poll:
    """The poll of this item. Raises `LookupError` if there is none."""
    row = await tx.one("SELECT * FROM polls_poll WHERE number = ?", number)
    if row is None:
        raise LookupError(number)
    options = await tx.all("SELECT * FROM polls_option WHERE poll = ? ORDER BY place", number)
    return Poll(
        number,
        row["most"],
        bool(row["interim"]),
        _time(row["closes"]),
        _time(row["ended"]),
        bool(row["cancelled"]),
        bool(row["final"]),
        row["turnout"],
        tuple(Option(o["place"], o["label"], o["votes"]) for o in options),
    )


async def open_in(
    tx: Tx, room: RoomId, limit: int = 50
) -> list[tuple[Number, str, datetime | None]]:
    """Open polls of a room, what closes first comes first: number, question, end."""
    rows = await tx.all(
        "SELECT number, title, closes FROM polls_poll JOIN item USING (number)"
        " WHERE item.room = ? AND item.open AND ended IS NULL"
        " ORDER BY closes IS NULL, closes, number LIMIT ?",
        room,
        limit,
    )
    return [(Number(r["number"]), r["title"], _time(r["closes"])) for r in rows]


async def end(tx: Tx, number: Number, at: datetime, *, cancelled: bool = False) -> None:
    await tx.run(
        "UPDATE polls_poll SET ended = ?, cancelled = ? WHERE number = ?",
        at.timestamp(),
        cancelled,
        number,
    )


async def make_final(tx: Tx, number: Number) -> None:
    await tx.run("UPDATE polls_poll SET final = 1 WHERE number = ?", number)


async def first_telling(tx: Tx, number: Number, person: UserId) -> bool:
    """Was this person not told before that a vote in this poll came too late?"""
    return await tx.change("INSERT OR IGNORE INTO polls_told VALUES (?, ?)", number, person) > 0


async def late_votes(tx: Tx, number: Number) -> int:
    """How many of the counted votes were read in a catch-up."""
    row = await tx.one("SELECT count(*) AS n FROM polls_ballot WHERE poll = ? AND late", number)
    return int(row["n"]) if row else 0


# --- votes --------------------------------------------------------------------------------------


async def respond(
    tx: Tx,
    number: Number,
    person: UserId,
    choices: Sequence[int],
    at: datetime,
    *,
    event: EventId | None = None,
    stamp: int | None = None,
    late: bool = False,
) -> None:
    """Keep a response, and count what now counts of this person.

    Of each person only so much is kept that taps can be taken back: a vote costs the same always.
    """
    await tx.run(
        "INSERT OR IGNORE INTO polls_response (poll, person, event, stamp, at, choices, late)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        number,
        person,
        event,
        stamp,
        at.timestamp(),
        _joined(choices),
        late,
    )
    for old in (_OLD_TAPS, _OLD_LINES):
        await tx.run(f"DELETE FROM polls_response WHERE id IN ({old})", number, person)  # noqa: S608
    await _count(tx, number, person)


async def response(tx: Tx, event: EventId) -> tuple[Number, UserId] | None:
    """Whose tap this event is, and of which poll."""
    row = await tx.one("SELECT poll, person FROM polls_response WHERE event = ?", event)
    return (Number(row["poll"]), UserId(row["person"])) if row else None


async def take_back(tx: Tx, event: EventId, number: Number, person: UserId) -> None:
    """A tap was redacted: the response before it counts again."""
    await tx.run("DELETE FROM polls_response WHERE event = ?", event)
    await _count(tx, number, person)


async def forget(tx: Tx, person: UserId) -> int:
    """Take a person's name out of every poll; votes of open polls go, totals of ended ones stay.

    How many votes were found.
    """
    rows = await tx.all(
        "SELECT poll, ended FROM polls_ballot JOIN polls_poll ON number = poll WHERE person = ?",
        person,
    )
    polls = await tx.all("SELECT DISTINCT poll FROM polls_response WHERE person = ?", person)
    await tx.run("DELETE FROM polls_response WHERE person = ?", person)
    for row in rows:
        if row["ended"] is None:
            await _count(tx, Number(row["poll"]), person)
    await tx.run("DELETE FROM polls_ballot WHERE person = ?", person)
    await tx.run("DELETE FROM polls_told WHERE person = ?", person)
    return len({r["poll"] for r in polls} | {r["poll"] for r in rows})


async def votes_of(tx: Tx, person: UserId) -> list[tuple[Number, str, tuple[str, ...]]]:
    """What counts of this person, poll by poll: number, question, chosen options."""
    rows = await tx.all(
        "SELECT poll, title, choices FROM polls_ballot JOIN item ON number = poll"
        " WHERE person = ? ORDER BY poll",
        person,
    )
    return [
        (Number(r["poll"]), r["title"], await _labels(tx, r["poll"], _places(r["choices"])))
        for r in rows
    ]


async def _labels(tx: Tx, poll: int, places: Sequence[int]) -> tuple[str, ...]:
    rows = await tx.all("SELECT place, label FROM polls_option WHERE poll = ?", poll)
    return tuple(r["label"] for r in rows if r["place"] in places)


async def _count(tx: Tx, number: Number, person: UserId) -> None:
    """Bring the ballot and the counts of this one person up to date."""
    rows = await tx.all(
        "SELECT * FROM polls_response WHERE poll = ? AND person = ?", number, person
    )
    found = counting(
        Response(r["id"], r["at"], r["stamp"], _places(r["choices"]), bool(r["late"])) for r in rows
    )
    before = await tx.one(
        "SELECT choices FROM polls_ballot WHERE poll = ? AND person = ?", number, person
    )
    old = _places(before["choices"]) if before else ()
    new = found.choices if found else ()
    await _shift(tx, number, old, -1)
    await _shift(tx, number, new, 1)
    await tx.run("DELETE FROM polls_ballot WHERE poll = ? AND person = ?", number, person)
    if found and new:
        await tx.run(
            "INSERT INTO polls_ballot VALUES (?, ?, ?, ?)", number, person, _joined(new), found.late
        )


async def _shift(tx: Tx, number: Number, places: Sequence[int], by: int) -> None:
    if not places:
        return
    await tx.many(
        "UPDATE polls_option SET votes = votes + ? WHERE poll = ? AND place = ?",
        [(by, number, place) for place in places],
    )
    await tx.run("UPDATE polls_poll SET turnout = turnout + ? WHERE number = ?", by, number)


def _joined(choices: Sequence[int]) -> str:
    return " ".join(map(str, choices))


def _places(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))
