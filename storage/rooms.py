"""A mirror of the rooms' state and memberships, as the server states them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.types import CREATOR, Membership, RoomId, UserId
from storage.database import Tx
from storage.membership import departures, room_outsiders
from storage.membership.room_kinds import LINK_ROOM_TYPE as LINK_ROOM_TYPE
from storage.membership.room_kinds import NETWORK_ROOMS as _OURS
from storage.membership.room_kinds import PUBLIC_ROOM as PUBLIC_ROOM

_FIELDS = {
    "m.room.name": ("name", "name", ""),
    "m.room.join_rules": ("join_rule", "join_rule", "invite"),
    "m.room.history_visibility": ("history", "history_visibility", ""),
}


SHARED_HISTORY = ("shared", "world_readable")
"""History visibilities under which newcomers may read what was said before they came."""
BY_INVITATION = ("invite", "private")
"""Join rules under which nobody can join uninvited."""
_COLUMNS = (
    *("room", "creators", "power", "encryption", "version", "name", "join_rule", "history"),
    *("kind", "predecessor", "successor", "joined", "entered", "private_of"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """A room as its server describes it."""

    room: RoomId
    version: str
    creators: frozenset[UserId]
    power: Mapping[str, Any]
    encryption: Mapping[str, Any] | None
    name: str
    join_rule: str
    history: str
    kind: str
    predecessor: RoomId | None
    successor: RoomId | None
    joined: bool
    entered: datetime
    private_of: UserId | None

    @property
    def is_encrypted(self) -> bool:
        """Whether the room is or ever was encrypted. Then plain text is never sent again."""
        return self.encryption is not None

    @property
    def is_closed(self) -> bool:
        """Whether the room is encrypted, invite-only, readable by members only, and gives newcomers
        no power."""
        invited = self.join_rule in BY_INVITATION
        free = power_level(self.power.get("users_default"), 0) > 0
        return self.is_encrypted and invited and self.history != "world_readable" and not free

    @property
    def is_public(self) -> bool:
        """Whether the room is one where the bot posts what is public and listens to nobody."""
        return self.kind == PUBLIC_ROOM

    @property
    def shares_history(self) -> bool:
        """Whether newcomers to the room may be given the keys of messages sent now.

        Never if the server did not tell the visibility (MSC3061), whatever the spec's default is.
        """
        return self.is_encrypted and self.history in SHARED_HISTORY

    def power_of(self, user: UserId) -> int:
        """Return a person's power level by the room's version (from 12 on creators outrank all)."""
        if self.version_number >= 12 and user in self.creators:
            return CREATOR
        if not self.power and user in self.creators:
            return 100
        levels = self.power.get("users")
        level = levels.get(user) if isinstance(levels, Mapping) else None
        return power_level(level, power_level(self.power.get("users_default"), 0))

    def entry_of(self, user: UserId) -> int | str | None:
        """Return a person's own entry in the room's power levels, or None."""
        levels = self.power.get("users")
        found = levels.get(user) if isinstance(levels, Mapping) else None
        return found if isinstance(found, int | str) else None

    def power_for(self, event: str, *, state: bool) -> int:
        """Return the power level needed to send an event of this type."""
        events = self.power.get("events")
        special = events.get(event) if isinstance(events, Mapping) else None
        usual = (
            power_level(self.power.get("state_default"), 50 if self.power else 0)
            if state
            else power_level(self.power.get("events_default"), 0)
        )
        return power_level(special, usual)

    @property
    def power_to_write(self) -> int:
        """The power level needed to send messages."""
        kind = "m.room.encrypted" if self.is_encrypted else "m.room.message"
        return self.power_for(kind, state=False)

    def power_to(self, act: str) -> int:
        """Return the power level needed to `invite`, `kick`, `ban` or `redact`."""
        return power_level(self.power.get(act), 0 if act == "invite" else 50)

    @property
    def version_number(self) -> int:
        """The room version as a number; 0 for one that is not a number, such as an unstable
        version."""
        return int(self.version) if self.version.isdecimal() else 0


def power_level(value: Any, otherwise: int) -> int:
    """Return a power level as a number; old rooms may write it as a string."""
    if isinstance(value, bool):
        return otherwise
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().removeprefix("-").isdecimal() and len(value) < 20:
        return int(value)
    return otherwise


async def get(tx: Tx, room: RoomId) -> Room | None:
    """Return the room as its server's state describes it, or None if the bot never joined it."""
    row = await tx.one("SELECT * FROM room WHERE room = ?", room)
    return _room(row) if row else None


