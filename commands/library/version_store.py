"""Versions of resources: what each one said, who made it, from which message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.api import EventId, Number, RoomId, UserId
from commands.library.store import (
    NOBODY,
    SELECT_RESOURCE,
    File,
    Resource,
    file_from_json,
    file_to_json,
    read_row,
    to_instant,
)
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Source:
    """The message that was saved. `said_by` is its sender, empty for a command.

    `typed` is what was written above the saved message.
    """

    event: EventId
    room: RoomId
    said_by: UserId = NOBODY
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a resource, who made it and from which message."""

    version: int
    at: datetime
    who: UserId
    text: str
    file: File | None
    source: Source


async def add_version(tx: Tx, one: Resource, who: UserId, source: Source) -> None:
    """Store a resource's current state as a version, with who made it and its source."""
    await tx.run(
        "INSERT INTO library_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.item,
        one.version,
        int(one.changed.timestamp()),
        who,
        one.text,
        file_to_json(one.file),
        source.event,
        source.room,
        source.said_by,
        source.typed,
    )


async def delete_versions(tx: Tx, item: Number) -> None:
    """Delete all versions of a resource."""
    await tx.run("DELETE FROM library_version WHERE item = ?", item)


async def list_versions(tx: Tx, item: Number) -> list[Version]:
    """Return all versions of a resource, the current one first."""
    rows = await tx.all("SELECT * FROM library_version WHERE item = ? ORDER BY version DESC", item)
    return [
        Version(
            row["version"],
            to_instant(row["at"]),
            UserId(row["who"]),
            row["text"],
            file_from_json(row["file"]),
            Source(
                EventId(row["source"]),
                RoomId(row["source_room"]),
                UserId(row["said_by"]),
                row["typed"],
            ),
        )
        for row in rows
    ]


async def current_version(tx: Tx, one: Resource) -> Version:
    """Return the version of a resource that is shown now."""
    return next(v for v in await list_versions(tx, one.item) if v.version == one.version)


async def is_saved(tx: Tx, event: EventId) -> bool:
    """Return whether this message was saved in the library already."""
    return await tx.exists("SELECT 1 FROM library_version WHERE source = ? LIMIT 1", event)


async def texts_made_of(tx: Tx, event: EventId, person: UserId) -> list[tuple[Number, int, str]]:
    """Return the library's texts made of this message of the person: item, version, and the text
    above it."""
    rows = await tx.all(
        "SELECT item, version, typed FROM library_version WHERE source = ? AND said_by = ?"
        " AND file IS NULL",
        event,
        person,
    )
    return [(Number(row["item"]), row["version"], row["typed"]) for row in rows]


async def replace_text(tx: Tx, item: Number, version: int, text: str) -> None:
    """Replace the text of one version of a resource."""
    await tx.run(
        "UPDATE library_version SET text = ? WHERE item = ? AND version = ?", text, item, version
    )


async def resources_made_of(tx: Tx, event: EventId) -> list[Resource]:
    """Return the resources whose current content is this message.

    Also deletes older versions made of it.
    """
    now = await tx.all(
        f"{SELECT_RESOURCE} JOIN library_version v ON v.item = r.item AND v.version = r.version"
        " WHERE v.source = ?",
        event,
    )
    await tx.run(
        "DELETE FROM library_version WHERE source = ?1 AND version <"
        " (SELECT version FROM library_resource r WHERE r.item = library_version.item)",
        event,
    )
    return [read_row(row) for row in now]
