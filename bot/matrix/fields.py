"""Read single fields of untrusted JSON: the expected type and size, or an empty value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.types import EventId, Membership, RoomId

_ID = re.compile(r"[$][\x21-\x7e]{1,254}")
_USER = re.compile(r"@[\x21-\x39\x3b-\x7e]*:[A-Za-z0-9.\-\[\]:]{1,230}")
_ROOM = re.compile(r"![\x21-\x7e]{1,254}")
LAST_STAMP = 253_402_300_799_000  # ms: the end of the year 9999


def stamp_time(stamp: int) -> datetime:
    return datetime.fromtimestamp(min(max(stamp, 0), LAST_STAMP) / 1000, UTC)


def sent_at(event: Mapping[str, Any]) -> datetime:
    """Return when the sender's server says the event was sent (UTC); 1970 if that is no number."""
    stamp = event.get("origin_server_ts")
    return stamp_time(stamp if isinstance(stamp, int) else 0)


_OBJECTS = (dict, Mapping)
"""`dict` first: it is nearly always one, and to ask for a `Mapping` takes ten times as long."""


def as_mapping(value: Any, *path: str) -> Mapping[str, Any]:
    """Return the JSON object found along the keys of `path`, or {} if there is none."""
    for step in path:
        value = value.get(step) if isinstance(value, _OBJECTS) else None
    return value if isinstance(value, _OBJECTS) else {}


def short_text(value: Any, limit: int = 255) -> str:
    """Return the value if it is a text no longer than any id or key (spec, appendix), else ''."""
    return value if isinstance(value, str) and len(value) <= limit else ""


def event_list(value: Any) -> list[dict[str, Any]]:
    """Return the JSON objects among the `events` of a section of a sync answer."""
    found = as_mapping(value).get("events")
    return [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []


def clean_text(value: Any, cap: int) -> str:
    """Return the text without NUL and lone surrogates, which no database takes, cut to `cap`
    characters."""
    if not isinstance(value, str):
        return ""
    return value[:cap].encode("utf-8", "replace").decode().replace("\0", "")


def read_membership(content: Mapping[str, Any]) -> Membership:
    value = content.get("membership")
    known = isinstance(value, str) and value in Membership._value2member_map_
    return Membership(str(value)) if known else Membership.LEAVE


def relation_target(relates: Mapping[str, Any], kind: str) -> EventId | None:
    """Return the event that a relation of this kind refers to, or None."""
    named = relates.get("event_id")
    return EventId(str(named)) if relates.get("rel_type") == kind and is_event_id(named) else None


def is_event_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def synthetic_id(kind: str, room: RoomId, token: str) -> EventId:
    """Return an event id for what has none. The same answer always gives the same id."""
    return EventId(f"${kind}-" + sha256(f"{room} {token}".encode()).hexdigest()[:32])


def is_user_id(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 255 and _USER.fullmatch(value) is not None


def is_room_id(value: Any) -> bool:
    return isinstance(value, str) and _ROOM.fullmatch(value) is not None


def room_sections(value: Any) -> list[tuple[RoomId, Mapping[str, Any]]]:
    """Return the rooms of a section of a sync answer, each with its content."""
    return [
        (RoomId(k), v)
        for k, v in as_mapping(value).items()
        if is_room_id(k) and isinstance(v, dict)
    ]
