"""Enter resources into the search index by name, words, themes and keeper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.api import (
    FINDABLE_KINDS,
    ITEM_CHANGED,
    Context,
    Findable,
    Number,
    _,
    public_changes,
    search,
    words,
)
from commands.library import source_facts, store, texts
from commands.library.declaration import feature
from commands.library.store import Resource

SOURCE_KIND = "source"
KIND_NAMES = {
    "text": words("texto", "texto", "text", "textos | textos | texts"),
    "link": words("enlace", "link", "link", "enlaces, vínculo | links, ligação | links"),
    "file": words("archivo", "arquivo", "file", "archivos | arquivos | files"),
    SOURCE_KIND: words("fuente", "fonte", "source", "datos | dados | data, dataset"),
}


@feature.offers(FINDABLE_KINDS)
async def search_kinds(_ctx: Context) -> Mapping[str, search.FindableKind]:
    """Return what the search needs to find resources of the library: each kind, its name, and the
    command that opens one."""
    opens = _("`#{name}`")
    return {kind: search.FindableKind(name, opens) for kind, name in KIND_NAMES.items()}


async def index_resource(ctx: Context, one: Resource) -> None:
    """Index a resource of the library as it is now, and notify the networks with which it is
    shared.

    Who may see it is checked at each search.
    """
    file = one.file.media.name if one.file else ""
    source = await source_facts.get_facts(ctx.db, one.item)
    known = " ".join(source.known_values) if source else ""
    title = texts.shorten_text(one.text.split("\n")[0]) if source else texts.short_content(one)
    await search.index_entry(
        ctx.db,
        Findable(
            feature=feature.name,
            ref=str(one.item),
            kind=SOURCE_KIND if source else one.kind,
            room=one.room,
            title=title,
            name=one.name,
            at=one.changed,
            text=f"{one.text} {file} {known}",
            themes=one.themes,
            person=one.keeper,
            item=one.item,
            network=one.seen == "network",
            unreviewed=one.doubtful,
        ),
    )
    for service in ctx.registry.offers(ITEM_CHANGED):
        await service(ctx, one.item)
    await public_changes.note_change(ctx, one.item)


async def reindex(ctx: Context, numbers: Sequence[Number]) -> None:
    """Index these resources again after their review state or name has changed."""
    for number in numbers:
        if (one := await store.get_resource(ctx.db, number)) is not None:
            await index_resource(ctx, one)
