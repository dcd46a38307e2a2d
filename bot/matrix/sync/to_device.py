"""To-device events: each is taken in whole and once, or not at all.

C2, H8 and H11 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.matrix.crypto.history_bundles import ROOM_KEY_BUNDLE
from bot.matrix.crypto.key_store import DISK_ERRORS, KeyStore
from bot.matrix.crypto.olm_machine import OlmMachine, OlmPayload, RejectedEvent
from bot.matrix.crypto.wire import MEGOLM
from bot.matrix.fields import is_room_id, is_user_id, short_text
from bot.matrix.sync.verification_steps import (
    VERIFICATION_CANCEL,
    VERIFICATION_REQUEST,
    is_short_step,
    is_verification,
)
from bot.types import RoomId, Trust, UserId


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sender's client says that it withholds a key from us (spec, m.room_key.withheld)."""

    sender: UserId
    room: RoomId
    session: str
    code: str


@dataclass(frozen=True, slots=True)
class DeviceStep:
    """A step of a verification that came to our device alone."""

    sender: UserId
    type: str
    content: Mapping[str, Any]
    trust: Trust


@dataclass(slots=True)
class ToDeviceResult:
    """What a batch of to-device events brought. `refused` counts, and names nobody.

    `tried_steps` counts the steps of each person, and those of strangers (whose devices we don't
    know) for each homeserver and under "" for all, also those that were refused as too long.
    """

    new_sessions: set[tuple[RoomId, str]] = field(default_factory=set)
    withheld: list[Withheld] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    steps: list[DeviceStep] = field(default_factory=list)
    tried_steps: Counter[str] = field(default_factory=Counter)


STRANGER_BURST, STRANGER_INTERVAL = 60, 60.0
"""Limit of Olm events from a stranger (whose devices we don't know): so many at once, then one in
so many seconds. A first contact needs one or two."""
MOST_KNOWN_EVENTS = 2_000
"""Limit of Olm events in one answer from a person whose devices we know: many more than the keys of
all rooms that they are in. Synapse hands out 100 of all people in one answer."""
MOST_STRANGER_EVENTS = 1_000
"""Limit of all strangers' events in one answer of the server, each person in turn."""
MOST_BUDGETS = 20_000
MOST_STEPS = 20
"""Limit of one person's steps of verifications in one answer. A whole verification has seven."""
MOST_STEPS_OF_STRANGER, MOST_STEPS_OF_HOMESERVER, MOST_STRANGER_STEPS = 2, 20, 100
"""Limits of a stranger's steps in one answer, of those of a homeserver's strangers, and of all of
theirs. Only requests and their cancellation are taken, of people who may just have come into a
room: see `EarlyRequests`."""
BUNDLE_TYPES = ("m.room_key_bundle", ROOM_KEY_BUNDLE)
"""Keys of what was said before we came, from who invites us. We take none (docs/decisions/0035)."""


