"""What is public, and who agreed to be named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.api import Number, RoomId, UserId, items, public_services
from storage.database import Tx

PublicDocument = public_services.public_document.PublicDocument
ASKED, GONE, ERASED = "asked", "gone", "erased"
"""Why it was withdrawn: people decided so, its item is gone, or somebody's name had to go."""


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """What is or was public of an item. `document` is None once it is withdrawn.

    `content` is the hash of the document without names, `words` that of the part that people wrote,
    `waiting` that of the words written since. Times are UTC.
    """

    number: Number
    kind: str
    document: PublicDocument | None
    content: str
    words: str
    waiting: str
    since: datetime
    changed: datetime
    withdrawn: datetime | None
    reason: str

    @property
    def is_public(self) -> bool:
        """Whether the item's public document is handed out."""
        return self.withdrawn is None


@dataclass(frozen=True, slots=True)
class PublicTitle:
    """A line of the list: what is public, since when, and whether other words wait.

    `written`: when the item was made.
    """

    number: Number
    kind: str
    title: str
    written: datetime
    since: datetime
    waits: bool


async def get_record(tx: Tx, number: Number) -> PublicRecord | None:
    """Return the record of what is or was public of an item, or None if nothing ever was."""
    row = await tx.one("SELECT * FROM publishing_item WHERE number = ?", number)
    if row is None:
        return None
    document = PublicDocument.model_validate_json(row["document"]) if row["document"] else None
    return PublicRecord(
        number,
        row["kind"],
        document,
        row["content"],
        row["words"],
        row["waiting"],
        _time(row["since"]),
        _time(row["changed"]),
        _time(row["withdrawn"]) if row["withdrawn"] is not None else None,
        row["reason"],
    )


async def is_public(tx: Tx, number: Number) -> bool:
    """Return whether an item has a public document that is not withdrawn."""
    query = "SELECT 1 FROM publishing_item WHERE number = ? AND withdrawn IS NULL"
    return await tx.exists(query, number)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


async def put_document(
    tx: Tx,
    document: PublicDocument,
    files: Mapping[str, bytes],
    hashes: tuple[str, str],
    at: datetime,
) -> None:
    """Store the public document of an item; `hashes` are those of its content and words.

    What was public of it before is deleted, but for the names of its files.
    """
    number, stamp = document.number, at.timestamp()
    await tx.run(
        "INSERT INTO publishing_item"
        " (number, kind, place, document, content, words, since, changed)"
        " SELECT ?1, ?2, coalesce(max(place) + 1, 0), ?3, ?4, ?5, ?6, ?6 FROM publishing_item"
        " WHERE kind = ?2"
        " ON CONFLICT (number) DO UPDATE SET document = ?3, content = ?4, words = ?5, changed = ?6,"
        " waiting = '', withdrawn = NULL, reason = ''",
        number,
        document.kind,
        document.to_json(),
        *hashes,
        stamp,
    )
    await _delete_files(tx, number)
    for name, content in files.items():
        await tx.run(
            "INSERT OR REPLACE INTO publishing_file VALUES (?, ?, ?)", number, name, content
        )


async def update_document(tx: Tx, document: PublicDocument, at: datetime) -> None:
    """Replace the public document of an item by another one with the same words and files. What was
    stored about words that are not public yet stays."""
    await tx.run(
        "UPDATE publishing_item SET document = ?, changed = ? WHERE number = ?",
        document.to_json(),
        at.timestamp(),
        document.number,
    )


async def mark_waiting(tx: Tx, number: Number, words: str) -> None:
    """Store that the room was told of an item's words that are not public yet; '' if there are
    none."""
    await tx.run("UPDATE publishing_item SET waiting = ? WHERE number = ?", words, number)


async def mark_withdrawn(tx: Tx, number: Number, reason: str, at: datetime) -> None:
    """Delete the public document of an item. That there was one stays stored."""
    await tx.run(
        "UPDATE publishing_item SET document = NULL, waiting = '', withdrawn = ?, changed = ?,"
        " reason = ? WHERE number = ?",
        at.timestamp(),
        at.timestamp(),
        reason,
        number,
    )
    await _delete_files(tx, number)


async def _delete_files(tx: Tx, number: int) -> None:
    """Delete what the files say. Their names stay: by them they are taken out of the folder."""
    await tx.run("UPDATE publishing_file SET content = NULL WHERE number = ?", number)
    tx.shred()


async def public_in(tx: Tx, room: RoomId, most: int, offset: int = 0) -> list[PublicTitle]:
    """Return the public items of a room, the newest first."""
    rows = await tx.all(
        "SELECT p.number, p.kind, p.since, p.waiting, item.at, item.title, item.language,"  # noqa: S608
        f" {items.TITLE_TRANSLATIONS}"
        " FROM publishing_item p JOIN item ON item.number = p.number"
        " WHERE withdrawn IS NULL AND item.room = ? ORDER BY p.since DESC, p.number DESC"
        " LIMIT ? OFFSET ?",
        room,
        most,
        offset,
    )
    return [
        PublicTitle(
            Number(row["number"]),
            row["kind"],
            items.translated_title(row),
            _time(row["at"]),
            _time(row["since"]),
            row["waiting"] != "",
        )
        for row in rows
    ]


async def newest_unpublished(tx: Tx, room: RoomId, most: int) -> list[Number]:
    """Return the newest items of a room that are not public."""
    query = (
        "SELECT number FROM item WHERE room = ? AND number NOT IN"
        " (SELECT number FROM publishing_item WHERE withdrawn IS NULL)"
        " ORDER BY number DESC LIMIT ?"
    )
    return await tx.column(Number, query, room, most)


