"""Items: everything with a number that people can act on, and the events about each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.delivery.effects import MessageRef
from bot.text.translated_text import TranslatedText
from bot.types import EventId, Number, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Item:
    """A poll, event, reminder …; its details are in its capability's tables."""

    number: Number
    feature: str
    kind: str
    room: RoomId
    author: UserId
    title: str
    open: bool
    at: datetime
    others: tuple[RoomId, ...] = ()
    """The rooms in which it is shown besides its own."""
    language: str = ""
    """That of its own words, where it has translations and somebody said which it is."""

    @property
    def rooms(self) -> tuple[RoomId, ...]:
        """All rooms in which the item is shown, its own first."""
        return (self.room, *self.others)

    def stands_in(self, room: RoomId | None) -> bool:
        """Return whether the item is shown in this room."""
        return room == self.room or room in self.others

    def ref(self, room: RoomId, slot: str) -> MessageRef:
        """Return the reference to the message about the item in one of its rooms."""
        return MessageRef(self.number, slot if room == self.room else f"{slot} {room}")


TITLE_TRANSLATIONS = (
    "(SELECT json_group_object(t.language, t.text) FROM item_translation t"
    " WHERE t.item = item.number AND t.part = 0) AS translations"
)
"""A column beside `item.title` and `item.language` for `translated_title`."""
_ITEM = (
    "SELECT item.*, (SELECT json_group_array(room) FROM item_shown s WHERE s.item = number"  # noqa: S608
    " AND s.room != item.room) AS others,"
    f" {TITLE_TRANSLATIONS} FROM item"
)


def translated_title(row: Any) -> str:
    """Return the title in a row of `TITLE_TRANSLATIONS`, with its translations."""
    if row["translations"] == "{}":
        return str(row["title"])
    return TranslatedText(row["title"], row["language"], json.loads(row["translations"]))


def _item(row: Any) -> Item:
    return Item(
        Number(row["number"]),
        row["feature"],
        row["kind"],
        RoomId(row["room"]),
        UserId(row["author"]),
        translated_title(row),
        bool(row["open"]),
        datetime.fromtimestamp(row["at"], UTC),
        tuple(map(RoomId, json.loads(row["others"]))),
        row["language"],
    )


async def add(
    tx: Tx, feature: str, kind: str, room: RoomId, author: UserId, title: str, at: datetime
) -> Number:
    """Create an item and return its number: the next one of the network."""
    number = await tx.run(
        "INSERT INTO item (feature, kind, room, author, title, at) VALUES (?, ?, ?, ?, ?, ?)",
        feature,
        kind,
        room,
        author,
        title,
        int(at.timestamp()),
    )
    return Number(number)


async def get(tx: Tx, number: Number) -> Item | None:
    """Return an item, or None."""
    row = await tx.one(f"{_ITEM} WHERE number = ?", number)
    return _item(row) if row else None


async def get_each(tx: Tx, numbers: Sequence[Number]) -> list[Item]:
    """Return the items with these numbers that exist, in the order of the numbers given, by one
    query."""
    rows = await tx.all(
        f"{_ITEM} JOIN json_each(?) wanted ON number = wanted.value ORDER BY wanted.key",
        json.dumps(numbers),
    )
    return [_item(row) for row in rows]


async def close(tx: Tx, number: Number) -> None:
    """Mark an item as closed."""
    await tx.run("UPDATE item SET open = 0 WHERE number = ?", number)


async def reopen(tx: Tx, number: Number) -> None:
    """Store that a closed item is open again, such as a reminder snoozed after it rang."""
    await tx.run("UPDATE item SET open = 1 WHERE number = ?", number)


async def set_title(tx: Tx, number: Number, title: str) -> None:
    """Store another title of an item. The translations of the earlier one are deleted."""
    if await tx.change(
        "UPDATE item SET title = ?1 WHERE number = ?2 AND title != ?1", title, number
    ):
        await tx.run("DELETE FROM item_translation WHERE item = ? AND part = 0", number)


async def set_room(tx: Tx, number: Number, room: RoomId) -> None:
    """Store that an item belongs to another room."""
    await tx.run("UPDATE item SET room = ? WHERE number = ?", room, number)


