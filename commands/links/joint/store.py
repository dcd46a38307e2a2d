"""Joint decisions on disk: the terms, our own part, and what each network said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.api import Number, RoomId, Table, UserId
from commands.links.envelope import Envelope, read
from commands.links.joint.statement import Board
from commands.links.joint.terms import (
    Answer,
    Commitment,
    Final,
    Opening,
    Quit,
    Result,
    Reveal,
    Seen,
    Terms,
    chosen,
)
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Joint:
    item: Number
    link: Number
    id: str
    terms: Terms
    room: RoomId
    poll: Number | None
    nonce: str
    result: Result | None
    told: str | None


@lru_cache(maxsize=32)
def _terms(text: str) -> Terms:
    """Read once: every message of a decision of many networks needs them."""
    return Terms.model_validate_json(text)


def _joint(row: Any) -> Joint:
    return Joint(
        Number(row["item"]),
        Number(row["link"]),
        row["id"],
        _terms(row["terms"]),
        RoomId(row["room"]),
        row["poll"],
        row["nonce"],
        Result.model_validate_json(row["result"]) if row["result"] else None,
        row["told"],
    )


async def put(tx: Tx, one: Joint) -> None:
    await tx.run(
        "INSERT INTO links_joint VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        " ON CONFLICT (item) DO UPDATE SET room = ?5, poll = ?6, result = ?8, told = ?9",
        one.item,
        one.link,
        one.id,
        one.terms.model_dump_json(),
        one.room,
        one.poll,
        one.nonce,
        one.result.model_dump_json() if one.result else None,
        one.told,
    )


async def get(tx: Tx, item: Number) -> Joint | None:
    row = await tx.one("SELECT * FROM links_joint WHERE item = ?", item)
    return _joint(row) if row else None


async def by_id(tx: Tx, name: str) -> Joint | None:
    row = await tx.one("SELECT * FROM links_joint WHERE id = ?", name)
    return _joint(row) if row else None


async def open_of(tx: Tx, link: Number, proposer: UserId) -> int:
    """How many decisions of a network are under way."""
    query = (
        "SELECT count(*) AS n FROM links_joint JOIN item ON number = item"
        " WHERE link = ? AND author = ? AND open"
    )
    row = await tx.one(query, link, proposer)
    return int(row["n"]) if row else 0


async def told_since(tx: Tx, link: Number, proposer: UserId, told: str, since: datetime) -> int:
    """How many decisions of a network came to this since then."""
    query = (
        "SELECT count(*) AS n FROM links_joint JOIN item ON number = item"
        " WHERE link = ? AND author = ? AND told = ? AND at > ?"
    )
    row = await tx.one(query, link, proposer, told, since.timestamp())
    return int(row["n"]) if row else 0


async def latest(tx: Tx, link: Number, most: int = 200) -> list[Joint]:
    """The newest decisions of a link."""
    query = "SELECT * FROM links_joint WHERE link = ? ORDER BY item DESC LIMIT ?"
    return [_joint(row) for row in await tx.all(query, link, most)]


async def unsay(tx: Tx, item: Number, key: str) -> None:
    """What a network said of the result is taken out; who takes part stays as it was agreed."""
    query = "DELETE FROM links_joint_said WHERE item = ? AND key = ? AND kind NOT IN (?, ?)"
    await tx.run(query, item, key, "sign", "open")


async def say(tx: Tx, item: Number, one: Envelope) -> bool:
    """Keep what a network said; False if it said something of this kind before.

    Only what it works out from the others' words it may say anew, when more of them have come.
    Who called its vote off seals nothing after that: the others open theirs, for nobody waits.
    """
    if one.kind == "commit" and await word(tx, item, "quit", one.network):
        return False
    how = "REPLACE" if one.kind == "final" else "IGNORE"
    query = f"INSERT OR {how} INTO links_joint_said VALUES (?, ?, ?, ?)"  # noqa: S608
    content = json.dumps(one.content())
    return await tx.change(query, item, one.network, one.kind, content) > 0


async def said(tx: Tx, item: Number, kind: str) -> dict[str, Envelope]:
    """What was said of one kind, by who said it."""
    rows = await tx.all(
        "SELECT key, content FROM links_joint_said WHERE item = ? AND kind = ?", item, kind
    )
    return {row["key"]: read(json.loads(row["content"])) for row in rows}


async def word(tx: Tx, item: Number, kind: str, key: str) -> Envelope | None:
    """What one network said of one kind."""
    query = "SELECT content FROM links_joint_said WHERE item = ? AND kind = ? AND key = ?"
    row = await tx.one(query, item, kind, key)
    return read(json.loads(row["content"])) if row else None


async def who_said(tx: Tx, item: Number, kind: str) -> set[str]:
    """Who said something of a kind; what they said is not read."""
    query = "SELECT key FROM links_joint_said WHERE item = ? AND kind = ?"
    return {row["key"] for row in await tx.all(query, item, kind)}


async def said_by(tx: Tx, item: Number, key: str) -> set[str]:
    """The kinds of what one network said."""
    query = "SELECT kind FROM links_joint_said WHERE item = ? AND key = ?"
    return {row["kind"] for row in await tx.all(query, item, key)}


async def everything(tx: Tx, item: Number) -> list[Mapping[str, Any]]:
    """All that was said, signatures and all."""
    query = "SELECT content FROM links_joint_said WHERE item = ? ORDER BY kind, key"
    return [json.loads(row["content"]) for row in await tx.all(query, item)]


async def board(tx: Tx, one: Joint) -> Board:
    """What was said so far, as the statement is worked out from it."""
    return board_of(one.terms, {kind: await said(tx, one.item, kind) for kind in KINDS})


KINDS = ("sign", "open", "quit", "commit", "reveal", "seen", "final")
ALONE, UNKNOWN, OFF, UNOPENED = "alone", "unknown", "off", "unopened"
"""What is kept as told of a decision that came to nothing: nobody else takes part, we can't, its
proposer called it off, or never said who takes part."""
NOTHING = frozenset({ALONE, UNKNOWN, OFF, UNOPENED})


def board_of(terms: Terms, said_of: Mapping[str, Mapping[str, Envelope]]) -> Board:
    """Pure; what does not read as what it should be was never said."""
    opened = said_of["open"].get(terms.proposer)
    part = chosen(terms.keys, opened.says(Opening).part) if opened else frozenset()
    made = Board(terms, tuple(key for key in terms.keys if key in part))
    for key, one in said_of["quit"].items():
        made.quits[key] = one.says(Quit)
    for key, one in said_of["commit"].items():
        made.commits[key] = one.says(Commitment)
    for key, one in said_of["reveal"].items():
        made.reveals[key] = one.says(Reveal)
    for key, one in said_of["seen"].items():
        made.seen[key] = one.says(Seen)
    return made


TABLES: Mapping[str, type[Table]] = {
    "sign": Answer,
    "open": Opening,
    "quit": Quit,
    "commit": Commitment,
    "reveal": Reveal,
    "seen": Seen,
    "final": Final,
}
"""What stands in each kind of message."""


def fits(terms: Terms, one: Envelope) -> bool:
    """Is it about these very terms, and theirs to say? Raises `Unfit` for what is no such word.

    A result of other terms is kept: it is shown as not what was sealed.
    """
    said = one.says(TABLES[one.kind])
    same = isinstance(said, Reveal) or getattr(said, "terms", None) == terms.hash
    return same and (one.kind != "open" or one.network == terms.proposer)
