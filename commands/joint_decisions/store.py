"""Storage of joint decisions: terms, our own part, and what each network said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.api import Number, RoomId, StrictModel, UserId
from commands.joint_decisions.statement import Board
from commands.joint_decisions.terms import (
    Commitment,
    Final,
    IntroducedNetworks,
    JointTerms,
    NetworkResult,
    Opening,
    Quit,
    Reveal,
    SeenReveals,
    TermsAnswer,
    decode_bits,
)
from commands.links.protocol.envelope import NetworkEnvelope, parse_envelope
from commands.shares.share_store import ShareEntry, list_entries
from storage.database import Tx


class Returned(StrEnum):
    """What words of ours mean that a restored backup had lost and another network sent back."""

    NOTHING = ""
    ROOM = "room"  # our yes: in which room we vote is lost, and to be asked
    ASKED = "asked"  # the same, and our moderators have been asked
    NO = "no"  # our no, though a yes was said since: to be told
    QUIT = "quit"  # our vote was called off: to be told
    OPENED = "opened"  # our counts were opened: to be told
    OWN = "own"  # the same two, told: the vote here is our own
    SEALED = "sealed"  # a seal that we hold no counts for: told


@dataclass(frozen=True, slots=True)
class JointDecision:
    """A joint decision. `id`: its id among all networks. `poll`: our own vote on it.

    `nonce`: our secret for the commitment. `result`: what we counted. `told`: the hash of the
    statement that our room was told, or one of `ENDINGS_WITHOUT_RESULT`.
    """

    item: Number
    link: Number
    id: str
    terms: JointTerms
    room: RoomId
    poll: Number | None
    nonce: str
    result: NetworkResult | None
    told: str | None
    returned: Returned = Returned.NOTHING


@lru_cache(maxsize=32)
def _terms(text: str) -> JointTerms:
    """Parse terms, cached: every message of a decision of many networks needs them."""
    return JointTerms.model_validate_json(text)


def _decision(row: Any) -> JointDecision:
    return JointDecision(
        Number(row["item"]),
        Number(row["link"]),
        row["id"],
        _terms(row["terms"]),
        RoomId(row["room"]),
        row["poll"],
        row["nonce"],
        NetworkResult.model_validate_json(row["result"]) if row["result"] else None,
        row["told"],
        Returned(row["returned"]),
    )


async def put_decision(tx: Tx, one: JointDecision) -> None:
    """Store a joint decision of linked networks, or update a stored one's room, poll, result,
    outcome and what came back of our words."""
    await tx.run(
        "INSERT INTO joint_decisions_decision VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
        " ?10) ON CONFLICT (item) DO UPDATE SET room = ?5, poll = ?6, result = ?8, told = ?9,"
        " returned = ?10",
        one.item,
        one.link,
        one.id,
        one.terms.model_dump_json(),
        one.room,
        one.poll,
        one.nonce,
        one.result.model_dump_json() if one.result else None,
        one.told,
        one.returned,
    )


async def get_decision(tx: Tx, item: Number) -> JointDecision | None:
    """Return the joint decision of linked networks that has this number here, or None."""
    row = await tx.one("SELECT * FROM joint_decisions_decision WHERE item = ?", item)
    return _decision(row) if row else None


async def find_decision(tx: Tx, name: str) -> JointDecision | None:
    """Return the joint decision of linked networks that has this id in all of them, or None."""
    row = await tx.one("SELECT * FROM joint_decisions_decision WHERE id = ?", name)
    return _decision(row) if row else None


async def decision_of_poll(tx: Tx, poll: Number) -> JointDecision | None:
    """Return the decision that linked networks take together and on which our network votes by this
    poll, or None if the poll is no part of one."""
    row = await tx.one("SELECT * FROM joint_decisions_decision WHERE poll = ?", poll)
    return _decision(row) if row else None


async def count_open_of(tx: Tx, link: Number, proposer: UserId) -> int:
    """Return how many open joint decisions a network proposed."""
    query = (
        "SELECT count(*) AS n FROM joint_decisions_decision JOIN item ON number = item"
        " WHERE link = ? AND author = ? AND open"
    )
    return await tx.count(query, link, proposer)


async def count_told_since(
    tx: Tx, link: Number, proposer: UserId, told: str, since: datetime
) -> int:
    """Return how many joint decisions a network proposed since an instant that ended with
    `told`."""
    query = (
        "SELECT count(*) AS n FROM joint_decisions_decision JOIN item ON number = item"
        " WHERE link = ? AND author = ? AND told = ? AND at > ?"
    )
    return await tx.count(query, link, proposer, told, since.timestamp())


async def latest_decisions(tx: Tx, link: Number) -> list[JointDecision]:
    """Return the 200 newest joint decisions of the networks of a link, the newest first."""
    query = "SELECT * FROM joint_decisions_decision WHERE link = ? ORDER BY item DESC LIMIT 200"
    return [_decision(row) for row in await tx.all(query, link)]


async def untold_decisions(tx: Tx) -> list[JointDecision]:
    """Return the joint decisions of whose end our room was told nothing yet, the oldest first."""
    query = "SELECT * FROM joint_decisions_decision WHERE told IS NULL ORDER BY item"
    return [_decision(row) for row in await tx.all(query)]


async def open_decisions_in(tx: Tx, room: RoomId) -> list[JointDecision]:
    """Return the open joint decisions of linked networks on which this room votes or was asked, the
    oldest first."""
    query = (
        "SELECT l.* FROM joint_decisions_decision AS l JOIN item ON item.number = l.item"
        " WHERE l.room = ? AND open ORDER BY l.item"
    )
    return [_decision(row) for row in await tx.all(query, room)]


async def open_entries(tx: Tx, link: Number) -> list[ShareEntry]:
    """Return the open joint decisions of the networks of a link."""
    rest = "joint_decisions_decision AS l JOIN item ON item.number = l.item WHERE link = ? AND open"
    return await list_entries(tx, "l.item", rest, link)


async def drop_result_words(tx: Tx, item: Number, key: str) -> None:
    """Delete what a network stated about a joint decision's result. Who takes part stays as
    agreed."""
    query = "DELETE FROM joint_decisions_word WHERE item = ? AND key = ? AND kind NOT IN (?, ?, ?)"
    await tx.run(query, item, key, "sign", "introduced", "open")


async def put_word(tx: Tx, item: Number, one: NetworkEnvelope, *, instead: bool = False) -> bool:
    """Store a network's signed statement. Return False if it made one of this kind before.

    Only a `final` may be replaced, as it follows from others' words; any other where `instead` is
    given. A network that called off its vote can't commit any more, since others open theirs
    without waiting for it, in whatever order the two are stored.
    """
    if one.kind == "commit":
        quit_ = await get_word(tx, item, "quit", one.network)
        if quit_ is not None and quit_.seq < one.seq:
            return False
    if one.kind == "quit":
        commit = await get_word(tx, item, "commit", one.network)
        if commit is not None and one.seq < commit.seq:
            await _drop_word(tx, item, "commit", one.network)
    how = "REPLACE" if instead or one.kind == "final" else "IGNORE"
    query = f"INSERT OR {how} INTO joint_decisions_word VALUES (?, ?, ?, ?)"  # noqa: S608
    content = json.dumps(one.content())
    return await tx.change(query, item, one.network, one.kind, content) > 0


async def _drop_word(tx: Tx, item: Number, kind: str, key: str) -> None:
    query = "DELETE FROM joint_decisions_word WHERE item = ? AND kind = ? AND key = ?"
    await tx.run(query, item, kind, key)


async def words_of_kind(tx: Tx, item: Number, kind: str) -> dict[str, NetworkEnvelope]:
    """Return all signed statements of one kind in a joint decision, by the network's key."""
    rows = await tx.all(
        "SELECT key, content FROM joint_decisions_word WHERE item = ? AND kind = ?", item, kind
    )
    return {row["key"]: parse_envelope(json.loads(row["content"])) for row in rows}


