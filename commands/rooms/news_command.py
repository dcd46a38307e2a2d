"""`!news`: what a room with a daily digest was told this week."""

from __future__ import annotations

from bot.api import (
    FIRST_PAGE,
    Answer,
    CommandPlace,
    Context,
    Day,
    ItemAccess,
    Line,
    Page,
    UserError,
    _,
    digest_queue,
    verbatim,
    words,
)
from commands.rooms.declaration import ROOMS, feature

PAGE_LINES = 10


@feature.command(
    words("novedades", "novidades", "news"),
    help=_("what I had to say here this week, where I say it once a day"),
    example=_("For example: `!news 2`"),
    topic=ROOMS,
    does=ItemAccess.READS,
    where=CommandPlace.ROOM,
)
async def news(ctx: Context, page: Page = FIRST_PAGE) -> Answer:
    """Show past digest lines, the newest first, a page at a time. Return the answer."""
    room = ctx.target_room.room
    offset = PAGE_LINES * (max(page, 1) - 1)
    policy = await ctx.policy_of_room(room)
    hour = policy.values.get("daily")
    found = await digest_queue.recent(ctx.db, room, PAGE_LINES + 1, offset)
    if not found:
        raise UserError(
            _("There is no news here that waited."),
            _("I say once a day what can wait, at {hour}.", hour=hour)
            if hour
            else _("To hear once a day what can wait: `!config daily-digest 20:00`"),
        )
    lines: list[Line] = [
        _("{day}: {text}", day=Day(one.at, policy.zone), text=verbatim(one.text))
        for one in found[:PAGE_LINES]
    ]
    if len(found) > PAGE_LINES:
        lines.append(_("More: `!news {page}`", page=max(page, 1) + 1))
    return lines
