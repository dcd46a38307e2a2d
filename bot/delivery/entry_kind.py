"""The kinds of outbox entries: what each holds, how it is executed, and what follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from bot.delivery.payload import Payload
from bot.gateway import Gateway
from bot.lines import Line
from bot.types import EventId, RoomId, UserId
from storage.database import Database, Tx
from storage.membership.room import Room
from storage.outbox_entries import OutboxEntry

P = TypeVar("P", bound=Payload)


class Queues(Protocol):
    """The outbox's queues, as an executor sees them."""

    def wake(self) -> None:
        """Let the outbox look for new entries."""

    def release_held(self) -> None:
        """Let the outbox try again every room and person whose entries wait for somebody to join or
        for an event to arrive."""


@dataclass(frozen=True, slots=True)
class DeliverySite:
    """Where an entry is executed. `now` is the time of this try (UTC)."""

    room: RoomId
    db: Database
    now: datetime
    queues: Queues


@dataclass(frozen=True, slots=True)
class PendingEntry(Generic[P]):
    """An undelivered entry with its kind and its payload."""

    row: OutboxEntry
    kind: EntryKind[P]
    payload: P


class Delivered(NamedTuple):
    """An entry whose event stands in a room."""

    entry: PendingEntry[Any]
    room: RoomId
    event: EventId


@dataclass(frozen=True, slots=True)
class Refusal(Generic[P]):
    """What the requester is told if the homeserver refuses an entry.

    `deed` returns what could not be done. `lacks_right` returns whether our power level in the room
    is too low for it, as far as we know. `reason` replaces the reason and the next step.
    """

    deed: Callable[[P], Line]
    lacks_right: Callable[[P, Room, UserId], bool] = lambda _payload, _room, _me: False
    reason: tuple[Line, Line] | None = None
    only_elsewhere: bool = False
    """Told only if the entry is for another room: in the room itself its absence is seen."""


@dataclass(frozen=True, slots=True)
class EntryKind(Generic[P]):
    """A kind of entries. `name` is stored in the row and never changes."""

    name: str
    payload: type[P]
    execute: Callable[[Gateway, PendingEntry[P], DeliverySite], Awaitable[EventId | None]]
    """Does it at the homeserver, at most once whatever happens, and returns its event if any."""
    refusal: Refusal[P] | None = None
    """None: nobody is told of a refusal."""
    queue: Callable[[OutboxEntry, P], str] | None = None
    """Returns its queue. Entries of one queue go in order. None: that of its room or person."""
    waits_for_servers: bool = False
    """Whether it may wait for other servers, which may be down. Such entries have own slots."""
    open_room: Callable[[Gateway, P], Awaitable[RoomId]] | None = None
    """Opens the room that it is for, at most once. None: the room is there already."""
    is_for_any_room: bool = False
    """Whether it may go to a help room without being help."""
    is_for_awaited_room: bool = False
    """Whether it goes to a room that another bot has yet to hand over to us."""
    is_public: bool = False
    """Whether it goes to a public room. Such entries go nowhere else, and no others go there."""
    given_up: Callable[[Tx, OutboxEntry, str, datetime], Awaitable[None]] | None = None
    """Writes what follows when it was given up: with our device now, at this time."""
    is_given_up: bool = True
    """Whether it ends after another server has failed for an hour."""
    finished: Callable[[Tx, OutboxEntry, str | None], Awaitable[None]] | None = None
    """Runs in the transaction in which it ends, delivered (None) or refused (the code)."""


Kinds = dict[str, EntryKind[Any]]


def pending_entry(kinds: Kinds, row: OutboxEntry) -> PendingEntry[Any]:
    """Return the outbox entry that a database row holds. Raises `KeyError` for a kind that this
    version doesn't know."""
    kind = kinds[row.kind]
    return PendingEntry(row, kind, kind.payload.from_json(row.stored))


def queue_of(kinds: Kinds, row: OutboxEntry) -> str:
    """Return the queue in which an outbox row is sent in order. A row that can't be read holds up
    only its room or person."""
    kind = kinds.get(row.kind)
    if kind is None or kind.queue is None:
        return row.person or row.room or ""
    return kind.queue(row, kind.payload.from_json(row.stored))
