"""What the server says about rooms and who is in them: a mirror of its state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.types import CREATOR, Membership, RoomId, UserId
from storage import parting
from storage.database import Tx

_FIELDS = {
    "m.room.name": ("name", "name", ""),
    "m.room.join_rules": ("join_rule", "join_rule", "invite"),
    "m.room.history_visibility": ("history", "history_visibility", "shared"),
}


BY_INVITATION = ("invite", "private")
"""Join rules by which nobody comes in without having been asked."""


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
    def encrypted(self) -> bool:
        """Is, or ever was: what was encrypted once never gets plain text again."""
        return self.encryption is not None

    @property
    def closed(self) -> bool:
        """Encrypted, by invitation, read by nobody outside; and who comes in has no power."""
        invited = self.join_rule in BY_INVITATION
        free = level_of(self.power.get("users_default"), 0) > 0
        return self.encrypted and invited and self.history != "world_readable" and not free

    def power_of(self, user: UserId) -> int:
        """Power by the rules of the room's version (12: creators outrank all; spec v1.16)."""
        if self.version_number >= 12 and user in self.creators:
            return CREATOR
        if not self.power and user in self.creators:
            return 100
        levels = self.power.get("users")
        level = levels.get(user) if isinstance(levels, Mapping) else None
        return level_of(level, level_of(self.power.get("users_default"), 0))

    def entry_of(self, user: UserId) -> int | str | None:
        """A person's own entry in the power levels, as it is written."""
        levels = self.power.get("users")
        found = levels.get(user) if isinstance(levels, Mapping) else None
        return found if isinstance(found, int | str) else None

    def power_for(self, event: str, *, state: bool) -> int:
        """What sending an event of this type takes."""
        events = self.power.get("events")
        special = events.get(event) if isinstance(events, Mapping) else None
        usual = (
            level_of(self.power.get("state_default"), 50 if self.power else 0)
            if state
            else level_of(self.power.get("events_default"), 0)
        )
        return level_of(special, usual)

    def power_to(self, act: str) -> int:
        """What `invite`, `kick`, `ban` or `redact` takes."""
        return level_of(self.power.get(act), 0 if act == "invite" else 50)

    @property
    def version_number(self) -> int:
        return int(self.version) if self.version.isdecimal() else 0


def level_of(value: Any, otherwise: int) -> int:
    """A power level as rooms write them: an integer, in old rooms a string of one."""
    if isinstance(value, bool):
        return otherwise
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().removeprefix("-").isdecimal() and len(value) < 20:
        return int(value)
    return otherwise


async def get(tx: Tx, room: RoomId) -> Room | None:
    row = await tx.one("SELECT * FROM room WHERE room = ?", room)
    return _room(row) if row else None


def _room(row: Any) -> Room:
    return Room(
        RoomId(row["room"]),
        row["version"],
        frozenset(UserId(u) for u in json.loads(row["creators"])),
        json.loads(row["power"]),
        json.loads(row["encryption"]) if row["encryption"] else None,
        row["name"],
        row["join_rule"],
        row["history"],
        row["kind"],
        row["predecessor"],
        row["successor"],
        bool(row["joined"]),
        datetime.fromtimestamp(row["entered"], UTC),
        row["private_of"],
    )


async def joined_rooms(tx: Tx) -> list[Room]:
    """Every room we are in."""
    return [_room(row) for row in await tx.all("SELECT * FROM room WHERE joined")]


LINK = "org.minga.link"
"""The type of a room in which only the bots of linked networks talk."""
_OURS = (
    f"kind != '{LINK}' AND NOT EXISTS (SELECT 1 FROM fact"  # noqa: S608
    " WHERE fact.name IN ('help:' || room.room, 'moved:' || room.room))"
)
"""No help room, no link room, and none that goes on in another room."""


async def common_rooms(tx: Tx) -> list[Room]:
    """Those of them that are the network's: no private, help or former room."""
    query = f"SELECT * FROM room WHERE joined AND private_of IS NULL AND {_OURS}"  # noqa: S608
    return [_room(row) for row in await tx.all(query)]


async def read_rooms(tx: Tx) -> list[Room]:
    """Those and the private ones: all in which people read us as we are."""
    query = f"SELECT * FROM room WHERE joined AND {_OURS}"  # noqa: S608
    return [_room(row) for row in await tx.all(query)]


