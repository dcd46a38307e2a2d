"""Parks events that refer to an event of ours whose id is not known yet.

They wait until the outbox has no entry on the way. A parked message may be private conversation, so
only its place is stored, not its text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.capability.errors import UserError
from bot.capability.prefetch import FetchRequest, FetchSource, fetch
from bot.clock import Clock
from bot.types import EventId, Media, Message, PollEnd, PollVote, RoomId, Trust, UserId
from storage import items
from storage.catch_up import parked_events
from storage.database import Database, Tx

LARGEST_EVENT = 2000
"""Longest parked event, as JSON. No answer to a poll of ours is longer."""
RETRIED_FOR = timedelta(days=1)
"""How long reading a parked message again is tried."""
RETRY_PAUSE = timedelta(minutes=1)
"""Pause after the homeserver could not return a message."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A parked message without its text, which is fetched again when it is needed."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    reply_to: EventId
    late: bool
    trust: Trust


PersonEvent = Message | PollVote | PollEnd
"""What a person says, votes or ends."""


class ParkedEvents:
    """The parked events. It reads the database only while something may be parked."""

    def __init__(self, db: Database, gateway: FetchSource, clock: Clock) -> None:
        self._db = db
        self._gateway = gateway
        self._clock = clock
        self._maybe = True
        self._pause = datetime.min.replace(tzinfo=UTC)

    async def park(self, tx: Tx, what: PersonEvent) -> None:
        """Store an event that is handled once the id of an event of ours is known. One that is too
        long is dropped."""
        kept: Reply | PollVote | PollEnd
        if isinstance(what, Message):
            assert what.reply_to is not None, "only replies are parked"
            kept = Reply(
                what.room,
                what.event,
                what.sender,
                what.at,
                what.reply_to,
                what.late,
                what.trust,
            )
        else:
            kept = what
        data = to_json(kept)
        if len(json.dumps(data)) <= LARGEST_EVENT:
            self._maybe = True
            await parked_events.park(tx, what.event, what.room, what.sender, data, what.at)

    async def ready_events(self) -> list[PersonEvent]:
        """Return the parked events that can be handled now, oldest first. They stay stored until
        they are."""
        if not self._maybe or self._clock.now() < self._pause:
            return []
        async with self._db.reading() as tx:
            waiting = await parked_events.ready_events(tx)
            self._maybe = await parked_events.any_waiting(tx)
        found: list[PersonEvent] = []
        for kept in map(_stored_event, waiting):
            if not isinstance(kept, Reply):
                found.append(kept)
            elif (said := await self._read_again(kept)) is not None:
                found.append(said)
        return found

    async def _read_again(self, reply: Reply) -> Message | None:
        """Return the message, or None if it must wait, is not for us or is gone."""
        async with self._db.reading() as tx:
            ours = await items.item_about(tx, reply.reply_to) is not None
        if ours and self._clock.now() < self._pause:
            return None
        wanted = FetchRequest("message", reply.room, reply.event)
        found = await fetch(self._gateway, wanted) if ours else None
        if isinstance(found, Message) and found.sender == reply.sender:
            # Words of an edit count as said then, so that none changes a vote after the end.
            at = max(reply.at, found.edited_at or reply.at)
            return replace(found, at=at, late=reply.late, trust=reply.trust)
        if isinstance(found, UserError) and self._clock.now() - reply.at < RETRIED_FOR:
            self._pause = self._clock.now() + RETRY_PAUSE
            return None
        async with self._db.transaction() as tx:
            await parked_events.take(tx, reply.event)
        return None


def _stored_event(data: Mapping[str, Any]) -> Reply | PersonEvent:
    if data["_kind"] != "Reply":
        return from_json(data)
    fields = {k: v for k, v in data.items() if k != "_kind"}
    fields["at"] = datetime.fromisoformat(fields["at"]).astimezone(UTC)
    fields["trust"] = Trust(fields["trust"])
    return Reply(**fields)


def to_json(what: Reply | PersonEvent) -> dict[str, Any]:
    """Return an inbound event as JSON, with its class name under `_kind`."""
    data = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(what).items()}
    return {**data, "_kind": type(what).__name__}


def from_json(data: Mapping[str, Any]) -> PersonEvent:
    """Return the inbound event that `to_json` stored."""
    kinds = {"Message": Message, "PollVote": PollVote, "PollEnd": PollEnd}
    fields = {k: v for k, v in data.items() if k != "_kind"}
    fields["at"] = datetime.fromisoformat(fields["at"]).astimezone(UTC)
    fields["trust"] = Trust(fields["trust"])
    for name in ("answers", "mentions"):
        if name in fields:
            fields[name] = tuple(fields[name])
    if fields.get("media"):
        fields["media"] = Media(**fields["media"])
    found: PersonEvent = kinds[data["_kind"]](**fields)
    return found
