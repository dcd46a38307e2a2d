"""Store offers and needs, find candidates that may fit, and what people hide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId, items
from storage.database import Tx

NEED, OFFER = "need", "offer"


@dataclass(frozen=True, slots=True)
class Post:
    """An offer or a need. `until` is in UTC; `themes` are as they were typed.

    `origin` is the network it came from; its `person` is then the bot. `quiet` means that it was
    published in private, so no room learns whose it is.
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
    def is_open(self) -> bool:
        """Whether the post can still be found."""
        return self.state == "open"

    @property
    def other_side(self) -> str:
        """The side (need, offer) that a post must have to fit this one."""
        return OFFER if self.side == NEED else NEED


_POST = (
    "SELECT p.*, i.title, (SELECT group_concat(name, ' ') FROM exchange_theme t"
    " WHERE t.item = p.item AND name != '') AS themes"
    " FROM exchange_post p JOIN item i ON i.number = p.item"
)
_VISIBLE = (
    "p.state = 'open' AND (p.network OR p.room IN ({rooms}))"
    " AND (p.origin != ''"
    " OR EXISTS (SELECT 1 FROM member m WHERE m.person = p.person AND m.membership = 'join'"
    " AND (m.room = p.room OR p.network AND m.room IN"
    "  (SELECT room FROM room WHERE joined AND private_of IS NULL))))"
)
"""An offer counts only while its author is in its room."""


def _read_row(row: Any) -> Post:
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


# --- one post -------------------------------------------------------------------------------------


async def save_post(
    tx: Tx, one: Post, themes: Iterable[tuple[str, str]], terms: Iterable[str]
) -> None:
    """Store a new need or offer. `themes` are pairs of the compared and the typed form."""
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
    await index_post(tx, one, themes, terms)


async def index_post(
    tx: Tx, one: Post, themes: Iterable[tuple[str, str]], terms: Iterable[str]
) -> None:
    """Replace the themes and terms by which a need or offer is found."""
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


async def get_post(tx: Tx, item: Number) -> Post | None:
    """Return the need or offer with this item number, or None."""
    row = await tx.one(f"{_POST} WHERE p.item = ?", item)
    return _read_row(row) if row else None


async def close_post(tx: Tx, item: Number, state: str) -> None:
    """Store that a need or offer ended in this state and delete its terms, so that nobody finds
    it."""
    await tx.run("UPDATE exchange_post SET state = ? WHERE item = ?", state, item)
    await tx.run("DELETE FROM exchange_term WHERE item = ?", item)


async def extend_post(tx: Tx, item: Number, until: datetime) -> None:
    """Store a new end (UTC) of a need or offer and that its author was not asked yet."""
    await tx.run(
        "UPDATE exchange_post SET until = ?, asked = NULL WHERE item = ?", until.timestamp(), item
    )


async def set_asked(tx: Tx, item: Number, at: datetime) -> None:
    """Store when (UTC) the author was asked whether the need or offer goes on."""
    await tx.run("UPDATE exchange_post SET asked = ? WHERE item = ?", at.timestamp(), item)


async def update_post(tx: Tx, one: Post) -> None:
    """Store the new text, kind, place and end of a need or offer that its network changed."""
    await items.set_title(tx, one.item, one.text)
    await tx.run(
        "UPDATE exchange_post SET kind = ?, place = ?, until = ? WHERE item = ?",
        one.kind,
        one.place,
        one.until.timestamp(),
        one.item,
    )


async def same_open_post(
    tx: Tx, person: UserId, side: str, text: str, room: RoomId
) -> Number | None:
    """Return the number of the person's open need or offer on the same side and with the same text,
    up to capital letters, in this room, or None."""
    row = await tx.one(
        "SELECT p.item FROM exchange_post p JOIN item i ON i.number = p.item WHERE p.person = ?"
        " AND p.side = ? AND p.room = ? AND p.state = 'open' AND lower(i.title) = lower(?)",
        person,
        side,
        room,
        text,
    )
    return Number(row["item"]) if row else None


# --- lists of posts -------------------------------------------------------------------------------


async def count_open(tx: Tx, person: UserId) -> int:
    """Return how many open needs and offers a person has."""
    return await tx.count(
        "SELECT count(*) AS n FROM exchange_post WHERE person = ? AND state = 'open'", person
    )


async def posts_by(tx: Tx, person: UserId) -> list[Post]:
    """Return all needs and offers of a person, closed ones included."""
    rows = await tx.all(f"{_POST} WHERE p.person = ? ORDER BY p.item", person)
    return [_read_row(row) for row in rows]


