"""A person asks to be forgotten: each capability takes out what it keeps, then the machine."""

from __future__ import annotations

from bot.context import Context
from bot.i18n import n_
from bot.types import Line, UserId
from storage import people


async def forget(ctx: Context, person: UserId) -> list[Line]:
    """All of it in one transaction; what was taken out, a line each."""
    said: list[Line] = []
    for service in ctx.registry.services("forget"):
        said += await service(ctx, person)
    if began := await people.began(ctx.db, person):
        said.append(n_("{count} thing that you began goes on, as nobody's",
                       "{count} things that you began go on, as nobody's", began))  # fmt: skip
    await people.forget(ctx.db, person)
    return said
