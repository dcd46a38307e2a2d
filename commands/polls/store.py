"""Polls in the database: what is asked, by which rule, until when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from bot.api import Number, RoomId, UserId, fold
from commands.polls.ballots import Question, Verdict
from commands.polls.kinds import KINDS
from commands.polls.kinds.kind import Kind
from commands.polls.rule import Quorum, kept, quorum, share
from storage.database import Tx

ABSOLUTE = "absolute"
"""How a majority of the whole roll is kept beside `2/3` and `60%`."""


class Electorate(StrEnum):
    """Who may vote: who was in the room at the opening, its organisations, or a list."""

    HERE = "here"
    ORGANISATIONS = "organisations"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be voted; `at` is the date it stands for in a date poll."""

    label: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How a poll is decided; `Question` and `Kind` say what the words mean."""

    kind: str = "choice"
    method: str = ""
    points: int = 0
    most: int = 1
    threshold: Fraction | None = None
    quorum: Quorum | None = None
    interim: bool = True
    growing: bool = False
    secret: bool = False
    voters: Electorate = Electorate.HERE
    absolute: bool = False
    """Is more than half of the whole roll needed?"""


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll; `turnout` is how many of its `roll` have voted so far, `weight` that of them all.

    `picked`: the place of the date that was chosen in the end.
    """

    number: Number
    title: str
    rule: Rule
    options: tuple[Option, ...]
    roll: int
    turnout: int
    closes: datetime | None
    ended: datetime | None
    cancelled: bool
    final: bool
    verdict: Verdict | None
    weight: int = 0
    picked: int | None = None

    @property
    def kind(self) -> Kind:
        return KINDS[self.rule.kind]

    @property
    def question(self) -> Question:
        rule = self.rule
        labels = tuple(option.label for option in self.options)
        return Question(
            self.number,
            labels,
            self.title,
            rule.most,
            rule.threshold,
            rule.method,
            rule.points,
            self.weight if rule.absolute else 0,
            rule.most if rule.kind == "choice" and rule.most < len(labels) else 1,
        )

    @property
    def places(self) -> int:
        """How many things can be voted."""
        return len(self.kind.stances or self.options)

    @property
    def needed(self) -> int:
        """How many must vote; 0 without a quorum."""
        return self.rule.quorum.needed(self.roll) if self.rule.quorum else 0

    @property
    def taps(self) -> int:
        """How many answers of the native poll one person can choose."""
        several = {"choice": self.rule.most, "score": self.places, "dates": self.places}
        return several.get(self.rule.kind, 1)

    @property
    def takes(self) -> int:
        """How many numbers a written vote can have at most, as far as one can tell."""
        several = {"choice": self.rule.most, "majority": 1, "consent": 1, "consensus": 1}
        return several.get(self.rule.kind, 2 * self.places)

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


