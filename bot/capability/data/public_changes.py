"""Tell whoever publishes that something changed, is gone, or has become final."""

from __future__ import annotations

from collections.abc import Sequence

from bot.capability.context import Context
from bot.capability.data.public_services import (
    BECOMES_PUBLIC,
    CONSENT_GONE,
    DECIDED,
    PUBLIC_CHANGED,
)
from bot.lines import Line
from bot.types import Number
from storage import items
from storage.items import Item


async def note_change(ctx: Context, number: Number) -> None:
    """Tell the capabilities that publish that an item changed or was deleted. Does little if
    nothing of it is public."""
    for changed in ctx.registry.offers(PUBLIC_CHANGED):
        await changed(ctx, number)


async def note_consent_gone(ctx: Context, number: Number) -> None:
    """Tell the capabilities that publish that people's consent may have ended: what can't be made
    anew is withdrawn."""
    for gone in ctx.registry.offers(CONSENT_GONE):
        await gone(ctx, number)


async def note_decided(ctx: Context, number: Number) -> None:
    """Tell the capabilities that publish that a decision is final, unless it was deleted
    meanwhile."""
    item = await items.get(ctx.db, number)
    if item is None:
        return
    for decided in ctx.registry.offers(DECIDED):
        await decided(ctx, item)


async def becomes_public(ctx: Context, item: Item) -> bool:
    """Return whether a decision becomes public by itself."""
    return bool(await opening_lines(ctx, item))


async def opening_lines(ctx: Context, item: Item, texts: Sequence[str] = ()) -> list[Line]:
    """Return the lines under a new decision that say that its result becomes public by itself, as
    the capabilities write them; an empty list if it does not. `texts`: what people wrote in it."""
    return [
        line
        for lines_of in ctx.registry.offers(BECOMES_PUBLIC)
        for line in await lines_of(ctx, item, texts)
    ]
