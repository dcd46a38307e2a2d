"""The outbox on disk. Entries are written in the transaction of the change they report."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bot.delivery.effects import MessageRef
from bot.types import EventId, Number, RoomId, UserId
from storage import items, questions, sent_events
from storage.database import Database, Tx

LATE_AFTER = timedelta(minutes=15)
"""How long after it was written an entry counts as late."""


class Address(NamedTuple):
    """Where an entry goes: a room, or a person's private room, whichever that will be."""

    room: RoomId | None
    person: UserId | None


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One act at the homeserver, to be done once. `ref` is its target event, or `letter:<id>`.

    `stored` is the JSON form of its payload (`bot/delivery/payload.py`). Of that only the `type`
    and `content` of events mean anything here.
    """

    id: int
    room: RoomId | None
    person: UserId | None
    kind: str
    stored: Mapping[str, Any]
    txn: str
    alias: str
    item: Number | None
    slot: str | None
    ref: str | None
    device: str
    written: datetime

    @property
    def waits_for(self) -> int | None:
        """The id of the entry whose event id is needed before this one is sent, or None."""
        if self.ref and self.ref.startswith("letter:"):
            return int(self.ref.removeprefix("letter:"))
        return None

    @property
    def target(self) -> EventId | None:
        """The event that the entry changes or answers, once its id is known."""
        return EventId(self.ref) if self.ref and self.waits_for is None else None


PAGE_ENTRIES = 200
"""Most entries that are read at once, because after an outage many may wait."""
_READER_AWAY = (
    "(EXISTS (SELECT 1 FROM private_room_attempt a WHERE a.person = letter.person)"
    " AND NOT EXISTS (SELECT 1 FROM room JOIN member USING (room) WHERE room.joined"
    " AND private_of = letter.person AND member.person = letter.person AND membership = 'join')"
    " OR EXISTS (SELECT 1 FROM help_room h WHERE h.room = letter.room AND NOT EXISTS (SELECT 1"
    " FROM member m WHERE m.room = h.room AND m.person = h.person AND m.membership = 'join')))"
)
"""An SQL condition on entries: a private or help room was made for who is in none."""
_COLUMNS = "id, room, person, kind, payload, txn, alias, item, slot, ref, device, written"
"""What `_entry` reads, in this order."""
_BY_ID = f"SELECT {_COLUMNS} FROM letter WHERE id = ?"  # noqa: S608
_BY_TXN = f"SELECT {_COLUMNS} FROM letter WHERE txn = ?"  # noqa: S608
_AFTER = f"SELECT {_COLUMNS} FROM letter WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608


def _entry(row: Any) -> OutboxEntry:
    number, room, person, kind, payload, txn, alias, item, slot, ref, device, written = row
    at, stored = datetime.fromtimestamp(written, UTC), json.loads(payload)
    return OutboxEntry(number, room, person, kind, stored, txn, alias, item, slot, ref, device, at)


async def add(
    tx: Tx,
    *,
    room: RoomId | None,
    person: UserId | None,
    kind: str,
    payload: Mapping[str, Any],
    device: str,
    at: datetime,
    item: Number | None = None,
    slot: str | None = None,
    ref: str | None = None,
    blob: bytes | None = None,
) -> int:
    """Add an outbox entry with a new random transaction id, and return its id."""
    return await tx.run(
        "INSERT INTO letter (room, person, kind, payload, blob, txn, alias, item, slot, ref,"
        " device, written) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        None if person else room,
        person,
        kind,
        json.dumps(payload),
        blob,
        secrets.token_urlsafe(18),
        f"minga-{secrets.token_hex(10)}",
        item,
        slot,
        ref,
        device,
        at.timestamp(),
    )


async def resolve_ref(tx: Tx, ref: MessageRef) -> tuple[str, Address] | None:
    """Return the event or undelivered outbox entry that `ref` names, and its address."""
    row = await tx.one(
        "SELECT id, room, person FROM letter WHERE item = ? AND slot = ? ORDER BY id DESC LIMIT 1",
        ref.item,
        ref.slot,
    )
    if row:
        return f"letter:{row['id']}", Address(row["room"], row["person"])
    found = await items.event_of(tx, ref)
    return (found[0], Address(found[1], None)) if found else None


async def manner_of(tx: Tx, ref: str) -> tuple[bool, tuple[UserId, ...]]:
    """Return whether an event or undelivered outbox entry is loud, and its mentions."""
    if not ref.startswith("letter:"):
        return await items.manner_of(tx, EventId(ref))
    row = await tx.one("SELECT payload FROM letter WHERE id = ?", int(ref.removeprefix("letter:")))
    content = json.loads(row["payload"]).get("content", {}) if row else {}
    return content.get("msgtype") == "m.text", tuple(items.mentions_in(content))


async def edits_of(db: Database, event: EventId) -> list[EventId]:
    """Return the edits that were sent of a message of ours."""
    async with db.reading() as tx:
        rows = await tx.all("SELECT event FROM edit WHERE target = ? ORDER BY event", event)
    return [EventId(row["event"]) for row in rows]


async def delete_edits(tx: Tx, event: EventId) -> None:
    """Delete the record of a message's edits, which were redacted with it."""
    await tx.run("DELETE FROM edit WHERE target = ?", event)


