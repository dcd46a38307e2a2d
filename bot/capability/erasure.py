"""Deletes a person's data on their request: each capability's first, then the core's."""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.services import FORGET
from bot.i18n import n_
from bot.types import Line, UserId
from storage import people


async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete the person's data in this transaction. Return a line for each thing deleted."""
    said: list[Line] = []
    for service in ctx.registry.offers(FORGET):
        said += await service(ctx, person)
    if began := await people.count_begun(ctx.db, person):
        said.append(
            n_(
                "{count} thing that you began goes on, as nobody's",
                "{count} things that you began go on, as nobody's",
                began,
            )
        )
    await people.forget_person(ctx.db, person)
    return said
