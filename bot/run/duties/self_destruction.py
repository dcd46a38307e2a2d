"""Destroys the network's keys for good when its people decide so.

The request is stored first, so that after a crash the next start completes it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.capability.context import Context
from storage import jobs
from storage.database import Database, Tx
from storage.encryption import own_identity

JOB = "@ending"
LAST_WORDS = timedelta(seconds=5)
"""Time left to send last messages; their delivery is not awaited."""


class DestructionDue(Exception):
    """The keys must be destroyed now, and the process ends."""


async def schedule_destruction(ctx: Context) -> None:
    """Schedule that the bot, in `LAST_WORDS` from now, destroys its key files and ends. Without
    them its database can't be opened any more. This can't be undone."""
    await jobs.add(ctx.db, "", JOB, ctx.room, ctx.now + LAST_WORDS)
    ctx.has_scheduled = True


async def mark_due(tx: Tx) -> None:
    """Store that the time to destroy the keys has come."""
    await own_identity.note_destruction(tx)


async def is_due(db: Database) -> bool:
    """Return whether the time to destroy the keys has come."""
    async with db.reading() as tx:
        return await own_identity.is_destruction_due(tx)


async def raise_when_ended(ended: asyncio.Event) -> None:
    """Wait for the event, then raise `DestructionDue`."""
    await ended.wait()
    raise DestructionDue
