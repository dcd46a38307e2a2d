"""The index of everything that can be found.

It is queried by stems (made in `bot/capability/data/search.py`) and by marks: one word each for
place, kind, month, theme and person, so that the full-text index itself filters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.types import Number, RoomId, UserId
from storage.database import Tx

NOBODY = UserId("")
NETWORK = 0
"""The place of entries visible to everybody who shares a room with the bot."""
MOST_LISTED_PLACES = 60
"""In more places than this the query does not list them; each match is checked instead."""
DAY = 86_400
MOST_DAYS = 1_100


@dataclass(frozen=True, slots=True)
class Findable:
    """An entry to index. `ref` is its capability's key: putting it again replaces it.

    `network`: visible to everybody who shares a room with the bot, not only in `room`. `person`:
    its author, or empty. `item`: the entry is deleted with that item. `title` is shown; of `text`
    only the stems are stored.
    """

    feature: str
    ref: str
    kind: str
    room: RoomId
    title: str
    at: datetime
    text: str = ""
    themes: tuple[str, ...] = ()
    person: UserId = NOBODY
    item: Number | None = None
    name: str = ""
    network: bool = False
    unreviewed: bool = False


@dataclass(frozen=True, slots=True)
class Stems:
    """The stems of an entry; `themes` are pairs of a theme's key and spelling."""

    title: Sequence[str]
    text: Sequence[str]
    themes: tuple[tuple[str, str], ...]
    theme_words: Sequence[str]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An entry that was found. Its text is stored by its capability."""

    id: int
    feature: str
    ref: str
    kind: str
    room: RoomId
    title: str
    at: datetime
    themes: tuple[str, ...]
    person: UserId
    item: Number | None
    name: str
    network: bool
    unreviewed: bool


@dataclass(frozen=True, slots=True)
class StemQuery:
    """A query: all of `stems`, and one value of each filter; `narrow` asks for all themes.

    `seen` are the visible places. `after`: only entries with a larger id.
    """

    seen: Sequence[int]
    stems: Sequence[str] = ()
    kinds: Sequence[str] = ()
    themes: Sequence[str] = ()
    people: Sequence[UserId] = ()
    since: datetime | None = None
    until: datetime | None = None
    any_stem: bool = False
    narrow: bool = False
    after: int = 0

    @property
    def has_many_places(self) -> bool:
        """Whether the places are too many to be listed in the index query."""
        return len(self.seen) > MOST_LISTED_PLACES and bool(self.stems)

    @property
    def is_dated(self) -> bool:
        """Whether the query has a date limit."""
        return self.since is not None or self.until is not None

    @property
    def dates(self) -> tuple[int, int]:
        """The limits of the date, in seconds since 1970: the first that counts, and the first that
        doesn't."""
        return (
            int(self.since.timestamp()) if self.since else 0,
            int(self.until.timestamp()) if self.until else 2**40,
        )


# --- keeping -------------------------------------------------------------------------------------


async def index_entry(tx: Tx, one: Findable, stems: Stems) -> None:
    """Store an entry of the search index. One that exists keeps its id and so its place in the
    order."""
    place = await _place(tx, one.room)
    before = await tx.one(
        "SELECT id FROM findable WHERE feature = ? AND ref = ?", one.feature, one.ref
    )
    values = (
        one.feature,
        one.ref,
        one.kind,
        one.item,
        place,
        int(one.network),
        one.person,
        int(one.at.timestamp()),
        one.title,
        one.name,
        int(one.unreviewed),
    )
    if before is not None:
        await tx.run("DELETE FROM findable WHERE id = ?", before["id"])
    key = await tx.run(
        "INSERT INTO findable (id, feature, ref, kind, item, place, network, person, at, title,"
        " name, unreviewed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        before["id"] if before is not None else None,
        *values,
    )
    seen = NETWORK if one.network else place
    await tx.many(
        "INSERT OR IGNORE INTO findable_theme VALUES (?, ?, ?, ?)",
        [(key, theme, name, seen) for theme, name in stems.themes],
    )
    themes_of_it = (_theme(theme) for theme, _name in stems.themes)
    marks = [_seen_term(seen), _kind_term(one.kind), _month(one.at), *themes_of_it]
    if one.person:
        marks.append(_person(one.person))
    await tx.run(
        "INSERT INTO findable_words (rowid, title, themes, text, marks) VALUES (?, ?, ?, ?, ?)",
        key,
        " ".join(stems.title),
        " ".join(stems.theme_words),
        " ".join(stems.text),
        " ".join(marks),
    )


