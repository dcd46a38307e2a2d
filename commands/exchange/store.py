"""What is kept of offers and needs beside their items, and how those that may fit are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId
from storage.database import Tx

NEED, OFFER = "need", "offer"


@dataclass(frozen=True, slots=True)
class Post:
    """An offer or a need. `until` is UTC; `themes` as they were written.

    `origin`: the network it came from; its `person` is then the bot, who knows no other.
    `quiet`: published in private, so no room learns whose it is.
    """

    item: Number
    side: str
    text: str
    room: RoomId
    person: UserId
    kind: str
    place: str
    network: bool
    until: datetime
    zone: str
    themes: tuple[str, ...] = ()
    asked: datetime | None = None
    state: str = "open"
    origin: str = ""
    quiet: bool = False

    @property
    def open(self) -> bool:
        return self.state == "open"

    @property
    def other_side(self) -> str:
        return OFFER if self.side == NEED else NEED


_POST = (
    "SELECT p.*, i.title, (SELECT group_concat(name, ' ') FROM exchange_theme t"
    " WHERE t.item = p.item AND name != '') AS themes"
    " FROM exchange_post p JOIN item i ON i.number = p.item"
)
_SEEN = (
    "p.state = 'open' AND (p.network OR p.room IN ({rooms}))"
    " AND (p.origin != ''"
    " OR EXISTS (SELECT 1 FROM member m WHERE m.person = p.person AND m.membership = 'join'"
    " AND (m.room = p.room OR p.network AND m.room IN"
    "  (SELECT room FROM room WHERE joined AND private_of IS NULL))))"
)
"""Whoever left the room of their offer offers nothing there any more."""


def _post(row: Any) -> Post:
    return Post(
        Number(row["item"]),
        row["side"],
        row["title"],
        RoomId(row["room"]),
        UserId(row["person"]),
        row["kind"],
        row["place"],
        bool(row["network"]),
        datetime.fromtimestamp(row["until"], UTC),
        row["zone"],
        tuple((row["themes"] or "").split()),
        datetime.fromtimestamp(row["asked"], UTC) if row["asked"] is not None else None,
        row["state"],
        row["origin"],
        bool(row["quiet"]),
    )


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


# --- one of them ----------------------------------------------------------------------------------


async def put(tx: Tx, one: Post, themes: Iterable[tuple[str, str]], terms: Iterable[str]) -> None:
    """Keep a new one; `themes` are (as compared, as written)."""
    await tx.run(
        "INSERT INTO exchange_post (item, side, room, person, kind, place, network, until, zone,"
        " state, origin, quiet) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)",
        one.item,
        one.side,
        one.room,
        one.person,
        one.kind,
        one.place,
        int(one.network),
        one.until.timestamp(),
        one.zone,
        one.origin,
        int(one.quiet),
    )
    await index(tx, one, themes, terms)


async def index(tx: Tx, one: Post, themes: Iterable[tuple[str, str]], terms: Iterable[str]) -> None:
    """By what it is found from now on."""
    await tx.run("DELETE FROM exchange_theme WHERE item = ?", one.item)
    await tx.run("DELETE FROM exchange_term WHERE item = ?", one.item)
    await tx.many(
        "INSERT OR IGNORE INTO exchange_theme VALUES (?, ?, ?)",
        [(theme, one.item, name) for theme, name in themes],
    )
    await tx.many(
        "INSERT OR IGNORE INTO exchange_term VALUES (?, ?, ?)",
        [(one.side, term, one.item) for term in terms],
    )


async def get(tx: Tx, item: Number) -> Post | None:
    row = await tx.one(f"{_POST} WHERE p.item = ?", item)
    return _post(row) if row else None


async def end(tx: Tx, item: Number, state: str) -> None:
    """Nobody finds it any more."""
    await tx.run("UPDATE exchange_post SET state = ? WHERE item = ?", state, item)
    await tx.run("DELETE FROM exchange_term WHERE item = ?", item)


async def extend(tx: Tx, item: Number, until: datetime) -> None:
    await tx.run(
        "UPDATE exchange_post SET until = ?, asked = NULL WHERE item = ?", until.timestamp(), item
    )


async def set_asked(tx: Tx, item: Number, at: datetime) -> None:
    await tx.run("UPDATE exchange_post SET asked = ? WHERE item = ?", at.timestamp(), item)


async def change(tx: Tx, one: Post) -> None:
    """Its network says it in other words now, or until another time."""
    await tx.run("UPDATE item SET title = ? WHERE number = ?", one.text, one.item)
    await tx.run(
        "UPDATE exchange_post SET kind = ?, place = ?, until = ? WHERE item = ?",
        one.kind,
        one.place,
        one.until.timestamp(),
        one.item,
    )


async def same(tx: Tx, person: UserId, side: str, text: str, room: RoomId) -> Number | None:
    """The open one of this person that says just this there."""
    row = await tx.one(
        "SELECT p.item FROM exchange_post p JOIN item i ON i.number = p.item WHERE p.person = ?"
        " AND p.side = ? AND p.room = ? AND p.state = 'open' AND lower(i.title) = lower(?)",
        person,
        side,
        room,
        text,
    )
    return Number(row["item"]) if row else None


# --- many of them ---------------------------------------------------------------------------------


async def count_open(tx: Tx, person: UserId) -> int:
    row = await tx.one(
        "SELECT count(*) AS n FROM exchange_post WHERE person = ? AND state = 'open'", person
    )
    return int(row["n"]) if row else 0


async def written_by(tx: Tx, person: UserId) -> list[Post]:
    rows = await tx.all(f"{_POST} WHERE p.person = ? ORDER BY p.item", person)
    return [_post(row) for row in rows]


async def listed(
    tx: Tx,
    side: str,
    rooms: Sequence[RoomId],
    viewer: UserId | None,
    limit: int,
    skip: int = 0,
    themes: Sequence[str] = (),
) -> list[Post]:
    """Open ones of these rooms and of the network, newest first, without what the viewer hides."""
    if not rooms:  # who shares none with the bot is not of the network
        return []
    narrowed = (
        " AND EXISTS (SELECT 1 FROM exchange_theme t WHERE t.item = p.item"  # noqa: S608
        f" AND t.theme IN ({_marks(themes)}))"
        if themes
        else ""
    )
    rows = await tx.all(
        f"{_POST} WHERE p.side = ? AND {_SEEN.format(rooms=_marks(rooms))}{narrowed}"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM exchange_hidden h WHERE h.person = ? AND h.item = p.item)"
        " AND NOT EXISTS (SELECT 1 FROM exchange_hidden_theme h JOIN exchange_theme t"
        "  ON t.theme = h.theme WHERE h.person = ? AND t.item = p.item)"
        " ORDER BY p.item DESC LIMIT ? OFFSET ?",
        side,
        *rooms,
        *themes,
        viewer or "",
        viewer or "",
        limit,
        skip,
    )
    return [_post(row) for row in rows]


async def candidates(
    tx: Tx,
    side: str,
    rooms: Sequence[RoomId],
    but: UserId,
    heads: Iterable[str],
    others: Iterable[str],
    limit: int,
) -> list[Post]:
    """Open ones of this side with one of `heads` in them: those with most of all terms first.

    Looked up by term, so that what has nothing in common is never read. Ours come before those of
    other networks, which can't crowd them out.
    """
    first, more = list(heads), list(others)
    if not first:
        return []
    found = await tx.all(
        "SELECT t.item, count(*) AS n FROM exchange_term t JOIN exchange_post p USING (item)"  # noqa: S608
        f" WHERE t.side = ? AND t.term IN ({_marks([*first, *more])}) AND p.person != ?"
        f" AND {_SEEN.format(rooms=_marks(rooms))}"
        f" GROUP BY t.item HAVING max(t.term IN ({_marks(first)}))"
        " ORDER BY p.origin != '', n DESC, t.item DESC LIMIT ?",
        side,
        *first,
        *more,
        but,
        *rooms,
        *first,
        limit,
    )
    items = [row["item"] for row in found]
    rows = await tx.all(f"{_POST} WHERE p.item IN ({_marks(items)})", *items)
    by_item = {row["item"]: _post(row) for row in rows}
    return [by_item[item] for item in items]


async def open_in(tx: Tx, person: UserId, room: RoomId) -> list[Post]:
    """A person's of one room."""
    query = f"{_POST} WHERE p.person = ? AND p.room = ? AND p.state = 'open'"
    return [_post(row) for row in await tx.all(query, person, room)]


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    await tx.run("UPDATE exchange_post SET room = ? WHERE room = ?", new, old)


