"""Storage of what is shared with other networks and of what they share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.api import Number, RoomId, UserId
from storage.database import Tx

DAY = timedelta(days=1)


class Fate(StrEnum):
    """What became of something that another network shared."""

    WAITING = "waiting"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "back"  # its network withdrew it
    UNLINKED = "left"  # its network is no longer linked: nobody keeps it up


@dataclass(frozen=True, slots=True)
class SentShare:
    """An item shared in a link: its id there, its version, and the digest of what was sent."""

    item: Number
    link: Number
    id: str
    version: int
    mark: bytes = b""


@dataclass(frozen=True, slots=True)
class ReceivedShare:
    """Something that another network shared.

    `item`: the request to the moderators about it. `copy`: our item, once it was accepted.
    """

    link: Number
    bot: UserId
    id: str
    kind: str
    version: int
    title: str
    body: Mapping[str, str]
    fate: Fate
    item: Number | None
    copy: Number | None
    told: str
    shown: str = ""
    """The digest of the text shown here; once accepted, `body` is a newer text that waits."""
    seen: int = 0
    """The version that our moderators read; they can accept no other."""

    @property
    def is_waiting(self) -> bool:
        """Return whether a moderator is to decide about the received share."""
        return self.fate is Fate.WAITING or (self.fate is Fate.TAKEN and bool(self.body))


def _sent(row: Any) -> SentShare:
    return SentShare(
        Number(row["item"]), Number(row["link"]), row["id"], row["version"], row["mark"]
    )


def _received(row: Any) -> ReceivedShare:
    return ReceivedShare(
        Number(row["link"]),
        UserId(row["bot"]),
        row["id"],
        row["kind"],
        row["version"],
        row["title"],
        json.loads(row["body"]),
        Fate(row["state"]),
        row["item"],
        row["copy"],
        row["sent"],
        row["shown"],
        row["seen"],
    )


# --- ours -------------------------------------------------------------------------------------


async def put_sent(tx: Tx, one: SentShare) -> None:
    """Store that an item is shared by us, or its new version."""
    query = (
        "INSERT INTO shares_sent VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (item, link) DO UPDATE SET version = ?4, mark = ?5"
    )
    await tx.run(query, one.item, one.link, one.id, one.version, one.mark)


async def sent_shares(tx: Tx, item: Number) -> list[SentShare]:
    """Return our shares of an item, one for each link."""
    rows = await tx.all("SELECT * FROM shares_sent WHERE item = ? ORDER BY link", item)
    return [_sent(row) for row in rows]


async def find_sent(tx: Tx, link: Number, name: str) -> SentShare | None:
    """Return our share of this id, or None."""
    row = await tx.one("SELECT * FROM shares_sent WHERE link = ? AND id = ?", link, name)
    return _sent(row) if row else None


async def sent_in_link(tx: Tx, link: Number) -> list[SentShare]:
    """Return all items that we share in a link."""
    rows = await tx.all("SELECT * FROM shares_sent WHERE link = ? ORDER BY item", link)
    return [_sent(row) for row in rows]


async def shares_of_author(tx: Tx, person: UserId) -> list[tuple[Number, str]]:
    """Return the person's items that are shared now, each with a network that has it."""
    rows = await tx.all(
        "SELECT s.item, p.name FROM shares_sent s JOIN item ON item.number = s.item"
        " JOIN links_peer p ON p.link = s.link WHERE item.author = ? AND p.state = 'linked'"
        " ORDER BY s.item, p.name",
        person,
    )
    return [(Number(row["item"]), row["name"]) for row in rows]


async def drop_sent(tx: Tx, one: SentShare) -> None:
    """Delete one of our shares, with the numbers of people from other networks."""
    await tx.run("DELETE FROM shares_sent WHERE item = ? AND link = ?", one.item, one.link)
    await tx.run("DELETE FROM shares_total WHERE link = ? AND id = ?", one.link, one.id)


