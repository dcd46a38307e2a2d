"""Finds an event of ours by its transaction id, after the server has forgotten the id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.gateway import TryLater
from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.crypto.guard import BadCipher, NoKey
from bot.matrix.fields import as_mapping, is_event_id, sent_at
from bot.matrix.http import Http, path_segment
from bot.matrix.rooms.history_lookup import PAGE_EVENTS
from bot.types import EventId, RoomId

TRANSACTION_FIELD = "org.minga.letter"
"""Field inside an event with its transaction id."""
SEARCHED_PAGES = 50
CLOCK_SKEW = timedelta(hours=1)


async def find_sent(
    http: Http, machine: CryptoMachine, room: RoomId, txn: str, since: datetime
) -> EventId | None:
    """Return the bot's event with this transaction id, or None. Looks no further back than
    `since`."""
    query = {"dir": "b", "limit": str(PAGE_EVENTS)}
    path = f"/_matrix/client/v3/rooms/{path_segment(room)}/messages"
    for _ in range(SEARCHED_PAGES):
        page = await http.call("GET", path, query=query)
        chunk = [e for e in page.get("chunk") or [] if isinstance(e, dict)]
        for event in chunk:
            ours = event.get("sender") == machine.user
            if ours and _transaction_of(machine, room, event) == txn:
                return sent_event(event)
        end = page.get("end")
        if not isinstance(end, str) or any(sent_at(e) < since - CLOCK_SKEW for e in chunk):
            return None
        query["from"] = end
    return None


def _transaction_of(machine: CryptoMachine, room: RoomId, event: Mapping[str, Any]) -> Any:
    """Return the transaction id of our own event, from outside or inside its ciphertext."""
    content, outside = as_mapping(event.get("content")), as_mapping(event.get("unsigned"))
    if "transaction_id" in outside:
        return outside["transaction_id"]
    if event.get("type") == "m.room.encrypted":
        try:
            content = machine.decrypt(room, event).content
        except (NoKey, BadCipher):
            return None
    return content.get(TRANSACTION_FIELD)


def sent_event(answer: Mapping[str, Any]) -> EventId:
    """Return the event id in the server's answer to a send request. Raises `TryLater` if there is
    none."""
    if not is_event_id(answer.get("event_id")):
        raise TryLater("bad_json")
    return EventId(str(answer["event_id"]))