# --- what somebody does not want to see -----------------------------------------------------------


async def hide(tx: Tx, person: UserId, item: Number) -> None:
    await tx.run("INSERT OR IGNORE INTO exchange_hidden VALUES (?, ?)", person, item)


async def show(tx: Tx, person: UserId, item: Number) -> bool:
    query = "DELETE FROM exchange_hidden WHERE person = ? AND item = ?"
    return await tx.change(query, person, item) > 0


async def hide_theme(tx: Tx, person: UserId, theme: str) -> None:
    await tx.run("INSERT OR IGNORE INTO exchange_hidden_theme VALUES (?, ?)", person, theme)


async def show_theme(tx: Tx, person: UserId, theme: str) -> bool:
    query = "DELETE FROM exchange_hidden_theme WHERE person = ? AND theme = ?"
    return await tx.change(query, person, theme) > 0


async def hides(tx: Tx, person: UserId, post: Post) -> bool:
    row = await tx.one(
        "SELECT 1 FROM exchange_hidden WHERE person = ?1 AND item = ?2"
        " UNION ALL SELECT 1 FROM exchange_hidden_theme h JOIN exchange_theme t USING (theme)"
        " WHERE h.person = ?1 AND t.item = ?2",
        person,
        post.item,
    )
    return row is not None


async def hides_theme(tx: Tx, person: UserId, theme: str) -> bool:
    query = "SELECT 1 FROM exchange_hidden_theme WHERE person = ? AND theme = ?"
    return await tx.one(query, person, theme) is not None


async def hidden(tx: Tx, person: UserId) -> tuple[list[Number], list[str]]:
    """Items, and themes."""
    items = await tx.all(
        "SELECT item FROM exchange_hidden WHERE person = ? ORDER BY item DESC LIMIT 50", person
    )
    themes = await tx.all(
        "SELECT theme FROM exchange_hidden_theme WHERE person = ? ORDER BY theme", person
    )
    return [Number(row["item"]) for row in items], [row["theme"] for row in themes]


# --- a network's words ----------------------------------------------------------------------------


async def own_words(tx: Tx) -> list[tuple[str, str]]:
    rows = await tx.all("SELECT one, other FROM exchange_words ORDER BY one, other")
    return [(row["one"], row["other"]) for row in rows]


async def add_words(tx: Tx, one: str, other: str) -> None:
    await tx.run("INSERT OR IGNORE INTO exchange_words VALUES (?, ?)", one, other)


async def drop_words(tx: Tx, one: str, other: str) -> bool:
    query = "DELETE FROM exchange_words WHERE one = ? AND other = ?"
    return await tx.change(query, one, other) > 0
