"""The core's data about a person: reading it, and deleting it on request.

Memberships (tables `room` and `member`) belong to the room and are deleted when the person leaves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.types import Number, UserId
from storage import digest_queue, help_rooms, identities, items, log, rooms, search_index, settings
from storage.database import Tx
from storage.membership.room import Room
from storage.rows import declared_rows
from storage.rows.core_rows import CORE_ROWS


@dataclass(frozen=True, slots=True)
class PersonData:
    """Everything stored about a person, for them to read. `rooms` has their display name in
    each.
    """

    language: str | None
    zone: str | None
    rooms: list[tuple[Room, str]]
    items: list[items.Item]
    due: list[tuple[datetime, Number | None]]
    log: list[log.LogEntry]
    letters: int
    questions: int
    unread: int
    named: int


async def data_of(tx: Tx, person: UserId) -> PersonData:
    """Return everything stored about a person. Of marks and mentions only the number."""
    quoted = json.dumps(person)
    language, zone = await settings.person_settings(tx, person)
    due = await tx.all("SELECT due, item FROM job WHERE person = ? ORDER BY due", person)
    return PersonData(
        language,
        zone,
        await rooms.rooms_of_person(tx, person),
        await items.items_by(tx, person),
        [(datetime.fromtimestamp(row["due"], UTC), row["item"]) for row in due],
        await log.entries_about(tx, person),
        await _count(tx, "letter WHERE person = ?", person),
        await _count(tx, "question WHERE person = ?", person)
        + await _count(tx, "dialogue WHERE person = ?", person),
        await _count(tx, "parked WHERE sender = ?", person)
        + await _count(tx, "waiting WHERE sender = ?", person),
        await _count(tx, "posted WHERE instr(mentions, ?)", quoted)
        + await _count(tx, "held WHERE instr(named, ?)", quoted),
    )


async def _count(tx: Tx, of: str, person: str) -> int:
    return await tx.count(f"SELECT count(*) AS n FROM {of}", person)  # noqa: S608


async def count_begun(tx: Tx, person: UserId) -> int:
    """Return how many items the person created, which stay without an author."""
    return await _count(tx, "item WHERE author = ?", person)


async def forget_person(tx: Tx, person: UserId) -> None:
    """Delete a person's dialogues, questions, jobs and outbox entries. Their items stay without
    author."""
    await declared_rows.forget_in_rows(tx, CORE_ROWS, person)
    # Nobody is told about refusals of their requests any more.
    await tx.run(
        "UPDATE letter SET payload = json_remove(payload, '$.asked')"
        " WHERE json_extract(payload, '$.asked.by') = ?",
        person,
    )
    await _unmention(tx, person)
    await digest_queue.forget_person(tx, person)
    await search_index.remove_person(tx, person)
    await identities.forget(tx, person)
    await help_rooms.forget_person(tx, person)
    await log.forget_person(tx, person)
    tx.shred()


async def _unmention(tx: Tx, person: UserId) -> None:
    rows = await tx.all(
        "SELECT event, mentions FROM posted WHERE instr(mentions, ?)", json.dumps(person)
    )
    for row in rows:
        left = [one for one in json.loads(row["mentions"]) if one != person]
        await tx.run(
            "UPDATE posted SET mentions = ? WHERE event = ?", json.dumps(left), row["event"]
        )
