"""Rules and requests in the database."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.api import LINE, ActRequest, Number, RoomId, UserId, verbatim
from commands.governance.rules import GovernanceRule
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A stored request. `keep`: log entries that are undone unless it is approved."""

    item: Number
    room: RoomId
    by: UserId
    title: str
    act: str
    of: str
    payload: Mapping[str, Any]
    keep: tuple[int, ...]
    poll: Number | None
    round: int
    challenge: bool
    open: bool

    def as_request(self) -> ActRequest:
        """Return the stored request for an act as it was made."""
        return ActRequest(self.act, self.room, verbatim(self.title), self.payload, self.of)

    @property
    def back(self) -> int | None:
        """The log entry to undo, for a request that undoes something instead of doing it."""
        line = self.payload.get(LINE)
        return int(line) if line is not None else None


# --- rules ----------------------------------------------------------------------------------------


async def list_rules(tx: Tx, room: RoomId) -> dict[str, GovernanceRule]:
    """Return a room's rules of who decides, by the key of the act."""
    rows = await tx.all("SELECT key, rule FROM governance_rule WHERE room = ? ORDER BY key", room)
    return {row["key"]: GovernanceRule.from_json(json.loads(row["rule"])) for row in rows}


async def set_rule(tx: Tx, room: RoomId, key: str, rule: GovernanceRule | None) -> None:
    """Store a room's rule of who decides, or delete it if it is None."""
    if rule is None:
        await tx.run("DELETE FROM governance_rule WHERE room = ? AND key = ?", room, key)
        return
    await tx.run(
        "INSERT OR REPLACE INTO governance_rule VALUES (?, ?, ?)",
        room,
        key,
        json.dumps(rule.as_json()),
    )


# --- wishes ---------------------------------------------------------------------------------------

_WITH_ITEM = (
    "SELECT mine.*, item.author, item.title, item.open FROM governance_wish mine"
    " JOIN item ON item.number = mine.item"
)


async def add_request(
    tx: Tx, item: Number, wish: ActRequest, *, keep: tuple[int, ...] = (), challenge: bool = False
) -> None:
    """Store a request for an act.

    `keep`: log entries of an urgent act that are undone unless it is approved.
    """
    await tx.run(
        "INSERT INTO governance_wish (item, room, act, of, payload, back, keep, challenge)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        item,
        wish.room,
        wish.act,
        wish.of,
        json.dumps(wish.payload, sort_keys=True),
        wish.payload.get(LINE),
        json.dumps(keep) if keep else None,
        challenge,
    )


async def get_request(tx: Tx, item: Number) -> StoredRequest | None:
    """Return the request for an act of this item, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE mine.item = ?", item)
    return _kept(row) if row else None


def _kept(row: Any) -> StoredRequest:
    return StoredRequest(
        Number(row["item"]),
        RoomId(row["room"]),
        UserId(row["author"]),
        row["title"],
        row["act"],
        row["of"],
        json.loads(row["payload"]),
        tuple(json.loads(row["keep"])) if row["keep"] else (),
        Number(row["poll"]) if row["poll"] is not None else None,
        row["round"],
        bool(row["challenge"]),
        bool(row["open"]),
    )


async def find_same(tx: Tx, wish: ActRequest) -> StoredRequest | None:
    """Return an open request for the same act in this room with the same payload, or None."""
    row = await tx.one(
        f"{_WITH_ITEM} WHERE mine.room = ?1 AND mine.act = ?2 AND mine.of = ?3 AND payload = ?4"
        " AND keep IS NULL AND item.open",
        wish.room,
        wish.act,
        wish.of,
        json.dumps(wish.payload, sort_keys=True),
    )
    return _kept(row) if row else None


async def find_competing(
    tx: Tx, wish: ActRequest, but: Number | None = None
) -> list[StoredRequest]:
    """Return the other open requests for the same act in this room, without `but`. If the act has
    parts (as `set` has settings), only those for the same part.

    Urgent acts, and requests that undo something, are left out.
    """
    rows = await tx.all(
        f"{_WITH_ITEM} WHERE mine.room = ? AND mine.act = ? AND mine.of = ? AND mine.item != ?"
        " AND keep IS NULL AND back IS NULL AND item.open ORDER BY mine.item",
        wish.room,
        wish.act,
        wish.of,
        but or 0,
    )
    return [_kept(row) for row in rows]


async def waiting_requests(tx: Tx, room: RoomId, most: int) -> list[StoredRequest]:
    """Return the open requests for acts in a room, oldest first."""
    rows = await tx.all(
        f"{_WITH_ITEM} WHERE mine.room = ? AND item.open ORDER BY mine.item LIMIT ?", room, most
    )
    return [_kept(row) for row in rows]


async def count_waiting(tx: Tx, room: RoomId, person: UserId) -> int:
    """Return how many open requests for acts a person has in a room."""
    return await tx.count(
        "SELECT count(*) AS n FROM governance_wish mine JOIN item ON item.number = mine.item"
        " WHERE mine.room = ? AND item.author = ? AND item.open",
        room,
        person,
    )


async def set_poll(tx: Tx, item: Number, poll: Number, round_: int) -> None:
    """Store which poll decides on a request for an act. `round_` is 2 for a second vote."""
    await tx.run(
        "UPDATE governance_wish SET poll = ?, round = ? WHERE item = ?", poll, round_, item
    )


async def find_challenge(tx: Tx, line: int) -> StoredRequest | None:
    """Return the request by which members asked to undo this entry of their room's log, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE mine.back = ? AND challenge", line)
    return _kept(row) if row else None


