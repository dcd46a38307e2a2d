"""Show a whole resource; a file of another network is checked first."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.api import REMOTE_COUNT_LINES, Context, Line, Say, SendFile, UserError, _
from commands.library import search_index, source_facts, store, texts
from commands.library.content import file_kinds
from commands.library.declaration import LARGEST_FILE, MEGABYTE
from commands.library.store import File, Resource


async def show_resource(ctx: Context, one: Resource, *further: Line) -> Say | SendFile:
    """Return the message that shows a whole resource of the library.

    A file of another network is left out if it is not what they claim.
    """
    notes: list[Line] = []
    for service in ctx.registry.offers(REMOTE_COUNT_LINES):
        notes += await service(ctx, one.item)
    try:
        one = await _check_remote_file(ctx, one)
    except UserError as error:
        one = replace(one, file=None)
        notes.append(_("I don't show its file: {why}", why=error.lines[0]))
    return texts.whole_resource(
        ctx, one, *await source_facts.load_lines(ctx, one), *notes, *further
    )


async def _check_remote_file(ctx: Context, one: Resource) -> Resource:
    """Return the resource with its file checked, which happens once. Raises `UserError`."""
    if one.file is None or one.file.mark:
        return one
    most = int(await ctx.setting_value(LARGEST_FILE, one.room)) * MEGABYTE
    look = partial(file_kinds.check_file, key=await store.mark_key(ctx.db))
    media = one.file.media
    looked: file_kinds.CheckedFile = ctx.fetched.file(one.room, media, most, look, encrypted=True)
    name = file_kinds.safe_file_name(media.name, looked.kind)
    media = replace(media, name=name, mime=looked.kind.mime, size=looked.size)
    after = replace(one, file=File(media, looked.mark))
    await store.save_resource(ctx.db, after, await store.links_of(ctx.db, one.item))
    await search_index.index_resource(ctx, after)
    return after
