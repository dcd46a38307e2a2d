"""Write resources, new or corrected, with their versions and visibility."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.api import (
    Answer,
    Context,
    Number,
    RoomId,
    UserError,
    UserId,
    _,
    items,
    require_voice,
)
from commands.library import search_index, store, texts, version_store
from commands.library.content.collection import Content
from commands.library.content.typed_entries import TypedEntry
from commands.library.declaration import ITEM_KIND, MOST_PER_KEEPER, feature
from commands.library.store import NOBODY, Resource

feature.log_line("published", _("showed {number} of the library to the whole network"))
feature.log_line("corrected", _("corrected {number} of the library"))


async def check_may_publish(ctx: Context, room: RoomId) -> None:
    """Raise `UserError` unless the person moderates the room, and so may show its texts outside.

    What is said in a room is shown outside it only if its moderators want that.
    """
    if not await ctx.moderates(room):
        raise UserError(
            _("You can't show it to the whole network: that is for the room's moderators."),
            _("Keep it for this room, without `visible:network`, and ask one of them."),
        )


async def check_may_keep_more(ctx: Context) -> None:
    """Raise `UserError` if the person keeps as many resources of the library as one person may."""
    if not ctx.defaults.unlimited and await store.count_kept_by(ctx.db, ctx.who) >= MOST_PER_KEEPER:
        raise UserError(
            _(
                "You have kept {most} things here; that is all I keep for one person.",
                most=MOST_PER_KEEPER,
            ),
            _(
                "Take out what is not needed any more: `!cancel {number}`",
                number=await ctx.example_number(feature.name),
            ),
        )


def check_own_network(one: Resource) -> None:
    """Raise `UserError` for a copy of another network's resource, which only that network
    changes."""
    if one.origin:
        raise UserError(
            _(
                "#{name} is of {network}, so it isn't changed here.",
                name=one.name,
                network=one.origin,
            ),
            _(
                "To say who may see it: `!update {number} visible:network`. To take it out:"
                " `!cancel {number}`",
                number=one.item,
            ),
        )


async def add_item(ctx: Context, name: str, room: RoomId, keeper: UserId, at: datetime) -> Number:
    """Create the item of a resource of the library, whichever capability makes it, and return its
    number."""
    return await items.add(ctx.db, feature.name, ITEM_KIND, room, keeper, name, at)


async def add_own_item(ctx: Context, name: str, room: RoomId) -> Number:
    """Create the item of a resource that the person keeps, and return its number. Raises
    `UserError` for a person without a voice in the room."""
    await require_voice(ctx, room)
    return await add_item(ctx, name, room, ctx.who, ctx.said_at)


async def write_resource(ctx: Context, one: Resource, taken: Content) -> None:
    """Store a resource of the library, index it, and add its version."""
    await store.save_resource(ctx.db, one, [link.known for link in taken.links])
    await version_store.add_version(ctx.db, one, ctx.who, taken.source)
    await search_index.index_resource(ctx, one)


async def correct_resource(
    ctx: Context, before: Resource, typed: TypedEntry, taken: Content
) -> Answer:
    """Store a correction of a library resource as the next version, which counts as confirmed.
    Return what to say, if anything. Raises `UserError` if the whole network would read it and the
    person may not decide that."""
    await _check_visibility(ctx, before, typed, taken.source.said_by)
    after = replace(
        before,
        kind=taken.kind,
        text=taken.text,
        file=taken.file,
        seen=typed.seen or before.seen,
        themes=typed.themes or before.themes,
        changed=ctx.said_at,
        reviewed=ctx.said_at,
        doubtful=False,
        version=before.version + 1,
    )
    await write_resource(ctx, after, taken)
    if ctx.who != before.keeper:
        await ctx.log("corrected", {"number": before.item}, room=before.room)
    return texts.resource_message(
        ctx,
        after,
        _(
            "#{name} ({number}) now says: {text}",
            name=after.name,
            number=after.item,
            text=texts.short_content(after),
        ),
        *texts.link_warnings(taken.links),
        _("How it was before: `!versions {number}`", number=after.item),
    )


async def _check_visibility(
    ctx: Context, before: Resource, typed: TypedEntry, said_by: UserId = NOBODY
) -> None:
    """Check and log that a resource becomes visible to the network.

    Only moderators may do that, also with the words of other people. Raises `UserError`.
    """
    shown = typed.seen == "network" and before.seen != "network"
    others = said_by not in (NOBODY, ctx.who) and (typed.seen or before.seen) == "network"
    if shown or others:
        await check_may_publish(ctx, before.room)
    if shown:
        await ctx.log("published", {"number": before.item}, room=before.room)


async def rename_resource(ctx: Context, before: Resource, name: str) -> None:
    """Store a new name for a resource. A change by others than the keeper is logged."""
    if ctx.who != before.keeper:
        await ctx.log("corrected", {"number": before.item}, room=before.room)
    await store.save_resource(
        ctx.db, replace(before, name=name), await store.links_of(ctx.db, before.item)
    )
    await search_index.reindex(ctx, [before.item])


async def change_themes(ctx: Context, before: Resource, typed: TypedEntry) -> Answer:
    """Store the themes or the visibility in `typed` for a resource, which is `before` now; its
    content stays. A change by another person than its keeper is logged. Return what to say.

    Raises `UserError` if it would become visible to the network and the person may not decide that.
    """
    await _check_visibility(ctx, before, typed)
    if ctx.who != before.keeper:
        await ctx.log("corrected", {"number": before.item}, room=before.room)
    after = replace(before, themes=typed.themes or before.themes, seen=typed.seen or before.seen)
    await store.save_resource(ctx.db, after, await store.links_of(ctx.db, before.item))
    await search_index.index_resource(ctx, after)
    return texts.resource_message(ctx, after, texts.resource_row(after), *texts.detail_lines(after))
