"""Show a whole resource; a file of another network is checked first."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.api import Context, Line, Say, SendFile, UserError, _
from commands.library import search_index, store, texts
from commands.library.content import file_kinds
from commands.library.declaration import LARGEST, MEGABYTE
from commands.library.sources import facts
from commands.library.store import File, Resource


async def shown(ctx: Context, one: Resource, *further: Line) -> Say | SendFile:
    """Return the whole resource.

    A file of another network is left out if it is not what they claim.
    """
    notes: list[Line] = []
    for service in ctx.registry.services("elsewhere"):
        notes += await service(ctx, one.item)
    try:
        one = await _opened(ctx, one)
    except UserError as error:
        one = replace(one, file=None)
        notes.append(_("I don't show its file: {why}", why=error.lines[0]))
    return texts.whole(ctx, one, *await facts.lines(ctx, one), *notes, *further)


async def _opened(ctx: Context, one: Resource) -> Resource:
    """Return the resource with its file checked, which happens once. Raises `UserError`."""
    if one.file is None or one.file.mark:
        return one
    most = int(await ctx.setting(LARGEST, one.room)) * MEGABYTE
    look = partial(file_kinds.look, key=await store.key(ctx.db))
    media = one.file.media
    looked: file_kinds.Looked = ctx.fetched.file(one.room, media, most, look, encrypted=True)
    name = file_kinds.file_name(media.name, looked.kind, "file")
    media = replace(media, name=name, mime=looked.kind.mime, size=looked.size)
    after = replace(one, file=File(media, looked.mark))
    await store.put(ctx.db, after, await store.links(ctx.db, one.item))
    await search_index.put(ctx, after)
    return after
