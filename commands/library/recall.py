"""Answer a line that is only `#name` with that resource or that theme."""

from __future__ import annotations

from bot.api import Answer, Context, Message
from commands.library import resource_lists, resource_view, store
from commands.library.content.typed_entries import NAMED
from commands.library.declaration import feature, sight

SEVERAL = 3
"""How many resources of one name, each of another room, are shown whole."""


def is_name(text: str) -> bool:
    """True if the line is only a name or a theme."""
    return NAMED.fullmatch(text.strip()) is not None


feature.listens = is_name
feature.listens_within = True


@feature.on(Message)
async def named(ctx: Context, _message: Message) -> Answer:
    """Show what has this name, else its theme. Return None for talk.

    In a room only what all of its members may see.
    """
    found = NAMED.fullmatch(ctx.text.strip())
    if found is None:
        return None
    here = await sight(ctx)
    kept = await store.named(ctx.db, found[1], here)
    if kept:
        own = [one for one in kept if one.room == ctx.room] or kept
        return [await resource_view.shown(ctx, one) for one in own[:SEVERAL]]
    return await resource_lists.theme(ctx, found[1]) or None
