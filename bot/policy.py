"""What a room has decided, read once per message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.types import EventId, RoomId, UserId
from storage import rooms, settings
from storage.database import Tx
from storage.rooms import Room


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where nobody chose: from the network's configuration."""

    language: str = "es"
    zone: str = "America/Bogota"
    moderators: frozenset[UserId] = frozenset()
    network: str = ""
    unlimited: bool = False  # `commands_per_minute = 0` lifts every limit of number too
    unsigned: bool = False  # what comes from devices that their owner has not signed counts
    practice: bool = False  # nothing counts and nothing is kept: what would wait need not


@dataclass(frozen=True, slots=True)
class Policy:
    """How to speak and listen in a place. In a private room `person` is whose it is."""

    language: str
    zone: str
    prefix: str
    person: UserId | None = None
    room: Room | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        return self.person is not None

    @property
    def shown_prefix(self) -> str:
        """What stands before a command in an example: nothing in private."""
        return "" if self.private else self.prefix

    @property
    def loosened(self) -> bool:
        """Did the room choose that devices count which their owner has not signed?"""
        return self.values.get("unsigned") == "yes"

    @property
    def twelve(self) -> bool:
        return self.values.get("twelve") == "yes"


async def of_room(tx: Tx, room: RoomId, defaults: Defaults) -> Policy:
    """The room's policy; in a private room the person's own language and clock."""
    known = await rooms.get(tx, room)
    if known and known.private_of:
        return await of_person(tx, known.private_of, defaults, known)
    values = await settings.all_of(tx, room)
    return Policy(
        values.get("language", defaults.language),
        values.get("timezone", defaults.zone),
        values.get("prefix", "!"),
        None,
        known,
        values,
    )


async def of_person(tx: Tx, person: UserId, defaults: Defaults, room: Room | None = None) -> Policy:
    """A person's own language and clock, else the network's."""
    language, zone = await settings.person(tx, person)
    return Policy(language or defaults.language, zone or defaults.zone, "!", person, room)


def corner(known: Policy, who: UserId, room: RoomId, thread: EventId | None) -> tuple[RoomId, str]:
    """Where a question is kept: a private one with its person, in whichever room it is read."""
    return (RoomId(who), "") if known.person == who else (room, thread or "")