async def get_word(tx: Tx, item: Number, kind: str, key: str) -> NetworkEnvelope | None:
    """Return one network's signed statement of one kind in a joint decision, or None."""
    query = "SELECT content FROM joint_decisions_word WHERE item = ? AND kind = ? AND key = ?"
    row = await tx.one(query, item, kind, key)
    return parse_envelope(json.loads(row["content"])) if row else None


async def keys_with_word(tx: Tx, item: Number, kind: str) -> set[str]:
    """Return the keys of networks that made a statement of this kind, without reading it."""
    query = "SELECT key FROM joint_decisions_word WHERE item = ? AND kind = ?"
    return {row["key"] for row in await tx.all(query, item, kind)}


async def kinds_said_by(tx: Tx, item: Number, key: str) -> set[str]:
    """Return the kinds of statements that one network made in a joint decision."""
    query = "SELECT kind FROM joint_decisions_word WHERE item = ? AND key = ?"
    return {row["kind"] for row in await tx.all(query, item, key)}


async def takes_part(tx: Tx, one: JointDecision, key: str) -> bool:
    """Return whether a network said yes to a joint decision."""
    sign = await get_word(tx, one.item, "sign", key)
    return sign is not None and sign.parse_body(TermsAnswer).answer == "yes"


async def has_sealed(tx: Tx, one: JointDecision, key: str) -> bool:
    """Return whether a network has sealed its counts in a joint decision."""
    return await get_word(tx, one.item, "commit", key) is not None


