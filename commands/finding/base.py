"""What every part of the search knows."""

from __future__ import annotations

from pathlib import Path

from bot.api import Context, Feature, Kind, Room, Topic, _, rooms, words

feature = Feature("finding", Path(__file__).parent)

FINDING = Topic(
    "finding", words("búsqueda", "pesquisa", "searching"), _("To find what was kept and offered")
)


async def kinds(ctx: Context) -> dict[str, Kind]:
    """All that can be found, by the key it is kept under."""
    found: dict[str, Kind] = {}
    for offer in ctx.registry.services("kinds"):
        found |= await offer(ctx)
    return found


async def seen_by(ctx: Context) -> list[Room]:
    """The rooms whose things `ctx.who` may see now; from a device in doubt, only this room's."""
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    return shared if ctx.trusted else [room for room in shared if room.room == ctx.room]
