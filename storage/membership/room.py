"""A room as its server describes it: who may do what, who may read, how it is encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.types import CREATOR, RoomId, UserId
from storage.membership.room_kinds import PUBLIC_ROOM

SHARED_HISTORY = ("shared", "world_readable")
"""History visibilities under which newcomers may read what was said before they came."""


BY_INVITATION = ("invite", "private")
"""Join rules under which nobody can join uninvited."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room as its server describes it."""

    room: RoomId
    version: str
    creators: frozenset[UserId]
    power: Mapping[str, Any]
    encryption: Mapping[str, Any] | None
    name: str
    join_rule: str
    history: str
    kind: str
    predecessor: RoomId | None
    successor: RoomId | None
    joined: bool
    entered: datetime
    private_of: UserId | None

    @property
    def is_encrypted(self) -> bool:
        """Whether the room is or ever was encrypted. Then plain text is never sent again."""
        return self.encryption is not None

    @property
    def is_closed(self) -> bool:
        """Whether the room is encrypted, invite-only, readable by members only, and gives newcomers
        no power."""
        invited = self.join_rule in BY_INVITATION
        free = power_level(self.power.get("users_default"), 0) > 0
        return self.is_encrypted and invited and self.history != "world_readable" and not free

    @property
    def is_public(self) -> bool:
        """Whether the room is one where the bot posts what is public and listens to nobody."""
        return self.kind == PUBLIC_ROOM

    @property
    def shares_history(self) -> bool:
        """Whether newcomers to the room may be given the keys of messages sent now.

        Never if the server did not tell the visibility (MSC3061), whatever the spec's default is.
        """
        return self.is_encrypted and self.history in SHARED_HISTORY

    def power_of(self, user: UserId) -> int:
        """Return a person's power level by the room's version (from 12 on creators outrank all)."""
        if self.version_number >= 12 and user in self.creators:
            return CREATOR
        if not self.power and user in self.creators:
            return 100
        levels = self.power.get("users")
        level = levels.get(user) if isinstance(levels, Mapping) else None
        return power_level(level, power_level(self.power.get("users_default"), 0))

    def entry_of(self, user: UserId) -> int | str | None:
        """Return a person's own entry in the room's power levels, or None."""
        levels = self.power.get("users")
        found = levels.get(user) if isinstance(levels, Mapping) else None
        return found if isinstance(found, int | str) else None

    def power_for(self, event: str, *, state: bool) -> int:
        """Return the power level needed to send an event of this type."""
        events = self.power.get("events")
        special = events.get(event) if isinstance(events, Mapping) else None
        usual = (
            power_level(self.power.get("state_default"), 50 if self.power else 0)
            if state
            else power_level(self.power.get("events_default"), 0)
        )
        return power_level(special, usual)

    @property
    def power_to_write(self) -> int:
        """The power level needed to send messages."""
        kind = "m.room.encrypted" if self.is_encrypted else "m.room.message"
        return self.power_for(kind, state=False)

    def power_to(self, act: str) -> int:
        """Return the power level needed to `invite`, `kick`, `ban` or `redact`."""
        return power_level(self.power.get(act), 0 if act == "invite" else 50)

    @property
    def version_number(self) -> int:
        """The room version as a number; 0 for one that is not a number, such as an unstable
        version."""
        return int(self.version) if self.version.isdecimal() else 0


def power_level(value: Any, otherwise: int) -> int:
    """Return a power level as a number; old rooms may write it as a string."""
    if isinstance(value, bool):
        return otherwise
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().removeprefix("-").isdecimal() and len(value) < 20:
        return int(value)
    return otherwise