async def counted_in(tx: Tx, one: JointDecision) -> frozenset[str] | None:
    """Return the networks that its proposer counts in, by their keys; None before it is opened."""
    opened = await get_word(tx, one.item, "open", one.terms.proposer)
    return decode_bits(one.terms.keys, opened.parse_body(Opening).part) if opened else None


async def all_words(tx: Tx, item: Number) -> list[NetworkEnvelope]:
    """Return all networks' statements in a joint decision as they were sent, with signatures."""
    query = "SELECT content FROM joint_decisions_word WHERE item = ? ORDER BY kind, key"
    return [parse_envelope(json.loads(row["content"])) for row in await tx.all(query, item)]


async def get_board(tx: Tx, one: JointDecision) -> Board:
    """Return what the networks stated so far, as the joint decision's result is worked out from
    it."""
    return make_board(
        one.terms, {kind: await words_of_kind(tx, one.item, kind) for kind in WORD_KINDS}
    )


WORD_KINDS = ("sign", "introduced", "open", "quit", "commit", "reveal", "seen", "final")
"""The kinds of words in a joint decision."""
ALONE, UNKNOWN, CALLED_OFF, UNOPENED = "alone", "unknown", "off", "unopened"
"""`told` of a decision that came to nothing.

Nobody else takes part; we can't take part; its proposer called it off, or never opened it.
"""
RESTORED = "restored"
"""`told` of a decision that had ended before words of ours in it came back, which a restored backup
lost."""
ENDINGS_WITHOUT_RESULT = frozenset({ALONE, UNKNOWN, CALLED_OFF, UNOPENED, RESTORED})
"""Values of `told` that are no statement's hash: it is over, and our room was told no result."""


def make_board(terms: JointTerms, said_of: Mapping[str, Mapping[str, NetworkEnvelope]]) -> Board:
    """Return what the networks stated so far as a `Board`. Reads nothing else.

    Raises `InvalidMessage` for a senseless word.
    """
    opened = said_of["open"].get(terms.proposer)
    part = decode_bits(terms.keys, opened.parse_body(Opening).part) if opened else frozenset()
    made = Board(terms, tuple(key for key in terms.keys if key in part))
    for key, one in said_of["quit"].items():
        made.quits[key] = one.parse_body(Quit)
    for key, one in said_of["commit"].items():
        made.commits[key] = one.parse_body(Commitment)
    for key, one in said_of["reveal"].items():
        made.reveals[key] = one.parse_body(Reveal)
    for key, one in said_of["seen"].items():
        made.seen[key] = one.parse_body(SeenReveals)
    return made


WORD_BODIES: Mapping[str, type[StrictModel]] = {
    "sign": TermsAnswer,
    "introduced": IntroducedNetworks,
    "open": Opening,
    "quit": Quit,
    "commit": Commitment,
    "reveal": Reveal,
    "seen": SeenReveals,
    "final": Final,
}
"""The body of each kind of word."""


def is_valid_word(terms: JointTerms, one: NetworkEnvelope) -> bool:
    """Return whether a signed statement is about these terms and its network may make it. Raises
    `InvalidMessage` for one that can't be read.

    A result for other terms is kept: it is shown as another one than was sealed.
    """
    said = one.parse_body(WORD_BODIES[one.kind])
    same = isinstance(said, Reveal) or getattr(said, "terms", None) == terms.hash
    return same and (one.kind != "open" or one.network == terms.proposer)
