"""A person asks to be forgotten: each capability takes out what it keeps, then the machine."""

from __future__ import annotations

from bot.context import Context
from bot.types import Line, UserId
from storage import people


async def forget(ctx: Context, person: UserId) -> list[Line]:
    """All of it in one transaction; what was taken out, a line each."""
    said: list[Line] = []
    for service in ctx.registry.services("forget"):
        said += await service(ctx, person)
    await people.forget(ctx.db, person)
    return said
