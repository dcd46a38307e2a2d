"""Report what the machine learned of people's identities: replaced, old again, a device confirmed.

Each report has an id made of what it tells, so that one which a crash repeats is known as the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.gateway import Inbox
from bot.matrix.sync.room_queues import RoomQueues
from bot.types import DeviceVerified, EventId, NewIdentity, OldIdentity, RoomId, UserId
from storage import identities
from storage.database import Database

if TYPE_CHECKING:
    from bot.matrix.crypto.crypto_machine import CryptoMachine

NO_ROOM = RoomId("")
"""Room id of events that concern a person and no particular room."""


class IdentityReports:
    """Hands over what is new of identities, in the order in which the machine learned of it."""

    def __init__(self, db: Database, machine: CryptoMachine, now: Callable[[], datetime]) -> None:
        self._db = db
        self._machine = machine
        self._now = now

    async def hand_over(self, inbox: Inbox, queues: RoomQueues) -> None:
        """Report people's new identities and confirmed devices to the bot.

        The machine distrusts a new identity's devices from the moment it learns of them, so none of
        their messages can be handled before this report.
        """
        quarantine = self._machine.quarantine
        if quarantine.unsaved:
            pins, quarantine.unsaved = quarantine.all_pins(), False
            async with self._db.transaction() as tx:
                await identities.save_pins(tx, pins)
        for user, seen in quarantine.replacements().items():
            _ = queues.add(NO_ROOM, partial(self._report_replaced, inbox, user, seen))
        for user, (seen, back) in quarantine.old_identities().items():
            _ = queues.add(NO_ROOM, partial(self._report_old, inbox, user, seen, back))
        for user, seen in self._machine.confirmations().items():
            _ = queues.add(NO_ROOM, partial(self._report_confirmed, inbox, user, seen))

    async def _report_confirmed(self, inbox: Inbox, user: UserId, seen: datetime) -> None:
        event = _event("confirmed", user, seen)
        await inbox.receive(DeviceVerified(NO_ROOM, event, user, self._now()))
        self._machine.mark_confirmation_told(user)

    async def _report_replaced(self, inbox: Inbox, user: UserId, seen: datetime) -> None:
        """Report a replacement once, also after crashes in between."""
        quarantine, event = self._machine.quarantine, _event("identity", user, seen)
        key = quarantine.waiting_key(user)
        await inbox.receive(NewIdentity(NO_ROOM, event, user, self._now(), key))
        quarantine.mark_replacement_told(user, seen)

    async def _report_old(self, inbox: Inbox, user: UserId, seen: datetime, back: bool) -> None:
        event = _event("old-identity", user, seen)
        await inbox.receive(OldIdentity(NO_ROOM, event, user, self._now(), back))
        self._machine.quarantine.mark_old_told(user, seen)


def _event(what: str, user: UserId, seen: datetime) -> EventId:
    """Return the id of a report, which is the same each time."""
    name = sha256(f"{user} {seen.timestamp()}".encode()).hexdigest()[:32]
    return EventId(f"${what}-{name}")
