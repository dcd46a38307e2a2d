"""Store resources, their versions, links and themes, and find them again."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Media, Number, RoomId, UserId, compact
from storage.database import Tx

NOBODY = UserId("")
NETWORK_PLACE = ""
"""Stands in the place of a room for what the whole network may see."""


@dataclass(frozen=True, slots=True)
class File:
    """An encrypted file: its address and key, with the name, type and size that we found.

    An empty `mark` means a file of another network that nobody here has opened.
    """

    media: Media
    mark: str


@dataclass(frozen=True, slots=True)
class Resource:
    """Something saved in the library. `seen` is `room` or `network`.

    `doubtful` means that nobody confirmed it in time. An empty `keeper` was forgotten. `origin` is
    the network of which this is a copy; nobody here keeps a copy.
    """

    item: Number
    room: RoomId
    name: str
    kind: str
    text: str
    file: File | None
    seen: str
    keeper: UserId
    at: datetime
    changed: datetime
    reviewed: datetime
    themes: tuple[str, ...] = ()
    doubtful: bool = False
    version: int = 1
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Visibility:
    """What may be seen: the resources of these rooms, and perhaps those of the whole network."""

    rooms: tuple[RoomId, ...]
    network: bool

    def includes(self, one: Resource) -> bool:
        """Return whether the resource may be seen."""
        return one.room in self.rooms or (self.network and one.seen == "network")

    @property
    def places(self) -> str:
        """The places whose resources the asker may see, values of the column `resource.place`, as a
        JSON list of strings."""
        return json.dumps([*self.rooms, *([NETWORK_PLACE] if self.network else [])])


_COLUMNS = (
    "item",
    "room",
    "name",
    "known",
    "kind",
    "text",
    "file",
    "mark",
    "seen",
    "keeper",
    "at",
    "changed",
    "reviewed",
    "doubtful",
    "version",
    "origin",
)
SELECT_RESOURCE = (
    "SELECT r.*, (SELECT json_group_array(theme) FROM library_theme t WHERE t.item = r.item)"
    " AS themes FROM library_resource r"
)
_VISIBLE = "(r.room IN (SELECT value FROM json_each(?1)) OR (?2 AND r.seen = 'network'))"


def _visibility_values(sight: Visibility) -> tuple[str, bool]:
    return json.dumps(sight.rooms), sight.network


def read_row(row: Any) -> Resource:
    """Return the resource in a database row of `SELECT_RESOURCE`."""
    return Resource(
        Number(row["item"]),
        RoomId(row["room"]),
        row["name"],
        row["kind"],
        row["text"],
        file_from_json(row["file"]),
        row["seen"],
        UserId(row["keeper"]),
        to_instant(row["at"]),
        to_instant(row["changed"]),
        to_instant(row["reviewed"]),
        tuple(json.loads(row["themes"])),
        bool(row["doubtful"]),
        row["version"],
        row["origin"],
    )


def to_instant(seconds: int) -> datetime:
    """Return an instant (UTC) from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def file_from_json(kept: str | None) -> File | None:
    """Return the file description that `file_to_json` wrote, or None."""
    if kept is None:
        return None
    found = json.loads(kept)
    return File(Media(**found["media"]), found["mark"])


def file_to_json(file: File | None) -> str | None:
    """Return a file's description as JSON for its column, or None without a file."""
    if file is None:
        return None
    m = file.media
    media = {"url": m.url, "name": m.name, "mime": m.mime, "size": m.size}
    return json.dumps({"media": media | {"secret": dict(m.secret or {})}, "mark": file.mark})


# --- one resource ---------------------------------------------------------------------------------


async def save_resource(tx: Tx, one: Resource, links: Collection[str]) -> None:
    """Insert or replace a resource of the library with its themes and links. Ends a pending review
    question."""
    changing = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])
    await tx.run(
        f"INSERT INTO library_resource ({', '.join(_COLUMNS)})"  # noqa: S608
        f" VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT (item) DO UPDATE SET {changing},"
        " asked = NULL",
        one.item,
        one.room,
        one.name,
        compact(one.name),
        one.kind,
        one.text,
        file_to_json(one.file),
        one.file.mark if one.file else None,
        one.seen,
        one.keeper,
        int(one.at.timestamp()),
        int(one.changed.timestamp()),
        int(one.reviewed.timestamp()),
        int(one.doubtful),
        one.version,
        one.origin,
    )
    await tx.run("DELETE FROM library_theme WHERE item = ?", one.item)
    place = NETWORK_PLACE if one.seen == "network" else one.room
    rows = [(one.item, theme, compact(theme), place) for theme in one.themes]
    await tx.many("INSERT INTO library_theme VALUES (?, ?, ?, ?)", rows)
    await tx.run("DELETE FROM library_link WHERE item = ?", one.item)
    await tx.many(
        "INSERT INTO library_link VALUES (?, ?)", [(one.item, link) for link in set(links)]
    )


async def get_resource(tx: Tx, item: Number) -> Resource | None:
    """Return the resource of the library with this number, or None."""
    row = await tx.one(f"{SELECT_RESOURCE} WHERE r.item = ?", item)
    return read_row(row) if row else None


