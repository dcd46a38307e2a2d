"""Store events. The title, author and room of an event are those of its item."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.api import Number, RoomId, UserId, items
from commands.events.event import Event, next_date
from storage.database import Tx

MOST_EVENTS = 200
"""How many events one query returns at most."""

_WITH_ITEM = (
    f"SELECT e.*, item.title, item.language, {items.TITLE_TRANSLATIONS}, item.author,"  # noqa: S608
    " item.room AS place_room, (SELECT json_group_array(room) FROM item_shown s"
    " WHERE s.item = e.item AND s.room != item.room) AS others"
    " FROM events_event e JOIN item ON item.number = e.item"
)
_IN_ROOM = "(e.room = ?1 OR e.item IN (SELECT item FROM item_shown WHERE room = ?1))"
_OWN = "events_event e WHERE room = ?1 AND next_at IS NOT NULL"
_SHOWN = (
    "item_shown s JOIN events_event e ON e.item = s.item WHERE s.room = ?1 AND next_at IS NOT NULL"
)


def _soonest(*sources: str) -> str:
    """Return the SQL for time and number of up to ?2 upcoming events, the soonest of the sources.

    Each of them is read by an index of its own, and only as far as is needed: with an OR in their
    place all events of the room are read.
    """
    by_time = "ORDER BY 1, 2 LIMIT ?2"
    part = f"SELECT * FROM (SELECT next_at, e.item AS item FROM {{}} {by_time})"  # noqa: S608
    parts = (part.format(source) for source in sources)
    return f"{' UNION '.join(parts)} {by_time}"


_UPCOMING = _soonest(_OWN, _SHOWN)
_IN_PERIOD = _soonest(
    f"{_OWN} AND next_at >= ?3 AND next_at < ?4",
    f"{_OWN} AND rule IS NOT NULL AND next_at < ?4",
    f"{_SHOWN} AND next_at < ?4 AND (next_at >= ?3 OR rule IS NOT NULL)",
)
_AMONG = "WHERE e.item IN (SELECT item FROM ({})) ORDER BY e.next_at, e.item"


def _read_event(row: Any, changed: dict[datetime, datetime | None]) -> Event:
    remind = json.loads(row["remind"]) if row["remind"] is not None else None
    return Event(
        item=Number(row["item"]),
        room=RoomId(row["place_room"]),
        author=UserId(row["author"]),
        title=items.translated_title(row),
        start=datetime.fromisoformat(row["start"]),
        zone=row["zone"],
        length=timedelta(seconds=row["length"]) if row["length"] is not None else None,
        all_day=bool(row["all_day"]),
        rule=row["rule"],
        place=row["place"],
        link=row["link"],
        about=row["about"],
        seats=row["seats"],
        guests=row["guests"],
        remind=tuple(timedelta(seconds=s) for s in remind) if remind is not None else None,
        uid=row["uid"],
        sequence=row["sequence"],
        cancelled=bool(row["cancelled"]),
        changed=changed,
        others=tuple(map(RoomId, json.loads(row["others"]))),
    )


def _seconds(length: timedelta | None) -> int | None:
    return int(length.total_seconds()) if length is not None else None


async def save_event(tx: Tx, event: Event, now: datetime) -> None:
    """Insert or replace an event, its changed dates and the time of its next date."""
    coming = next_date(event, now)
    remind = [_seconds(before) for before in event.remind] if event.remind is not None else None
    values = {
        "room": event.room,
        "start": event.start.isoformat(),
        "zone": event.zone,
        "all_day": int(event.all_day),
        "length": _seconds(event.length),
        "rule": event.rule,
        "place": event.place,
        "link": event.link,
        "about": event.about,
        "seats": event.seats,
        "guests": event.guests,
        "remind": json.dumps(remind) if remind is not None else None,
        "uid": event.uid,
        "sequence": event.sequence,
        "cancelled": int(event.cancelled),
        "next_at": coming.at.timestamp() if coming else None,
    }
    marks = ", ".join("?" * len(values))
    sets = ", ".join(f"{name} = excluded.{name}" for name in values)
    await tx.run(
        f"INSERT INTO events_event (item, {', '.join(values)}) VALUES (?, {marks})"  # noqa: S608
        f" ON CONFLICT (item) DO UPDATE SET {sets}",
        event.item,
        *values.values(),
    )
    await items.set_title(tx, event.item, event.title)
    await tx.run("DELETE FROM events_changed WHERE item = ?", event.item)
    for key, start in event.changed.items():
        moved = start.isoformat() if start is not None else None
        await tx.run(
            "INSERT INTO events_changed VALUES (?, ?, ?)", event.item, key.isoformat(), moved
        )


async def get_event(tx: Tx, item: Number) -> Event | None:
    """Return the event with this item number, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE e.item = ?", item)
    return (await _load_events(tx, [row]))[0] if row else None