async def move_home(tx: Tx, item: Item, new: RoomId) -> None:
    """Make another of the rooms that an item is shown in its home, where its jobs run from now on
    and its posted messages are edited. The home that it had shows it no more.
    """
    old, number = item.room, item.number
    await set_room(tx, number, new)
    await tx.run("DELETE FROM item_shown WHERE item = ? AND room IN (?, ?)", number, old, new)
    await tx.run("UPDATE job SET room = ? WHERE item = ? AND room = ?", new, number, old)
    for table in ("posted", "letter"):
        await tx.run(
            f"UPDATE {table} SET slot = slot || ' ' || ?1 WHERE item = ?2 AND room = ?1",  # noqa: S608
            old,
            number,
        )
        await tx.run(
            f"UPDATE {table} SET slot = substr(slot, 1, length(slot) - length(?1) - 1)"  # noqa: S608
            " WHERE item = ?2 AND room = ?1 AND substr(slot, -length(?1) - 1) = ' ' || ?1",
            new,
            number,
        )


async def show_in(tx: Tx, number: Number, rooms: Sequence[RoomId]) -> None:
    """Store rooms in which an item is shown besides its own."""
    await tx.many(
        "INSERT OR IGNORE INTO item_shown SELECT number, ?2 FROM item"
        " WHERE number = ?1 AND room != ?2",
        [(number, room) for room in rooms],
    )


async def newest_open(
    tx: Tx,
    feature: str | None,
    *,
    rooms: Sequence[RoomId] = (),
    author: UserId | None = None,
    kinds: Sequence[str] = (),
) -> Number | None:
    """Return the newest open item of these rooms or this author, of any or some kinds."""
    row = await tx.one(
        "SELECT max(number) AS number FROM item WHERE open AND (author = ?1"
        " OR room IN (SELECT value FROM json_each(?2)) OR number IN (SELECT item FROM item_shown"
        " WHERE room IN (SELECT value FROM json_each(?2)))) AND (?3 IS NULL OR feature = ?3)"
        " AND (?4 = '[]' OR kind IN (SELECT value FROM json_each(?4)))",
        author,
        json.dumps(rooms),
        feature,
        json.dumps(kinds),
    )
    return Number(row["number"]) if row and row["number"] is not None else None


async def open_in(tx: Tx, room: RoomId, *kinds: str) -> list[Item]:
    """Return the open items of these kinds that are shown in a room, the oldest first."""
    rows = await tx.all(
        f"{_ITEM} WHERE open AND kind IN (SELECT value FROM json_each(?2)) AND (room = ?1"  # noqa: S608
        " OR number IN (SELECT item FROM item_shown WHERE room = ?1)) ORDER BY number",
        room,
        json.dumps(kinds),
    )
    return [_item(row) for row in rows]


async def open_kinds(tx: Tx, rooms: Sequence[RoomId]) -> dict[RoomId, list[str]]:
    """Return the kinds of the open items that are shown in each of these rooms, in their order."""
    rows = await tx.all(
        "SELECT room, kind FROM item WHERE open AND room IN (SELECT value FROM json_each(?1))"
        " UNION SELECT s.room, kind FROM item_shown s JOIN item ON number = s.item"
        " WHERE open AND s.room IN (SELECT value FROM json_each(?1)) ORDER BY kind",
        json.dumps(rooms),
    )
    found: dict[RoomId, list[str]] = {room: [] for room in rooms}
    for row in rows:
        found[RoomId(row["room"])].append(row["kind"])
    return found


async def open_of(tx: Tx, *rooms: RoomId) -> list[Item]:
    """Return the open items that belong to these rooms, the oldest first."""
    rows = await tx.all(
        f"{_ITEM} WHERE room IN (SELECT value FROM json_each(?)) AND open ORDER BY number",  # noqa: S608
        json.dumps(rooms),
    )
    return [_item(row) for row in rows]


async def items_by(tx: Tx, person: UserId) -> list[Item]:
    """Return a person's items, newest first."""
    rows = await tx.all(f"{_ITEM} WHERE author = ? ORDER BY number DESC", person)
    return [_item(row) for row in rows]