async def resources_named(tx: Tx, name: str, sight: Visibility) -> list[Resource]:
    """Return the visible resources of this name, the newest first."""
    rows = await tx.all(
        f"{SELECT_RESOURCE} WHERE r.known = ?3 AND {_VISIBLE} ORDER BY r.changed DESC, r.item DESC",
        *_visibility_values(sight),
        compact(name),
    )
    return [read_row(row) for row in rows]


async def is_theme(tx: Tx, name: str, sight: Visibility) -> bool:
    """Return whether a visible resource has this theme."""
    return await tx.exists(
        "SELECT 1 FROM library_themes WHERE known = ?1 AND place IN"
        " (SELECT value FROM json_each(?2)) LIMIT 1",
        compact(name),
        sight.places,
    )


async def find_duplicate(
    tx: Tx, sight: Visibility, *, links: Collection[str] = (), mark: str | None = None
) -> Resource | None:
    """Return a visible resource that has one of these links or this file already, or None."""
    row = await tx.one(
        f"{SELECT_RESOURCE} WHERE (r.mark = ?3 OR r.item IN (SELECT item FROM"  # noqa: S608
        f" library_link WHERE known IN"
        f" (SELECT value FROM json_each(?4)))) AND {_VISIBLE} ORDER BY r.item LIMIT 1",
        *_visibility_values(sight),
        mark,
        json.dumps(list(links)),
    )
    return read_row(row) if row else None


async def links_of(tx: Tx, item: Number) -> list[str]:
    """Return a resource's links in the form in which links are compared."""
    return await tx.column(str, "SELECT known FROM library_link WHERE item = ?", item)


async def count_kept_by(tx: Tx, keeper: UserId) -> int:
    """Return how many resources of the library a person keeps."""
    return await tx.count("SELECT count(*) AS n FROM library_resource WHERE keeper = ?", keeper)


async def count_copies_from(tx: Tx, origin: str) -> int:
    """Return how many resources here are copies of that network's."""
    return await tx.count("SELECT count(*) AS n FROM library_resource WHERE origin = ?", origin)


async def mark_key(tx: Tx) -> bytes:
    """Return the secret key of the hashes by which equal files are recognised."""
    row = await tx.one("SELECT key FROM library_key")
    assert row is not None
    return bytes(row["key"])


# --- versions -------------------------------------------------------------------------------------


# --- lists ----------------------------------------------------------------------------------------

FEW_ROOMS = 20
"""In fewer rooms than this the newest of each are looked up, else the newest of all."""


async def resources_with_theme(
    tx: Tx, theme: str, sight: Visibility, most: int, skip: int
) -> tuple[list[Resource], int]:
    """Return a page of the visible resources with this theme, newest first, and how many there are
    in all."""
    ids = (
        "SELECT r.item FROM library_theme t JOIN library_resource r ON r.item = t.item"  # noqa: S608
        " WHERE t.known = ?2 AND t.place IN (SELECT value FROM json_each(?1))"
        f" ORDER BY r.changed DESC, r.item DESC LIMIT {int(most)} OFFSET {int(skip)}"
    )
    known = compact(theme)
    count = await tx.one(
        "SELECT sum(things) AS n FROM library_themes WHERE known = ?2 AND place IN"
        " (SELECT value FROM json_each(?1))",
        sight.places,
        known,
    )
    return await _load_resources(tx, ids, sight.places, known), int(count["n"] or 0) if count else 0


async def newest_resources(
    tx: Tx, sight: Visibility, most: int, skip: int
) -> tuple[list[Resource], int]:
    """Return a page of the last saved or corrected resources, and how many there are in all."""
    index = "library_place" if len(sight.rooms) < FEW_ROOMS else "library_changed"
    seen = "place IN (SELECT value FROM json_each(?1))"
    ids = (
        f"SELECT item FROM library_resource INDEXED BY {index} WHERE {seen}"  # noqa: S608
        f" ORDER BY changed DESC, item DESC LIMIT {int(most)} OFFSET {int(skip)}"
    )
    count = await tx.one(
        f"SELECT sum(things) AS n FROM library_places WHERE {seen}",  # noqa: S608
        sight.places,
    )
    return await _load_resources(tx, ids, sight.places), int(count["n"] or 0) if count else 0


async def _load_resources(tx: Tx, ids: str, *given: str) -> list[Resource]:
    rows = await tx.all(
        f"{SELECT_RESOURCE} WHERE r.item IN ({ids}) ORDER BY r.changed DESC, r.item DESC", *given
    )
    return [read_row(row) for row in rows]


async def count_themes(tx: Tx, sight: Visibility, most: int) -> list[tuple[str, int]]:
    """Return the themes with the number of their resources, the most used first."""
    rows = await tx.all(
        "SELECT min(theme) AS theme, sum(things) AS n FROM library_themes WHERE place IN"
        " (SELECT value FROM json_each(?)) GROUP BY known ORDER BY n DESC, theme LIMIT ?",
        sight.places,
        most,
    )
    return [(row["theme"], row["n"]) for row in rows]