async def count_public(tx: Tx, room: RoomId) -> int:
    """Return how many items of a room are public."""
    return await tx.count(
        "SELECT count(*) AS n FROM publishing_item p JOIN item ON item.number = p.number"
        " WHERE withdrawn IS NULL AND item.room = ?",
        room,
    )


async def waiting_in(tx: Tx, room: RoomId) -> list[Number]:
    """Return the public items of a room that were written anew since they became public."""
    query = (
        "SELECT p.number FROM publishing_item p JOIN item ON item.number = p.number"
        " WHERE waiting != '' AND item.room = ? ORDER BY p.number"
    )
    return await tx.column(Number, query, room)


async def public_by(tx: Tx, person: UserId) -> list[Number]:
    """Return the public items that a person made."""
    query = (
        "SELECT p.number FROM publishing_item p JOIN item ON item.number = p.number"
        " WHERE withdrawn IS NULL AND item.author = ? ORDER BY p.number"
    )
    return await tx.column(Number, query, person)


async def public_numbers(tx: Tx) -> list[tuple[Number, RoomId]]:
    """Return the numbers of all that is public, the newest first, each with its room; '' where the
    item is gone."""
    rows = await tx.all(
        "SELECT p.number, coalesce(item.room, '') AS room FROM publishing_item p"
        " LEFT JOIN item ON item.number = p.number"
        " WHERE withdrawn IS NULL ORDER BY p.since DESC, p.number DESC"
    )
    return [(Number(row["number"]), RoomId(row["room"])) for row in rows]


async def document_text(tx: Tx, number: Number) -> str:
    """Return the public document of an item as it is stored, in JSON; '' if it has none."""
    query = "SELECT coalesce(document, '') AS text FROM publishing_item WHERE number = ?"
    return "".join(await tx.column(str, query, number))


async def rooms_with_public(tx: Tx) -> list[RoomId]:
    """Return the rooms with items that are or were public."""
    query = (
        "SELECT DISTINCT item.room FROM publishing_item p JOIN item ON item.number = p.number"
        " ORDER BY item.room"
    )
    return [RoomId(room) for room in await tx.column(str, query)]


# --- consents -------------------------------------------------------------------------------------


async def agreed_names(tx: Tx, number: Number) -> dict[UserId, str]:
    """Return the people who agreed to be named in a public item, each with the name."""
    query = "SELECT person, name FROM publishing_consent WHERE number = ? AND answer = 1"
    return {UserId(row["person"]): str(row["name"]) for row in await tx.all(query, number)}


async def asked_people(tx: Tx, number: Number) -> set[UserId]:
    """Return the people who were asked whether a public item may name them, whatever they
    answered."""
    query = "SELECT person FROM publishing_consent WHERE number = ?"
    return {UserId(one) for one in await tx.column(str, query, number)}


async def answer_of(tx: Tx, number: Number, person: UserId) -> bool | None:
    """Return a person's answer about being named in a public item, or None."""
    row = await tx.one(
        "SELECT answer FROM publishing_consent WHERE number = ? AND person = ?", number, person
    )
    return None if row is None or row["answer"] is None else bool(row["answer"])


async def name_of(tx: Tx, number: Number, person: UserId) -> str:
    """Return the name with which a person was asked to appear in public beside this item, or to
    which they agreed; '' if they were not asked."""
    query = "SELECT name FROM publishing_consent WHERE number = ? AND person = ?"
    return "".join(await tx.column(str, query, number, person))


async def times_agreed(tx: Tx, number: Number, person: UserId) -> int:
    """Return how often a person said yes to being named in a public item, each after a no."""
    query = "SELECT agreed FROM publishing_consent WHERE number = ? AND person = ?"
    return sum(await tx.column(int, query, number, person))


async def put_answer(
    tx: Tx, number: Number, person: UserId, answer: bool | None, name: str, at: datetime
) -> None:
    """Store that a person was asked about being named, or their answer and the name shown."""
    await tx.run(
        "INSERT INTO publishing_consent (number, person, answer, name, asked, agreed)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?3 IS 1)"
        " ON CONFLICT (number, person) DO UPDATE SET answer = ?3, name = ?4,"
        " agreed = agreed + (?3 IS 1 AND answer IS NOT 1)",
        number,
        person,
        answer,
        name,
        at.timestamp(),
    )


async def forget_answers(tx: Tx, item: Number) -> None:
    """Delete who was asked about being named in an item and what they said: they are asked anew."""
    await tx.run("DELETE FROM publishing_consent WHERE number = ?", item)


async def answers_of(tx: Tx, person: UserId) -> dict[Number, bool | None]:
    """Return a person's answer about being named in each public item; None where they have not
    answered yet."""
    query = "SELECT number, answer FROM publishing_consent WHERE person = ? ORDER BY number"
    rows = await tx.all(query, person)
    return {
        Number(row["number"]): None if row["answer"] is None else bool(row["answer"])
        for row in rows
    }


async def delete_answers(tx: Tx, number: Number) -> None:
    """Delete who was asked about being named in a deleted item, once nothing of it is public."""
    await tx.run(
        "DELETE FROM publishing_consent WHERE number = (SELECT number FROM publishing_item"
        " WHERE number = ?1 AND withdrawn IS NOT NULL)",
        number,
    )
