"""Store amendments, and the comments on them and on drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId
from commands.drafts.amendments import Amendment, AmendmentKind, AmendmentState, Change
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said of a draft or an amendment. An empty `who` was forgotten."""

    at: datetime
    who: UserId
    text: str


def read_amendment(row: Any) -> Amendment:
    """Return the amendment in a database row."""
    return Amendment(
        Number(row["item"]),
        Number(row["draft"]),
        Change(AmendmentKind(row["kind"]), row["paragraph"], row["text"], row["base"]),
        UserId(row["who"]),
        AmendmentState(row["state"]),
    )


async def add_amendment(tx: Tx, item: Number, draft: Number, change: Change, who: UserId) -> None:
    """Store an open amendment."""
    await tx.run(
        "INSERT INTO drafts_amendment (item, draft, base, kind, paragraph, text, who)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        item,
        draft,
        change.base,
        change.kind,
        change.paragraph,
        change.text,
        who,
    )


async def get_amendment(tx: Tx, item: Number) -> Amendment | None:
    """Return the amendment with this number, or None."""
    row = await tx.one("SELECT * FROM drafts_amendment WHERE item = ?", item)
    return read_amendment(row) if row else None


async def open_amendments(tx: Tx, draft: Number) -> list[Amendment]:
    """Return the open amendments of a draft, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM drafts_amendment WHERE draft = ? AND state = 'open' ORDER BY item", draft
    )
    return [read_amendment(row) for row in rows]


async def numbers_of(tx: Tx, draft: Number) -> list[Number]:
    """Return the numbers of all amendments of a draft, also those decided."""
    rows = await tx.all("SELECT item FROM drafts_amendment WHERE draft = ?", draft)
    return [Number(row["item"]) for row in rows]


async def set_state(tx: Tx, item: Number, state: AmendmentState) -> None:
    """Store the state of an amendment: accepted, rejected, withdrawn."""
    await tx.run("UPDATE drafts_amendment SET state = ? WHERE item = ?", state, item)


async def rewrite(tx: Tx, item: Number, change: Change) -> None:
    """Store another change for an amendment, and the version for which it is."""
    await tx.run(
        "UPDATE drafts_amendment SET base = ?, kind = ?, paragraph = ?, text = ? WHERE item = ?",
        change.base,
        change.kind,
        change.paragraph,
        change.text,
        item,
    )


async def add_comment(tx: Tx, item: Number, one: Comment) -> None:
    """Store a comment on a draft or an amendment."""
    await tx.run(
        "INSERT INTO drafts_comment (item, at, who, text) VALUES (?, ?, ?, ?)",
        item,
        int(one.at.timestamp()),
        one.who,
        one.text,
    )


async def comments_on(tx: Tx, item: Number) -> list[Comment]:
    """Return the comments on a draft or an amendment, the oldest first."""
    rows = await tx.all("SELECT * FROM drafts_comment WHERE item = ? ORDER BY id", item)
    return [
        Comment(datetime.fromtimestamp(row["at"], UTC), UserId(row["who"]), row["text"])
        for row in rows
    ]
