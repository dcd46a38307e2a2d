"""The services of the library: summary, room moves, personal data, log entries."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    EXPORT_PERSON,
    FORGET,
    MOVE_ROOM,
    NETWORK_WIDE,
    SUMMARY,
    Context,
    Day,
    Effect,
    Item,
    Line,
    RoomId,
    UserId,
    _,
    n_,
    verbatim,
)
from commands.library import people_store, removal, search_index, store, texts, version_store
from commands.library.declaration import ITEM_KIND, feature
from commands.library.store import Visibility

feature.rows("library_resource", room="room", person="keeper", on_move="code", on_forget="blank")
feature.rows("library_theme", room="place", on_move="code")
feature.rows("library_round", room="room", on_clash="drop")
feature.rows("library_version", person="who", on_forget="blank")
feature.rows("library_version", person="said_by", on_forget="code")
feature.rows(
    "library_version", room="source_room", on_move="keep", why="where each version was said"
)
for table in ("library_resource", "library_version"):
    feature.rows(table, text="text", on_forget="code")

MOST_NEWEST = 3


@feature.offers(SUMMARY)
async def summarize_library(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return lines with the newest resources of these rooms and how to list the rest, or no
    lines."""
    sight = Visibility(tuple(places), network=True)
    rows, count = await store.newest_resources(ctx.db, sight, MOST_NEWEST, 0)
    if not rows:
        return []
    head = n_(
        "The library has {count} thing; the newest:",
        "The library has {count} things; the newest:",
        count,
    )
    return [head, *map(texts.resource_row, rows), _("All of it: `!resources`")]


@feature.offers(MOVE_ROOM)
async def move_room(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Give the library of a room to its successor. Return what to send."""
    await search_index.reindex(ctx, await people_store.move_room(ctx.db, old, new))
    return []


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete the resources with a person's words, also those made of messages that other people
    saved, and their address from the texts of others. Return lines that say what was deleted."""
    theirs = {one.item: one for one in await people_store.resources_said_by(ctx.db, person)}
    for one in await people_store.resources_kept_by(ctx.db, person):
        said_by = (await version_store.current_version(ctx.db, one)).source.said_by
        if said_by in ("", person):
            theirs[one.item] = one
    for one in theirs.values():
        await removal.remove_resource(ctx, one)
    left = len(await people_store.resources_kept_by(ctx.db, person))
    await search_index.reindex(ctx, await people_store.remove_words(ctx.db, person))
    gone = [
        n_(
            "{count} thing of yours in the library",
            "{count} things of yours in the library",
            len(theirs),
        )
    ] * bool(theirs)
    nameless = n_(
        "your name on {count} thing that you kept of others",
        "your name on {count} things that you kept of others",
        left,
    )
    return [*gone, *([nameless] if left else [])]


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with what a person saved in the library, and what others saved of their
    messages."""
    lines: list[Line] = []
    for one in await people_store.resources_kept_by(ctx.db, person):
        text = one.text or (one.file.media.name if one.file else "")
        lines.append(
            _(
                "You kept #{name}, {day}: {text}",
                name=one.name,
                day=Day(one.at),
                text=verbatim(text),
            )
        )
    others = [
        one for one in await people_store.resources_said_by(ctx.db, person) if one.keeper != person
    ]
    for one in others:
        text = one.text or (one.file.media.name if one.file else "")
        lines.append(
            _(
                "Somebody kept your message as #{name}, {day}: {text}",
                name=one.name,
                day=Day(one.at),
                text=verbatim(text),
            )
        )
    corrected = await people_store.count_corrected_by(ctx.db, person)
    if corrected:
        lines.append(
            n_(
                "You corrected {count} thing of the library.",
                "You corrected {count} things of the library.",
                corrected,
            )
        )
    return lines


@feature.offers(NETWORK_WIDE.of(ITEM_KIND))
async def is_network_wide(ctx: Context, item: Item) -> bool:
    """Return whether a resource is for the whole network."""
    one = await store.get_resource(ctx.db, item.number)
    return one is not None and one.seen == "network"
