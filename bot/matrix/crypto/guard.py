"""Check decrypted payloads: only messages of the expected room in sane JSON get through.

C1 and C4 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.matrix.fields import as_mapping, short_text
from bot.types import RoomId, Trust

POLL_TYPES = frozenset(
    f"{prefix}.{step}"
    for prefix in ("m.poll", "org.matrix.msc3381.poll")
    for step in ("start", "response", "end")
)
ALLOWED_TYPES = POLL_TYPES | {
    "m.room.message",
    "m.reaction",
    "m.sticker",
    "org.minga.link",
    "org.minga.section",
}
"""The only event types accepted in a ciphertext (C1). None of them is ever state."""
DEEPEST = 32
_LARGEST_INT = 2**53 - 1  # canonical JSON (spec, appendix 3.1)
_UNWRITABLE = re.compile("[\ud800-\udfff\0]")


class NoKey(Exception):
    """The event cannot be read yet: its key or the sender's device list may still arrive."""

    def __init__(self, session_id: str, reason: str = "key") -> None:
        super().__init__(reason)
        self.session_id = session_id
        self.reason = reason


class BadCipher(Exception):
    """The event is refused for good. `reason` is a fixed word, safe to log and to count."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DecryptedEvent:
    """A decrypted event, and what is known of the device that sent it."""

    type: str
    content: dict[str, Any]
    trust: Trust
    device: str
    session: str


@dataclass(frozen=True, slots=True)
class MissingKey:
    """An event without a key, and the session that it waits for."""

    session: str

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> MissingKey | None:
        """Return what an encrypted event waits for; None if it names no session."""
        session = short_text(as_mapping(raw.get("content")).get("session_id"))
        return cls(session) if session else None


Decryption = DecryptedEvent | MissingKey | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """The fields of an `m.room.encrypted` event that are used (MSC3700: no sender key, no
    device)."""

    event: str
    sender: str
    ts: int
    session: str
    ciphertext: str


def read_envelope(event: Mapping[str, Any], algorithm: str) -> Envelope:
    """Return the unencrypted part of an encrypted event. Raises `BadCipher` if it cannot be ours to
    decrypt."""
    content, ts = event.get("content"), event.get("origin_server_ts")
    if not isinstance(content, Mapping) or content.get("algorithm") != algorithm:
        raise BadCipher("algorithm")
    if "state_key" in event:
        raise BadCipher("state")  # Matrix never encrypts state (C1)
    found = Envelope(
        short_text(event.get("event_id")),
        short_text(event.get("sender")),
        ts if isinstance(ts, int) and abs(ts) < 2**63 else -1,
        short_text(content.get("session_id")),
        short_text(content.get("ciphertext"), 2**17),
    )
    if not (found.event and found.sender and found.session and found.ciphertext) or found.ts < 0:
        raise BadCipher("envelope")
    return found


def read_payload(plaintext: bytes, room: RoomId) -> tuple[str, dict[str, Any]]:
    """Return the type and content of a decrypted payload (C1, C4). Raises only `BadCipher`."""
    payload = _parse_json(plaintext)
    if not isinstance(payload, dict) or not isinstance(payload.get("content"), dict):
        raise BadCipher("shape")
    if "state_key" in payload:
        raise BadCipher("state")
    if payload.get("room_id") != room:
        raise BadCipher("room")
    kind = payload.get("type")
    if not isinstance(kind, str) or kind not in ALLOWED_TYPES:
        raise BadCipher("type")
    return kind, payload["content"]


def _parse_json(plaintext: bytes) -> Any:
    try:
        value = _DECODER.decode(plaintext.decode())
    except (ValueError, RecursionError):
        raise BadCipher("json") from None
    if not (_is_plain(plaintext) or _is_sane(value)):
        raise BadCipher("json")
    return value


def _is_plain(plaintext: bytes) -> bool:
    """Return whether nothing in the JSON text can make its value be refused, as in most messages.

    Lone surrogates and NULs can only be escapes in it, and each level has a bracket.
    """
    brackets = plaintext.count(b"{") + plaintext.count(b"[")
    return brackets <= DEEPEST and b"\\u" not in plaintext


def _refuse_constant(constant: str) -> Any:
    raise ValueError(constant)


def _parse_int(digits: str) -> int:
    value = int(digits) if len(digits) < 20 else _LARGEST_INT + 1
    if abs(value) > _LARGEST_INT:
        raise ValueError(digits[:20])
    return value


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_parse_int)


def _is_sane(value: Any) -> bool:
    """Return whether the value is shallow enough for any reader, and its text is valid UTF-8."""
    todo = [(value, 0)]
    while todo:
        item, depth = todo.pop()
        if depth > DEEPEST or (isinstance(item, str) and not _is_writable(item)):
            return False
        if isinstance(item, dict):
            todo.extend((part, depth + 1) for pair in item.items() for part in pair)
        elif isinstance(item, list):
            todo.extend((part, depth + 1) for part in item)
    return True


def _is_writable(text: str) -> bool:
    """Return whether the text has no lone surrogates, which no database can store, and no NUL."""
    return _UNWRITABLE.search(text) is None
