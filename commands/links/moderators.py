"""What is said to the network's moderators."""

from __future__ import annotations

from bot.api import Context, Effect, Line, Say


async def tell_moderators(ctx: Context, *lines: Line, loud: bool = True) -> list[Effect]:
    """Return the effect that writes to our moderators' room; none if there is no such room."""
    room = await ctx.moderators_room()
    return [Say(lines, room=room, loud=loud)] if room else []
