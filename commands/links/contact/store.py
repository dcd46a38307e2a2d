"""Contacts on disk: who asked whom about what, and the keys until the addresses passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.api import Number, UserId
from storage.database import Tx


class Said(StrEnum):
    """What the author of the thing said."""

    OPEN = ""
    YES = "yes"
    NO = "no"
    GONE = "gone"  # nothing is waited for any more


@dataclass(frozen=True, slots=True)
class Row:
    """`own`: one of ours asked; then `person` is who asked, else whose thing it is."""

    link: Number
    bot: UserId
    id: str
    own: bool
    item: Number
    thing: str
    person: UserId
    note: str
    secret: bytes | None
    asker_key: str
    author_key: str
    said: Said
    at: float


def _row(row: Any) -> Row:
    return Row(
        Number(row["link"]),
        UserId(row["bot"]),
        row["id"],
        bool(row["own"]),
        Number(row["item"]),
        row["thing"],
        UserId(row["person"]),
        row["note"],
        bytes(row["secret"]) if row["secret"] is not None else None,
        row["asker_key"],
        row["author_key"],
        Said(row["said"]),
        row["at"],
    )


async def put(tx: Tx, one: Row) -> None:
    await tx.run(
        "INSERT OR REPLACE INTO links_contact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.link,
        one.bot,
        one.id,
        int(one.own),
        one.item,
        one.thing,
        one.person,
        one.note,
        one.secret,
        one.asker_key,
        one.author_key,
        one.said,
        one.at,
    )
    if one.secret is None:
        tx.shred()  # no page keeps the key that was there


async def get(tx: Tx, link: Number, bot: UserId, name: str) -> Row | None:
    query = "SELECT * FROM links_contact WHERE link = ? AND bot = ? AND id = ?"
    row = await tx.one(query, link, bot, name)
    return _row(row) if row else None


async def drop(tx: Tx, one: Row) -> None:
    query = "DELETE FROM links_contact WHERE link = ? AND bot = ? AND id = ?"
    await tx.run(query, one.link, one.bot, one.id)
    tx.shred()


async def of_person(tx: Tx, person: UserId) -> list[Row]:
    rows = await tx.all("SELECT * FROM links_contact WHERE person = ? ORDER BY at", person)
    return [_row(row) for row in rows]


async def about(tx: Tx, item: Number) -> list[Row]:
    rows = await tx.all("SELECT * FROM links_contact WHERE item = ? ORDER BY at", item)
    return [_row(row) for row in rows]


async def with_bot(tx: Tx, link: Number, bot: UserId) -> list[Row]:
    rows = await tx.all(
        "SELECT * FROM links_contact WHERE link = ? AND bot = ? ORDER BY at", link, bot
    )
    return [_row(row) for row in rows]


async def count_with(tx: Tx, bot: UserId, own: bool, since: datetime) -> int:
    """How often since then one of ours asked that network, or it one of ours."""
    query = "SELECT count(*) AS n FROM links_contact WHERE bot = ? AND own = ? AND at > ?"
    row = await tx.one(query, bot, own, since.timestamp())
    return int(row["n"]) if row else 0


async def count_of(tx: Tx, person: UserId, own: bool, since: datetime) -> int:
    """How often since then that person asked other networks, or was asked by them."""
    query = "SELECT count(*) AS n FROM links_contact WHERE person = ? AND own = ? AND at > ?"
    row = await tx.one(query, person, own, since.timestamp())
    return int(row["n"]) if row else 0
