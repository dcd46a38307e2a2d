"""Store drafts and their versions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId, compact
from commands.drafts.paragraphs import Body, Paragraph
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `adopted` is the version that the room adopted last, `resource` its library item.

    `closed`: it holds as adopted, until somebody opens it again. `next_key` is free for a
    paragraph.
    """

    item: Number
    name: str
    version: int
    next_key: int
    adopted: int | None = None
    closed: bool = False
    resource: Number | None = None


@dataclass(frozen=True, slots=True)
class DraftVersion:
    """A version of a draft: who made it, by which amendment, and its paragraphs."""

    version: int
    at: datetime
    who: UserId
    amendment: Number | None
    body: Body


def _draft(row: Any) -> Draft:
    return Draft(
        Number(row["item"]),
        row["name"],
        row["version"],
        row["next"],
        row["adopted"],
        bool(row["closed"]),
        Number(row["resource"]) if row["resource"] is not None else None,
    )


def _version(row: Any) -> DraftVersion:
    amendment = row["amendment"]
    return DraftVersion(
        row["version"],
        datetime.fromtimestamp(row["at"], UTC),
        UserId(row["who"]),
        Number(amendment) if amendment is not None else None,
        tuple(Paragraph(key, text) for key, text in json.loads(row["body"])),
    )


async def add_draft(tx: Tx, item: Number, name: str) -> Draft:
    """Store a draft without any version yet, and return it."""
    await tx.run(
        "INSERT INTO drafts_draft (item, name, known, version, next) VALUES (?, ?, ?, 0, 1)",
        item,
        name,
        compact(name),
    )
    return Draft(item, name, 0, 1)


async def get_draft(tx: Tx, item: Number) -> Draft | None:
    """Return the draft with this number, or None."""
    row = await tx.one("SELECT * FROM drafts_draft WHERE item = ?", item)
    return _draft(row) if row else None


async def find_named(tx: Tx, room: RoomId, name: str) -> Draft | None:
    """Return the draft of this name in this room, or None; the newest if a replaced room brought
    others."""
    row = await tx.one(
        "SELECT d.* FROM drafts_draft d JOIN item i ON i.number = d.item"
        " WHERE d.known = ? AND i.room = ? ORDER BY d.item DESC LIMIT 1",
        compact(name),
        room,
    )
    return _draft(row) if row else None


async def drafts_in(tx: Tx, room: RoomId, most: int) -> list[Draft]:
    """Return the open drafts of a room, the newest first."""
    rows = await tx.all(
        "SELECT d.* FROM item i JOIN drafts_draft d ON d.item = i.number"
        " WHERE i.room = ? AND i.feature = 'drafts' AND i.kind = 'draft' AND NOT d.closed"
        " ORDER BY d.item DESC LIMIT ?",
        room,
        most,
    )
    return [_draft(row) for row in rows]


async def add_version(
    tx: Tx,
    draft: Draft,
    body: Body,
    who: UserId,
    at: datetime,
    amendment: Number | None = None,
) -> Draft:
    """Store the next version of a draft, which holds from now on. Return the draft as it is
    then."""
    version = draft.version + 1
    next_key = max([draft.next_key, *(one.key + 1 for one in body)])
    await tx.run(
        "INSERT INTO drafts_version VALUES (?, ?, ?, ?, ?, ?)",
        draft.item,
        version,
        int(at.timestamp()),
        who,
        amendment,
        json.dumps([[one.key, one.text] for one in body], ensure_ascii=False),
    )
    await tx.run(
        "UPDATE drafts_draft SET version = ?, next = ? WHERE item = ?",
        version,
        next_key,
        draft.item,
    )
    found = await get_draft(tx, draft.item)
    assert found is not None
    return found


async def get_version(tx: Tx, draft: Number, version: int) -> DraftVersion | None:
    """Return one version of a draft, or None."""
    row = await tx.one(
        "SELECT * FROM drafts_version WHERE draft = ? AND version = ?", draft, version
    )
    return _version(row) if row else None


async def current_body(tx: Tx, draft: Draft) -> Body:
    """Return the paragraphs of the version of a draft that holds now."""
    found = await get_version(tx, draft.item, draft.version)
    return found.body if found else ()


async def versions_of(tx: Tx, draft: Number) -> list[DraftVersion]:
    """Return all versions of a draft, the oldest first."""
    rows = await tx.all("SELECT * FROM drafts_version WHERE draft = ? ORDER BY version", draft)
    return [_version(row) for row in rows]


async def close_adopted(tx: Tx, draft: Draft, resource: Number) -> None:
    """Store that the room adopted the draft's present version, and its number in the library."""
    await tx.run(
        "UPDATE drafts_draft SET adopted = version, closed = 1, resource = ? WHERE item = ?",
        resource,
        draft.item,
    )


async def reopen(tx: Tx, draft: Number) -> None:
    """Store that an adopted draft can be changed again. What was adopted stays in the library."""
    await tx.run("UPDATE drafts_draft SET closed = 0 WHERE item = ?", draft)
