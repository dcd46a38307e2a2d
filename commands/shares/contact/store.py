"""Storage of contacts: who asked whom about what, and keys until the addresses have passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.api import Number, UserId
from storage.database import Tx


class ContactState(StrEnum):
    """How far a contact is: what the author said, or that nobody waits for it."""

    OPEN = ""
    YES = "yes"
    NO = "no"
    GONE = "gone"  # nobody waits any more


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact. `own`: our person asks, and `person` is they; else it is the author.

    `id`: the contact's id in the link. `secret`: our key's secret half, until it is used.
    """

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
    said: ContactState
    at: float


def _row(row: Any) -> ContactRow:
    return ContactRow(
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
        ContactState(row["said"]),
        row["at"],
    )


async def put_contact(tx: Tx, one: ContactRow) -> None:
    """Store a contact between people of two networks. Once it has no secret any more, the old one
    is shredded."""
    await tx.run(
        "INSERT OR REPLACE INTO shares_contact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        tx.shred()  # no page of the file keeps the old key


async def get_contact(tx: Tx, link: Number, bot: UserId, name: str) -> ContactRow | None:
    """Return the contact of this id with a network's bot, or None."""
    query = "SELECT * FROM shares_contact WHERE link = ? AND bot = ? AND id = ?"
    row = await tx.one(query, link, bot, name)
    return _row(row) if row else None


async def drop_contact(tx: Tx, one: ContactRow) -> None:
    """Delete a contact between people of two networks, and shred its key."""
    query = "DELETE FROM shares_contact WHERE link = ? AND bot = ? AND id = ?"
    await tx.run(query, one.link, one.bot, one.id)
    tx.shred()


async def contacts_of_person(tx: Tx, person: UserId) -> list[ContactRow]:
    """Return the person's contacts in other networks, the oldest first."""
    rows = await tx.all("SELECT * FROM shares_contact WHERE person = ? ORDER BY at", person)
    return [_row(row) for row in rows]


async def contacts_about(tx: Tx, item: Number) -> list[ContactRow]:
    """Return the contacts of people of two networks about an item, the oldest first."""
    rows = await tx.all("SELECT * FROM shares_contact WHERE item = ? ORDER BY at", item)
    return [_row(row) for row in rows]


async def contacts_with_bot(tx: Tx, link: Number, bot: UserId) -> list[ContactRow]:
    """Return the contacts made with this network's bot in the link, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM shares_contact WHERE link = ? AND bot = ? ORDER BY at", link, bot
    )
    return [_row(row) for row in rows]


async def count_contacts_with(tx: Tx, bot: UserId, own: bool, since: datetime) -> int:
    """Return how many contacts were requested since an instant: by us of that network (`own`), or
    by it of us."""
    query = "SELECT count(*) AS n FROM shares_contact WHERE bot = ? AND own = ? AND at > ?"
    return await tx.count(query, bot, own, since.timestamp())


async def count_contacts_of(tx: Tx, person: UserId, own: bool, since: datetime) -> int:
    """Return how many contacts were requested since an instant: by that person (`own`), or with
    them."""
    query = "SELECT count(*) AS n FROM shares_contact WHERE person = ? AND own = ? AND at > ?"
    return await tx.count(query, person, own, since.timestamp())