async def set_total(tx: Tx, one: SentShare, bot: UserId, counts: Mapping[str, int]) -> None:
    """Store how many people of a network take part in an item that we share."""
    query = "INSERT OR REPLACE INTO shares_total VALUES (?, ?, ?, ?)"
    await tx.run(query, one.link, one.id, bot, json.dumps(counts))


async def drop_totals(tx: Tx, link: Number, bot: UserId) -> None:
    """Delete all numbers of people from a network."""
    await tx.run("DELETE FROM shares_total WHERE link = ? AND bot = ?", link, bot)


async def totals(tx: Tx, item: Number) -> list[tuple[str, dict[str, int]]]:
    """Return how many people of each other network take part in an item, with the network's
    name."""
    rows = await tx.all(
        "SELECT p.name, t.counts FROM shares_sent s JOIN shares_total t USING (link, id)"
        " JOIN links_peer p ON p.link = t.link AND p.bot = t.bot WHERE s.item = ? ORDER BY p.name",
        item,
    )
    return [(row["name"], json.loads(row["counts"])) for row in rows]


# --- others' ----------------------------------------------------------------------------------


async def put_received(tx: Tx, one: ReceivedShare) -> None:
    """Store an item that another network shares, or its new state."""
    await tx.run(
        "INSERT OR REPLACE INTO shares_received VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.link,
        one.bot,
        one.id,
        one.kind,
        one.version,
        one.title,
        json.dumps(dict(one.body)),
        one.fate,
        one.item,
        one.copy,
        one.told,
        one.shown,
        one.seen,
    )


async def find_received(tx: Tx, link: Number, bot: UserId, name: str) -> ReceivedShare | None:
    """Return the item that another network shares under this id, or None."""
    query = "SELECT * FROM shares_received WHERE link = ? AND bot = ? AND id = ?"
    row = await tx.one(query, link, bot, name)
    return _received(row) if row else None


async def received_by_request(tx: Tx, item: Number) -> ReceivedShare | None:
    """Return the shared item about which moderators are asked under this number, or None."""
    row = await tx.one("SELECT * FROM shares_received WHERE item = ?", item)
    return _received(row) if row else None


async def received_by_copy(tx: Tx, copy: Number) -> ReceivedShare | None:
    """Return the shared item of which this item is our copy, or None."""
    row = await tx.one("SELECT * FROM shares_received WHERE copy = ?", copy)
    return _received(row) if row else None


async def received_from(tx: Tx, link: Number, bot: UserId, *fates: Fate) -> list[ReceivedShare]:
    """Return the items that a network shares in one link and that are in any of these states."""
    marks = ",".join("?" * len(fates))
    query = f"SELECT * FROM shares_received WHERE link = ? AND bot = ? AND state IN ({marks})"  # noqa: S608
    return [_received(row) for row in await tx.all(query, link, bot, *fates)]


async def received_versions(tx: Tx, link: Number, bot: UserId, most: int) -> dict[str, int]:
    """Return ids and versions of the items here that a network shares, at most `most`."""
    rows = await tx.all(
        "SELECT id, version FROM shares_received WHERE link = ? AND bot = ? AND state IN (?, ?)"
        " ORDER BY id LIMIT ?",
        link,
        bot,
        Fate.WAITING,
        Fate.TAKEN,
        most,
    )
    return {row["id"]: row["version"] for row in rows}


async def count_waiting(tx: Tx, bot: UserId, kind: str) -> int:
    """Return how many shared items of a network and kind wait for a moderator."""
    query = "SELECT count(*) AS n FROM shares_received WHERE bot = ? AND state = ? AND kind = ?"
    return await tx.count(query, bot, Fate.WAITING, kind)