async def delete(tx: Tx, feature: str, ref: str) -> None:
    """Delete the entry that a capability put into the search index under `ref`."""
    await tx.run("DELETE FROM findable WHERE feature = ? AND ref = ?", feature, ref)


async def remove_person(tx: Tx, person: UserId) -> None:
    """Remove a person's name from all entries of the search index."""
    rows = await tx.all("SELECT id FROM findable WHERE person = ?", person)
    await tx.many(
        "UPDATE findable_words SET marks = replace(marks, ?, '') WHERE rowid = ?",
        [(_person(person), row["id"]) for row in rows],
    )
    await tx.run("UPDATE findable SET person = '' WHERE person = ?", person)


async def move_room(tx: Tx, old: RoomId, new: RoomId) -> None:
    """Move a room's search entries to the room that replaced it."""
    there = await tx.one("SELECT id FROM finding_place WHERE room = ?", new)
    if there is None:
        await tx.run("UPDATE finding_place SET room = ? WHERE room = ?", new, old)
        return
    here = await _place(tx, old)
    rows = await tx.all("SELECT id FROM findable WHERE place = ? AND NOT network", here)
    await tx.many(
        "UPDATE findable_words SET marks = replace(marks || ' ', ?, ?) WHERE rowid = ?",
        [(_seen_term(here) + " ", _seen_term(there["id"]) + " ", row["id"]) for row in rows],
    )
    await tx.run("UPDATE findable_theme SET seen = ? WHERE seen = ?", there["id"], here)
    await tx.run("UPDATE findable SET place = ? WHERE place = ?", there["id"], here)
    await tx.run("DELETE FROM finding_place WHERE id = ?", here)


async def _place(tx: Tx, room: RoomId) -> int:
    row = await tx.one("SELECT id FROM finding_place WHERE room = ?", room)
    if row is not None:
        return int(row["id"])
    return await tx.run("INSERT INTO finding_place (room) VALUES (?)", room)


# --- asking --------------------------------------------------------------------------------------


async def place_ids(tx: Tx, rooms: Iterable[RoomId]) -> list[int]:
    """Return the search index's ids of those of these rooms in which something can be found."""
    wanted = set(rooms)
    return [
        row["id"] for row in await tx.all("SELECT * FROM finding_place") if row["room"] in wanted
    ]


async def newest_ids(tx: Tx, wanted: StemQuery, most: int, *, column: str = "") -> list[int]:
    """Return the ids of at most `most` search entries that match, newest first.

    With `column` all stems must be in that column.
    """
    months = await _months(tx, wanted)
    if months is not None and not months:
        return []
    tests: list[str] = []
    values: list[Any] = []
    if wanted.after:
        tests.append("w.rowid > ?")
        values.append(wanted.after)
    if wanted.is_dated:
        tests.append("f.at >= ? AND f.at < ?")
        values += wanted.dates
    if wanted.has_many_places:
        tests.append(f"(f.network OR f.place IN ({','.join('?' * len(wanted.seen))}))")
        values += wanted.seen
    join = "JOIN findable f ON f.id = w.rowid" if wanted.is_dated or wanted.has_many_places else ""
    rows = await tx.all(
        f"SELECT w.rowid AS id FROM findable_words w {join}"  # noqa: S608
        f" WHERE {' AND '.join(['findable_words MATCH ?', *tests])} ORDER BY w.rowid DESC LIMIT ?",
        _query(wanted, months or (), column or "title themes text"),
        *values,
        most,
    )
    return [row["id"] for row in rows]


async def _months(tx: Tx, wanted: StemQuery) -> list[str] | None:
    """Return the marks of the months that have entries in the query's dates. None: too many."""
    if not wanted.is_dated:
        return None
    row = await tx.one(
        "SELECT (SELECT min(at) FROM findable) AS first, (SELECT max(at) FROM findable) AS last"
    )
    if row is None or row["first"] is None:
        return []
    first, last = max(row["first"], wanted.dates[0]), min(row["last"], wanted.dates[1])
    days = range(first // DAY, last // DAY + 1) if first <= last else range(0)
    if len(days) > MOST_DAYS:
        return None
    return list(dict.fromkeys(_month(datetime.fromtimestamp(day * DAY, UTC)) for day in days))


async def stems_of(tx: Tx, ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Return the indexed word stems of entries: of title, themes and text."""
    rows = await tx.all(
        "SELECT rowid, title, themes, text FROM findable_words"  # noqa: S608
        f" WHERE rowid IN ({','.join('?' * len(ids))})",
        *ids,
    )
    return {row["rowid"]: (row["title"], row["themes"], row["text"]) for row in rows}


async def get(tx: Tx, ids: Sequence[int]) -> list[SearchHit]:
    """Return the search entries with these ids, in their order."""
    marks = ",".join("?" * len(ids))
    rows = await tx.all(
        "SELECT findable.*, room FROM findable JOIN finding_place p ON p.id = place"  # noqa: S608
        f" WHERE findable.id IN ({marks})",
        *ids,
    )
    themes: dict[int, list[str]] = {}
    for row in await tx.all(
        f"SELECT findable, name FROM findable_theme WHERE findable IN ({marks})",  # noqa: S608
        *ids,
    ):
        themes.setdefault(row["findable"], []).append(row["name"])
    by_id = {row["id"]: _hit_of_row(row, tuple(themes.get(row["id"], ()))) for row in rows}
    return [by_id[key] for key in ids if key in by_id]


async def themes(tx: Tx, seen: Sequence[int]) -> list[tuple[str, str, int]]:
    """Return the hashtags used in these places of the search index (`seen`: ids of places).

    Each with its key, its spelling and how often it is used, most used first.
    """
    rows = await tx.all(
        "SELECT theme, min(name) AS name, count(*) AS n FROM findable_theme"  # noqa: S608
        f" WHERE seen IN ({','.join('?' * len(seen))}) GROUP BY theme ORDER BY n DESC, theme",
        *seen,
    )
    return [(row["theme"], row["name"], row["n"]) for row in rows]


async def last_id(tx: Tx) -> int:
    """Return the id of the newest entry of the search index; 0 if it is empty."""
    row = await tx.one("SELECT max(id) AS id FROM findable")
    return int(row["id"] or 0) if row else 0


async def authors(tx: Tx) -> list[UserId]:
    """Return everybody who is the author of a search entry."""
    return await tx.column(UserId, "SELECT DISTINCT person FROM findable WHERE person != ''")


async def vocabulary(tx: Tx, beginning: str) -> list[str]:
    """Return all indexed word stems with this beginning, for guessing similar words only."""
    return await tx.column(
        str,
        "SELECT DISTINCT term FROM findable_vocabulary WHERE term >= ? AND term < ?"
        " AND col != 'marks'",
        beginning,
        beginning + "\U0010ffff",
    )


def _hit_of_row(row: Any, of_themes: tuple[str, ...]) -> SearchHit:
    return SearchHit(
        row["id"],
        row["feature"],
        row["ref"],
        row["kind"],
        RoomId(row["room"]),
        row["title"],
        datetime.fromtimestamp(row["at"], UTC),
        of_themes,
        UserId(row["person"]),
        row["item"],
        row["name"],
        bool(row["network"]),
        bool(row["unreviewed"]),
    )


def _query(wanted: StemQuery, months: Iterable[str], columns: str) -> str:
    """Return the FTS5 query. All terms are quoted, so that none acts as syntax."""
    marks = (
        map(_seen_term, () if wanted.has_many_places else wanted.seen),
        map(_kind_term, wanted.kinds),
        *([_theme(theme)] for theme in wanted.themes if wanted.narrow),
        map(_theme, () if wanted.narrow else wanted.themes),
        map(_person, wanted.people),
        months,
    )
    parts = [f"marks : ({choice})" for choice in map(_any, marks) if choice]
    if wanted.stems:
        joined = (" OR " if wanted.any_stem else " AND ").join(map(_quote_stem, wanted.stems))
        parts.append(f"{{{columns}}} : ({joined})")
    return " AND ".join(f"({part})" for part in parts)


def _any(marks: Iterable[str]) -> str:
    return " OR ".join(map(_quote_stem, marks))


def _quote_stem(stem: str) -> str:
    return '"' + stem.replace('"', "") + '"'


def _seen_term(place: int) -> str:
    return f"seen{place}"


def _kind_term(kind: str) -> str:
    return f"kind{kind}"


def _month(at: datetime) -> str:
    return f"month{at.astimezone(UTC):%Y%m}"


def _theme(theme: str) -> str:
    return "theme" + hashlib.sha256(theme.encode()).hexdigest()[:16]


def _person(person: UserId) -> str:
    return "person" + hashlib.sha256(person.encode()).hexdigest()[:16]
