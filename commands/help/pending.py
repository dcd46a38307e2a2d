"""`!pending`: what is open here, and until when."""

from __future__ import annotations

from bot.api import PENDING, Answer, Context, ItemAccess, Line, Reach, RoomId, _, n_, rooms, words
from commands.help.declaration import HELP, PAGE_LINES, feature


async def open_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line for each item that is open in the room, of all capabilities."""
    found: list[Line] = []
    for offer in ctx.registry.offers(PENDING):
        found += await offer(ctx, room)
    return found


@feature.command(
    words(
        "pendientes",
        "pendentes",
        "pending",
        "abiertas, qué falta votar, qué hay abierto | "
        "abertas, o que falta votar, o que está aberto | "
        "open, what is open",
    ),
    help=_("what is open and until when"),
    example=_("For example: `!pending`"),
    topic=HELP,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def show_pending(ctx: Context) -> Answer:
    """List open items of the room; in private, the person's own and those of every shared room.

    What stands in several of these is listed with the first of them.
    """
    places = (
        await rooms.shared_rooms(ctx.db, ctx.who) if ctx.is_private else [await ctx.choose_room()]
    )
    lines = await open_lines(ctx, ctx.room) if ctx.is_private else []
    for place in places:
        found = [line for line in await open_lines(ctx, place.room) if line not in lines]
        if found and ctx.is_private:
            lines.append(_("{room}:", room=place.name or place.room))
        lines += found
    if not lines:
        return _("Nothing is open.")
    more = len(lines) - PAGE_LINES
    return (
        [*lines[:PAGE_LINES], n_("and {count} more", "and {count} more", more)]
        if more > 0
        else lines
    )