async def entries_after(tx: Tx, last: int) -> list[OutboxEntry]:
    """Return the outbox entries newer than `last`, oldest first and at most `PAGE_ENTRIES`."""
    rows = await tx.all(_AFTER, last, PAGE_ENTRIES)
    return [_entry(row) for row in rows]


async def get(db: Database, letter: int) -> OutboxEntry | None:
    """Return the outbox entry with this id, or None."""
    async with db.reading() as tx:
        row = await tx.one(_BY_ID, letter)
    return _entry(row) if row else None


async def get_blob(db: Database, letter: int) -> bytes:
    """Return the content of the file that an outbox entry sends."""
    async with db.reading() as tx:
        row = await tx.one("SELECT blob FROM letter WHERE id = ?", letter)
    return bytes(row["blob"] or b"") if row else b""


async def save_payload(tx: Tx, letter: int, payload: Mapping[str, Any]) -> None:
    """Store how far an outbox entry got (an upload), so that a retry does not repeat it."""
    await tx.run("UPDATE letter SET payload = ? WHERE id = ?", json.dumps(payload), letter)


async def get_by_txn(tx: Tx, txn: str) -> OutboxEntry | None:
    """Return the outbox entry with this transaction id, or None."""
    row = await tx.one(_BY_TXN, txn)
    return _entry(row) if row else None


async def has_entry_for(tx: Tx, room: RoomId) -> bool:
    """Return whether there is an outbox entry for this room or person."""
    return await tx.exists("SELECT 1 FROM letter WHERE room = ? LIMIT 1", room)


async def has_item_entry(tx: Tx, room: RoomId, kind: str = "") -> bool:
    """Return whether an undelivered outbox entry about an item may be sent to `room` (with this
    event type)."""
    return await tx.exists(
        "SELECT 1 FROM letter WHERE item IS NOT NULL AND (room = ?1 OR person ="
        " (SELECT private_of FROM room WHERE room = ?1))"
        " AND (?2 = '' OR json_extract(payload, '$.type') = ?2) LIMIT 1",
        room,
        kind,
    )


