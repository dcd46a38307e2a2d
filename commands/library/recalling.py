"""`#name` as a whole line: what is kept under it, else its theme, else it is talk."""

from __future__ import annotations

from bot.api import Answer, Context, Message
from commands.library import listing, showing, store
from commands.library.base import feature, sight
from commands.library.naming import NAMED

SEVERAL = 3
"""So many of one name are shown whole, each of another room."""


def is_name(text: str) -> bool:
    return NAMED.fullmatch(text.strip()) is not None


feature.listens = is_name
feature.listens_within = True


@feature.on(Message)
async def named(ctx: Context, _message: Message) -> Answer:
    """In a room what all of its members may see, in private what the person may."""
    found = NAMED.fullmatch(ctx.text.strip())
    if found is None:
        return None
    here = await sight(ctx)
    kept = await store.named(ctx.db, found[1], here)
    if kept:
        own = [one for one in kept if one.room == ctx.room] or kept
        return [await showing.shown(ctx, one) for one in own[:SEVERAL]]
    return await listing.theme(ctx, found[1]) or None
