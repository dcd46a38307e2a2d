"""A mirror of who outside of a room its state names: bridges and policy servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.types import RoomId, UserId
from storage.database import Tx

_BRIDGE_TYPES = ("m.bridge", "uk.half-shot.bridge")
"""MSC2346. Bridges write both, with the same content."""
_POLICY_TYPES = ("m.room.policy", "org.matrix.msc4284.policy")
"""Spec v1.18 (MSC4284), and the type from before."""
_MOST_PER_ROOM = 50
_MOST_LETTERS = 255


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridge that a room's state names. Everything but `by_itself` is a claim.

    `by_itself`: its own bot wrote that, as the homeservers checked; anybody with power in the room
    may write it too.
    """

    bot: UserId
    server: str
    by_itself: bool
    service: str
    name: str


async def apply_state(
    tx: Tx, room: RoomId, events: Iterable[Mapping[str, Any]], *, whole: bool
) -> None:
    """Store the bridges and policy servers that state events name; `whole` replaces all that was
    stored."""
    if whole:
        await forget_room(tx, room)
        await tx.run("UPDATE room SET outsiders_known = 1 WHERE room = ?", room)
    for event in events:
        kind = str(event.get("type"))
        if kind in _BRIDGE_TYPES:
            await _store(tx, room, event, "bridge", _read_bridge(event))
        elif kind in _POLICY_TYPES:
            await _store(tx, room, event, "policy", _read_policy(event))


async def _store(
    tx: Tx, room: RoomId, event: Mapping[str, Any], kind: str, found: Bridge | None
) -> None:
    """Store what a state event names, or delete what it named before."""
    key = event.get("state_key")
    if not isinstance(key, str) or len(key) > _MOST_LETTERS:
        return
    source = f"{event.get('type')} {key}"
    await tx.run("DELETE FROM room_outsider WHERE room = ? AND source = ?", room, source)
    held = await tx.count("SELECT count(*) AS n FROM room_outsider WHERE room = ?", room)
    if found is None or held >= _MOST_PER_ROOM:
        return
    await tx.run(
        "INSERT INTO room_outsider VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        room,
        source,
        kind,
        found.server,
        found.bot,
        found.by_itself,
        found.service,
        found.name,
    )


def _read_bridge(event: Mapping[str, Any]) -> Bridge | None:
    """Return the bridge that an event of MSC2346 names; empty content takes it away."""
    content = event.get("content")
    if not isinstance(content, Mapping) or not content:
        return None
    protocol = content.get("protocol")
    described = protocol if isinstance(protocol, Mapping) else {}
    sender = _text(event.get("sender"))
    bot = _text(content.get("bridgebot")) or sender
    service = _text(described.get("id")).lower()
    name = _text(described.get("displayname")) or service
    return Bridge(UserId(bot), bot.partition(":")[2], bot == sender, service, name)


def _read_policy(event: Mapping[str, Any]) -> Bridge | None:
    """Return the policy server that an event sets, by its name. Without a key it has no effect."""
    content = event.get("content")
    if not isinstance(content, Mapping) or event.get("state_key") != "":
        return None
    keys = content.get("public_keys")
    key = keys.get("ed25519") if isinstance(keys, Mapping) else content.get("public_key")
    server = _text(content.get("via"))
    if not server or not _text(key):
        return None
    return Bridge(UserId(""), server, by_itself=False, service="", name="")


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= _MOST_LETTERS else ""


async def forget_room(tx: Tx, room: RoomId) -> None:
    """Delete the bridges and policy servers of a room."""
    await tx.run("DELETE FROM room_outsider WHERE room = ?", room)


async def bridges_in(tx: Tx, room: RoomId) -> list[Bridge]:
    """Return the bridges that the room's state events name, each once."""
    rows = await tx.all(
        "SELECT DISTINCT server, bot, by_itself, service, name FROM room_outsider"
        " WHERE room = ? AND kind = 'bridge' ORDER BY service, bot",
        room,
    )
    return [
        Bridge(UserId(r["bot"]), r["server"], bool(r["by_itself"]), r["service"], r["name"])
        for r in rows
    ]


async def policy_servers_of(tx: Tx, room: RoomId) -> list[str]:
    """Return the servers that check each event of the room (MSC4284): those that its state names as
    policy servers, and of whose users at least one has joined it."""
    return await tx.column(
        str,
        "SELECT DISTINCT server FROM room_outsider o WHERE room = ? AND kind = 'policy' AND EXISTS"
        " (SELECT 1 FROM member WHERE member.room = o.room AND membership = 'join'"
        "  AND substr(person, instr(person, ':') + 1) = o.server) ORDER BY server",
        room,
    )


async def unknown_rooms(tx: Tx) -> set[RoomId]:
    """Return the joined rooms whose state was last read in full before bridges were stored."""
    return set(
        await tx.column(RoomId, "SELECT room FROM room WHERE joined AND NOT outsiders_known")
    )
