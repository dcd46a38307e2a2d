"""Things that are lent can be found by `!find`."""

from __future__ import annotations

from bot.api import Context
from commands.lending.loans import Thing


async def put(_ctx: Context, _thing: Thing) -> None:
    """Into the index of what can be found."""


async def drop(_ctx: Context, _thing: Thing) -> None:
    """Out of it."""
