"""The settings of a room that decide how the bot reads and answers, read once per message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.types import EventId, RoomId, UserId
from storage import rooms, settings
from storage.database import Tx
from storage.membership.room import Room


@dataclass(frozen=True, slots=True)
class PublicFolder:
    """Where what is public is written. `address`: where the folder is read, or empty.

    `templates`: a folder of the network's own templates.
    """

    folder: Path | None = None
    address: str = ""
    templates: Path | None = None


NO_FOLDER = PublicFolder()


@dataclass(frozen=True, slots=True)
class Defaults:
    """Defaults from the network's configuration."""

    language: str = "es"
    zone: str = "America/Bogota"
    moderators: frozenset[UserId] = frozenset()
    network: str = ""
    unlimited: bool = False  # `commands_per_minute = 0`: no limits of number
    unsigned: bool = False  # unsigned devices count everywhere
    public: PublicFolder = NO_FOLDER
    practice: bool = False  # a practice room: nothing counts, so nothing waits


@dataclass(frozen=True, slots=True)
class Policy:
    """How to read and answer in a room. `person` is set in that person's private room."""

    language: str
    zone: str
    prefix: str
    person: UserId | None = None
    room: Room | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether this is the policy of a private room."""
        return self.person is not None

    @property
    def shown_prefix(self) -> str:
        """The prefix of commands in examples; empty in private."""
        return "" if self.is_private else self.prefix

    @property
    def loosened(self) -> bool:
        """Whether the room chose that also what comes from a device counts which its owner has not
        signed."""
        return self.values.get("unsigned") == "yes"

    @property
    def uses_twelve_hours(self) -> bool:
        """Whether times are written with twelve hours (`7 pm`)."""
        return self.values.get("twelve") == "yes"


async def room_policy(tx: Tx, room: RoomId, defaults: Defaults) -> Policy:
    """Return the policy with which the bot answers in a room; in a private room, that of its
    person."""
    known, values = await rooms.get_with_settings(tx, room)
    if known and known.private_of:
        return await person_policy(tx, known.private_of, defaults, known)
    return Policy(
        values.get("language", defaults.language),
        values.get("timezone", defaults.zone),
        values.get("prefix", "!"),
        None,
        known,
        values,
    )


async def person_policy(
    tx: Tx, person: UserId, defaults: Defaults, room: Room | None = None
) -> Policy:
    """Return the policy with which the bot answers a person.

    Their own language, else that of all their rooms, else the network's; their own zone, else the
    network's.
    """
    language, zone = await settings.person_settings(tx, person)
    language = language or await settings.language_of_rooms(tx, person)
    return Policy(language or defaults.language, zone or defaults.zone, "!", person, room)


def question_slot(
    known: Policy, who: UserId, room: RoomId, thread: EventId | None
) -> tuple[RoomId, str]:
    """Return the room and thread under which a question is stored.

    A private question is stored under its person, in whichever room it is read.
    """
    return (RoomId(who), "") if known.person == who else (room, thread or "")
