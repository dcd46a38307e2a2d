"""The outbox on disk. Entries are written in the transaction of the change they report."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.delivery.effects import MessageRef
from bot.types import EventId, Number, RoomId, UserId
from storage import items, sent_events
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One act at the homeserver, to be done once. `ref` is its target event, or `letter:<id>`."""

    id: int
    room: RoomId | None
    person: UserId | None
    kind: str
    payload: Mapping[str, Any]
    txn: str
    alias: str
    item: Number | None
    slot: str | None
    ref: str | None
    device: str
    written: datetime

    @property
    def waits_for(self) -> int | None:
        """The id of the entry whose event id is needed first, or None."""
        if self.ref and self.ref.startswith("letter:"):
            return int(self.ref.removeprefix("letter:"))
        return None

    @property
    def target(self) -> EventId | None:
        """The target event, once its id is known."""
        return EventId(self.ref) if self.ref and self.waits_for is None else None


_ADDRESS = (
    "CASE kind WHEN 'invite' THEN 'invite ' || room || ' '"
    " || substr(json_extract(payload, '$.user'), instr(json_extract(payload, '$.user'), ':'))"
    " WHEN 'list' THEN 'list ' || room"
    " ELSE coalesce(person, room, '') END AS address"
)
"""The queue of an entry. Entries with one address are delivered in order.

Invitations have a queue per room and server, because servers limit them and a dead server must
delay only its own people. Listing old messages has its own queue too.
"""
_COLUMNS = "id, room, person, kind, payload, txn, alias, item, slot, ref, device, written"


def _letter(row: Any) -> OutboxEntry:
    return OutboxEntry(
        row["id"],
        row["room"],
        row["person"],
        row["kind"],
        json.loads(row["payload"]),
        row["txn"],
        row["alias"],
        row["item"],
        row["slot"],
        row["ref"],
        row["device"],
        datetime.fromtimestamp(row["written"], UTC),
    )


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
    """Add an entry with a new random transaction id, and return its id."""
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


async def resolve_ref(tx: Tx, ref: MessageRef) -> tuple[str, RoomId | None, UserId | None] | None:
    """Return what `ref` names, an event or an undelivered entry, and its room or person."""
    row = await tx.one(
        "SELECT id, room, person FROM letter WHERE item = ? AND slot = ? ORDER BY id DESC LIMIT 1",
        ref.item,
        ref.slot,
    )
    if row:
        return f"letter:{row['id']}", row["room"], row["person"]
    found = await items.event_of(tx, ref)
    return (found[0], found[1], None) if found else None


async def manner_of(tx: Tx, ref: str) -> tuple[bool, tuple[UserId, ...]]:
    """Return whether an event or undelivered entry is loud, and its mentions."""
    if not ref.startswith("letter:"):
        return await items.manner_of(tx, EventId(ref))
    row = await tx.one("SELECT payload FROM letter WHERE id = ?", int(ref.removeprefix("letter:")))
    content = json.loads(row["payload"]).get("content", {}) if row else {}
    return content.get("msgtype") == "m.text", tuple(items.mentions_in(content))


async def edits_of(db: Database, event: EventId) -> list[EventId]:
    """Return the edits of a message of ours."""
    async with db.reading() as tx:
        rows = await tx.all("SELECT event FROM edit WHERE target = ? ORDER BY event", event)
    return [EventId(row["event"]) for row in rows]


async def delete_edits(tx: Tx, event: EventId) -> None:
    """Delete the edits of a message that was redacted with them."""
    await tx.run("DELETE FROM edit WHERE target = ?", event)


async def pending_entries(db: Database) -> list[tuple[int, str]]:
    """Return id and address of every entry, oldest first."""
    async with db.reading() as tx:
        rows = await tx.all(f"SELECT id, {_ADDRESS} FROM letter ORDER BY id")  # noqa: S608
    return [(r["id"], r["address"]) for r in rows]


async def entries_after(tx: Tx, last: int) -> list[tuple[int, str]]:
    """Return id and address of the entries newer than `last`."""
    query = f"SELECT id, {_ADDRESS} FROM letter WHERE id > ? ORDER BY id"  # noqa: S608
    rows = await tx.all(query, last)
    return [(r["id"], r["address"]) for r in rows]


async def get(db: Database, letter: int) -> OutboxEntry | None:
    """Return an entry, or None."""
    async with db.reading() as tx:
        row = await tx.one(f"SELECT {_COLUMNS} FROM letter WHERE id = ?", letter)  # noqa: S608
    return _letter(row) if row else None


