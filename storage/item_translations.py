"""The translations of items: of the title (part 0) and of the options (from 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.types import Number
from storage.database import Tx

Parts = Mapping[int, str]
"""Texts by the part of an item that they stand for."""


async def set_language(tx: Tx, item: Number, language: str) -> None:
    """Store in which language an item itself is written; empty if nobody said."""
    await tx.run("UPDATE item SET language = ? WHERE number = ?", language, item)


async def add(tx: Tx, item: Number, language: str, parts: Parts, at: datetime | None) -> None:
    """Store the translation of these parts of an item into a language, in place of an earlier one.

    `at`: when they were added to what was open already; None if they were there from the first.
    """
    await tx.many(
        "INSERT INTO item_translation (item, part, language, text, at) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT DO UPDATE SET text = excluded.text, at = excluded.at"
        " WHERE text != excluded.text",
        [(item, part, language, text, _stamp(at)) for part, text in parts.items()],
    )


async def remove(tx: Tx, item: Number, language: str) -> bool:
    """Delete the translation of an item into a language. Return whether there was one."""
    query = "DELETE FROM item_translation WHERE item = ? AND language = ?"
    return await tx.change(query, item, language) > 0


async def get_translations(tx: Tx, item: Number) -> dict[str, dict[int, str]]:
    """Return an item's translations: for each language its texts by part. Part 0 is the title,
    parts from 1 on are the options."""
    rows = await tx.all(
        "SELECT * FROM item_translation WHERE item = ? ORDER BY language, part", item
    )
    found: dict[str, dict[int, str]] = {}
    for row in rows:
        found.setdefault(row["language"], {})[row["part"]] = row["text"]
    return found


def _stamp(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())
