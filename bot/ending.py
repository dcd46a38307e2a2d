"""The network's people destroy its keys: asked in a transaction, carried out once, for good.

That it is to happen stands in the database first: a crash before it is done ends in the same.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.context import Context
from storage import jobs, settings
from storage.database import Database, Tx

JOB = "@ending"
_FACT = "ending"
LAST_WORDS = timedelta(seconds=5)
"""So long there is to say what happens; nothing waits for its arrival."""


class Ended(Exception):
    """The keys are to be destroyed now, and the process ends."""


async def begin_the_end(ctx: Context) -> None:
    """Nothing takes it back."""
    await jobs.add(ctx.db, "", JOB, ctx.room, ctx.read + LAST_WORDS)
    ctx.scheduled = True


async def due(tx: Tx) -> None:
    await settings.set_fact(tx, _FACT, "yes")


async def asked(db: Database) -> bool:
    async with db.reading() as tx:
        return await settings.fact(tx, _FACT) is not None


async def watch(ended: asyncio.Event) -> None:
    """Raises `Ended` when it is so far."""
    await ended.wait()
    raise Ended
