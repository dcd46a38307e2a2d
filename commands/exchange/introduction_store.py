"""Store introductions: two people, the posts they are about, and what each has said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.api import Number, UserId
from commands.exchange.store import NEED, Post
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two people who may be introduced about a need, an offer or both.

    `needer_said` and `offerer_said` are empty, `yes` or `no`.
    """

    id: int
    need: Number | None
    offer: Number | None
    needer: UserId
    offerer: UserId
    needer_said: str
    offerer_said: str

    def other_person(self, person: UserId) -> UserId:
        """Return the other one of the two people who are introduced."""
        return self.offerer if person == self.needer else self.needer

    def answer_of(self, person: UserId) -> str:
        """Return the answer of this person: nothing, `yes` or `no`."""
        return self.needer_said if person == self.needer else self.offerer_said


def _read_row(row: Any) -> Introduction:
    return Introduction(
        row["id"],
        row["need"],
        row["offer"],
        UserId(row["needer"]),
        UserId(row["offerer"]),
        row["needer_said"],
        row["offerer_said"],
    )


async def add_introduction(
    tx: Tx,
    need: Number | None,
    offer: Number | None,
    needer: UserId,
    offerer: UserId,
    at: datetime,
) -> int:
    """Store that two people may be introduced about a post, and return the introduction's id."""
    return await tx.run(
        "INSERT INTO exchange_meeting (need, offer, needer, offerer, at) VALUES (?, ?, ?, ?, ?)",
        need,
        offer,
        needer,
        offerer,
        at.timestamp(),
    )


async def get_introduction(tx: Tx, key: int) -> Introduction | None:
    """Return the introduction with this id, or None."""
    row = await tx.one("SELECT * FROM exchange_meeting WHERE id = ?", key)
    return _read_row(row) if row else None


async def introductions_about(tx: Tx, item: Number, person: UserId) -> list[Introduction]:
    """Return the introductions about this post (need or offer) with this person on the other
    side."""
    rows = await tx.all(
        "SELECT * FROM exchange_meeting WHERE (need = ?1 AND offerer = ?2)"
        " OR (offer = ?1 AND needer = ?2) ORDER BY id",
        item,
        person,
    )
    return [_read_row(row) for row in rows]


async def people_waiting(tx: Tx, post: Post) -> list[UserId]:
    """Return the people who said yes to this post (need or offer) and wait for its author's
    answer."""
    other, author = ("offerer", "needer") if post.side == NEED else ("needer", "offerer")
    rows = await tx.all(
        f"SELECT DISTINCT {other} AS person FROM exchange_meeting WHERE {post.side} = ?"  # noqa: S608
        f" AND {other}_said = 'yes' AND {author}_said = ''",
        post.item,
    )
    return [UserId(row["person"]) for row in rows]


async def count_answered_since(tx: Tx, person: UserId, since: datetime) -> int:
    """Return how many posts the person answered since an instant without a post of their own."""
    return await tx.count(
        "SELECT count(*) AS n FROM exchange_meeting WHERE at > ?2"
        " AND ((needer = ?1 AND need IS NULL) OR (offerer = ?1 AND offer IS NULL))",
        person,
        since.timestamp(),
    )


async def count_remote_since(tx: Tx, person: UserId, since: datetime) -> int:
    """Return how many matches with other networks' posts the person got since an instant."""
    return await tx.count(
        "SELECT count(*) AS n FROM exchange_meeting m JOIN exchange_post p ON p.item IN"
        " (m.need, m.offer) WHERE m.at > ?2 AND p.origin != '' AND (m.needer = ?1"
        " OR m.offerer = ?1)",
        person,
        since.timestamp(),
    )


async def count_refusals(tx: Tx, author: UserId, person: UserId) -> int:
    """Return how often the author of posts refused this person's answers."""
    return await tx.count(
        "SELECT count(*) AS n FROM exchange_meeting WHERE"
        " (needer = ?1 AND offerer = ?2 AND offer IS NULL AND needer_said = 'no')"
        " OR (offerer = ?1 AND needer = ?2 AND need IS NULL AND offerer_said = 'no')",
        author,
        person,
    )


async def save_answer(tx: Tx, one: Introduction, person: UserId, said: str) -> None:
    """Store the answer of this person to an introduction."""
    column = "needer_said" if person == one.needer else "offerer_said"
    await tx.run(f"UPDATE exchange_meeting SET {column} = ? WHERE id = ?", said, one.id)  # noqa: S608


async def introductions_of(tx: Tx, person: UserId) -> list[Introduction]:
    """Return every introduction of this person."""
    rows = await tx.all(
        "SELECT * FROM exchange_meeting WHERE needer = ?1 OR offerer = ?1 ORDER BY id", person
    )
    return [_read_row(row) for row in rows]