async def count_today(tx: Tx, bot: UserId, what: str, at: datetime) -> int:
    """Count that the network did this once more today (UTC). Return how often, this time
    included."""
    day = int(at.timestamp() // DAY.total_seconds())
    query = (
        "INSERT INTO shares_pace VALUES (?1, ?2, ?3, 1) ON CONFLICT DO UPDATE"
        " SET count = CASE day WHEN ?3 THEN count + 1 ELSE 1 END, day = ?3"
    )
    await tx.run(query, bot, what, day)
    row = await tx.one("SELECT count FROM shares_pace WHERE bot = ? AND what = ?", bot, what)
    return int(row["count"]) if row else 0


# --- lists for one network ----------------------------------------------------------------------

MOST_LISTED = 1000


@dataclass(frozen=True, slots=True)
class ShareEntry:
    """One thing in a list."""

    number: Number
    room: RoomId
    kind: str
    title: str


async def list_entries(tx: Tx, column: str, rest: str, *values: object) -> list[ShareEntry]:
    """Return the items that an SQL query finds, by number: at most `MOST_LISTED`. `column` holds
    the number. `rest`: the query from the tables on, with the table `item` and conditions that take
    `values`."""
    query = (
        f"SELECT {column} AS number, item.room AS room, item.kind AS kind,"  # noqa: S608
        f" item.title AS title FROM {rest} ORDER BY number LIMIT {MOST_LISTED}"
    )
    return [
        ShareEntry(Number(row["number"]), RoomId(row["room"]), row["kind"], row["title"])
        for row in await tx.all(query, *values)
    ]


async def own_entries(tx: Tx, link: Number) -> list[ShareEntry]:
    """Return number and title of the items that we share in a link."""
    rest = "shares_sent AS l JOIN item ON item.number = l.item WHERE link = ?"
    return await list_entries(tx, "l.item", rest, link)


async def peer_entries(tx: Tx, link: Number, bot: UserId) -> list[ShareEntry]:
    """Return number and title of our copies of a network's items."""
    rest = "shares_received AS l JOIN item ON item.number = copy WHERE link = ? AND bot = ?"
    return await list_entries(tx, "copy", f"{rest} AND state = ?", link, bot, Fate.TAKEN)


async def waiting_entries(tx: Tx, link: Number, bot: UserId) -> list[ShareEntry]:
    """Return number and title of shared items that wait for a moderator."""
    rows = await tx.all(
        "SELECT item, room, l.kind AS kind, l.title AS title FROM shares_received AS l"
        " JOIN item ON item.number = l.item WHERE link = ? AND bot = ?"
        " AND (state = ? OR (state = ? AND body != '{}')) ORDER BY item LIMIT ?",
        link,
        bot,
        Fate.WAITING,
        Fate.TAKEN,
        MOST_LISTED,
    )
    return [
        ShareEntry(Number(row["item"]), RoomId(row["room"]), row["kind"], row["title"])
        for row in rows
    ]


# --- trust ------------------------------------------------------------------------------------


async def set_trust(tx: Tx, room: RoomId, bot: UserId, kind: str, *, on: bool) -> None:
    """Store whether the room takes in a network's items of this kind without asking."""
    query = (
        "INSERT OR IGNORE INTO shares_trusted VALUES (?, ?, ?)"
        if on
        else "DELETE FROM shares_trusted WHERE room = ? AND bot = ? AND kind = ?"
    )
    await tx.run(query, room, bot, kind)


async def trusting_rooms(tx: Tx, bot: UserId, kind: str) -> list[RoomId]:
    """Return the rooms with the bot that take in a network's items of this kind without asking."""
    return await tx.column(
        RoomId,
        "SELECT room FROM shares_trusted JOIN room USING (room)"
        " WHERE bot = ? AND shares_trusted.kind = ? AND joined ORDER BY entered, room",
        bot,
        kind,
    )


async def trusted_kinds(tx: Tx, room: RoomId, bot: UserId) -> list[str]:
    """Return the kinds of items that this room takes in from the network without asking."""
    query = "SELECT kind FROM shares_trusted WHERE room = ? AND bot = ?"
    return [row["kind"] for row in await tx.all(query, room, bot)]
