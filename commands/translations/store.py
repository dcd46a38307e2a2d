"""Translations that wait for a yes, in the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.api import Number, UserId
from commands.translations.typed_texts import TypedText
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class OfferedTranslation:
    """A translation that a person offered; the author or a moderator has yet to accept it."""

    id: int
    item: Number
    language: str
    person: UserId
    text: TypedText


def _offer(row: Any) -> OfferedTranslation:
    title, *options = json.loads(row["words"])
    return OfferedTranslation(
        row["id"],
        Number(row["item"]),
        row["language"],
        UserId(row["person"]),
        TypedText(title, tuple(options)),
    )


async def put(tx: Tx, one: OfferedTranslation, at: datetime) -> int:
    """Store an offered translation in place of one for the same language. Return its id, which is
    new."""
    return await tx.run(
        "INSERT OR REPLACE INTO translations_offer (item, language, person, words, at)"
        " VALUES (?, ?, ?, ?, ?)",
        one.item,
        one.language,
        one.person,
        json.dumps([one.text.title, *one.text.options], ensure_ascii=False),
        at.timestamp(),
    )


async def get(tx: Tx, number: int) -> OfferedTranslation | None:
    """Return the offered translation with this id, or None if it is settled or replaced."""
    row = await tx.one("SELECT * FROM translations_offer WHERE id = ?", number)
    return _offer(row) if row else None


async def drop(tx: Tx, item: Number, languages: Sequence[str]) -> None:
    """Delete the offered translations of an item into these languages."""
    await tx.many(
        "DELETE FROM translations_offer WHERE item = ? AND language = ?",
        [(item, language) for language in languages],
    )


async def of_person(tx: Tx, person: UserId) -> list[OfferedTranslation]:
    """Return the translations that a person offered and nobody has accepted yet."""
    rows = await tx.all("SELECT * FROM translations_offer WHERE person = ? ORDER BY id", person)
    return [_offer(row) for row in rows]
