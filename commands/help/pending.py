"""`!pending`: what is open here, and until when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from bot.api import (
    PENDING,
    PENDING_OF_KIND,
    Answer,
    Context,
    ItemAccess,
    Line,
    Reach,
    RoomId,
    _,
    items,
    n_,
    rooms,
    words,
)
from commands.help.declaration import HELP, PAGE_LINES, feature


async def open_lines(
    ctx: Context, places: Sequence[RoomId]
) -> AsyncIterator[tuple[RoomId, list[Line]]]:
    """Yield each room in which something is open, with a line for each thing."""
    kinds = await items.open_kinds(ctx.db, places)
    for place in places:
        found: list[Line] = []
        for offer in ctx.registry.offers(
            PENDING, *(PENDING_OF_KIND.of(kind) for kind in kinds[place])
        ):
            found += await offer(ctx, place)
        if found:
            yield place, found


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
    Return the answer.

    What stands in several of these is listed with the first of them.
    """
    places = (
        await rooms.shared_rooms(ctx.db, ctx.who) if ctx.is_private else [await ctx.choose_room()]
    )
    names = {place.room: place.name or place.room for place in places}
    lines: list[Line] = []
    async for room, every in open_lines(ctx, [*([ctx.room] if ctx.is_private else []), *names]):
        found = [line for line in every if line not in lines]
        if found and ctx.is_private and room in names:
            lines.append(_("{room}:", room=names[room]))
        lines += found
    if not lines:
        return _("Nothing is open.")
    more = len(lines) - PAGE_LINES
    return (
        [*lines[:PAGE_LINES], n_("and {count} more", "and {count} more", more)]
        if more > 0
        else lines
    )