async def get_with_settings(tx: Tx, room: RoomId) -> tuple[Room | None, dict[str, str]]:
    """Return the room like `get`, with all values of settings stored for it, in one query: each
    line that the bot sees asks for them."""
    rows = await tx.all(
        "SELECT room.*, setting.name AS option, setting.value AS chosen FROM (SELECT ? AS asked)"
        " LEFT JOIN room ON room.room = asked LEFT JOIN setting ON setting.room = asked",
        room,
    )
    values = {row["option"]: row["chosen"] for row in rows if row["option"] is not None}
    return (_room(rows[0]) if rows[0]["room"] is not None else None), values


def _room(row: Any) -> Room:
    return _read_room(*(row[name] for name in _COLUMNS))


@lru_cache(64)
def _read_room(room: str, creators: str, power: str, encryption: str | None, *more: Any) -> Room:
    """Return the room of a row's values. Each line asks several times for the same ones, so those
    of the last 64 rooms stay read.
    """
    version, name, join_rule, history, kind, before, after, joined, entered, person = more
    made = frozenset(UserId(u) for u in json.loads(creators))
    state = made, json.loads(power), json.loads(encryption) if encryption else None
    since = datetime.fromtimestamp(entered, UTC)
    shown = name, join_rule, history, kind, before, after
    return Room(RoomId(room), version, *state, *shown, bool(joined), since, person)


async def joined_rooms(tx: Tx) -> list[Room]:
    """Return every room that the bot has joined."""
    return [_room(row) for row in await tx.all("SELECT * FROM room WHERE joined")]


async def network_rooms(tx: Tx) -> list[Room]:
    """Return the network's rooms: no private, help, link or replaced ones."""
    query = f"SELECT * FROM room WHERE joined AND private_of IS NULL AND {_OURS}"  # noqa: S608
    return [_room(row) for row in await tx.all(query)]


async def is_network_room(tx: Tx, room: RoomId) -> bool:
    """Return whether the room is one of `network_rooms`."""
    query = f"SELECT 1 FROM room WHERE room.room = ? AND joined AND private_of IS NULL AND {_OURS}"  # noqa: S608
    return await tx.exists(query, room)


async def readable_rooms(tx: Tx) -> list[Room]:
    """Return the rooms that people read: the network's, and the private ones."""
    query = f"SELECT * FROM room WHERE joined AND {_OURS}"  # noqa: S608
    return [_room(row) for row in await tx.all(query)]


async def mark_joined(tx: Tx, room: RoomId, at: datetime) -> None:
    """Store that the bot has joined `room`. Messages from before `at` are not handled."""
    await tx.run(
        "INSERT INTO room (room, entered) VALUES (?1, ?2) ON CONFLICT (room) DO UPDATE"
        " SET joined = 1, entered = CASE WHEN joined THEN entered ELSE ?2 END",
        room,
        at.timestamp(),
    )


async def mark_left(tx: Tx, room: RoomId) -> None:
    """Store that the bot has left `room`, and delete the room's members."""
    for query in (
        "UPDATE room SET joined = 0, private_of = NULL WHERE room = ?",
        "UPDATE room SET creators = '[]', power = '{}' WHERE room = ?",
        "DELETE FROM member WHERE room = ?",
        "DELETE FROM parted WHERE room = ?",
        "DELETE FROM space_child WHERE space = ?",
        "DELETE FROM room_outsider WHERE room = ?",
        "UPDATE person SET private = NULL WHERE private = ?",
    ):
        await tx.run(query, room)


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


async def membership(tx: Tx, room: RoomId, person: UserId) -> Membership:
    """Return a person's membership of a room; `LEAVE` if nothing is known of them."""
    row = await tx.one("SELECT membership FROM member WHERE room = ? AND person = ?", room, person)
    return Membership(row["membership"]) if row else Membership.LEAVE


async def who_came(tx: Tx, room: RoomId, people: Iterable[UserId]) -> set[UserId]:
    """Return which of these people are or once were in the room. Invitations and knocks don't
    count."""
    return set(
        await tx.column(
            UserId,
            "SELECT person FROM member WHERE room = ? AND membership IN ('join', 'leave', 'ban')"
            " AND person IN (SELECT value FROM json_each(?))",
            room,
            json.dumps(sorted(people)),
        )
    )


async def members(tx: Tx, room: RoomId, *which: Membership) -> list[UserId]:
    """Return the joined members, or those with these memberships, including the bot."""
    wanted = which or (Membership.JOIN,)
    marks = ",".join("?" * len(wanted))
    rows = await tx.all(
        f"SELECT person FROM member WHERE room = ? AND membership IN ({marks})"  # noqa: S608
        " ORDER BY person",
        room,
        *wanted,
    )
    return [UserId(r["person"]) for r in rows]


async def display_name(tx: Tx, person: UserId, room: RoomId | None = None) -> str:
    """Return a person's display name, or ''. It is untrusted text."""
    row = await tx.one(
        "SELECT name FROM member WHERE person = ?1 AND name != '' ORDER BY room = ?2 DESC LIMIT 1",
        person,
        room or "",
    )
    return str(row["name"]) if row else ""