async def finish(
    tx: Tx,
    entry: OutboxEntry,
    room: RoomId | None,
    event: EventId | None,
    content: Mapping[str, Any],
) -> bool:
    """Delete an outbox entry that has ended and give its event id to those that wait. Return False
    if it was done before.

    `content` is that of its event; it is empty for what is no message.
    """
    if not await tx.change("DELETE FROM letter WHERE id = ?", entry.id):
        return False
    if event and room and entry.item is not None:
        await items.mark_posted(tx, event, room, entry.item, entry.slot, content)
    if event and content.get("m.relates_to", {}).get("rel_type") == "m.replace":
        await tx.run("INSERT OR REPLACE INTO edit VALUES (?, ?)", event, entry.ref)
    elif event and room:
        await sent_events.add(tx, room, [(event, entry.written)])
    await tx.run("UPDATE letter SET ref = ? WHERE ref = ?", event, f"letter:{entry.id}")
    if event:
        await tx.run("UPDATE question SET event = ? WHERE letter = ?", event, entry.txn)
    return True


async def count_for_person(tx: Tx, person: UserId) -> int:
    """Return how many outbox entries wait to be sent to this person in private."""
    return await tx.count("SELECT count(*) AS n FROM letter WHERE person = ?", person)


async def readdress(
    tx: Tx, entry: OutboxEntry, person: UserId, payload: Mapping[str, Any] | None
) -> None:
    """Move an outbox entry from a room that is no longer private to the person, with this payload.

    It is dropped without one, and what waits for it with it.
    """
    moved = None
    if payload is not None:
        moved = await tx.run(
            "INSERT INTO letter (person, kind, payload, blob, txn, alias, item, slot, device,"
            " written) SELECT ?, kind, ?, blob, txn, alias, item, slot, device, written"
            " FROM letter WHERE id = ?",
            person,
            json.dumps(payload),
            entry.id,
        )
    await tx.run("DELETE FROM letter WHERE id = ?", entry.id)
    if moved:
        now = f"letter:{moved}"
        await tx.run("UPDATE letter SET ref = ? WHERE ref = ?", now, f"letter:{entry.id}")


async def delete_room(tx: Tx, room: RoomId) -> None:
    """Delete all outbox entries for a room that the bot has left, and end what they ask."""
    await questions.lapse_lost_in(tx, room)
    await tx.run("DELETE FROM letter WHERE room = ?", room)


async def delete_about(tx: Tx, item: Number, people: Collection[UserId]) -> None:
    """Delete the outbox entries about an item that wait to be sent to these people in private. What
    is being sent just now arrives."""
    await tx.many(
        "DELETE FROM letter WHERE item = ? AND person = ?", [(item, person) for person in people]
    )


async def txn_of(tx: Tx, letter: int) -> str | None:
    """Return the transaction id of an outbox entry, or None."""
    row = await tx.one("SELECT txn FROM letter WHERE id = ?", letter)
    return row["txn"] if row else None


async def late_entries(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """Return how many outbox entries are late at `now`, and since when (UTC) the oldest waits."""
    return await _late(tx, now, "1")


async def late_for_readers(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """Return how many outbox entries are late because their reader has not joined the room, and
    since when."""
    return await _late(tx, now, _READER_AWAY)


async def late_for_homeserver(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """Return how many outbox entries are late though no reader keeps them waiting, and since
    when."""
    return await _late(tx, now, f"NOT ({_READER_AWAY})")


async def _late(tx: Tx, now: datetime, which: str) -> tuple[int, datetime | None]:
    query = f"SELECT count(*) AS n, min(written) AS since FROM letter WHERE written < ? AND {which}"  # noqa: S608
    row = await tx.one(query, (now - LATE_AFTER).timestamp())
    since = row["since"] if row else None
    return (row["n"] if row else 0), datetime.fromtimestamp(since, UTC) if since else None


async def written_times(tx: Tx, entries: Collection[int]) -> dict[int, datetime]:
    """Return when (UTC) each of these outbox entries was written, without those that have ended."""
    rows = await tx.all(
        "SELECT id, written FROM letter WHERE id IN (SELECT value FROM json_each(?))",
        json.dumps(list(entries)),
    )
    return {row["id"]: datetime.fromtimestamp(row["written"], UTC) for row in rows}
