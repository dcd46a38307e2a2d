"""What names an event of ours that we do not know yet waits until our letters are settled.

It may just as well be talk that is none of our business: of what is said only its place is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.errors import UserError
from bot.fetch import Wanted, fetch
from bot.gateway import Gateway
from bot.types import EventId, Media, Message, PollEnd, PollVote, RoomId, Trust, UserId
from storage import items, parked
from storage.database import Database, Tx

LARGEST = 2000
"""No answer to a poll of ours is longer, as JSON."""
KEPT = timedelta(days=1)
"""How long we try to read again what was said."""
PAUSE = timedelta(minutes=1)
"""How long we leave a homeserver alone that can't tell it now."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A message that may be for us. What it says is not kept: it is read again once we know."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    reply_to: EventId
    late: bool
    trust: Trust


Parked = Message | PollVote | PollEnd


class Parking:
    """Looks into the database only while something may wait there."""

    def __init__(self, db: Database, gateway: Gateway, clock: Clock) -> None:
        self._db = db
        self._gateway = gateway
        self._clock = clock
        self._maybe = True
        self._pause = datetime.min.replace(tzinfo=UTC)

    async def park(self, tx: Tx, what: Parked) -> None:
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
        data = frozen(kept)
        if len(json.dumps(data)) <= LARGEST:
            self._maybe = True
            await parked.park(tx, what.event, what.room, what.sender, data, what.at)

    async def settled(self) -> list[Parked]:
        """What can be handled now, oldest first; it stays parked until it is."""
        if not self._maybe or self._clock.now() < self._pause:
            return []
        async with self._db.reading() as tx:
            waiting = await parked.settled(tx)
            self._maybe = await parked.any_waiting(tx)
        found: list[Parked] = []
        for kept in map(_kept, waiting):
            if not isinstance(kept, Reply):
                found.append(kept)
            elif (said := await self._said_again(kept)) is not None:
                found.append(said)
        return found

    async def _said_again(self, reply: Reply) -> Message | None:
        """The message; None if that must wait, or if it is not for us or is gone."""
        async with self._db.reading() as tx:
            ours = await items.about(tx, reply.reply_to) is not None
        if ours and self._clock.now() < self._pause:
            return None
        wanted = Wanted("message", reply.room, reply.event)
        found = await fetch(self._gateway, wanted) if ours else None
        if isinstance(found, Message) and found.sender == reply.sender:
            return replace(found, at=reply.at, late=reply.late, trust=reply.trust)
        if isinstance(found, UserError) and self._clock.now() - reply.at < KEPT:
            self._pause = self._clock.now() + PAUSE
            return None
        async with self._db.transaction() as tx:
            await parked.drop(tx, reply.event)
        return None


def _kept(data: Mapping[str, Any]) -> Reply | Parked:
    if data["_kind"] != "Reply":
        return thawed(data)
    fields = {k: v for k, v in data.items() if k != "_kind"}
    fields["at"] = datetime.fromisoformat(fields["at"]).astimezone(UTC)
    fields["trust"] = Trust(fields["trust"])
    return Reply(**fields)


def frozen(what: Reply | Parked) -> dict[str, Any]:
    """As JSON."""
    data = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(what).items()}
    return {**data, "_kind": type(what).__name__}


def thawed(data: Mapping[str, Any]) -> Parked:
    """What was frozen."""
    kinds = {"Message": Message, "PollVote": PollVote, "PollEnd": PollEnd}
    fields = {k: v for k, v in data.items() if k != "_kind"}
    fields["at"] = datetime.fromisoformat(fields["at"]).astimezone(UTC)
    fields["trust"] = Trust(fields["trust"])
    for name in ("answers", "mentions"):
        if name in fields:
            fields[name] = tuple(fields[name])
    if fields.get("media"):
        fields["media"] = Media(**fields["media"])
    found: Parked = kinds[data["_kind"]](**fields)
    return found
