"""State events as a homeserver sends them, for rooms in tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.types import UserId


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