# --- who agrees -----------------------------------------------------------------------------------


async def add_approval(tx: Tx, item: Number, person: UserId) -> bool:
    """Store that a person approved a request. Returns False if they had approved before."""
    query = "INSERT OR IGNORE INTO governance_yes VALUES (?, ?)"
    return await tx.change(query, item, person) > 0


async def list_approvers(tx: Tx, item: Number) -> list[UserId]:
    """Return the people who approved a request for an act."""
    return await tx.column(
        UserId, "SELECT person FROM governance_yes WHERE item = ? ORDER BY person", item
    )


# --- rooms and people -----------------------------------------------------------------------------


async def requests_about(tx: Tx, person: UserId) -> list[StoredRequest]:
    """Return the requests for acts that concern this person."""
    rows = await tx.all(f"{_WITH_ITEM} WHERE instr(payload, ?)", json.dumps(person))
    return [_kept(row) for row in rows]


async def hide_person(tx: Tx, kept: StoredRequest, person: UserId) -> None:
    """Replace a person's address in a request with a salted hash."""
    salt = secrets.token_hex(16)
    veiled = {"salt": salt, "hash": _hashed(salt, person)}
    payload = {key: veiled if value == person else value for key, value in kept.payload.items()}
    query = "UPDATE governance_wish SET payload = ? WHERE item = ?"
    await tx.run(query, json.dumps(payload, sort_keys=True), kept.item)


def reveal_person(payload: Mapping[str, Any], present: Iterable[UserId]) -> dict[str, Any] | None:
    """Return a request's payload with the address of the person whose hash it holds.

    Returns None if the person is not among those present.
    """
    found = dict(payload)
    for key, value in payload.items():
        if isinstance(value, dict) and value.keys() == {"salt", "hash"}:
            meant = (one for one in present if _hashed(value["salt"], one) == value["hash"])
            found[key] = next(meant, None)
    return None if None in [found[key] for key in payload if found[key] != payload[key]] else found


def _hashed(salt: str, person: UserId) -> str:
    return hmac.digest(bytes.fromhex(salt), person.encode(), "sha256").hex()


async def requests_of_person(tx: Tx, person: UserId) -> list[StoredRequest]:
    """Return the open requests that a person made or approved."""
    rows = await tx.all(
        f"{_WITH_ITEM} WHERE item.open AND (item.author = ?1 OR mine.item IN"  # noqa: S608
        " (SELECT item FROM governance_yes WHERE person = ?1)) ORDER BY mine.item",
        person,
    )
    return [_kept(row) for row in rows]


async def forget_person(tx: Tx, person: UserId) -> int:
    """Delete a person's approvals and the payloads of requests that name them. Returns how many
    approvals."""
    await tx.run(
        "UPDATE governance_wish SET payload = '{}' WHERE instr(payload, ?)", json.dumps(person)
    )
    return await tx.change("DELETE FROM governance_yes WHERE person = ?", person)
