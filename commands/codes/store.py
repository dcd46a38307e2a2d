"""Storage of invitation codes, of wrong guesses, and of strangers who may write to the bot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import Number, RoomId, UserId
from storage.database import Tx

HOUR = timedelta(hours=1)
_OPEN = "uses > 0 AND expires > ? AND item.open"
_WITH_ITEM = "SELECT c.*, item.author FROM codes_code c JOIN item ON item.number = c.item"


@dataclass(frozen=True, slots=True)
class Code:
    """An invitation code: its area, how many uses are left, and when it expires."""

    item: Number
    area: str
    uses: int
    expires: datetime
    author: UserId
    card: bytes | None = None
    """The hash of the card that was typed, where the code is a sheet of cards."""


def _code(row: Any) -> Code:
    expires = datetime.fromtimestamp(row["expires"], UTC)
    return Code(Number(row["item"]), row["area"], row["uses"], expires, UserId(row["author"]))


async def add_code(
    tx: Tx, item: Number, area: str, mark: bytes, uses: int, expires: datetime
) -> None:
    """Store a new invitation code by its hash, with its number of uses."""
    await tx.run(
        "INSERT INTO codes_code VALUES (?, ?, ?, ?, ?)",
        item,
        area,
        mark,
        uses,
        expires.timestamp(),
    )


async def get_code(tx: Tx, item: Number) -> Code | None:
    """Return the invitation code of this number, open or not, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE c.item = ?", item)
    return _code(row) if row else None


async def add_cards(tx: Tx, item: Number, marks: Iterable[bytes]) -> None:
    """Store the cards of an invitation code by their hashes."""
    await tx.many(
        "INSERT INTO codes_card (mark, code) VALUES (?, ?)", [(mark, item) for mark in marks]
    )


async def find_code(tx: Tx, mark: bytes) -> Code | None:
    """Return the invitation code with this hash, of itself or of one of its cards; open or not."""
    row = await tx.one(f"{_WITH_ITEM} WHERE mark = ?", mark)
    if row is not None:
        return _code(row)
    row = await tx.one(
        f"{_WITH_ITEM} WHERE c.item = (SELECT code FROM codes_card WHERE mark = ?)",  # noqa: S608
        mark,
    )
    return replace(_code(row), card=mark) if row else None


async def is_card_taken(tx: Tx, card: bytes) -> bool:
    """Return whether somebody came in with this invitation card."""
    row = await tx.one("SELECT taken FROM codes_card WHERE mark = ?", card)
    return row is not None and bool(row["taken"])


async def is_code_open(tx: Tx, item: Number, at: datetime) -> bool:
    """Return whether the invitation code has uses left, is not expired at `at` (UTC) and was not
    closed."""
    return await tx.exists(f"{_WITH_ITEM} WHERE c.item = ? AND {_OPEN}", item, at.timestamp())


async def open_codes(tx: Tx, at: datetime) -> list[Code]:
    """Return the invitation codes that are open at `at` (UTC)."""
    rows = await tx.all(f"{_WITH_ITEM} WHERE {_OPEN} ORDER BY c.item", at.timestamp())
    return [_code(row) for row in rows]


async def use_code(tx: Tx, code: Code, person: UserId) -> bool:
    """Take one use off an invitation code, and mark its card as taken.

    Return False, and take nothing, if this person used it before.
    """
    item = code.item
    first = await tx.change("INSERT OR IGNORE INTO codes_use VALUES (?, ?)", item, person)
    if first:
        await tx.run("UPDATE codes_code SET uses = uses - 1 WHERE item = ?", item)
        await tx.run("UPDATE codes_card SET taken = 1 WHERE mark = ?", code.card)
    return first > 0


async def has_used(tx: Tx, item: Number, person: UserId) -> bool:
    """Return whether the person has used the invitation code before."""
    return await tx.exists("SELECT 1 FROM codes_use WHERE code = ? AND person = ?", item, person)


async def count_uses_of(tx: Tx, person: UserId) -> int:
    """Return how many invitation codes the person has used."""
    return await tx.count("SELECT count(*) AS n FROM codes_use WHERE person = ?", person)


# --- accounts -------------------------------------------------------------------------------------


async def add_account_token(tx: Tx, item: Number, token: str, card: bytes | None) -> None:
    """Store the homeserver's registration token that goes with an invitation code, or with one card
    of a sheet."""
    await tx.run("INSERT INTO codes_account VALUES (?, ?, ?)", token, item, card)


async def take_account_tokens(tx: Tx, item: Number, card: bytes | None = None) -> list[str]:
    """Delete the registration tokens that go with an invitation code, or with one card of it, and
    return them."""
    wanted = "FROM codes_account WHERE code = ?1 AND (?2 IS NULL OR card = ?2)"
    found = await tx.column(str, f"SELECT token {wanted} ORDER BY token", item, card)
    await tx.run(f"DELETE {wanted}", item, card)
    return found


# --- guesses --------------------------------------------------------------------------------------


async def add_guess(tx: Tx, person: UserId, at: datetime) -> None:
    """Record a wrong invitation code, and delete everybody's guesses from over an hour before."""
    await tx.run("DELETE FROM codes_guess WHERE at < ?", (at - HOUR).timestamp())
    server = person.partition(":")[2]
    await tx.run("INSERT INTO codes_guess VALUES (?, ?, ?)", person, server, at.timestamp())


async def count_guesses(tx: Tx, person: UserId, at: datetime) -> tuple[int, int]:
    """Return how many wrong invitation codes were typed in the last hour: by this person, and from
    their whole homeserver."""
    row = await tx.one(
        "SELECT coalesce(sum(person = ?1), 0) AS own, count(*) AS every FROM codes_guess"
        " WHERE server = ?2 AND at >= ?3",
        person,
        person.partition(":")[2],
        (at - HOUR).timestamp(),
    )
    return (int(row["own"]), int(row["every"])) if row else (0, 0)


# --- strangers ------------------------------------------------------------------------------------


async def add_stranger(tx: Tx, person: UserId, room: RoomId, at: datetime) -> None:
    """Record that a stranger wrote to the bot in this room."""
    await tx.run(
        "INSERT OR REPLACE INTO codes_stranger VALUES (?, ?, ?, ?)",
        person,
        person.partition(":")[2],
        room,
        at.timestamp(),
    )


async def count_strangers(tx: Tx, person: UserId) -> tuple[int, int]:
    """Return how many other strangers without an invitation code there are: in all, and of this
    person's homeserver."""
    row = await tx.one(
        "SELECT count(*) AS every, coalesce(sum(server = ?1), 0) AS near"
        " FROM codes_stranger WHERE person != ?2",
        person.partition(":")[2],
        person,
    )
    return (int(row["every"]), int(row["near"])) if row else (0, 0)


async def take_stranger(tx: Tx, person: UserId) -> RoomId | None:
    """Delete the record of a stranger. Return the room in which they wrote, or None."""
    row = await tx.one("SELECT room FROM codes_stranger WHERE person = ?", person)
    await tx.run("DELETE FROM codes_stranger WHERE person = ?", person)
    return RoomId(row["room"]) if row else None
