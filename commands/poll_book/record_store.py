"""Find decisions that have ended in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, items
from commands.decision_rules.ballots import PollVerdict
from commands.poll_book.poll import SHOW_OF_HANDS
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One line of the record."""

    number: Number
    title: str
    room_name: str
    ended: datetime
    verdict: PollVerdict
    is_show_of_hands: bool = False


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """A search for decisions with all these words (folded), ended from `first` to before `last`."""

    words: str
    first: datetime | None = None
    last: datetime | None = None
    hands: bool = False
    """Shows of hands too, which decide nothing."""


async def find_decisions(
    tx: Tx, places: Sequence[RoomId], asked: RecordQuery, skip: int, limit: int
) -> list[RecordEntry]:
    """Return decisions taken in these rooms, newest first, without the first `skip`.

    Each room is read from its newest decision on, and no further than needed.
    """
    found = [row for place in places for row in await _find_in_room(tx, place, asked, skip + limit)]
    found.sort(key=lambda row: (row["ended"], row["number"]), reverse=True)
    return [_entry(row) for row in found[skip : skip + limit]]


async def _find_in_room(tx: Tx, place: RoomId, asked: RecordQuery, limit: int) -> list[Any]:
    said = asked.words.split()
    like = " AND folded LIKE ? ESCAPE '\\'" * len(said)
    return await tx.all(
        f"SELECT number, title, language, {items.TITLE_TRANSLATIONS}, ended, verdict, method,"  # noqa: S608
        " coalesce(r.name, '') AS place"
        " FROM poll_book_poll p CROSS JOIN item USING (number) LEFT JOIN room r ON r.room = p.room"
        f" WHERE p.room = ? AND verdict IS NOT NULL AND ended >= ? AND ended < ?{like}"
        " AND (? OR method != ?)"
        " ORDER BY ended DESC, number DESC LIMIT ?",
        place,
        asked.first.timestamp() if asked.first else 0.0,
        asked.last.timestamp() if asked.last else 1e12,
        *(f"%{_escape_like(word)}%" for word in said),
        asked.hands,
        SHOW_OF_HANDS,
        limit,
    )


def _entry(row: Any) -> RecordEntry:
    return RecordEntry(
        Number(row["number"]),
        items.translated_title(row),
        row["place"],
        datetime.fromtimestamp(row["ended"], UTC),
        PollVerdict(row["verdict"]),
        row["method"] == SHOW_OF_HANDS,
    )


def _escape_like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
