"""What names an event of ours that we do not know yet waits until our letters are settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.types import Media, Message, PollEnd, PollVote, Trust
from storage import parked
from storage.database import Database, Tx

Parked = Message | PollVote | PollEnd


class Parking:
    """Looks into the database only while something may wait there."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._maybe = True

    async def park(self, tx: Tx, what: Parked) -> None:
        self._maybe = True
        await parked.park(tx, what.event, what.room, frozen(what), what.at)

    async def settled(self) -> list[Parked]:
        """What can be handled now, oldest first; it stays parked until it is."""
        if not self._maybe:
            return []
        async with self._db.reading() as tx:
            waiting = await parked.settled(tx)
            self._maybe = await parked.any_waiting(tx)
        return [thawed(data) for data in waiting]


def frozen(what: Parked) -> dict[str, Any]:
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
