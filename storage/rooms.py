"""A mirror of the rooms' state and memberships, as the server states them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.types import Membership, RoomId, UserId
from storage.database import Tx
from storage.membership import departures
from storage.membership.room import Room
from storage.membership.room_kinds import LINK_ROOM_TYPE as LINK_ROOM_TYPE
from storage.membership.room_kinds import NETWORK_ROOMS as _OURS
from storage.membership.room_kinds import PUBLIC_ROOM as PUBLIC_ROOM

_NAMES = (
    *("room", "creators", "power", "encryption", "version", "name", "join_rule", "history"),
    *("kind", "predecessor", "successor", "joined", "entered", "private_of"),
)
_COLUMNS = ", ".join(f"room.{name}" for name in _NAMES)
"""What `_room` reads, in this order: by their names it would take as long as the query."""
_BY_ID = f"SELECT {_COLUMNS} FROM room WHERE room = ?"  # noqa: S608
_WITH_SETTINGS = (
    f"SELECT {_COLUMNS}, setting.name AS option, setting.value AS chosen"  # noqa: S608
    " FROM (SELECT ? AS asked) LEFT JOIN room ON room.room = asked"
    " LEFT JOIN setting ON setting.room = asked"
)
_SHARED = (
    "FROM member JOIN room USING (room) WHERE person = ? AND membership = 'join'"
    f" AND room.joined AND private_of IS NULL AND kind != 'm.space' AND {_OURS}"
)
"""The network's rooms, without spaces, that a person has joined."""


async def get(tx: Tx, room: RoomId) -> Room | None:
    """Return the room as its server's state describes it, or None if the bot never joined it."""
    row = await tx.one(_BY_ID, room)
    return _room(row) if row else None


async def get_with_settings(tx: Tx, room: RoomId) -> tuple[Room | None, dict[str, str]]:
    """Return the room like `get`, with all values of settings stored for it, in one query: each
    line that the bot sees asks for them."""
    rows = await tx.all(_WITH_SETTINGS, room)
    values = {row["option"]: row["chosen"] for row in rows if row["option"] is not None}
    return (_room(rows[0]) if rows[0]["room"] is not None else None), values


def _room(row: Any) -> Room:
    return _read_room(*row[: len(_NAMES)])


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
    query = f"SELECT {_COLUMNS} FROM room WHERE joined"  # noqa: S608
    return [_room(row) for row in await tx.all(query)]


async def network_rooms(tx: Tx) -> list[Room]:
    """Return the network's rooms: no private, help, link or replaced ones."""
    query = f"SELECT {_COLUMNS} FROM room WHERE joined AND private_of IS NULL AND {_OURS}"  # noqa: S608
    return [_room(row) for row in await tx.all(query)]


async def is_network_room(tx: Tx, room: RoomId) -> bool:
    """Return whether the room is one of `network_rooms`."""
    query = f"SELECT 1 FROM room WHERE room.room = ? AND joined AND private_of IS NULL AND {_OURS}"  # noqa: S608
    return await tx.exists(query, room)


async def readable_rooms(tx: Tx) -> list[Room]:
    """Return the rooms that people read: the network's, and the private ones."""
    query = f"SELECT {_COLUMNS} FROM room WHERE joined AND {_OURS}"  # noqa: S608
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
        f"SELECT {_COLUMNS} {_SHARED} ORDER BY entered, room",
        person,
    )
    return [_room(row) for row in rows]


async def is_shared_room(tx: Tx, room: RoomId, person: UserId) -> bool:
    """Return whether the room is one of `shared_rooms`, without reading the others."""
    return await tx.exists(f"SELECT 1 {_SHARED} AND member.room = ?", person, room)


async def shares_chat_room(tx: Tx, person: UserId) -> bool:
    """Return whether the person has joined any of the network's rooms in which people talk. A space
    is not one of them, since it may be open to all; `shares_room` counts spaces too."""
    return await tx.exists(f"SELECT 1 {_SHARED} LIMIT 1", person)


async def shares_other_room(tx: Tx, room: RoomId, person: UserId) -> bool:
    """Return whether the person has joined a room of the network besides this one. Spaces don't
    count."""
    query = f"SELECT 1 {_SHARED} AND member.room != ? LIMIT 1"
    return await tx.exists(query, person, room)


async def rooms_of_person(tx: Tx, person: UserId) -> list[tuple[Room, str]]:
    """Return every room the person shares with the bot, and their display name in it."""
    rows = await tx.all(
        f"SELECT {_COLUMNS}, member.name AS shown FROM member JOIN room USING (room)"  # noqa: S608
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
    """Return whether the person has joined any of the network's rooms, spaces among them."""
    return bool(await who_shares_room(tx, [person]))


async def who_shares_room(tx: Tx, people: Iterable[UserId]) -> set[UserId]:
    """Return which of these people have joined any of the network's rooms, spaces among them."""
    return set(
        await tx.column(
            UserId,
            "SELECT value FROM json_each(?) WHERE EXISTS ("  # noqa: S608
            "SELECT 1 FROM member JOIN room USING (room) WHERE person = value"
            f" AND membership = 'join' AND room.joined AND private_of IS NULL AND {_OURS})",
            json.dumps(sorted(people)),
        )
    )


async def people_called(tx: Tx, asker: UserId, name: str) -> list[UserId]:
    """Return at most 5 people whose address begins with `@name:` in the asker's rooms of the
    network. Spaces, which may be open to all, don't count."""
    return await tx.column(
        UserId,
        "SELECT DISTINCT them.person FROM member mine JOIN member them USING (room)"  # noqa: S608
        " JOIN room USING (room)"
        " WHERE mine.person = ?1 AND mine.membership = 'join' AND them.membership = 'join'"
        f" AND room.joined AND private_of IS NULL AND kind != 'm.space' AND {_OURS}"
        " AND substr(them.person, 1, length(?2) + 2) = '@' || ?2 || ':'"
        " AND them.person != ?1 ORDER BY them.person LIMIT 5",
        asker,
        name,
    )


async def spaces_of(tx: Tx, room: RoomId) -> list[Room]:
    """Return the spaces that list the room and that the bot has joined."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM space_child c JOIN room ON room.room = c.space"  # noqa: S608
        " WHERE c.room = ?"
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


async def people_with_private_room(tx: Tx) -> list[tuple[UserId, RoomId]]:
    """Return everybody with a private room, each with the one in which they wrote last."""
    rows = await tx.all(
        "SELECT DISTINCT private_of FROM room WHERE private_of IS NOT NULL AND joined"
        " ORDER BY private_of"
    )
    people = [UserId(row["private_of"]) for row in rows]
    found = [(person, await private_room(tx, person)) for person in people]
    return [(person, room) for person, room in found if room is not None]


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