async def enter(tx: Tx, room: RoomId, at: datetime) -> None:
    """We are in `room` now; what was said before `at` is not for us."""
    await tx.run(
        "INSERT INTO room (room, entered) VALUES (?1, ?2) ON CONFLICT (room) DO UPDATE"
        " SET joined = 1, entered = CASE WHEN joined THEN entered ELSE ?2 END",
        room,
        at.timestamp(),
    )


async def left(tx: Tx, room: RoomId) -> None:
    """We are not in `room` any more: what we knew of its people is forgotten."""
    for query in (
        "UPDATE room SET joined = 0, private_of = NULL WHERE room = ?",
        "UPDATE room SET creators = '[]', power = '{}' WHERE room = ?",
        "DELETE FROM member WHERE room = ?",
        "DELETE FROM parted WHERE room = ?",
        "DELETE FROM space_child WHERE space = ?",
        "UPDATE person SET private = NULL WHERE private = ?",
    ):
        await tx.run(query, room)


async def apply(tx: Tx, room: RoomId, events: Iterable[Mapping[str, Any]], *, whole: bool) -> None:
    """Take over state events as the server resolved them; `whole` replaces all that was known.

    Only what came as state from the server may be given here, never what stood in ciphertext.
    A room that was encrypted once stays so, whatever its server says later.
    """
    every = list(events)
    await parting.note(tx, room, every)
    if whole:
        await tx.run("DELETE FROM member WHERE room = ?", room)
        await tx.run("DELETE FROM space_child WHERE space = ?", room)
    members: list[tuple[str, str, str, str]] = []
    for event in every:
        kind, key, content = event.get("type"), event.get("state_key"), event.get("content")
        if not isinstance(content, Mapping) or not isinstance(key, str):
            continue
        if kind == "m.room.member":
            members.append(
                (room, key, parting.membership_in(content), _text(content.get("displayname")))
            )
        elif kind == "m.space.child":
            await _child(tx, room, key, content)
        elif key == "":
            await _one(tx, room, str(kind), event, content)
    await tx.many("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?)", members)


def _text(value: Any) -> str:
    return value[:255] if isinstance(value, str) else ""


