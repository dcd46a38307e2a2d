"""Public rooms, what stands in them, and what is still to be posted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.api import EventId, Number, RoomId, public_services
from commands.publishing.declaration import POSTED_JOB
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class PublicRoom:
    """A public room that is open. `room` is empty until the homeserver has made it.

    `asked_in`: where its opening was asked for.
    """

    alias: str
    room: RoomId
    asked_in: RoomId


@dataclass(frozen=True, slots=True)
class PublicPost:
    """A post in a public room, and of what it tells. `words`: the hash of what it says."""

    id: int
    room: RoomId
    event: EventId
    words: str
    numbers: tuple[Number, ...]


async def open_room(tx: Tx) -> PublicRoom | None:
    """Return the public room that is open, or None."""
    row = await tx.one("SELECT * FROM publishing_room WHERE ended IS NULL LIMIT 1")
    return PublicRoom(row["alias"], RoomId(row["room"]), RoomId(row["asked_in"])) if row else None


async def begin_room(tx: Tx, alias: str, asked_in: RoomId, at: datetime) -> None:
    """Store that a public room is being opened with this address."""
    await tx.run(
        "INSERT INTO publishing_room (alias, asked_in, since) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (alias) DO UPDATE SET asked_in = ?2, since = ?3, ended = NULL",
        alias,
        asked_in,
        at.timestamp(),
    )


async def set_room(tx: Tx, alias: str, room: RoomId) -> None:
    """Store the room id of the public room."""
    await tx.run("UPDATE publishing_room SET room = ? WHERE alias = ?", room, alias)


async def end_room(tx: Tx, alias: str, at: datetime) -> None:
    """Store that the public room is closed, and delete from the queue what was never posted.

    Posts that are in the room already and changed or were withdrawn stay in the queue, to be
    redacted.
    """
    await tx.run("UPDATE publishing_room SET ended = ? WHERE alias = ?", at.timestamp(), alias)
    await tx.run(
        "DELETE FROM publishing_to_post WHERE number NOT IN (SELECT number FROM publishing_posted)"
    )


async def forget_room(tx: Tx, alias: str) -> None:
    """Delete the record of a public room that could not be opened. One that was opened and closed
    stays."""
    await tx.run("DELETE FROM publishing_room WHERE alias = ? AND ended IS NULL", alias)


# --- what is to be posted ---------------------------------------------------------------------


async def note_to_post(tx: Tx, numbers: Iterable[int]) -> None:
    """Store that the posts of these items in the public room are to be updated."""
    await tx.many(
        "INSERT OR IGNORE INTO publishing_to_post VALUES (?)", [(one,) for one in numbers]
    )


async def to_post(tx: Tx, most: int) -> list[Number]:
    """Return the items whose posts in the public room are to be made or changed next."""
    return await tx.column(
        Number, "SELECT number FROM publishing_to_post ORDER BY number LIMIT ?", most
    )


async def done(tx: Tx, numbers: Iterable[int]) -> None:
    """Store that the posts of these items in the public room are up to date."""
    await tx.many("DELETE FROM publishing_to_post WHERE number = ?", [(one,) for one in numbers])


# --- posts ------------------------------------------------------------------------------------


_POST = (
    "SELECT p.*, (SELECT json_group_array(number) FROM publishing_posted WHERE post = p.id)"
    " AS numbers FROM publishing_post p"
)


def _post(row: Any) -> PublicPost:
    return PublicPost(
        row["id"],
        RoomId(row["room"]),
        EventId(row["event"]),
        row["words"],
        tuple(map(Number, sorted(json.loads(row["numbers"])))),
    )


async def post_of(tx: Tx, number: int) -> PublicPost | None:
    """Return the post about an item in the public room, or None."""
    row = await tx.one(f"{_POST} JOIN publishing_posted ON post = p.id WHERE number = ?", number)
    return _post(row) if row else None


async def post_on_its_way(tx: Tx) -> PublicPost | None:
    """Return the post to the public room whose event id is not known yet, or None. There is one at
    most."""
    row = await tx.one(f"{_POST} WHERE event = '' LIMIT 1")
    return _post(row) if row else None


async def add_post(tx: Tx, room: RoomId, words: str, numbers: Sequence[int]) -> None:
    """Store a post to the public room that the outbox is sending."""
    post = await tx.run("INSERT INTO publishing_post (room, words) VALUES (?, ?)", room, words)
    await tx.many("INSERT INTO publishing_posted VALUES (?, ?)", [(one, post) for one in numbers])


async def set_event(tx: Tx, post: PublicPost, event: EventId) -> None:
    """Store the event id of a post in the public room."""
    await tx.run("UPDATE publishing_post SET event = ? WHERE id = ?", event, post.id)


async def delete_post(tx: Tx, post: PublicPost) -> None:
    """Delete the record of a post in the public room."""
    await tx.run("DELETE FROM publishing_post WHERE id = ?", post.id)


async def newest_posts(tx: Tx) -> dict[RoomId, int]:
    """Return the public rooms, also closed ones, with the id of the newest post; 0 for none."""
    rows = await tx.all(
        "SELECT room, (SELECT coalesce(max(id), 0) FROM publishing_post) AS last"
        " FROM publishing_room WHERE room != '' ORDER BY room"
    )
    return {RoomId(row["room"]): int(row["last"]) for row in rows}


async def posts_in(tx: Tx, room: RoomId) -> list[PublicPost]:
    """Return the posts in a room, the oldest first."""
    return [_post(row) for row in await tx.all(f"{_POST} WHERE room = ? ORDER BY id", room)]


async def is_being_sent(tx: Tx, room: RoomId) -> bool:
    """Return whether a post to this public room is in the outbox, or was delivered but its event id
    is not stored yet (`POSTED_JOB` does that)."""
    return await tx.exists(
        "SELECT 1 FROM letter WHERE room = ?1 AND kind = ?2"
        " UNION ALL SELECT 1 FROM job WHERE feature = ?3 AND name = ?4 LIMIT 1",
        room,
        public_services.public_posts.POST.name,
        POSTED_JOB.feature,
        POSTED_JOB.name,
    )