class ToDeviceReceiver:
    """Takes in to-device events, within limits for strangers."""

    def __init__(self, store: KeyStore, olm: OlmMachine, clock: Callable[[], float]) -> None:
        self._store, self._olm, self._clock = store, olm, clock
        self._budgets: OrderedDict[UserId, tuple[float, float]] = OrderedDict()

    def receive(self, events: Sequence[Mapping[str, Any]]) -> ToDeviceResult:
        """Process the to-device events of a sync, and return what they brought: see
        `CryptoMachine.receive_to_device`."""
        result = ToDeviceResult()
        strange: dict[UserId, list[Mapping[str, Any]]] = {}
        known: Counter[UserId] = Counter()
        for event in events:
            content = event.get("content") if isinstance(event, Mapping) else None
            if not isinstance(content, Mapping) or not is_user_id(event.get("sender")):
                result.refused["shape"] += 1
                continue
            sender = UserId(event["sender"])
            if event.get("type") == "m.room_key.withheld":
                _read_withheld(sender, content, result)
            elif event.get("type") == "m.room.encrypted" and self._store.knows_device_of(sender):
                known[sender] += 1
                if known[sender] <= MOST_KNOWN_EVENTS:
                    self._receive(sender, content, result)
                else:
                    result.refused["too_many"] += 1
            elif event.get("type") == "m.room.encrypted":
                strange.setdefault(sender, []).append(content)
            elif is_verification(event.get("type")):
                self._add_step(DeviceStep(sender, event["type"], content, Trust.PLAIN), result)
        self._receive_strange(strange, result)
        return result

    def _add_step(self, step: DeviceStep, result: ToDeviceResult) -> None:
        """Keep a step of a verification within limits."""
        limits: dict[str, int] = {step.sender: MOST_STEPS}
        strange = not self._store.knows_device_of(step.sender)
        if strange:
            limits = {
                step.sender: MOST_STEPS_OF_STRANGER,
                step.sender.partition(":")[2]: MOST_STEPS_OF_HOMESERVER,
                "": MOST_STRANGER_STEPS,
            }
        if strange and step.type not in (VERIFICATION_REQUEST, VERIFICATION_CANCEL):
            result.refused["strange"] += 1
        elif any(result.tried_steps[whose] >= most for whose, most in limits.items()):
            result.refused["strange" if strange else "verification"] += 1
        else:
            result.tried_steps.update(limits.keys())
            if is_short_step(step.content):
                result.steps.append(step)
            else:
                result.refused["verification"] += 1

    def _receive_strange(
        self, strange: Mapping[UserId, list[Mapping[str, Any]]], result: ToDeviceResult
    ) -> None:
        """Take strangers' events after all others and in turns, so that a flood displaces nobody
        else's."""
        told = [(sender, content) for sender, some in strange.items() for content in some]
        turn = {id(content): n for some in strange.values() for n, content in enumerate(some)}
        for n, (sender, content) in enumerate(sorted(told, key=lambda one: turn[id(one[1])])):
            if n >= MOST_STRANGER_EVENTS or not self._take_budget(sender):
                result.refused["strange"] += 1
            else:
                self._receive(sender, content, result, strange=True)

    def _take_budget(self, sender: UserId) -> bool:
        """Use up one event of the person's budget. Return False if it is empty."""
        now = self._clock()
        left, at = self._budgets.pop(sender, (float(STRANGER_BURST), now))
        left = min(left + (now - at) / STRANGER_INTERVAL, float(STRANGER_BURST))
        self._budgets[sender] = (max(left - 1, 0.0) if left >= 1 else left, now)
        if len(self._budgets) > MOST_BUDGETS:
            self._budgets.popitem(last=False)
        return left >= 1

    def _receive(
        self,
        sender: UserId,
        content: Mapping[str, Any],
        result: ToDeviceResult,
        *,
        strange: bool = False,
    ) -> None:
        try:
            with self._store.atomic():
                mark = self._olm.event_digest(sender, content)
                if self._store.is_handled(mark):
                    return  # H8: sent again after a crash, and handled before it
                payload = self._olm.open_event(sender, content)
                self._add_room_key(sender, payload, result)
                self._store.mark_handled(mark, strange=strange)
                if strange:
                    self._note_stranger(sender, payload.sender_key)
        except DISK_ERRORS:
            self._olm.reload(content.get("sender_key"))
            raise
        except Exception as error:  # C2: every byte is a stranger's, any error can occur
            self._olm.reload(content.get("sender_key"))
            result.refused[error.reason if isinstance(error, RejectedEvent) else "malformed"] += 1

    def _note_stranger(self, sender: UserId, sender_key: str) -> None:
        """Keep little on disk and nothing in memory of a stranger's session."""
        for key in [*self._store.note_stranger(sender, sender_key), sender_key]:
            self._olm.session_store.forget(key)

    def _add_room_key(self, sender: UserId, payload: OlmPayload, result: ToDeviceResult) -> None:
        """Add a room key. A refused one still counts as received, and is not asked for again."""
        if is_verification(payload.type):
            step = DeviceStep(sender, payload.type, payload.content, Trust.PLAIN)
            self._add_step(step, result)  # its codes vouch for it, encrypted or not
        if payload.type in BUNDLE_TYPES:
            result.refused["room_key_bundle"] += 1
        if payload.type != "m.room_key":
            return  # forwarded keys and gossip were not requested; m.dummy is empty
        keys = (payload.sender_key, payload.signing_key)
        try:
            found = self._olm.add_megolm_session(sender, *keys, payload.content)
        except RejectedEvent as refused:
            result.refused[refused.reason] += 1
            return
        if found:
            result.new_sessions.add(found)


def _read_withheld(sender: UserId, content: Mapping[str, Any], result: ToDeviceResult) -> None:
    room, session = (
        RoomId(short_text(content.get("room_id"))),
        short_text(content.get("session_id")),
    )
    code = short_text(content.get("code"), 64)
    named = (is_room_id(room) or not room) and session.isascii()  # m.no_olm names neither
    if content.get("algorithm") != MEGOLM or not code or not named:
        result.refused["withheld"] += 1
        return
    result.withheld.append(Withheld(sender, room, session, code))
