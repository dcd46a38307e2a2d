"""Storage of links: rooms, the peers in each, and all messages signed there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.api import Number, RoomId, UserId
from commands.links.protocol.chain import ChainHead
from commands.links.protocol.envelope import FIRST, NetworkEnvelope, parse_envelope
from storage.database import Tx

MOST_ABOUT = 10_000
"""More messages than all networks of a link say about one thing."""


class PeerState(StrEnum):
    """How far the handshake of two networks has come."""

    ASKED = "asked"  # one asked the other, without an answer yet
    MEETING = "meeting"  # both are in the room; keys and numbers are being exchanged
    CODE = "code"  # the code can be compared
    LINKED = "linked"  # both sides confirmed it
    STOPPED = "stopped"  # something is wrong: nothing of theirs counts until people clear it
    DOUBTED = "doubted"  # who introduced it deceived us: nothing counts until it is accepted anew
    GONE = "gone"  # one of the two left


@dataclass(frozen=True, slots=True)
class NetworkLink:
    """A link: its id among all its networks, its room, and the end of our own chain."""

    item: Number
    name: str
    room: RoomId | None
    head: ChainHead


@dataclass(frozen=True, slots=True)
class Peer:
    """Another network in a link. Its fields are columns of `links_peer`.

    `own`: our secret number for it; `bound` and `nonce`: its commitment and its number. `ours` and
    `theirs`: who said yes. `compared`: our moderators compared the code. `reach`: the highest
    number heard of in its chain. `busy`, `wanted_at` and `again_at`: until when its budget is
    spent, in seconds since 1970. `held`: bytes kept of it.
    """

    link: Number
    bot: UserId
    state: PeerState
    key: str | None
    master: str | None
    name: str
    own: str
    bound: str | None
    nonce: str | None
    ours: bool
    theirs: bool
    head: ChainHead
    reach: int
    wanted_at: float
    junk: int
    junk_at: float
    busy: float
    again_at: float
    owes: bool
    beyond: float
    held: int
    held_told: float
    heard: float
    silence_told: bool
    compared: bool


def _link(row: Any) -> NetworkLink:
    room = RoomId(row["room"]) if row["room"] else None
    return NetworkLink(Number(row["item"]), row["name"], room, ChainHead(row["seq"], row["hash"]))


def _peer(row: Any) -> Peer:
    return Peer(
        Number(row["link"]),
        UserId(row["bot"]),
        PeerState(row["state"]),
        row["key"],
        row["master"],
        row["name"],
        row["own"],
        row["bound"],
        row["nonce"],
        bool(row["ours"]),
        bool(row["theirs"]),
        ChainHead(row["seq"], row["hash"]),
        row["reach"],
        row["wanted_at"],
        row["junk"],
        row["junk_at"],
        row["busy"],
        row["again_at"],
        bool(row["owes"]),
        row["beyond"],
        row["held"],
        row["held_told"],
        row["heard"],
        bool(row["silence_told"]),
        bool(row["compared"]),
    )


# --- links ------------------------------------------------------------------------------------


async def add_link(tx: Tx, item: Number, name: str, room: RoomId | None) -> NetworkLink:
    """Store a new link, and return it."""
    query = "INSERT INTO links_link (item, name, room, hash) VALUES (?, ?, ?, ?)"
    await tx.run(query, item, name, room, FIRST)
    return NetworkLink(item, name, room, ChainHead())


async def get_link(tx: Tx, item: Number) -> NetworkLink | None:
    """Return the link with other networks of this number, or None."""
    row = await tx.one("SELECT * FROM links_link WHERE item = ?", item)
    return _link(row) if row else None


async def link_of_room(tx: Tx, room: RoomId) -> NetworkLink | None:
    """Return the link whose room this is, or None."""
    row = await tx.one("SELECT * FROM links_link WHERE room = ?", room)
    return _link(row) if row else None


async def all_links(tx: Tx) -> list[NetworkLink]:
    """Return all links with other networks."""
    return [_link(row) for row in await tx.all("SELECT * FROM links_link ORDER BY item")]


async def set_room(tx: Tx, item: Number, room: RoomId) -> None:
    """Store the room of a link."""
    await tx.run("UPDATE links_link SET room = ? WHERE item = ?", room, item)


async def set_name(tx: Tx, item: Number, name: str) -> None:
    """Store a link's id as the network that made its room calls it."""
    await tx.run("UPDATE links_link SET name = ? WHERE item = ?", name, item)


