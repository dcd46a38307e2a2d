"""Declaration of the search feature, and what the asker may find."""

from __future__ import annotations

from pathlib import Path

from bot.api import FINDABLE_KINDS, Context, Feature, FindableKind, Room, Topic, _, rooms, words

feature = Feature("finding", Path(__file__).parent)

WHAT_IS_NEW_JOB = feature.job("what is new")

FINDING = Topic(
    "finding",
    words("búsqueda", "busca", "search", "| pesquisa | searching"),
    _("To find something"),
)


async def all_kinds(ctx: Context) -> dict[str, FindableKind]:
    """Return all kinds of things that the search can find, by their keys."""
    found: dict[str, FindableKind] = {}
    for offer in ctx.registry.offers(FINDABLE_KINDS):
        found |= await offer(ctx)
    return found


async def visible_rooms(ctx: Context) -> list[Room]:
    """Return the rooms in which the asker's search may look; from an unverified device, only this
    room."""
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    return shared if ctx.is_trusted else [room for room in shared if room.room == ctx.room]