async def event_with_uid(tx: Tx, room: RoomId, uid: str) -> Event | None:
    """Return the event of a room that has this iCalendar UID, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE {_IN_ROOM} AND e.uid = ?2", room, uid)
    return (await _load_events(tx, [row]))[0] if row else None


async def upcoming_events(tx: Tx, room: RoomId, most: int) -> list[Event]:
    """Return up to `most` upcoming events of a room, the soonest first."""
    rows = await tx.all(f"{_WITH_ITEM} {_AMONG.format(_UPCOMING)}", room, most)
    return await _load_events(tx, rows)


async def soonest_events(tx: Tx, places: Sequence[RoomId], most: int) -> list[Event]:
    """Return up to `most` upcoming events of these rooms, the soonest first."""
    found: set[tuple[float, int]] = set()
    for room in places:
        rows = await tx.all(_UPCOMING, room, most)
        found |= {(row["next_at"], row["item"]) for row in rows}
    events = [await get_event(tx, Number(item)) for _at, item in sorted(found)[:most]]
    return [event for event in events if event is not None]


async def upcoming_numbers_by_room(tx: Tx) -> dict[RoomId, list[Number]]:
    """Return the numbers of all upcoming events by room."""
    found: dict[RoomId, list[Number]] = {}
    for row in await tx.all(
        "SELECT room, item, next_at FROM events_event WHERE next_at IS NOT NULL UNION"
        " SELECT s.room, s.item, next_at FROM item_shown s JOIN events_event e ON e.item = s.item"
        " WHERE next_at IS NOT NULL ORDER BY next_at, item"
    ):
        found.setdefault(RoomId(row["room"]), []).append(Number(row["item"]))
    return found


async def count_upcoming(tx: Tx, person: UserId) -> int:
    """Return how many upcoming events this person made."""
    return await tx.count(
        "SELECT count(*) AS n FROM item JOIN events_event e ON e.item = item.number"
        " WHERE item.author = ? AND e.next_at IS NOT NULL",
        person,
    )


async def events_made_by(tx: Tx, person: UserId) -> list[Number]:
    """Return the numbers of all events that a person made, past ones included."""
    return await tx.column(
        Number,
        "SELECT number FROM item WHERE author = ? AND kind = 'event' ORDER BY number",
        person,
    )


async def events_between(tx: Tx, room: RoomId, start: datetime, end: datetime) -> list[Event]:
    """Return the events that may have a date between the two instants.

    These are single events with a date in that span and every upcoming series that has begun by its
    end.
    """
    rows = await tx.all(
        f"{_WITH_ITEM} {_AMONG.format(_IN_PERIOD)}",
        room,
        MOST_EVENTS,
        start.timestamp(),
        end.timestamp(),
    )
    return await _load_events(tx, rows)


async def _load_events(tx: Tx, rows: Sequence[Any]) -> list[Event]:
    """Return the events of these rows with their changed dates, which only a series has."""
    found = []
    for row in rows:
        changed: dict[datetime, datetime | None] = {}
        if row["rule"] is not None:
            for one in await tx.all(
                "SELECT key, start FROM events_changed WHERE item = ? ORDER BY key", row["item"]
            ):
                start = datetime.fromisoformat(one["start"]) if one["start"] else None
                changed[datetime.fromisoformat(one["key"])] = start
        found.append(_read_event(row, changed))
    return found
