"""What whoever greets the bot in private can do now."""

from __future__ import annotations

from bot.api import HELLO_LINES, Context, Line, _, rooms
from commands.help.declaration import feature
from commands.help.overviews import (
    NEWCOMER_IN_PRIVATE,
    arrival_lines,
    hint,
    hint_lines,
)
from commands.help.pending import open_lines

ROOMS_LOOKED_AT = 20
LIKELIEST = (
    hint(_("see what comes: `!events`")),
    hint(_("see what can be done: `!help`")),
)


@feature.offers(HELLO_LINES)
async def hello_lines(ctx: Context) -> list[Line]:
    """Return what is open and what comes, and how to get help; for somebody new, all of their
    help."""
    arrival = await arrival_lines(ctx)
    if arrival:
        return [*arrival, *await hint_lines(ctx, NEWCOMER_IN_PRIVATE)]
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    async for _room, found in open_lines(ctx, [one.room for one in shared[:ROOMS_LOOKED_AT]]):
        first = _("see what is open: `!pending`. First: {first}", first=found[0])
        return [first, *await hint_lines(ctx, LIKELIEST)]
    return [_("see what is open: `!pending`"), *await hint_lines(ctx, LIKELIEST)]
