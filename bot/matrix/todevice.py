"""To-device events: each taken in whole, once, or not at all (C2, H8, H11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.matrix.olm import Guarded, Payload, Rejected, digest
from bot.matrix.store import BROKEN, KeyStore
from bot.matrix.wire import MEGOLM, word
from bot.types import RoomId, UserId


@dataclass(frozen=True, slots=True)
class Withheld:
    """Somebody's client says that it keeps a key from us (spec, m.room_key.withheld)."""

    sender: UserId
    room: RoomId
    session: str
    code: str


@dataclass(slots=True)
class ToDeviceResult:
    """What a batch of to-device events brought. `refused` counts, and names nobody."""

    new_sessions: set[tuple[RoomId, str]] = field(default_factory=set)
    withheld: list[Withheld] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class Receiver:
    def __init__(self, store: KeyStore, olm: Guarded) -> None:
        self._store, self._olm = store, olm

    def take(self, events: Sequence[Mapping[str, Any]]) -> ToDeviceResult:
        """See `Machine.to_device`."""
        result = ToDeviceResult()
        for event in events:
            content = event.get("content") if isinstance(event, Mapping) else None
            if not isinstance(content, Mapping):
                result.refused["shape"] += 1
            elif event.get("type") == "m.room.encrypted":
                self._receive(UserId(word(event.get("sender"))), content, result)
            elif event.get("type") == "m.room_key.withheld":
                _withheld(UserId(word(event.get("sender"))), content, result)
        return result

    def _receive(self, sender: UserId, content: Mapping[str, Any], result: ToDeviceResult) -> None:
        try:
            with self._store.atomic():
                mark = digest(sender, content)
                if self._store.handled(mark):
                    return  # H8: told again after a crash, and handled before it
                payload = self._olm.open(sender, content)
                self._learn(payload, result)
                self._store.mark_handled(mark)
        except BROKEN:
            self._olm.restore(content.get("sender_key"))
            raise
        except Exception as error:  # C2: a stranger chose every byte; no list of errors is complete
            self._olm.restore(content.get("sender_key"))
            result.refused[error.reason if isinstance(error, Rejected) else "malformed"] += 1

    def _learn(self, payload: Payload, result: ToDeviceResult) -> None:
        """A refused room key was still received: the ratchet moves on and it is not asked again."""
        if payload.type != "m.room_key":
            return  # forwarded keys and gossip are never asked for, m.dummy says nothing
        try:
            found = self._olm.learn(payload.sender_key, payload.signing_key, payload.content)
        except Rejected as refused:
            result.refused[refused.reason] += 1
            return
        if found:
            result.new_sessions.add(found)


def _withheld(sender: UserId, content: Mapping[str, Any], result: ToDeviceResult) -> None:
    room, session = RoomId(word(content.get("room_id"))), word(content.get("session_id"))
    code = word(content.get("code"), 64)
    if content.get("algorithm") != MEGOLM or not sender or not code:
        result.refused["withheld"] += 1
        return
    result.withheld.append(Withheld(sender, room, session, code))
