"""Requests for verification that come before we know that their sender is in our rooms.

A homeserver takes in what another one sends it side by side: the request of a person who has just
joined may be here before their join, and before their devices are known to us.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.matrix.fields import short_text
from bot.matrix.sync.to_device import DeviceStep
from bot.matrix.sync.verification_steps import (
    REQUEST_LASTS,
    VERIFICATION_CANCEL,
    VERIFICATION_REQUEST,
    is_short_step,
)
from bot.types import UserId
from storage import rooms
from storage.database import Database

MOST_KEPT_BYTES = 2_048
"""Limit of a request that is kept. A real one has under five hundred."""
MOST_KEPT = 200
"""Limit of requests kept, one for each person. Beyond it the oldest one of the homeserver that has
most of them goes, so that a flood displaces its own."""


class EarlyRequests:
    """Keeps requests of people who share no room with us yet, in memory; a restart loses them."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db, self._now = db, now
        self._kept: dict[UserId, tuple[datetime, DeviceStep]] = {}

    async def admit(self, steps: Sequence[DeviceStep]) -> list[DeviceStep]:
        """Return the steps to hand over: those of people in our rooms, behind what was kept of
        them. Keep the other people's requests until they come, and drop what else is theirs.

        It is to be called after the state of a sync's rooms was stored, also without steps.
        """
        if not steps and not self._kept:
            return []
        self._drop_lapsed()
        async with self._db.reading() as tx:
            people = {*self._kept, *(step.sender for step in steps)}
            here = await rooms.who_shares_room(tx, people)
        admitted = [self._kept.pop(person)[1] for person in [*self._kept] if person in here]
        for step in steps:
            if step.sender in here:
                admitted.append(step)
            elif step.type == VERIFICATION_REQUEST and is_short_step(step.content, MOST_KEPT_BYTES):
                self._keep(step)
            elif step.type == VERIFICATION_CANCEL:
                self._withdraw(step)
        return admitted

    def _drop_lapsed(self) -> None:
        limit = self._now() - REQUEST_LASTS
        self._kept = {who: kept for who, kept in self._kept.items() if kept[0] > limit}

    def _keep(self, step: DeviceStep) -> None:
        self._kept.pop(step.sender, None)  # a person has one verification at a time: the newest
        self._kept[step.sender] = self._now(), step
        if len(self._kept) > MOST_KEPT:
            homes = Counter(_home(person) for person in self._kept)
            ((fullest, _count),) = homes.most_common(1)
            del self._kept[next(one for one in self._kept if _home(one) == fullest)]

    def _withdraw(self, cancel: DeviceStep) -> None:
        kept = self._kept.get(cancel.sender)
        if kept is not None and _transaction(kept[1]) == _transaction(cancel):
            del self._kept[cancel.sender]


def _home(person: UserId) -> str:
    return person.partition(":")[2]


def _transaction(step: DeviceStep) -> str:
    return short_text(step.content.get("transaction_id"))