async def _one(
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
        await _create(tx, room, event, content)
    elif kind == "m.room.tombstone":
        successor = _text(content.get("replacement_room")) or None
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", successor, room)


async def _child(tx: Tx, space: RoomId, room: str, content: Mapping[str, Any]) -> None:
    """A child without `via` is taken out of the space (spec, `m.space.child`)."""
    listed = isinstance(content.get("via"), list) and content["via"]
    query = (
        "INSERT OR IGNORE INTO space_child VALUES (?, ?)"
        if listed
        else "DELETE FROM space_child WHERE space = ? AND room = ?"
    )
    await tx.run(query, space, room)


async def _create(
    tx: Tx, room: RoomId, event: Mapping[str, Any], content: Mapping[str, Any]
) -> None:
    more = content.get("additional_creators")
    creators = [event.get("sender"), *(more if isinstance(more, list) else [])]
    before = content.get("predecessor")
    await tx.run(
        "UPDATE room SET version = ?, creators = ?, kind = ?, predecessor = ? WHERE room = ?",
        _text(content.get("room_version")) or "1",
        json.dumps([c for c in creators if isinstance(c, str)]),
        _text(content.get("type")),
        _text(before.get("room_id")) or None if isinstance(before, Mapping) else None,
        room,
    )


async def membership(tx: Tx, room: RoomId, person: UserId) -> Membership:
    row = await tx.one("SELECT membership FROM member WHERE room = ? AND person = ?", room, person)
    return Membership(row["membership"]) if row else Membership.LEAVE


async def came(tx: Tx, room: RoomId, people: Iterable[UserId]) -> set[UserId]:
    """Which of these are in the room, or were lately; who is invited or knocks has not been."""
    rows = await tx.all(
        "SELECT person FROM member WHERE room = ? AND membership IN ('join', 'leave', 'ban')"
        " AND person IN (SELECT value FROM json_each(?))",
        room,
        json.dumps(sorted(people)),
    )
    return {UserId(row["person"]) for row in rows}


async def members(tx: Tx, room: RoomId, *which: Membership) -> list[UserId]:
    """Who is in the room (joined, unless other memberships are asked for), the bot included."""
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
    """The name shown for a person: attacker's text, for reading only. '' if unknown."""
    row = await tx.one(
        "SELECT name FROM member WHERE person = ?1 AND name != '' ORDER BY room = ?2 DESC LIMIT 1",
        person,
        room or "",
    )
    return str(row["name"]) if row else ""


async def names(tx: Tx, room: RoomId) -> dict[UserId, str]:
    """Who is joined to the room, with the names they show there: attackers' text. '' if none."""
    rows = await tx.all(
        "SELECT person, name FROM member WHERE room = ? AND membership = 'join' ORDER BY person",
        room,
    )
    return {UserId(r["person"]): str(r["name"]) for r in rows}


async def shared_rooms(tx: Tx, person: UserId) -> list[Room]:
    """Rooms (no private ones, no spaces) in which both the person and the bot are."""
    rows = await tx.all(
        "SELECT room.* FROM member JOIN room USING (room) WHERE person = ? AND membership = 'join'"  # noqa: S608
        f" AND room.joined AND private_of IS NULL AND kind != 'm.space' AND {_OURS}"
        " ORDER BY entered, room",
        person,
    )
    return [_room(row) for row in rows]


async def with_person(tx: Tx, person: UserId) -> list[tuple[Room, str]]:
    """Every room of ours, private ones too, that the person is in, and the name they show there."""
    rows = await tx.all(
        "SELECT room.*, member.name AS shown FROM member JOIN room USING (room)"
        " WHERE person = ? AND membership = 'join' AND room.joined ORDER BY entered, room",
        person,
    )
    return [(_room(row), str(row["shown"])) for row in rows]


async def present_people(tx: Tx) -> set[UserId]:
    """Who is in a room of ours of any kind, is invited, or said what we cannot read yet."""
    rows = await tx.all(
        "SELECT person FROM member JOIN room USING (room)"
        " WHERE room.joined AND membership IN ('join', 'invite') UNION SELECT sender FROM waiting"
    )
    return {UserId(row["person"]) for row in rows}


async def drop_gone(tx: Tx) -> None:
    """Who left some time ago is in no list; their name was still wanted to tell of it."""
    await parting.drop_gone(tx)
    await parting.drop_idle(tx)


async def shares_room(tx: Tx, person: UserId) -> bool:
    """Is there a room, no private one, with both the person and the bot?"""
    row = await tx.one(
        "SELECT 1 FROM member JOIN room USING (room) WHERE person = ? AND membership = 'join'"  # noqa: S608
        f" AND room.joined AND private_of IS NULL AND {_OURS} LIMIT 1",
        person,
    )
    return row is not None


async def spaces_of(tx: Tx, room: RoomId) -> list[Room]:
    """The spaces that list the room, and in which the bot is."""
    rows = await tx.all(
        "SELECT room.* FROM space_child c JOIN room ON room.room = c.space WHERE c.room = ?"  # noqa: S608
        f" AND room.joined AND kind = 'm.space' AND {_OURS} ORDER BY entered, room.room",
        room,
    )
    return [_room(row) for row in rows]


async def both_in(tx: Tx, one: UserId, other: UserId) -> list[RoomId]:
    """Rooms (no private ones, no spaces) in which both people and the bot are."""
    rows = await tx.all(
        "SELECT room.room FROM member a JOIN member b USING (room) JOIN room USING (room)"  # noqa: S608
        " WHERE a.person = ? AND a.membership = 'join' AND b.person = ? AND b.membership = 'join'"
        f" AND room.joined AND private_of IS NULL AND kind != 'm.space' AND {_OURS}",
        one,
        other,
    )
    return [RoomId(row["room"]) for row in rows]


async def set_private(tx: Tx, room: RoomId, person: UserId | None) -> None:
    await tx.run("UPDATE room SET private_of = ? WHERE room = ?", person, room)


async def private_room(tx: Tx, person: UserId) -> RoomId | None:
    """Where to write to a person alone: the private room they last wrote in, else any."""
    row = await tx.one(
        "SELECT room.room FROM room LEFT JOIN person ON person.person = room.private_of"
        " WHERE private_of = ? AND joined"
        " ORDER BY room.room = person.private DESC, entered DESC LIMIT 1",
        person,
    )
    return RoomId(row["room"]) if row else None


async def private_rooms(tx: Tx, person: UserId) -> list[RoomId]:
    """All that we have alone with a person, or wait for them in."""
    query = "SELECT room FROM room WHERE private_of = ? AND joined ORDER BY entered, room"
    return [RoomId(row["room"]) for row in await tx.all(query, person)]


async def wrote_in_private(tx: Tx, person: UserId, room: RoomId) -> None:
    await tx.run(
        "INSERT INTO person (person, private) VALUES (?1, ?2)"
        " ON CONFLICT (person) DO UPDATE SET private = ?2",
        person,
        room,
    )