async def mark_over(tx: Tx, now: datetime) -> None:
    """Store from when on closed items are over, to be deleted later; reopened ones are not."""
    await tx.run(
        "INSERT OR IGNORE INTO over SELECT number, ? FROM item WHERE NOT open", int(now.timestamp())
    )
    await tx.run(
        "DELETE FROM over WHERE item IN (SELECT item FROM over JOIN item ON number ="
        " over.item WHERE open)"
    )


async def over_before(tx: Tx, kinds: Sequence[str], before: datetime, most: int) -> list[Item]:
    """Return the items of these kinds that have been over since before `before`, longest first."""
    marks = ",".join("?" * len(kinds))
    rows = await tx.all(
        f"{_ITEM} JOIN over ON number = over.item"
        f" WHERE since < ? AND kind IN ({marks}) ORDER BY since LIMIT ?",
        int(before.timestamp()),
        *kinds,
        most,
    )
    return [_item(row) for row in rows]


async def delete(tx: Tx, number: Number) -> None:
    """Delete an item with everything that refers to it. Its number is never reused."""
    await tx.run("DELETE FROM item WHERE number = ?", number)


async def item_about(tx: Tx, event: EventId) -> Item | None:
    """Return the item that a message of ours is about, or None."""
    row = await tx.one(
        f"{_ITEM} WHERE number = (SELECT item FROM posted WHERE event = ?)",  # noqa: S608
        event,
    )
    return _item(row) if row else None


async def mark_posted(
    tx: Tx,
    event: EventId,
    room: RoomId,
    item: Number,
    slot: str | None,
    content: Mapping[str, Any],
) -> None:
    """Store that `event` is the message about `item` in this slot. A slot names only the newest
    event."""
    if slot is not None:
        await tx.run("UPDATE posted SET slot = NULL WHERE item = ? AND slot = ?", item, slot)
    await tx.run(
        "INSERT OR REPLACE INTO posted (event, room, item, slot, loud, mentions)"
        " SELECT ?1, ?2, number, ?4, ?5, ?6 FROM item WHERE number = ?3",
        event,
        room,
        item,
        slot,
        content.get("msgtype") == "m.text",
        json.dumps(mentions_in(content)),
    )


async def manner_of(tx: Tx, event: EventId) -> tuple[bool, tuple[UserId, ...]]:
    """Return whether a message of ours was loud, and its mentions. Messages about no item: silent,
    none."""
    row = await tx.one("SELECT loud, mentions FROM posted WHERE event = ?", event)
    return (bool(row["loud"]), tuple(json.loads(row["mentions"]))) if row else (False, ())


def mentions_in(content: Mapping[str, Any]) -> list[UserId]:
    """Return the people mentioned in a message of ours."""
    return list(content.get("m.mentions", {}).get("user_ids", ()))


async def forget_posts(tx: Tx, number: Number, slots: str) -> list[tuple[EventId, RoomId]]:
    """Delete the record of messages about an item in slots with this prefix, and return those to
    redact.

    Undelivered ones are not sent any more.
    """
    said = await tx.all(
        "SELECT event, room FROM posted WHERE item = ?1 AND substr(slot, 1, length(?2)) = ?2",
        number,
        slots,
    )
    for table in ("posted", "letter"):
        await tx.run(
            f"DELETE FROM {table} WHERE item = ?1"  # noqa: S608
            " AND substr(slot, 1, length(?2)) = ?2",
            number,
            slots,
        )
    return [(EventId(row["event"]), RoomId(row["room"])) for row in said]


async def event_of(tx: Tx, ref: MessageRef) -> tuple[EventId, RoomId] | None:
    """Return the event and room of the message that `ref` names, once it is delivered."""
    row = await tx.one(
        "SELECT event, room FROM posted WHERE item = ? AND slot = ?", ref.item, ref.slot
    )
    return (EventId(row["event"]), RoomId(row["room"])) if row else None


async def slot_of(tx: Tx, event: EventId) -> str | None:
    """Return the slot (the purpose) of a message of ours, or None."""
    row = await tx.one("SELECT slot FROM posted WHERE event = ?", event)
    return row["slot"] if row else None