async def list_posts(
    tx: Tx,
    side: str,
    rooms: Sequence[RoomId],
    viewer: UserId | None,
    limit: int,
    skip: int = 0,
    themes: Sequence[str] = (),
) -> list[Post]:
    """Return a page of open needs or offers of these rooms and of the network, the newest first.

    Leaves out what the viewer hides. With `themes` only posts that have one of these.
    """
    if not rooms:  # a person in no room of the bot is not part of the network
        return []
    narrowed = (
        " AND EXISTS (SELECT 1 FROM exchange_theme t WHERE t.item = p.item"  # noqa: S608
        f" AND t.theme IN ({_marks(themes)}))"
        if themes
        else ""
    )
    rows = await tx.all(
        f"{_POST} WHERE p.side = ? AND {_VISIBLE.format(rooms=_marks(rooms))}{narrowed}"  # noqa: S608
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
    return [_read_row(row) for row in rows]


async def find_candidates(
    tx: Tx,
    side: str,
    rooms: Sequence[RoomId],
    but: UserId,
    heads: Iterable[str],
    others: Iterable[str],
    limit: int,
) -> list[Post]:
    """Return up to `limit` open needs or offers, visible in these rooms, that contain one of
    `heads`. Those of person `but` are left out.

    Posts with the most terms among `heads` and `others` come first, after all of ours those of
    other networks, which therefore can't crowd ours out.
    """
    first, more = list(heads), list(others)
    if not first:
        return []
    found = await tx.all(
        "SELECT t.item, count(*) AS n FROM exchange_term t JOIN exchange_post p USING (item)"  # noqa: S608
        f" WHERE t.side = ? AND t.term IN ({_marks([*first, *more])}) AND p.person != ?"
        f" AND {_VISIBLE.format(rooms=_marks(rooms))}"
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
    by_item = {row["item"]: _read_row(row) for row in rows}
    return [by_item[item] for item in items]


async def open_posts_in(tx: Tx, person: UserId, room: RoomId) -> list[Post]:
    """Return a person's open needs and offers in one room."""
    query = f"{_POST} WHERE p.person = ? AND p.room = ? AND p.state = 'open'"
    return [_read_row(row) for row in await tx.all(query, person, room)]


# --- what people hide -----------------------------------------------------------------------------


async def hide_post(tx: Tx, person: UserId, item: Number) -> None:
    """Store that a need or offer is hidden from a person. Idempotent."""
    await tx.run("INSERT OR IGNORE INTO exchange_hidden VALUES (?, ?)", person, item)


async def show_post(tx: Tx, person: UserId, item: Number) -> bool:
    """Show a hidden need or offer to a person again. Return whether it was hidden."""
    query = "DELETE FROM exchange_hidden WHERE person = ? AND item = ?"
    return await tx.change(query, person, item) > 0


async def hide_theme(tx: Tx, person: UserId, theme: str) -> None:
    """Store that a theme or a network (by its key) is hidden from a person. Idempotent."""
    await tx.run("INSERT OR IGNORE INTO exchange_hidden_theme VALUES (?, ?)", person, theme)


async def show_theme(tx: Tx, person: UserId, theme: str) -> bool:
    """Show a hidden theme to a person again. Return whether it was hidden."""
    query = "DELETE FROM exchange_hidden_theme WHERE person = ? AND theme = ?"
    return await tx.change(query, person, theme) > 0


async def hides_post(tx: Tx, person: UserId, post: Post) -> bool:
    """Return whether the person hides the post or one of its themes."""
    return await tx.exists(
        "SELECT 1 FROM exchange_hidden WHERE person = ?1 AND item = ?2"
        " UNION ALL SELECT 1 FROM exchange_hidden_theme h JOIN exchange_theme t USING (theme)"
        " WHERE h.person = ?1 AND t.item = ?2",
        person,
        post.item,
    )


async def hides_theme(tx: Tx, person: UserId, theme: str) -> bool:
    """Return whether the person hides the theme."""
    query = "SELECT 1 FROM exchange_hidden_theme WHERE person = ? AND theme = ?"
    return await tx.exists(query, person, theme)


async def list_hidden(tx: Tx, person: UserId) -> tuple[list[Number], list[str]]:
    """Return the newest 50 posts and all themes that are hidden from a person."""
    items = await tx.all(
        "SELECT item FROM exchange_hidden WHERE person = ? ORDER BY item DESC LIMIT 50", person
    )
    themes = await tx.all(
        "SELECT theme FROM exchange_hidden_theme WHERE person = ? ORDER BY theme", person
    )
    return [Number(row["item"]) for row in items], [row["theme"] for row in themes]


# --- synonyms -------------------------------------------------------------------------------------


async def list_synonyms(tx: Tx) -> list[tuple[str, str]]:
    """Return the pairs of words that this network treats as synonyms."""
    rows = await tx.all("SELECT one, other FROM exchange_words ORDER BY one, other")
    return [(row["one"], row["other"]) for row in rows]


async def add_synonym(tx: Tx, one: str, other: str) -> None:
    """Store a pair of synonyms. Idempotent."""
    await tx.run("INSERT OR IGNORE INTO exchange_words VALUES (?, ?)", one, other)


async def delete_synonym(tx: Tx, one: str, other: str) -> bool:
    """Delete a pair of synonyms. Return whether it was there."""
    query = "DELETE FROM exchange_words WHERE one = ? AND other = ?"
    return await tx.change(query, one, other) > 0
