"""State events as a homeserver sends them, for rooms in tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.types import RoomId, UserId


def state_events(
    state: Mapping[str, Mapping[str, Any]],
    joined: Iterable[UserId],
    creator: UserId | None = None,
) -> list[Mapping[str, Any]]:
    """Return a room's state events as its server would, with the joined members."""
    found = [(kind, "", content) for kind, content in state.items()]
    for member in joined:
        shown = member[1:].split(":")[0].capitalize()
        found.append(("m.room.member", member, {"membership": "join", "displayname": shown}))
    by = creator or "@owner:test"
    return [{"type": t, "state_key": k, "content": c, "sender": by} for t, k, c in found]


def is_closed(known: Mapping[tuple[RoomId, str, str], Mapping[str, Any]], room: RoomId) -> bool:
    """Return whether the room is closed in the sense of `storage/rooms.py`: encrypted, invite-only,
    members only."""
    power = known.get((room, "m.room.power_levels", ""), {})
    rule = known.get((room, "m.room.join_rules", ""), {}).get("join_rule", "invite")
    history = known.get((room, "m.room.history_visibility", ""), {}).get("history_visibility")
    encrypted = (room, "m.room.encryption", "") in known
    free = power.get("users_default", 0) > 0
    return encrypted and rule == "invite" and history != "world_readable" and not free