async def drop_link(tx: Tx, item: Number) -> None:
    """Delete a link with other networks."""
    await tx.run("DELETE FROM links_link WHERE item = ?", item)


# --- peers ------------------------------------------------------------------------------------


async def add_peer(tx: Tx, link: Number, bot: UserId, state: PeerState, own: str) -> Peer:
    """Store a new network in a link, and return it. `own`: our secret number for it."""
    query = "INSERT INTO links_peer (link, bot, state, own, hash) VALUES (?, ?, ?, ?, ?)"
    await tx.run(query, link, bot, state, own, FIRST)
    found = await get_peer(tx, link, bot)
    assert found is not None
    return found


async def get_peer(tx: Tx, link: Number, bot: UserId) -> Peer | None:
    """Return the network with this bot in the link, or None."""
    row = await tx.one("SELECT * FROM links_peer WHERE link = ? AND bot = ?", link, bot)
    return _peer(row) if row else None


async def all_peers(tx: Tx) -> list[Peer]:
    """Return all networks in all links, also those that have left."""
    return [_peer(row) for row in await tx.all("SELECT * FROM links_peer ORDER BY link, bot")]


async def linked_peers(tx: Tx) -> list[Peer]:
    """Return all linked networks of all links."""
    query = "SELECT * FROM links_peer WHERE state = ? ORDER BY link, bot"
    return [_peer(row) for row in await tx.all(query, PeerState.LINKED)]


async def peer_by_key(tx: Tx, link: Number, key: str) -> Peer | None:
    """Return the network with this public key in the link, or None."""
    row = await tx.one("SELECT * FROM links_peer WHERE link = ? AND key = ?", link, key)
    return _peer(row) if row else None


async def peers_of_link(tx: Tx, link: Number) -> list[Peer]:
    """Return all networks in a link, also those that have left."""
    rows = await tx.all("SELECT * FROM links_peer WHERE link = ? ORDER BY bot", link)
    return [_peer(row) for row in rows]


async def peers_with_bot(tx: Tx, bot: UserId) -> list[Peer]:
    """Return the network with this bot as it stands in each link that we share with it."""
    rows = await tx.all("SELECT * FROM links_peer WHERE bot = ? ORDER BY link", bot)
    return [_peer(row) for row in rows]


async def count_asked(tx: Tx) -> int:
    """Return how many networks asked us for a link, or were asked, and wait for an answer."""
    return await tx.count("SELECT count(*) AS n FROM links_peer WHERE state = ?", PeerState.ASKED)


async def change_peer(tx: Tx, one: Peer, **values: Any) -> Peer:
    """Store other values in some columns of a network in a link. Return the network as it is
    now."""
    names = ", ".join(f"{name} = ?" for name in values)
    query = f"UPDATE links_peer SET {names} WHERE link = ? AND bot = ?"  # noqa: S608
    await tx.run(query, *values.values(), one.link, one.bot)
    found = await get_peer(tx, one.link, one.bot)
    assert found is not None
    return found


async def mark_owing(tx: Tx, link: Number) -> None:
    """Store that each network of a link still has to send us the list of our messages that it
    has."""
    await tx.run("UPDATE links_peer SET owes = 1 WHERE link = ?", link)


# --- messages ---------------------------------------------------------------------------------


async def put_message(tx: Tx, link: Number, one: NetworkEnvelope, at: datetime) -> None:
    """Store a network's message, once, and count its bytes for that network."""
    content = json.dumps(one.content())
    query = (
        "INSERT OR IGNORE INTO links_message (link, key, seq, hash, content, at)"
        " VALUES (?, ?, ?, ?, ?, ?)"
    )
    what = (link, one.network, one.seq, one.hash, content, at.timestamp())
    if await tx.change(query, *what):
        more = "UPDATE links_peer SET held = held + ? WHERE link = ? AND key = ?"
        await tx.run(more, len(content), link, one.network)


async def size_ahead(tx: Tx, link: Number, key: str, seq: int) -> int:
    """Return how many characters are stored of a network's messages beyond this number."""
    return await tx.count(
        "SELECT coalesce(sum(length(content)), 0) AS n FROM links_message"
        " WHERE link = ? AND key = ? AND seq > ?",
        link,
        key,
        seq,
    )


async def drop_messages_between(tx: Tx, link: Number, key: str, after: int, before: int) -> None:
    """Delete a network's messages between two numbers, both excluded."""
    await tx.run(
        "DELETE FROM links_message WHERE link = ? AND key = ? AND seq > ? AND seq < ?",
        link,
        key,
        after,
        before,
    )
    await recount_held(tx, link)


