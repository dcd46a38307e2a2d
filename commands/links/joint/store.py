"""Storage of joint decisions: terms, our own part, and what each network said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.api import Number, RoomId, Table, UserId
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
from commands.links.protocol.envelope import Envelope, read
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint decision. `id`: its id among all networks. `poll`: our own vote on it.

    `nonce`: our secret for the commitment. `result`: what we counted. `told`: the hash of the
    statement that our room was told, or a state of `NO_RESULT`.
    """

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
    """Parse terms, cached: every message of a decision of many networks needs them."""
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
    """Store a decision, or what changed of it."""
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
    """Return the decision of this number, or None."""
    row = await tx.one("SELECT * FROM links_joint WHERE item = ?", item)
    return _joint(row) if row else None


async def by_id(tx: Tx, name: str) -> Joint | None:
    """Return the decision of this id, or None."""
    row = await tx.one("SELECT * FROM links_joint WHERE id = ?", name)
    return _joint(row) if row else None


async def open_of(tx: Tx, link: Number, proposer: UserId) -> int:
    """Count the open decisions that a network proposed."""
    query = (
        "SELECT count(*) AS n FROM links_joint JOIN item ON number = item"
        " WHERE link = ? AND author = ? AND open"
    )
    row = await tx.one(query, link, proposer)
    return int(row["n"]) if row else 0


async def told_since(tx: Tx, link: Number, proposer: UserId, told: str, since: datetime) -> int:
    """Count the decisions proposed by a network since then that ended with `told`."""
    query = (
        "SELECT count(*) AS n FROM links_joint JOIN item ON number = item"
        " WHERE link = ? AND author = ? AND told = ? AND at > ?"
    )
    row = await tx.one(query, link, proposer, told, since.timestamp())
    return int(row["n"]) if row else 0


async def latest(tx: Tx, link: Number, most: int = 200) -> list[Joint]:
    """Return the newest decisions of a link, the newest first."""
    query = "SELECT * FROM links_joint WHERE link = ? ORDER BY item DESC LIMIT ?"
    return [_joint(row) for row in await tx.all(query, link, most)]


async def unsay(tx: Tx, item: Number, key: str) -> None:
    """Delete what a network said about the result. Who takes part stays as agreed."""
    query = "DELETE FROM links_joint_said WHERE item = ? AND key = ? AND kind NOT IN (?, ?)"
    await tx.run(query, item, key, "sign", "open")


async def say(tx: Tx, item: Number, one: Envelope) -> bool:
    """Store a network's word. Return False if it said one of this kind before.

    Only a `final` may be replaced, as it follows from others' words. A network that called off its
    vote can't commit any more, since others open theirs without waiting for it.
    """
    if one.kind == "commit" and await word(tx, item, "quit", one.network):
        return False
    how = "REPLACE" if one.kind == "final" else "IGNORE"
    query = f"INSERT OR {how} INTO links_joint_said VALUES (?, ?, ?, ?)"  # noqa: S608
    content = json.dumps(one.content())
    return await tx.change(query, item, one.network, one.kind, content) > 0


async def said(tx: Tx, item: Number, kind: str) -> dict[str, Envelope]:
    """Return all words of one kind, by the network's key."""
    rows = await tx.all(
        "SELECT key, content FROM links_joint_said WHERE item = ? AND kind = ?", item, kind
    )
    return {row["key"]: read(json.loads(row["content"])) for row in rows}


async def word(tx: Tx, item: Number, kind: str, key: str) -> Envelope | None:
    """Return one network's word of one kind, or None."""
    query = "SELECT content FROM links_joint_said WHERE item = ? AND kind = ? AND key = ?"
    row = await tx.one(query, item, kind, key)
    return read(json.loads(row["content"])) if row else None


async def who_said(tx: Tx, item: Number, kind: str) -> set[str]:
    """Return the keys of networks that said a word of this kind, without reading it."""
    query = "SELECT key FROM links_joint_said WHERE item = ? AND kind = ?"
    return {row["key"] for row in await tx.all(query, item, kind)}


async def said_by(tx: Tx, item: Number, key: str) -> set[str]:
    """Return the kinds of words that one network said."""
    query = "SELECT kind FROM links_joint_said WHERE item = ? AND key = ?"
    return {row["kind"] for row in await tx.all(query, item, key)}


async def everything(tx: Tx, item: Number) -> list[Mapping[str, Any]]:
    """Return all words as they were sent, with signatures."""
    query = "SELECT content FROM links_joint_said WHERE item = ? ORDER BY kind, key"
    return [json.loads(row["content"]) for row in await tx.all(query, item)]


async def board(tx: Tx, one: Joint) -> Board:
    """Return what was said so far, as the statement is worked out from it."""
    return board_of(one.terms, {kind: await said(tx, one.item, kind) for kind in KINDS})


KINDS = ("sign", "open", "quit", "commit", "reveal", "seen", "final")
"""The kinds of words in a joint decision."""
ALONE, UNKNOWN, OFF, UNOPENED = "alone", "unknown", "off", "unopened"
"""`told` of a decision that came to nothing.

Nobody else takes part; we can't take part; its proposer called it off, or never opened it.
"""
NOTHING = frozenset({ALONE, UNKNOWN, OFF, UNOPENED})


def board_of(terms: Terms, said_of: Mapping[str, Mapping[str, Envelope]]) -> Board:
    """Return a board from these words. Pure. Raises `InvalidMessage` for a senseless word."""
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
"""The body of each kind of word."""


def fits(terms: Terms, one: Envelope) -> bool:
    """Tell whether a word is about these terms and its network's to say. Raises `InvalidMessage`.

    A result for other terms is kept: it is shown as another one than was sealed.
    """
    said = one.says(TABLES[one.kind])
    same = isinstance(said, Reveal) or getattr(said, "terms", None) == terms.hash
    return same and (one.kind != "open" or one.network == terms.proposer)