async def get_blob(db: Database, letter: int) -> bytes:
    """Return an entry's file content."""
    async with db.reading() as tx:
        row = await tx.one("SELECT blob FROM letter WHERE id = ?", letter)
    return bytes(row["blob"] or b"") if row else b""


async def save_payload(tx: Tx, letter: int, payload: Mapping[str, Any]) -> None:
    """Store progress (an upload), so that a retry does not repeat it."""
    await tx.run("UPDATE letter SET payload = ? WHERE id = ?", json.dumps(payload), letter)


async def get_by_txn(tx: Tx, txn: str) -> OutboxEntry | None:
    """Return the entry with this transaction id, or None."""
    row = await tx.one(f"SELECT {_COLUMNS} FROM letter WHERE txn = ?", txn)  # noqa: S608
    return _letter(row) if row else None


async def has_entry_for(tx: Tx, room: RoomId) -> bool:
    """Return whether an entry for this address exists."""
    return await tx.one("SELECT 1 FROM letter WHERE room = ? LIMIT 1", room) is not None


async def has_item_entry(tx: Tx, room: RoomId, kind: str = "") -> bool:
    """Return whether an undelivered entry about an item may reach `room` (with this event type)."""
    row = await tx.one(
        "SELECT 1 FROM letter WHERE item IS NOT NULL AND (room = ?1 OR person ="
        " (SELECT private_of FROM room WHERE room = ?1))"
        " AND (?2 = '' OR json_extract(payload, '$.type') = ?2) LIMIT 1",
        room,
        kind,
    )
    return row is not None


async def finish(tx: Tx, letter: OutboxEntry, room: RoomId | None, event: EventId | None) -> bool:
    """Delete a delivered entry and pass its event id on. Return False if that was done before."""
    if not await tx.change("DELETE FROM letter WHERE id = ?", letter.id):
        return False
    if letter.kind == "redact":
        tx.shred()  # the write-ahead log may hold the text
    content = letter.payload.get("content", {})
    if event and room and letter.item is not None:
        await items.mark_posted(tx, event, room, letter.item, letter.slot, content)
    if event and content.get("m.relates_to", {}).get("rel_type") == "m.replace":
        await tx.run("INSERT OR REPLACE INTO edit VALUES (?, ?)", event, letter.ref)
    elif event and room:
        await sent_events.add(tx, room, [(event, letter.written)])
    await tx.run("UPDATE letter SET ref = ? WHERE ref = ?", event, f"letter:{letter.id}")
    if event:
        await tx.run("UPDATE question SET event = ? WHERE letter = ?", event, letter.txn)
    return True


async def count_for_person(tx: Tx, person: UserId) -> int:
    """Return how many private entries wait for this person."""
    row = await tx.one("SELECT count(*) AS n FROM letter WHERE person = ?", person)
    return int(row["n"]) if row else 0


async def readdress(tx: Tx, letter: OutboxEntry, person: UserId) -> None:
    """Move an entry from a room that is no longer private to the person.

    Edits and poll ends are dropped, because their target stays behind.
    """
    content = dict(letter.payload.get("content", {}))
    relation = content.pop("m.relates_to", {}).get("rel_type")
    moved = None
    if letter.kind in ("event", "file") and relation in (None, "m.thread"):
        payload = {k: v for k, v in letter.payload.items() if k != "private"}
        moved = await tx.run(
            "INSERT INTO letter (person, kind, payload, blob, txn, alias, item, slot, device,"
            " written) SELECT ?, kind, ?, blob, txn, alias, item, slot, device, written"
            " FROM letter WHERE id = ?",
            person,
            json.dumps(payload | {"content": content}),
            letter.id,
        )
    await tx.run("DELETE FROM letter WHERE id = ?", letter.id)
    now = f"letter:{moved}" if moved else None
    await tx.run("UPDATE letter SET ref = ? WHERE ref = ?", now, f"letter:{letter.id}")


async def delete_room(tx: Tx, room: RoomId) -> None:
    """Delete all entries for a room that the bot has left."""
    await tx.run("DELETE FROM letter WHERE room = ?", room)


async def txn_of(tx: Tx, letter: int) -> str | None:
    """Return the transaction id of an entry, or None."""
    row = await tx.one("SELECT txn FROM letter WHERE id = ?", letter)
    return row["txn"] if row else None