async def recount_held(tx: Tx, link: Number) -> None:
    """Count anew how much is stored of each network, after a deletion."""
    await tx.run(
        "UPDATE links_peer SET held = (SELECT coalesce(sum(length(content)), 0)"
        " FROM links_message m WHERE m.link = links_peer.link AND m.key = links_peer.key)"
        " WHERE link = ?",
        link,
    )


async def mark_resent(tx: Tx, link: Number, key: str, first: int, last: int, at: datetime) -> None:
    """Store that these messages were sent again, by anybody."""
    query = "UPDATE links_message SET again = ? WHERE link = ? AND key = ? AND seq BETWEEN ? AND ?"
    await tx.run(query, at.timestamp(), link, key, first, last)


async def message_hash(tx: Tx, link: Number, key: str, seq: int) -> str | None:
    """Return the hash of a network's message with this number, or None."""
    query = "SELECT hash FROM links_message WHERE link = ? AND key = ? AND seq = ?"
    row = await tx.one(query, link, key, seq)
    return row["hash"] if row else None


async def get_messages(
    tx: Tx, link: Number, key: str, first: int, last: int
) -> list[Mapping[str, Any]]:
    """Return a network's stored messages from `first` to `last`, as they were sent, in order."""
    return await tx.column(
        json.loads,
        "SELECT content FROM links_message WHERE link = ? AND key = ? AND seq BETWEEN ? AND ?"
        " ORDER BY seq",
        link,
        key,
        first,
        last,
    )


async def messages_about(tx: Tx, link: Number, name: str) -> list[NetworkEnvelope]:
    """Return the networks' messages with this id, each network's in the order in which it sent
    them."""
    rows = await tx.all(
        "SELECT content FROM links_message WHERE link = ? AND json_extract(content, '$.id') = ?"
        " ORDER BY key, seq LIMIT ?",
        link,
        name,
        MOST_ABOUT,
    )
    return [parse_envelope(json.loads(row["content"])) for row in rows]


async def messages_not_resent_since(
    tx: Tx, link: Number, key: str, first: int, last: int, since: datetime
) -> list[Mapping[str, Any]]:
    """Return a network's stored messages from `first` to `last` that were not sent again since an
    instant."""
    return await tx.column(
        json.loads,
        "SELECT content FROM links_message WHERE link = ? AND key = ? AND seq BETWEEN ? AND ?"
        " AND again <= ? ORDER BY seq",
        link,
        key,
        first,
        last,
        since.timestamp(),
    )


async def numbers_ahead(tx: Tx, link: Number, key: str, seq: int, most: int) -> list[int]:
    """Return the numbers of a network's stored messages beyond this one, at most `most`."""
    rows = await tx.all(
        "SELECT seq FROM links_message WHERE link = ? AND key = ? AND seq > ? ORDER BY seq LIMIT ?",
        link,
        key,
        seq,
        most,
    )
    return [row["seq"] for row in rows]


async def has_greeted(tx: Tx, link: Number, key: str, bot: UserId) -> bool:
    """Return whether the network sent its first `hello` to that bot."""
    return await tx.exists(
        "SELECT 1 FROM links_message WHERE link = ? AND key = ?"
        " AND json_extract(content, '$.kind') = 'hello'"
        " AND json_extract(content, '$.body.step') = 1"
        " AND json_extract(content, '$.body.to') = ?",
        link,
        key,
        bot,
    )


async def hello_numbers(tx: Tx, link: Number, key: str, bot: UserId) -> list[int]:
    """Return the numbers of the messages in which the network said `hello` to that bot."""
    rows = await tx.all(
        "SELECT seq FROM links_message WHERE link = ? AND key = ?"
        " AND json_extract(content, '$.kind') = 'hello'"
        " AND json_extract(content, '$.body.to') = ? ORDER BY seq",
        link,
        key,
        bot,
    )
    return [row["seq"] for row in rows]


async def set_own_head(tx: Tx, item: Number, head: ChainHead) -> None:
    """Store number and hash of the last message that we sent in a link."""
    query = "UPDATE links_link SET seq = ?, hash = ? WHERE item = ?"
    await tx.run(query, head.seq, head.hash, item)


async def drop_messages_before(tx: Tx, at: datetime) -> None:
    """Delete networks' messages that are too old to be asked for. The last ones stay."""
    await tx.run("DELETE FROM links_message WHERE at < ?", at.timestamp())
