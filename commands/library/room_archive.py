"""Give what a room's library holds to another room, and keep a text there for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, EventId, RoomId, fold, items
from commands.library import people_store, reviews, revisions, search_index, store, version_store
from commands.library.content import typed_entries
from commands.library.declaration import LONGEST_TEXT
from commands.library.store import NOBODY, Resource, Visibility
from commands.library.version_store import Source

_ROOM_FOR_NUMBER = 5
"""Letters of a name that are left for a number behind it."""


async def count_resources(ctx: Context, room: RoomId) -> int:
    """Return how many resources are in the room's library."""
    return len(await people_store.resources_in(ctx.db, room))


async def move_resources(ctx: Context, old: RoomId, new: RoomId) -> int:
    """Move all resources of a room's library to another room, and return how many there were.

    Who is there may see them from now on. A name that is used there gets its number added.
    """
    numbers = await people_store.resources_in(ctx.db, old)
    await people_store.move_room(ctx.db, old, new)
    for number in numbers:
        await items.set_room(ctx.db, number, new)
    await search_index.reindex(ctx, numbers)
    if numbers:
        await reviews.begin_reviews(ctx, new)
    return len(numbers)


async def keep_text(ctx: Context, room: RoomId, wanted: str, rows: Sequence[str]) -> list[str]:
    """Store rows of text in the room's library under this name, and return the names.

    Nobody keeps it: it is the room's. What is too long for one resource goes into several.
    """
    names = []
    for text in _parts(rows):
        name = await free_name(ctx, room, typed_entries.suggest_name(fold(wanted)) or "acta")
        number = await revisions.add_item(ctx, name, room, NOBODY, ctx.said_at)
        kept = Resource(
            *(number, room, name, "text", text, None, "room", NOBODY),
            *(ctx.said_at, ctx.said_at, ctx.said_at),
        )
        await store.save_resource(ctx.db, kept, ())
        await version_store.add_version(ctx.db, kept, NOBODY, Source(EventId(""), room))
        await search_index.index_resource(ctx, kept)
        names.append(name)
    await reviews.begin_reviews(ctx, room)
    return names


async def free_name(ctx: Context, room: RoomId, wanted: str) -> str:
    """Return the wanted name of a resource, with a number behind it if the room has it already."""
    sight, name, n = Visibility((room,), network=True), wanted, 1
    while await store.resources_named(ctx.db, name, sight) or await store.is_theme(
        ctx.db, name, sight
    ):
        n += 1
        name = f"{wanted[: typed_entries.LONGEST_NAME - _ROOM_FOR_NUMBER]}-{n}"
    return name


def _parts(rows: Sequence[str]) -> list[str]:
    """Return the rows joined to texts that are short enough to be kept."""
    parts: list[str] = []
    for row in rows:
        line = row[:LONGEST_TEXT]
        if parts and len(parts[-1]) + len(line) < LONGEST_TEXT:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts
