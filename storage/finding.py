"""One index of all that can be found: what people chose to keep, offer or publish.

It is asked by stems (`bot/finding.py` makes them) and by marks: one word each for the room (or
the network), kind, month, theme and person, so that the index itself leaves out the rest.
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
"""Seen by whoever shares a room with the bot."""
MANY = 60
"""Who is in more rooms than this sees most of what there is: each thing is looked at instead."""
DAY = 86_400
MOST_DAYS = 1_100


@dataclass(frozen=True, slots=True)
class Findable:
    """A thing of a room. `ref` is what its capability calls it: the same one is put once.

    `network`: whoever shares a room with the bot may see it, not only this room's members.
    `person`: who keeps or offers it; empty where nobody is to be named. With an `item` it goes
    when that goes. `title` is shown, `text` only looked through and kept as its stems.
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
    """A thing as it is looked through; `themes` is each theme's key and how it was written."""

    title: Sequence[str]
    text: Sequence[str]
    themes: tuple[tuple[str, str], ...]
    theme_words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `text` is empty: it lies with the capability that keeps it."""

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
class Wanted:
    """What is asked for: all of `stems`, and one of each filter's; `narrow`: all of the themes.

    `seen`: the places whose things may be looked at. `after`: only what was kept after that id.
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
    def many(self) -> bool:
        return len(self.seen) > MANY and bool(self.stems)

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def dates(self) -> tuple[int, int]:
        """Seconds since 1970: from, and before."""
        return (
            int(self.since.timestamp()) if self.since else 0,
            int(self.until.timestamp()) if self.until else 2**40,
        )


# --- keeping -------------------------------------------------------------------------------------


async def put(tx: Tx, one: Findable, stems: Stems) -> None:
    """Keep it, or what it is now; its place among older and newer things stays."""
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
    marks = [_seen(seen), _kind(one.kind), _month(one.at), *themes_of_it]
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


async def drop(tx: Tx, feature: str, ref: str) -> None:
    await tx.run("DELETE FROM findable WHERE feature = ? AND ref = ?", feature, ref)


async def forget(tx: Tx, person: UserId) -> None:
    """What is still there of a person's when all capabilities have forgotten them has no name."""
    rows = await tx.all("SELECT id FROM findable WHERE person = ?", person)
    await tx.many(
        "UPDATE findable_words SET marks = replace(marks, ?, '') WHERE rowid = ?",
        [(_person(person), row["id"]) for row in rows],
    )
    await tx.run("UPDATE findable SET person = '' WHERE person = ?", person)


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    """A room goes on in another one, with all that can be found in it."""
    there = await tx.one("SELECT id FROM finding_place WHERE room = ?", new)
    if there is None:
        await tx.run("UPDATE finding_place SET room = ? WHERE room = ?", new, old)
        return
    here = await _place(tx, old)
    rows = await tx.all("SELECT id FROM findable WHERE place = ? AND NOT network", here)
    await tx.many(
        "UPDATE findable_words SET marks = replace(marks || ' ', ?, ?) WHERE rowid = ?",
        [(_seen(here) + " ", _seen(there["id"]) + " ", row["id"]) for row in rows],
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


async def places(tx: Tx, rooms: Iterable[RoomId]) -> list[int]:
    """Those of these rooms in which something can be found."""
    wanted = set(rooms)
    return [
        row["id"] for row in await tx.all("SELECT * FROM finding_place") if row["room"] in wanted
    ]


async def newest(tx: Tx, wanted: Wanted, most: int, *, column: str = "") -> list[int]:
    """The newest things that fit, at most so many; with a column all stems must stand in that."""
    months = await _months(tx, wanted)
    if months is not None and not months:
        return []
    tests: list[str] = []
    values: list[Any] = []
    if wanted.after:
        tests.append("w.rowid > ?")
        values.append(wanted.after)
    if wanted.dated:
        tests.append("f.at >= ? AND f.at < ?")
        values += wanted.dates
    if wanted.many:
        tests.append(f"(f.network OR f.place IN ({','.join('?' * len(wanted.seen))}))")
        values += wanted.seen
    join = "JOIN findable f ON f.id = w.rowid" if wanted.dated or wanted.many else ""
    rows = await tx.all(
        f"SELECT w.rowid AS id FROM findable_words w {join}"  # noqa: S608
        f" WHERE {' AND '.join(['findable_words MATCH ?', *tests])} ORDER BY w.rowid DESC LIMIT ?",
        _query(wanted, months or (), column or "title themes text"),
        *values,
        most,
    )
    return [row["id"] for row in rows]


async def _months(tx: Tx, wanted: Wanted) -> list[str] | None:
    """The marks of the months that are asked for, as far as there is something; None: too many."""
    if not wanted.dated:
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
    """Title, themes and text of things, as stems."""
    rows = await tx.all(
        "SELECT rowid, title, themes, text FROM findable_words"  # noqa: S608
        f" WHERE rowid IN ({','.join('?' * len(ids))})",
        *ids,
    )
    return {row["rowid"]: (row["title"], row["themes"], row["text"]) for row in rows}


async def get(tx: Tx, ids: Sequence[int]) -> list[Found]:
    """These things, in this order."""
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
    by_id = {row["id"]: _found(row, tuple(themes.get(row["id"], ()))) for row in rows}
    return [by_id[key] for key in ids if key in by_id]


async def themes(tx: Tx, seen: Sequence[int]) -> list[tuple[str, str, int]]:
    """The themes of what may be seen: key, how it is written, and of how many things."""
    rows = await tx.all(
        "SELECT theme, min(name) AS name, count(*) AS n FROM findable_theme"  # noqa: S608
        f" WHERE seen IN ({','.join('?' * len(seen))}) GROUP BY theme ORDER BY n DESC, theme",
        *seen,
    )
    return [(row["theme"], row["name"], row["n"]) for row in rows]


async def last(tx: Tx) -> int:
    """The id of what was put last."""
    row = await tx.one("SELECT max(id) AS id FROM findable")
    return int(row["id"] or 0) if row else 0


async def people(tx: Tx) -> list[UserId]:
    """Whoever is named by something that can be found."""
    rows = await tx.all("SELECT DISTINCT person FROM findable WHERE person != ''")
    return [UserId(row["person"]) for row in rows]


async def of_person(tx: Tx, person: UserId) -> list[Found]:
    """All that names this person, the oldest first."""
    rows = await tx.all("SELECT id FROM findable WHERE person = ? ORDER BY id", person)
    return await get(tx, [row["id"] for row in rows])


async def vocabulary(tx: Tx, beginning: str) -> list[str]:
    """The stems that begin so, of all things: for guessing only, what is seen is asked again."""
    rows = await tx.all(
        "SELECT DISTINCT term FROM findable_vocabulary WHERE term >= ? AND term < ?"
        " AND col != 'marks'",
        beginning,
        beginning + "\U0010ffff",
    )
    return [row["term"] for row in rows]


def _found(row: Any, of_themes: tuple[str, ...]) -> Found:
    return Found(
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


def _query(wanted: Wanted, months: Iterable[str], columns: str) -> str:
    """In FTS5's language. Everything is quoted: nothing in a stem is a sign of it."""
    marks = (
        map(_seen, () if wanted.many else wanted.seen),
        map(_kind, wanted.kinds),
        *([_theme(theme)] for theme in wanted.themes if wanted.narrow),
        map(_theme, () if wanted.narrow else wanted.themes),
        map(_person, wanted.people),
        months,
    )
    parts = [f"marks : ({choice})" for choice in map(_any, marks) if choice]
    if wanted.stems:
        joined = (" OR " if wanted.any_stem else " AND ").join(map(_quoted, wanted.stems))
        parts.append(f"{{{columns}}} : ({joined})")
    return " AND ".join(f"({part})" for part in parts)


def _any(marks: Iterable[str]) -> str:
    return " OR ".join(map(_quoted, marks))


def _quoted(stem: str) -> str:
    return '"' + stem.replace('"', "") + '"'


def _seen(place: int) -> str:
    return f"seen{place}"


def _kind(kind: str) -> str:
    return f"kind{kind}"


def _month(at: datetime) -> str:
    return f"month{at.astimezone(UTC):%Y%m}"


def _theme(theme: str) -> str:
    return "theme" + hashlib.sha256(theme.encode()).hexdigest()[:16]


def _person(person: UserId) -> str:
    return "person" + hashlib.sha256(person.encode()).hexdigest()[:16]
