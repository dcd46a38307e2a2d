"""A lookout at the machine of a conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.lines import Line
from bot.operate.watch.condition import Condition
from bot.operate.watch.lookout import Lookout
from bot.testing.talk import Talk

AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
WELL = Condition(
    at=AT,
    last_sync=AT - timedelta(seconds=31),
    oldest_letter=None,
    letters_late=0,
    jobs_late=0,
    oldest_job=None,
    last_backup=AT - timedelta(days=1),
    free_bytes=40 * 2**30,
    data_bytes=3 * 2**20,
)


def condition(**changed: Any) -> Condition:
    return replace(WELL, **changed)


def lookout(talk: Talk, shown: list[Line] | None = None) -> Lookout:
    """A lookout at this machine; what it shows goes to `shown`."""
    machine, told = talk.machine, [] if shown is None else shown
    contact, owed = machine.dispatcher.contact, machine.outbox.owed
    return Lookout(machine.db, contact, owed, talk.clock, told.append)
