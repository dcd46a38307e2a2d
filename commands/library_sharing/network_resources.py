"""Share resources with linked networks and take theirs: words and file keys, no people.

A file stays where it is: its address and key are shared. Here it is fetched only when somebody asks
for it, and shown only if it is what it claims to be.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote

from bot.api import (
    ITEM_NAMED,
    PARSE_SHARED,
    SHARE,
    STORE_SHARED,
    WITHDRAW_SHARED,
    Context,
    Effect,
    EventId,
    Line,
    Number,
    RoomId,
    Say,
    SharedItem,
    UserError,
    _,
    compact,
    find_addresses,
    rooms,
    verbatim,
)
from commands.library import (
    lookup,
    removal,
    revisions,
    search_index,
    source_facts,
    store,
    texts,
    version_store,
)
from commands.library.content import typed_entries
from commands.library.declaration import ITEM_KIND, LARGEST_FILE, MEGABYTE, MOST_PER_KEEPER
from commands.library.store import NOBODY, Resource
from commands.library.version_store import Source
from commands.library_sharing import shared_resource
from commands.library_sharing.declaration import feature
from commands.library_sharing.shared_resource import SharedResource

# --- out --------------------------------------------------------------------------------------


@feature.offers(ITEM_NAMED)
async def item_with_name(ctx: Context, name: str) -> Number | None:
    """Return the number of the library's resource with this name, or None.

    Raises `UserError` for a `#name` that nothing has.
    """
    word = name.removeprefix("#")
    if not word or word.isdecimal() or word.split() != [word]:
        return None
    one = await lookup.find_by_name(ctx, word)
    if one is None and name.startswith("#"):
        raise UserError(
            _("Nothing is called “{name}” here.", name=word[:40]),
            _("What there is: `!resources`"),
        )
    return one.item if one else None


@feature.offers(SHARE.of(ITEM_KIND))
async def share_resource(ctx: Context, item: Number) -> SharedItem:
    """Return the content, themes and source facts of a resource, without people.

    Raises `UserError` if it holds the address of somebody in this network.
    """
    one = await store.get_resource(ctx.db, item)
    if one is None:
        raise UserError(_("{number} is not in the library any more.", number=item))
    thing = shared_resource.to_shared(one, await source_facts.get_facts(ctx.db, item))
    body = shared_resource.write_body(thing)
    await _check_no_addresses(ctx, one, body)
    lines = shared_resource.content_lines(thing)
    if one.file is not None:
        lines.append(
            _(
                "The file stays where it is; its address and key go along, so that people there can"
                " open it. What is inside I don't read."
            )
        )
    return SharedItem(one.name, body, tuple(lines))


async def _check_no_addresses(ctx: Context, one: Resource, body: Mapping[str, str]) -> None:
    """Raise `UserError` if the content holds the address of somebody in this network."""
    said = unquote(" ".join(body.values())).casefold()
    for person in find_addresses(said):
        if await rooms.shares_room(ctx.db, person):
            raise UserError(
                _(
                    "#{name} holds the address of somebody in this network: {person}",
                    name=one.name,
                    person=verbatim(person),
                ),
                _("Without it, it can be shared: `!update {number} new text`", number=one.item),
            )


# --- in ---------------------------------------------------------------------------------------


@feature.offers(PARSE_SHARED.of(ITEM_KIND))
async def preview_resource(_ctx: Context, body: Mapping[str, str]) -> SharedItem:
    """Return lines with the content of a received resource, to be shown before it is accepted."""
    thing = shared_resource.read_body(body)
    words = tuple(f"{key} {body[key]}" for key in sorted(body) if key != "doubtful")
    return SharedItem(thing.name, body, tuple(shared_resource.content_lines(thing)), words)


@feature.offers(STORE_SHARED.of(ITEM_KIND))
async def receive_resource(
    ctx: Context,
    body: Mapping[str, str],
    room: RoomId,
    origin: str,
    copy: Number | None,
    mark: Callable[[Number], Awaitable[None]],
) -> list[Line | Effect]:
    """Add a resource that a network shared to the room's library, or update its `copy` silently.
    Return what to say.

    `mark` is called with the number of a new copy. Raises `UserError` if the resource is unfit, or
    if the network has shared as many as are kept.
    """
    thing, before = shared_resource.read_body(body), None
    await _check_file_size(ctx, thing, room)
    if copy is not None and (before := await store.get_resource(ctx.db, copy)) is None:
        return []
    if before is not None:
        await _store_copy(ctx, await _updated_copy(ctx, before, thing), thing)
        return []
    if await store.count_copies_from(ctx.db, origin) >= MOST_PER_KEEPER:
        raise UserError(
            _(
                "{network} has shared {most} things; that is all I keep of one.",
                network=origin,
                most=MOST_PER_KEEPER,
            )
        )
    number = await revisions.add_item(ctx, thing.name, room, ctx.me, ctx.now)
    await mark(number)
    fresh = Resource(
        number,
        room,
        "",
        "",
        "",
        None,
        "room",
        NOBODY,
        ctx.now,
        ctx.now,
        ctx.now,
        version=0,
        origin=origin,
    )
    one = await _updated_copy(ctx, fresh, thing)
    await _store_copy(ctx, one, thing)
    lines = (
        _(
            "{network} shared #{name} ({number}): {text}",
            network=origin,
            name=one.name,
            number=one.item,
            text=texts.short_content(one),
        ),
        _(
            "To see it: `#{name}`. To take it out: `!cancel {number}`",
            name=one.name,
            number=one.item,
        ),
    )
    return [Say(lines, room=room, item=one.item, slot="said:shared")]


@feature.offers(WITHDRAW_SHARED.of(ITEM_KIND))
async def withdraw_copy(ctx: Context, copy: Number, origin: str) -> list[Line | Effect]:
    """Delete the copy of a resource that another network no longer shares. Return what to say."""
    one = await store.get_resource(ctx.db, copy)
    if one is None:
        return []
    line = _(
        "{network} took back #{name}: it is out of the library.", network=origin, name=one.name
    )
    return [Say((line,), room=one.room), *await removal.remove_resource(ctx, one)]


async def _check_file_size(ctx: Context, thing: SharedResource, room: RoomId) -> None:
    """Raise `UserError` for a file larger than this room allows."""
    most = int(await ctx.setting_value(LARGEST_FILE, room))
    if thing.file is not None and thing.file.media.size > most * MEGABYTE:
        raise UserError(_("Its file is larger than what this room keeps: {most} MB.", most=most))


async def _updated_copy(ctx: Context, before: Resource, thing: SharedResource) -> Resource:
    file, old = thing.file, before.file
    if file and old and (file.media.url, file.media.secret) == (old.media.url, old.media.secret):
        file = old  # the file was checked before
    corrected = (thing.text, file) != (before.text, old)
    free = await _free_themes(ctx, before, thing)
    return replace(
        before,
        name=await _free_name(ctx, before, thing.name, free),
        kind=thing.kind,
        text=thing.text,
        file=file,
        changed=ctx.now if corrected else before.changed,
        reviewed=ctx.now,
        themes=free,
        doubtful=thing.doubtful,
        version=before.version + corrected,
    )


async def _free_themes(ctx: Context, before: Resource, thing: SharedResource) -> tuple[str, ...]:
    """Return the themes without those that are a name here."""
    here = store.Visibility((before.room,), network=True)
    return tuple(
        [
            theme
            for theme in thing.themes
            if not [
                o for o in await store.resources_named(ctx.db, theme, here) if o.item != before.item
            ]
        ]
    )


async def _free_name(ctx: Context, before: Resource, wanted: str, themes: tuple[str, ...]) -> str:
    """Return the wanted name, with a number if something here has it already."""
    here = store.Visibility((before.room,), network=True)
    name, n = wanted, 1
    while (
        compact(name) in map(compact, themes)
        or await store.is_theme(ctx.db, name, here)
        or [o for o in await store.resources_named(ctx.db, name, here) if o.item != before.item]
    ):
        n += 1
        name = f"{wanted[: typed_entries.LONGEST_NAME - 5]}-{n}"
    return name


async def _store_copy(ctx: Context, one: Resource, thing: SharedResource) -> None:
    """Store and index the copy without earlier versions, which its network keeps."""
    await store.save_resource(ctx.db, one, [link.known for link in thing.links])
    await version_store.delete_versions(ctx.db, one.item)
    await version_store.add_version(ctx.db, one, NOBODY, Source(EventId(""), one.room))
    await source_facts.delete_facts(ctx.db, one.item)
    if thing.facts is not None:
        await source_facts.save_facts(ctx.db, one.item, thing.facts)
    await search_index.index_resource(ctx, one)
    ctx.db.shred()