def _stamp(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


async def add(
    tx: Tx,
    number: Number,
    title: str,
    options: Sequence[Option],
    rule: Rule,
    closes: datetime | None,
) -> None:
    await tx.run(
        "INSERT INTO polls_poll (number, room, folded, kind, method, points, most, threshold,"
        " quorum, interim, growing, secret, voters, closes)"
        " VALUES (?1, (SELECT room FROM item WHERE number = ?1),"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        number,
        fold(title),
        rule.kind,
        rule.method,
        rule.points,
        rule.most,
        ABSOLUTE if rule.absolute else kept(rule.threshold) if rule.threshold else None,
        rule.quorum.kept if rule.quorum else None,
        rule.interim,
        rule.growing,
        rule.secret,
        rule.voters,
        _stamp(closes),
    )
    await tx.many(
        "INSERT INTO polls_option (poll, place, label, at) VALUES (?, ?, ?, ?)",
        [(number, place, o.label, _stamp(o.at)) for place, o in enumerate(options, start=1)],
    )


async def get(tx: Tx, number: Number) -> Poll:
    """The poll of this item. Raises `LookupError` if there is none."""
    row = await tx.one(
        "SELECT p.*, title, coalesce(s.turnout, p.turnout) AS voted FROM polls_poll p"
        " JOIN item USING (number) LEFT JOIN polls_secret s USING (number) WHERE number = ?",
        number,
    )
    if row is None:
        raise LookupError(number)
    options = await tx.all("SELECT * FROM polls_option WHERE poll = ? ORDER BY place", number)
    return Poll(
        number,
        row["title"],
        _rule(row),
        tuple(Option(o["label"], _time(o["at"])) for o in options),
        row["roll"],
        row["voted"],
        _time(row["closes"]),
        _time(row["ended"]),
        bool(row["cancelled"]),
        bool(row["final"]),
        Verdict(row["verdict"]) if row["verdict"] else None,
        row["weight"],
        row["picked"],
    )


def _rule(row: Any) -> Rule:
    absolute = row["threshold"] == ABSOLUTE
    return Rule(
        row["kind"],
        row["method"],
        row["points"],
        row["most"],
        share(row["threshold"]) if row["threshold"] and not absolute else None,
        quorum(row["quorum"]) if row["quorum"] else None,
        bool(row["interim"]),
        bool(row["growing"]),
        bool(row["secret"]),
        Electorate(row["voters"]),
        absolute,
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


async def proposals(tx: Tx, numbers: Sequence[Number]) -> set[Number]:
    """Which of these have stances in the place of options."""
    rows = await tx.all(
        "SELECT number, kind FROM polls_poll WHERE number IN (SELECT value FROM json_each(?))",
        json.dumps([*numbers]),
    )
    return {Number(row["number"]) for row in rows if KINDS[row["kind"]].stances}


async def open_for(tx: Tx, person: UserId, limit: int = 20) -> list[Number]:
    """Open polls on whose roll this person stands."""
    rows = await tx.all(
        "SELECT poll FROM (SELECT poll FROM polls_voter WHERE delegate = ?1"
        " UNION SELECT poll FROM polls_voter WHERE alternate = ?1) JOIN item ON number = poll"
        " WHERE open ORDER BY poll DESC LIMIT ?2",
        person,
        limit,
    )
    return [Number(r["poll"]) for r in rows]


async def end(tx: Tx, number: Number, at: datetime, *, cancelled: bool = False) -> None:
    await tx.run(
        "UPDATE polls_poll SET ended = ?, cancelled = ? WHERE number = ?",
        at.timestamp(),
        cancelled,
        number,
    )


async def rename(tx: Tx, number: Number, title: str) -> None:
    """Other words for what is asked."""
    await tx.run("UPDATE item SET title = ? WHERE number = ?", title, number)
    await tx.run("UPDATE polls_poll SET folded = ? WHERE number = ?", fold(title), number)


async def move_end(tx: Tx, number: Number, closes: datetime) -> None:
    await tx.run("UPDATE polls_poll SET closes = ? WHERE number = ?", _stamp(closes), number)


async def add_option(tx: Tx, number: Number, label: str, person: UserId) -> None:
    """Behind the others; votes that were cast stay as they are."""
    await tx.run(
        "INSERT INTO polls_option (poll, place, label, person)"
        " SELECT ?1, max(place) + 1, ?2, ?3 FROM polls_option WHERE poll = ?1",
        number,
        label,
        person,
    )


async def keep_verdict(tx: Tx, number: Number, verdict: Verdict) -> None:
    await tx.run("UPDATE polls_poll SET verdict = ? WHERE number = ?", verdict, number)


async def keep_roll(tx: Tx, number: Number, size: int, weight: int) -> None:
    """How many may vote, and the weight of all of them together."""
    await tx.run(
        "UPDATE polls_poll SET roll = ?, weight = ? WHERE number = ?", size, weight, number
    )


async def keep_pick(tx: Tx, number: Number, place: int) -> None:
    await tx.run("UPDATE polls_poll SET picked = ? WHERE number = ?", place, number)


async def make_final(tx: Tx, number: Number) -> None:
    await tx.run("UPDATE polls_poll SET final = 1 WHERE number = ?", number)


async def first_telling(tx: Tx, number: Number, person: UserId, about: str = "late") -> bool:
    """Was this person not told this before in this poll? Taps can be many, letters are few."""
    told = "INSERT OR IGNORE INTO polls_told (poll, person, about) VALUES (?, ?, ?)"
    return await tx.change(told, number, person, about) > 0
