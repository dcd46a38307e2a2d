"""What of the drafts is one person's."""

from __future__ import annotations

from bot.api import Number, UserId
from commands.drafts.amendment_store import read_amendment
from commands.drafts.amendments import Amendment
from storage.database import Tx


async def amendments_of(tx: Tx, person: UserId) -> list[Amendment]:
    """Return the amendments that a person proposed, the oldest first."""
    rows = await tx.all("SELECT * FROM drafts_amendment WHERE who = ? ORDER BY item", person)
    return [read_amendment(row) for row in rows]


async def comments_of(tx: Tx, person: UserId) -> list[tuple[Number, str]]:
    """Return a person's comments, each with the number of the draft or amendment it is on."""
    rows = await tx.all("SELECT item, text FROM drafts_comment WHERE who = ? ORDER BY id", person)
    return [(Number(row["item"]), row["text"]) for row in rows]


async def count_versions(tx: Tx, person: UserId) -> int:
    """Return how many versions of drafts this person made."""
    return await tx.count("SELECT count(*) AS n FROM drafts_version WHERE who = ?", person)
