"""Joint decisions on disk: the terms, our own part, and what each network said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.api import Number, RoomId, Table
from commands.links.envelope import Envelope, read
from commands.links.joint.statement import Board
from commands.links.joint.terms import (
    Answer,
    Commitment,
    Final,
    Opening,
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


def _joint(row: Any) -> Joint:
    return Joint(
        Number(row["item"]),
        Number(row["link"]),
        row["id"],
        Terms.model_validate_json(row["terms"]),
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


async def say(tx: Tx, item: Number, one: Envelope) -> bool:
    """Keep what a network said; False if it said something of this kind before."""
    query = "INSERT OR IGNORE INTO links_joint_said VALUES (?, ?, ?, ?)"
    content = json.dumps(one.content())
    return await tx.change(query, item, one.network, one.kind, content) > 0


async def said(tx: Tx, item: Number, kind: str) -> dict[str, Envelope]:
    """What was said of one kind, by who said it."""
    rows = await tx.all(
        "SELECT key, content FROM links_joint_said WHERE item = ? AND kind = ?", item, kind
    )
    return {row["key"]: read(json.loads(row["content"])) for row in rows}


async def everything(tx: Tx, item: Number) -> list[Mapping[str, Any]]:
    """All that was said, signatures and all."""
    query = "SELECT content FROM links_joint_said WHERE item = ? ORDER BY kind, key"
    return [json.loads(row["content"]) for row in await tx.all(query, item)]


async def board(tx: Tx, one: Joint) -> Board:
    """What was said so far, as the statement is worked out from it."""
    return board_of(one.terms, {kind: await said(tx, one.item, kind) for kind in KINDS})


KINDS = ("sign", "open", "commit", "reveal", "seen", "final")


def board_of(terms: Terms, said_of: Mapping[str, Mapping[str, Envelope]]) -> Board:
    """Pure; what does not read as what it should be was never said."""
    opened = said_of["open"].get(terms.proposer)
    part = chosen(terms.keys, opened.says(Opening).part) if opened else frozenset()
    made = Board(terms, tuple(key for key in terms.keys if key in part))
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
    "commit": Commitment,
    "reveal": Reveal,
    "seen": Seen,
    "final": Final,
}
"""What stands in each kind of message."""