async def member_names(tx: Tx, room: RoomId) -> dict[UserId, str]:
    """Return the joined members with their display names, which are untrusted and may be ''."""
    rows = await tx.all(
        "SELECT person, name FROM member WHERE room = ? AND membership = 'join' ORDER BY person",
        room,
    )
    return {UserId(r["person"]): str(r["name"]) for r in rows}


async def shared_rooms(tx: Tx, person: UserId) -> list[Room]:
    """Return the network's rooms, without spaces, that the person has joined."""
    rows = await tx.all(
        "SELECT room.* FROM member JOIN room USING (room) WHERE person = ? AND membership = 'join'"  # noqa: S608
        f" AND room.joined AND private_of IS NULL AND kind != 'm.space' AND {_OURS}"
        " ORDER BY entered, room",
        person,
    )
    return [_room(row) for row in rows]


async def rooms_of_person(tx: Tx, person: UserId) -> list[tuple[Room, str]]:
    """Return every room the person shares with the bot, and their display name in it."""
    rows = await tx.all(
        "SELECT room.*, member.name AS shown FROM member JOIN room USING (room)"
        " WHERE person = ? AND membership = 'join' AND room.joined ORDER BY entered, room",
        person,
    )
    return [(_room(row), str(row["shown"])) for row in rows]


async def present_people(tx: Tx) -> set[UserId]:
    """Return everybody who is joined or invited anywhere, or sent a message not decrypted yet."""
    return set(
        await tx.column(
            UserId,
            "SELECT person FROM member JOIN room USING (room)"
            " WHERE room.joined AND membership IN ('join', 'invite')"
            " UNION SELECT sender FROM waiting",
        )
    )


async def delete_departed(tx: Tx) -> None:
    """Delete people who left a room some time ago. Their names were kept to announce it."""
    await departures.delete_departed(tx)
    await departures.delete_unneeded(tx)


async def shares_room(tx: Tx, person: UserId) -> bool:
    """Return whether the person has joined any of the network's rooms."""
    return await tx.exists(
        "SELECT 1 FROM member JOIN room USING (room) WHERE person = ? AND membership = 'join'"  # noqa: S608
        f" AND room.joined AND private_of IS NULL AND {_OURS} LIMIT 1",
        person,
    )


async def spaces_of(tx: Tx, room: RoomId) -> list[Room]:
    """Return the spaces that list the room and that the bot has joined."""
    rows = await tx.all(
        "SELECT room.* FROM space_child c JOIN room ON room.room = c.space WHERE c.room = ?"  # noqa: S608
        f" AND room.joined AND kind = 'm.space' AND {_OURS} ORDER BY entered, room.room",
        room,
    )
    return [_room(row) for row in rows]


async def rooms_of_both(tx: Tx, one: UserId, other: UserId) -> list[RoomId]:
    """Return the network's rooms, without spaces, that both people have joined."""
    rows = await tx.all(
        "SELECT room.room FROM member a JOIN member b USING (room) JOIN room USING (room)"  # noqa: S608
        " WHERE a.person = ? AND a.membership = 'join' AND b.person = ? AND b.membership = 'join'"
        f" AND room.joined AND private_of IS NULL AND kind != 'm.space' AND {_OURS}",
        one,
        other,
    )
    return [RoomId(row["room"]) for row in rows]


async def set_private(tx: Tx, room: RoomId, person: UserId | None) -> None:
    """Store that the room is this person's private room, or is private no more."""
    await tx.run("UPDATE room SET private_of = ? WHERE room = ?", person, room)


async def private_room(tx: Tx, person: UserId) -> RoomId | None:
    """Return the private room in which the person wrote last, or any, or None."""
    row = await tx.one(
        "SELECT room.room FROM room LEFT JOIN person ON person.person = room.private_of"
        " WHERE private_of = ? AND joined"
        " ORDER BY room.room = person.private DESC, entered DESC LIMIT 1",
        person,
    )
    return RoomId(row["room"]) if row else None


async def private_rooms(tx: Tx, person: UserId) -> list[RoomId]:
    """Return all private rooms of a person, oldest first."""
    query = "SELECT room FROM room WHERE private_of = ? AND joined ORDER BY entered, room"
    return [RoomId(row["room"]) for row in await tx.all(query, person)]


async def note_private_room(tx: Tx, person: UserId, room: RoomId) -> None:
    """Store in which private room the person wrote last."""
    await tx.run(
        "INSERT INTO person (person, private) VALUES (?1, ?2)"
        " ON CONFLICT (person) DO UPDATE SET private = ?2",
        person,
        room,
    )
