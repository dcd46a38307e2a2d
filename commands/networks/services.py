"""Services of `!network`: what its log lines say, and link rooms that are replaced."""

from __future__ import annotations

from bot.api import MOVE_ROOM, Context, Effect, Line, RoomId, _
from commands.links import store
from commands.links.declaration import ANNOUNCED_WITHIN
from commands.networks import room_guard
from commands.networks.declaration import LOOK_JOB, feature

feature.log_line("asked", _("asked {bot} for a link"))
feature.log_line("refuted_code", _("said that the code of {name} is another one"))
feature.log_line("unlinked", _("ended the link with {names}"))


@feature.offers(MOVE_ROOM)
async def guard_moved_room(ctx: Context, _old: RoomId, new: RoomId) -> list[Effect]:
    """Begin to watch the room that replaced a link's room. Return what to send. Other rooms are
    left alone."""
    link = await store.link_of_room(ctx.db, new)
    if link is None:
        return []
    await ctx.schedule(
        LOOK_JOB, ctx.now + ANNOUNCED_WITHIN, item=link.item
    )  # its maker may bring others
    return [
        effect for effect in await room_guard.guard_room(ctx, link) if not isinstance(effect, Line)
    ]
