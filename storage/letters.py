"""The outbox on disk: letters written in the transaction of what they tell, not yet delivered."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.effects import Ref
from bot.types import EventId, Number, RoomId, UserId
from storage import items, sent
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to be done at the homeserver, once. `ref` is the event it names, if known."""

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
        """The letter whose event id this one needs first."""
        if self.ref and self.ref.startswith("letter:"):
            return int(self.ref.removeprefix("letter:"))
        return None

    @property
    def names(self) -> EventId | None:
        """The event that this one is about, once it is known."""
        return EventId(self.ref) if self.ref and self.waits_for is None else None


_ADDRESS = (
    "CASE kind WHEN 'invite' THEN 'invite ' || room || ' '"
    " || substr(json_extract(payload, '$.user'), instr(json_extract(payload, '$.user'), ':'))"
    " WHEN 'list' THEN 'list ' || room"
    " ELSE coalesce(person, room, '') END AS address"
)
"""Whose queue it waits in: letters of one address go out in order.

Invitations have queues of their own, one for each server of the people who are invited: servers
pace them, and dead servers hold up only their own people, and no answer. Nor does a look at all
that we said in a room.
"""
_COLUMNS = "id, room, person, kind, payload, txn, alias, item, slot, ref, device, written"


def _letter(row: Any) -> Letter:
    return Letter(
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


async def put(
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
    """Write a letter; its transaction id is random and never changes."""
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


async def resolve(tx: Tx, ref: Ref) -> tuple[str, RoomId | None, UserId | None] | None:
    """What `ref` names now: an event, or a letter on its way; and where it is or goes."""
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
    """Is what `ref` names (an event, or a letter on its way) said aloud, and to whom?"""
    if not ref.startswith("letter:"):
        return await items.manner_of(tx, EventId(ref))
    row = await tx.one("SELECT payload FROM letter WHERE id = ?", int(ref.removeprefix("letter:")))
    content = json.loads(row["payload"]).get("content", {}) if row else {}
    return content.get("msgtype") == "m.text", tuple(items.mentioned(content))


async def edits_of(db: Database, event: EventId) -> list[EventId]:
    """What replaced this message of ours."""
    async with db.reading() as tx:
        rows = await tx.all("SELECT event FROM edit WHERE target = ? ORDER BY event", event)
    return [EventId(row["event"]) for row in rows]


async def forget_edits(tx: Tx, event: EventId) -> None:
    """They were redacted with their message."""
    await tx.run("DELETE FROM edit WHERE target = ?", event)


async def waiting(db: Database) -> list[tuple[int, str]]:
    """Every letter there is: its id and its address, oldest first."""
    async with db.reading() as tx:
        rows = await tx.all(f"SELECT id, {_ADDRESS} FROM letter ORDER BY id")  # noqa: S608
    return [(r["id"], r["address"]) for r in rows]


async def written_after(tx: Tx, last: int) -> list[tuple[int, str]]:
    """The letters newer than `last`: their ids and addresses."""
    query = f"SELECT id, {_ADDRESS} FROM letter WHERE id > ? ORDER BY id"  # noqa: S608
    rows = await tx.all(query, last)
    return [(r["id"], r["address"]) for r in rows]


async def get(db: Database, letter: int) -> Letter | None:
    async with db.reading() as tx:
        row = await tx.one(f"SELECT {_COLUMNS} FROM letter WHERE id = ?", letter)  # noqa: S608
    return _letter(row) if row else None


async def blob(db: Database, letter: int) -> bytes:
    async with db.reading() as tx:
        row = await tx.one("SELECT blob FROM letter WHERE id = ?", letter)
    return bytes(row["blob"] or b"") if row else b""


async def keep(tx: Tx, letter: int, payload: Mapping[str, Any]) -> None:
    """Remember what was done on the way (an upload), so that it is not done again."""
    await tx.run("UPDATE letter SET payload = ? WHERE id = ?", json.dumps(payload), letter)


async def by_txn(tx: Tx, txn: str) -> Letter | None:
    row = await tx.one(f"SELECT {_COLUMNS} FROM letter WHERE txn = ?", txn)  # noqa: S608
    return _letter(row) if row else None


async def waits_in(tx: Tx, room: RoomId) -> bool:
    """Is there a letter for this address?"""
    return await tx.one("SELECT 1 FROM letter WHERE room = ? LIMIT 1", room) is not None


async def on_the_way(tx: Tx, room: RoomId, kind: str = "") -> bool:
    """Is there a letter about an item (an event of this type) that may be in `room` already?"""
    row = await tx.one(
        "SELECT 1 FROM letter WHERE item IS NOT NULL AND (room = ?1 OR person ="
        " (SELECT private_of FROM room WHERE room = ?1))"
        " AND (?2 = '' OR json_extract(payload, '$.type') = ?2) LIMIT 1",
        room,
        kind,
    )
    return row is not None


async def delivered(tx: Tx, letter: Letter, room: RoomId | None, event: EventId | None) -> bool:
    """The letter is done: what names it learns its event. False if it was done before."""
    if not await tx.change("DELETE FROM letter WHERE id = ?", letter.id):
        return False
    if letter.kind == "redact":
        tx.shred()  # what it takes back stood in a letter, which may have gone only now
    content = letter.payload.get("content", {})
    if event and room and letter.item is not None:
        await items.posted(tx, event, room, letter.item, letter.slot, content)
    if event and content.get("m.relates_to", {}).get("rel_type") == "m.replace":
        await tx.run("INSERT OR REPLACE INTO edit VALUES (?, ?)", event, letter.ref)
    elif event and room:
        await sent.add(tx, room, [(event, letter.written)])
    await tx.run("UPDATE letter SET ref = ? WHERE ref = ?", event, f"letter:{letter.id}")
    if event:
        await tx.run("UPDATE question SET event = ? WHERE letter = ?", event, letter.txn)
    return True


async def to_person(tx: Tx, person: UserId) -> int:
    """How many private letters wait for this person."""
    row = await tx.one("SELECT count(*) AS n FROM letter WHERE person = ?", person)
    return int(row["n"]) if row else 0


async def readdress(tx: Tx, letter: Letter, person: UserId) -> None:
    """What was written into a room for two goes to the person, wherever that will be.

    What changes another message there (an edit, the end of a poll) has lost its meaning.
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


async def drop_room(tx: Tx, room: RoomId) -> None:
    """We are out of the room: nothing more is sent there."""
    await tx.run("DELETE FROM letter WHERE room = ?", room)


async def txn_of(tx: Tx, letter: int) -> str | None:
    row = await tx.one("SELECT txn FROM letter WHERE id = ?", letter)
    return row["txn"] if row else None
