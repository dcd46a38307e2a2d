"""The library as a room goes on elsewhere, and as a person asks what it holds of them."""

from __future__ import annotations

from bot.api import Number, RoomId, UserId
from commands.library.store import READ, Resource, read
from storage.database import Tx


async def move(tx: Tx, old: RoomId, new: RoomId) -> list[Number]:
    """A name that the next room has already gets its number behind it: what is called so now."""
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
    await tx.run("UPDATE OR IGNORE library_round SET room = ? WHERE room = ?", new, old)
    await tx.run("DELETE FROM library_round WHERE room = ?", old)
    return [Number(row["item"]) for row in rows]


async def kept_by(tx: Tx, person: UserId) -> list[Resource]:
    return [read(r) for r in await tx.all(f"{READ} WHERE r.keeper = ? ORDER BY r.item", person)]


async def said_by(tx: Tx, person: UserId) -> list[Resource]:
    """What says now what this person said in a message that somebody kept."""
    rows = await tx.all(
        f"{READ} JOIN library_version v ON v.item = r.item AND v.version = r.version"
        " WHERE v.said_by = ? ORDER BY r.item",
        person,
    )
    return [read(row) for row in rows]


async def corrected_by(tx: Tx, person: UserId) -> int:
    """How many times they corrected what somebody else had kept."""
    row = await tx.one(
        "SELECT count(*) AS n FROM library_version v JOIN library_resource r ON r.item = v.item"
        " WHERE v.who = ?1 AND r.keeper != ?1",
        person,
    )
    return int(row["n"]) if row else 0


async def unname(tx: Tx, person: UserId) -> list[Number]:
    """What stays is without this person's name and words; so is what others say of them.

    What says something else now.
    """
    await tx.run(
        "DELETE FROM library_version WHERE said_by = ?1 AND version <"
        " (SELECT version FROM library_resource r WHERE r.item = library_version.item)",
        person,
    )
    await tx.run("UPDATE library_resource SET keeper = '' WHERE keeper = ?", person)
    await tx.run("UPDATE library_version SET who = '' WHERE who = ?", person)
    named = await tx.all("SELECT item FROM library_resource WHERE instr(text, ?)", person)
    for table in ("library_resource", "library_version"):
        await tx.run(
            f"UPDATE {table} SET text = replace(text, ?1, '…') WHERE instr(text, ?1)",  # noqa: S608
            person,
        )
    return [Number(row["item"]) for row in named]
