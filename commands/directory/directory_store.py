"""Store of entries and letters beside their items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """Somebody who wants to be found. Without `shown`, letters go through the bot."""

    item: Number
    room: RoomId
    person: UserId
    kind: str
    words: str
    place: str
    shown: str
    network: bool
    themes: tuple[str, ...]
    asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class DirectoryLetter:
    """An exchange of letters about an entry. `turn`: whether `owner` or `sender` may write next."""

    item: Number
    entry: Number
    sender: UserId
    owner: UserId
    at: datetime
    turn: str

    def other(self, person: UserId) -> UserId:
        """Return the other of the two people between whom the letters go."""
        return self.owner if person == self.sender else self.sender


def _entry(row: Any) -> DirectoryEntry:
    return DirectoryEntry(
        Number(row["item"]),
        RoomId(row["room"]),
        UserId(row["person"]),
        row["kind"],
        row["words"],
        row["place"],
        row["shown"],
        bool(row["network"]),
        tuple(row["themes"].split()),
        datetime.fromtimestamp(row["asked"], UTC) if row["asked"] is not None else None,
    )


def _letter(row: Any) -> DirectoryLetter:
    at = datetime.fromtimestamp(row["at"], UTC)
    return DirectoryLetter(row["item"], row["entry"], row["sender"], row["owner"], at, row["turn"])


# --- entries --------------------------------------------------------------------------------------


async def put_entry(tx: Tx, one: DirectoryEntry) -> None:
    """Insert or replace an entry of the directory."""
    await tx.run(
        "INSERT INTO directory_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)"
        " ON CONFLICT (item) DO UPDATE SET kind = ?4, words = ?5, place = ?6, shown = ?7,"
        " network = ?8, themes = ?9, asked = NULL",
        one.item,
        one.room,
        one.person,
        one.kind,
        one.words,
        one.place,
        one.shown,
        int(one.network),
        " ".join(one.themes),
    )


async def get_entry(tx: Tx, item: Number) -> DirectoryEntry | None:
    """Return the entry of the directory with this number, or None."""
    row = await tx.one("SELECT * FROM directory_entry WHERE item = ?", item)
    return _entry(row) if row else None


async def get_entries(tx: Tx, numbers: Sequence[Number]) -> list[DirectoryEntry]:
    """Return the directory's entries with these numbers, in this order."""
    rows = await tx.all(
        f"SELECT * FROM directory_entry WHERE item IN ({','.join('?' * len(numbers))})",  # noqa: S608
        *numbers,
    )
    found = {row["item"]: _entry(row) for row in rows}
    return [found[number] for number in numbers if number in found]


async def entries_of(tx: Tx, person: UserId) -> list[DirectoryEntry]:
    """Return a person's entries in the directory in the order of their numbers."""
    rows = await tx.all("SELECT * FROM directory_entry WHERE person = ? ORDER BY item", person)
    return [_entry(row) for row in rows]


async def entries_in_room(tx: Tx, person: UserId, room: RoomId) -> list[DirectoryEntry]:
    """Return the person's entries of one room."""
    return [one for one in await entries_of(tx, person) if one.room == room]


async def set_asked(tx: Tx, item: Number, at: datetime | None) -> None:
    """Store when (UTC) the person was asked whether a directory entry still holds; None once
    answered."""
    await tx.run(
        "UPDATE directory_entry SET asked = ? WHERE item = ?", at.timestamp() if at else None, item
    )


# --- letters --------------------------------------------------------------------------------------


async def add_letter(tx: Tx, one: DirectoryLetter) -> None:
    """Store that somebody wrote a first letter to a person in the directory."""
    await tx.run(
        "INSERT INTO directory_letter VALUES (?, ?, ?, ?, ?, ?)",
        one.item,
        one.entry,
        one.sender,
        one.owner,
        one.at.timestamp(),
        one.turn,
    )


async def get_letter(tx: Tx, item: Number) -> DirectoryLetter | None:
    """Return the exchange of letters with this number, or None."""
    row = await tx.one("SELECT * FROM directory_letter WHERE item = ?", item)
    return _letter(row) if row else None


async def letter_between(tx: Tx, entry: Number, sender: UserId) -> DirectoryLetter | None:
    """Return the newest exchange of letters between this person and an entry of the directory, or
    None."""
    row = await tx.one(
        "SELECT * FROM directory_letter WHERE entry = ? AND sender = ? ORDER BY item DESC LIMIT 1",
        entry,
        sender,
    )
    return _letter(row) if row else None


async def set_turn(tx: Tx, item: Number, to: str, at: datetime) -> None:
    """Store who may write the next letter and when the last one was passed on (UTC)."""
    await tx.run(
        "UPDATE directory_letter SET turn = ?, at = ? WHERE item = ?", to, at.timestamp(), item
    )


async def count_letters(tx: Tx, sender: UserId, since: datetime) -> int:
    """Return how many exchanges of letters the sender began since an instant (UTC)."""
    return await tx.count(
        "SELECT count(*) AS n FROM directory_letter WHERE sender = ? AND at > ?",
        sender,
        since.timestamp(),
    )


async def letters_of(tx: Tx, person: UserId) -> list[DirectoryLetter]:
    """Return the exchanges of letters in which a person takes part, in the order of their
    numbers."""
    rows = await tx.all(
        "SELECT * FROM directory_letter WHERE sender = ?1 OR owner = ?1 ORDER BY item", person
    )
    return [_letter(row) for row in rows]


async def older_letters(tx: Tx, than: datetime, limit: int) -> list[Number]:
    """Return at most `limit` exchanges of letters of which the last one is older than an instant
    (UTC)."""
    return await tx.column(
        Number, "SELECT item FROM directory_letter WHERE at < ? LIMIT ?", than.timestamp(), limit
    )


# --- who does not want to hear from whom ----------------------------------------------------------


async def add_block(tx: Tx, owner: UserId, person: UserId) -> None:
    """Note that `owner` wants no more letters from a person."""
    await tx.run("INSERT OR IGNORE INTO directory_blocked VALUES (?, ?)", owner, person)


async def remove_block(tx: Tx, owner: UserId, person: UserId) -> None:
    """Let a person write to `owner` again."""
    await tx.run("DELETE FROM directory_blocked WHERE owner = ? AND person = ?", owner, person)


async def has_blocked(tx: Tx, owner: UserId, person: UserId) -> bool:
    """Return whether `owner` wants no letters from a person."""
    query = "SELECT 1 FROM directory_blocked WHERE owner = ? AND person = ?"
    return await tx.exists(query, owner, person)


async def people_blocked_by(tx: Tx, owner: UserId) -> list[UserId]:
    """Return the people from whom `owner` wants no letters, in alphabetical order."""
    return await tx.column(
        UserId, "SELECT person FROM directory_blocked WHERE owner = ? ORDER BY person", owner
    )
