"""Bring the mirror of the rooms up to date with the state events that a sync brought."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.types import RoomId
from storage.database import Tx
from storage.membership import departures, room_outsiders
from storage.membership.room_kinds import PUBLIC_ROOM

_FIELDS = {
    "m.room.name": ("name", "name", ""),
    "m.room.join_rules": ("join_rule", "join_rule", "invite"),
    "m.room.history_visibility": ("history", "history_visibility", ""),
}


async def apply_state(
    tx: Tx, room: RoomId, events: Iterable[Mapping[str, Any]], *, whole: bool
) -> None:
    """Apply the server's state events; `whole` replaces all that was known.

    Never pass decrypted content. A room that was encrypted once stays so. Who reads a public room
    is not stored.
    """
    every = list(events)
    await departures.note_departures(tx, room, every)
    if whole:
        await tx.run("UPDATE room SET history = '' WHERE room = ?", room)
        await tx.run("DELETE FROM member WHERE room = ?", room)
        await tx.run("DELETE FROM space_child WHERE space = ?", room)
    members: list[tuple[str, str, str, str]] = []
    for event in every:
        kind, key, content = event.get("type"), event.get("state_key"), event.get("content")
        if not isinstance(content, Mapping) or not isinstance(key, str):
            continue
        if kind == "m.room.member":
            members.append(
                (room, key, departures.membership_in(content), _text(content.get("displayname")))
            )
        elif kind == "m.space.child":
            await _apply_child(tx, room, key, content)
        elif key == "":
            await _apply_event(tx, room, str(kind), event, content)
    await tx.many(
        "INSERT OR REPLACE INTO member SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS"
        " (SELECT 1 FROM room WHERE room = ?1 AND kind = ?5)",
        [(*one, PUBLIC_ROOM) for one in members],
    )
    await room_outsiders.apply_state(tx, room, every, whole=whole)


def _text(value: Any) -> str:
    return value[:255] if isinstance(value, str) else ""


async def _apply_event(
    tx: Tx, room: RoomId, kind: str, event: Mapping[str, Any], content: Mapping[str, Any]
) -> None:
    if kind in _FIELDS:
        column, name, otherwise = _FIELDS[kind]
        value = _text(content.get(name)) or otherwise
        await tx.run(f"UPDATE room SET {column} = ? WHERE room = ?", value, room)  # noqa: S608
    elif kind == "m.room.power_levels":
        await tx.run("UPDATE room SET power = ? WHERE room = ?", json.dumps(content), room)
    elif kind == "m.room.encryption" and content:
        await tx.run("UPDATE room SET encryption = ? WHERE room = ?", json.dumps(content), room)
    elif kind == "m.room.create":
        await _apply_create(tx, room, event, content)
    elif kind == "m.room.tombstone":
        successor = _text(content.get("replacement_room")) or None
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", successor, room)


async def _apply_child(tx: Tx, space: RoomId, room: str, content: Mapping[str, Any]) -> None:
    """Add or remove a room of a space. Without `via` it is removed (spec, `m.space.child`)."""
    listed = isinstance(content.get("via"), list) and content["via"]
    query = (
        "INSERT OR IGNORE INTO space_child VALUES (?, ?)"
        if listed
        else "DELETE FROM space_child WHERE space = ? AND room = ?"
    )
    await tx.run(query, space, room)


async def _apply_create(
    tx: Tx, room: RoomId, event: Mapping[str, Any], content: Mapping[str, Any]
) -> None:
    more = content.get("additional_creators")
    creators = [event.get("sender"), *(more if isinstance(more, list) else [])]
    before = content.get("predecessor")
    await tx.run(
        "UPDATE room SET version = ?, creators = ?, kind = ?, predecessor = ? WHERE room = ?",
        _text(content.get("room_version")) or "1",
        json.dumps([c for c in creators if isinstance(c, str)]),
        PUBLIC_ROOM if content.get(PUBLIC_ROOM) is True else _text(content.get("type")),
        _text(before.get("room_id")) or None if isinstance(before, Mapping) else None,
        room,
    )
