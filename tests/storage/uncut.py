"""A database as it was before a part of a capability became one of its own."""

from __future__ import annotations

from storage.database import Tx

NAMED = ("item", "job", "dialogue", "question")
"""The core's tables in which the name of a capability stands, but for those that never change."""
FORMER = {
    "incidents_incident": "care_incident",
    "incidents_part": "care_incident_part",
    "incidents_apart": "care_apart",
    "incidents_reader": "care_reader",
    "ban_lists_list": "care_list",
    "ban_lists_rule": "care_rule",
}
"""Old names of tables that were given more than the part's name."""


async def join_again(tx: Tx, parent: str, part: str) -> None:
    """Give everything of the part back to its parent, as if its migrations had not run yet."""
    made = await tx.all("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    own = [row for row in made if row["tbl_name"].startswith(f"{part}_")]
    indexes = [row for row in own if row["type"] == "index"]
    for index in indexes:
        await tx.run(f"DROP INDEX {index['name']}")
    for table in (row["name"] for row in own if row["type"] == "table"):
        old = FORMER.get(table, table.replace(part, parent, 1))
        await tx.run(f"ALTER TABLE {table} RENAME TO {old}")
        for index in indexes:
            if index["tbl_name"] == table:
                await tx.run(index["sql"].replace(table, old).replace(f"{part}_", f"{parent}_"))
    for name in NAMED:
        query = f"UPDATE {name} SET feature = ? WHERE feature = ?"  # noqa: S608
        await tx.run(query, parent, part)
    await tx.run("DELETE FROM schema_version WHERE owner = ?", part)
