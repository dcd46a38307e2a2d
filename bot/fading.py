"""What we said goes after a while: the list of it made up once, and the keys that open it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.gateway import Gateway
from bot.types import EventId, RoomId
from storage import letters, sent
from storage.database import Database
from storage.letters import Letter


async def look_back(db: Database, gateway: Gateway, letter: Letter, room: RoomId) -> EventId | None:
    """Page by page to the beginning; after a restart from the page that was read last.

    What was said since the list began is in it already.
    """
    start = letter.payload.get("start")
    while True:
        page, start = await gateway.own(room, start)
        async with db.transaction() as tx:
            await sent.add(tx, room, [one for one in page if one[1] <= letter.written])
            await letters.keep(tx, letter.id, {"start": start})
        if start is None:
            return None


async def forget_keys(gateway: Gateway, letter: Letter, room: RoomId) -> EventId | None:
    before = datetime.fromtimestamp(letter.payload["before"], UTC)
    await gateway.forget_keys(room, before)
    return None
