"""Answer a line that is only `#name` with that resource or that theme."""

from __future__ import annotations

from bot.api import Answer, Context, Message
from commands.library import resource_lists, resource_view, store
from commands.library.content.typed_entries import NAME_PATTERN
from commands.library.declaration import feature, visible_here

MOST_SHOWN = 3
"""How many resources of one name, each of another room, are shown whole."""


def is_name(text: str) -> bool:
    """True if the line is only a name or a theme."""
    return NAME_PATTERN.fullmatch(text.strip()) is not None


feature.wants_line = is_name
feature.listens_within_room = True


@feature.on(Message)
async def answer_name(ctx: Context, _message: Message) -> Answer:
    """Answer a line that is just a `#name` with that resource, else with those of that theme.

    Return None for talk. In a room only what all of its members may see.
    """
    found = NAME_PATTERN.fullmatch(ctx.text.strip())
    if found is None:
        return None
    here = await visible_here(ctx)
    kept = await store.resources_named(ctx.db, found[1], here)
    if kept:
        own = [one for one in kept if one.room == ctx.room] or kept
        return [await resource_view.show_resource(ctx, one) for one in own[:MOST_SHOWN]]
    return await resource_lists.list_theme(ctx, found[1]) or None
