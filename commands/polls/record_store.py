"""Decisions that have ended, found in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.api import Number, RoomId
from commands.polls.ballots import Verdict
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record."""

    number: Number
    title: str
    room_name: str
    ended: datetime
    verdict: Verdict


async def find(
    tx: Tx,
    places: Sequence[RoomId],
    words: str,
    first: datetime | None,
    last: datetime | None,
    limit: int,
) -> list[Entry]:
    """The newest first: of these rooms, with all these words (folded), ended in that time."""
    if not places:
        return []
    asked = words.split()
    here = f"item.room IN ({','.join('?' * len(places))})"
    said = " AND folded LIKE ? ESCAPE '\\'" * len(asked)
    rows = await tx.all(
        f"SELECT number, title, ended, verdict, coalesce(r.name, '') AS place"  # noqa: S608
        f" FROM polls_poll JOIN item USING (number) LEFT JOIN room r ON r.room = item.room"
        f" WHERE {here} AND ended IS NOT NULL AND NOT cancelled AND verdict IS NOT NULL{said}"
        f" AND ended >= ? AND ended < ? ORDER BY ended DESC, number DESC LIMIT ?",
        *places,
        *(f"%{_escaped(word)}%" for word in asked),
        first.timestamp() if first else 0.0,
        last.timestamp() if last else 1e12,
        limit,
    )
    return [
        Entry(
            Number(r["number"]),
            r["title"],
            r["place"],
            datetime.fromtimestamp(r["ended"], UTC),
            Verdict(r["verdict"]),
        )
        for r in rows
    ]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
