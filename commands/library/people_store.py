"""Store changes for rooms that move and people who leave, and read a person's data."""

from __future__ import annotations

from bot.api import Number, RoomId, UserId
from commands.library.store import SELECT_RESOURCE, Resource, read_row
from storage.database import Tx


async def move_room(tx: Tx, old: RoomId, new: RoomId) -> list[Number]:
    """Give the library of a room to its successor. Return the numbers of the resources that were
    renamed.

    A name that the successor room uses already gets its number added.
    """
    rows = await tx.all(
        "SELECT item FROM library_resource WHERE room = ?1 AND known IN"
        " (SELECT known FROM library_resource WHERE room = ?2)",
        old,
        new,
    )
    await tx.many(
        "UPDATE library_resource SET name = name || '-' || item, known = known || item"
        " WHERE item = ?",
        [(row["item"],) for row in rows],
    )
    await tx.run("UPDATE library_resource SET room = ? WHERE room = ?", new, old)
    themed = await tx.all("SELECT * FROM library_theme WHERE place = ?", old)
    await tx.run("DELETE FROM library_theme WHERE place = ?", old)
    await tx.many(
        "INSERT INTO library_theme VALUES (?, ?, ?, ?)",
        [(row["item"], row["theme"], row["known"], new) for row in themed],
    )
    return [Number(row["item"]) for row in rows]


async def resources_in(tx: Tx, room: RoomId) -> list[Number]:
    """Return the numbers of the resources in a room's library."""
    return await tx.column(Number, "SELECT item FROM library_resource WHERE room = ?", room)


async def resources_kept_by(tx: Tx, person: UserId) -> list[Resource]:
    """Return the resources of the library that this person keeps."""
    return [
        read_row(r)
        for r in await tx.all(f"{SELECT_RESOURCE} WHERE r.keeper = ? ORDER BY r.item", person)
    ]


async def resources_said_by(tx: Tx, person: UserId) -> list[Resource]:
    """Return the resources of the library whose current content is a message of this person."""
    rows = await tx.all(
        f"{SELECT_RESOURCE} JOIN library_version v ON v.item = r.item AND v.version = r.version"
        " WHERE v.said_by = ? ORDER BY r.item",
        person,
    )
    return [read_row(row) for row in rows]


async def count_corrected_by(tx: Tx, person: UserId) -> int:
    """Return how often the person corrected resources of others."""
    return await tx.count(
        "SELECT count(*) AS n FROM library_version v JOIN library_resource r ON r.item = v.item"
        " WHERE v.who = ?1 AND r.keeper != ?1",
        person,
    )


async def remove_words(tx: Tx, person: UserId) -> list[Number]:
    """Remove a person's earlier words from resources that stay, and their address from all texts.

    Returns the numbers of the resources whose text has changed.
    """
    await tx.run(
        "DELETE FROM library_version WHERE said_by = ?1 AND version <"
        " (SELECT version FROM library_resource r WHERE r.item = library_version.item)",
        person,
    )
    named = await tx.all("SELECT item FROM library_resource WHERE instr(text, ?)", person)
    for table in ("library_resource", "library_version"):
        await tx.run(
            f"UPDATE {table} SET text = replace(text, ?1, '…') WHERE instr(text, ?1)",  # noqa: S608
            person,
        )
    return [Number(row["item"]) for row in named]
