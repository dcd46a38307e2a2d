"""What becomes public of what is kept in the library: a text, or data with its source and file."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from bot.api import Context, Item, UserError, _, n_, public_services
from bot.api import public_document as documents
from commands.library import source_facts, store
from commands.library.declaration import ITEM_KIND
from commands.library.source_facts import LONGEST_VALUE
from commands.library.store import Resource
from commands.sources import sheet
from commands.sources.declaration import feature
from commands.sources.public import clean_file
from commands.sources.public.clean_file import CleanFile
from commands.sources.sheet import SheetEntry

LONGEST_TITLE = 120
LONGEST_LINK = 2_000
LONGEST_THEME = 60
_BETWEEN = re.compile(r"\n[ \t]*\n\s*")
_NUMBERED = re.compile(r"\d{1,3}\. ")


@feature.offers(public_services.PUBLISH_ITEM.of(ITEM_KIND))
async def publish_resource(
    ctx: Context, item: Item, names: public_services.PublicNames
) -> public_services.Publication:
    """Return the public document of a resource of the library. It does not name its keeper.

    Raises `UserError` for one of another network, and for a file that can't be handed out.
    """
    one = await store.get_resource(ctx.db, item.number)
    if one is None:
        raise UserError(_("{number} is not in the library any more.", number=item.number))
    if one.origin:
        raise UserError(
            _(
                "#{name} is of {network}: only they make it public.",
                name=one.name,
                network=one.origin,
            )
        )
    typed = public_services.typed_text(ctx, names)
    facts = await source_facts.get_facts(ctx.db, one.item)
    entry = sheet.make_entry(one, facts, ctx.defaults.zone)
    is_text = one.kind == "text" and facts is None
    title, paragraphs = _text_parts(one, entry) if is_text else (entry.title, entry.notes)
    files = _public_file(ctx, one, names)
    document = documents.PublicDocument(
        kind="text" if is_text else "data",
        number=item.number,
        title=typed(title),
        at=int(one.changed.timestamp()),
        paragraphs=tuple(typed(part) for part in _BETWEEN.split(paragraphs) if part),
        themes=tuple(typed(theme).text[:LONGEST_THEME] for theme in sorted(one.themes)),
        data=None if is_text else _source(one, entry, typed),
        files=tuple(described for described, _data in files),
    )
    content = {described.name: data for described, data in files}
    return public_services.Publication(document, content)


def _text_parts(one: Resource, entry: SheetEntry) -> tuple[str, str]:
    """Return title and text. A first line that is a paragraph of its own is no title."""
    is_title = entry.notes and len(entry.title) <= LONGEST_TITLE
    if is_title and not _NUMBERED.match(entry.title):
        return entry.title, one.text.partition("\n")[2].strip()
    return one.name, one.text


def _source(
    one: Resource, entry: SheetEntry, typed: Callable[[str], documents.PublicText]
) -> documents.PublicData:
    """Return what is known of where it comes from. A link that names somebody is left out."""
    link = entry.link if typed(entry.link).text == entry.link else ""
    licence, publisher, published = (
        typed(value).text[:LONGEST_VALUE]
        for value in (entry.licence, entry.publisher, entry.published)
    )
    return documents.PublicData(
        link=link if len(link) <= LONGEST_LINK else "",
        licence=licence,
        publisher=publisher,
        published=published,
        checked=None if one.doubtful else int(one.reviewed.timestamp()),
    )


def _public_file(
    ctx: Context, one: Resource, names: public_services.PublicNames
) -> list[tuple[documents.PublicFile, bytes]]:
    """Return its file, made anew, if it has one. Raises `UserError`, and `FetchNeeded` at first."""
    if one.file is None:
        return []
    media = one.file.media
    clean: CleanFile = ctx.fetched.file(
        one.room,
        media,
        clean_file.LARGEST,
        partial(clean_file.clean_file, name=media.name),
        encrypted=True,
    )
    if not names.may_name(clean.people):
        raise UserError(
            n_(
                "In its file stands the address of {count} person who did not agree to be named.",
                "In its file stand the addresses of {count} people who did not agree to be named.",
                len(set(clean.people) - names.agreed.keys()),
            ),
            _("Save it without them: `!update {number}`", number=one.item),
        )
    tell = public_services.public_line(ctx, names)
    name = f"data-{one.item}.{clean.ending}"
    described = documents.describe_file(
        name, clean.mime, clean.data, tell(clean.about), clean.columns
    )
    return [(described, clean.data)]
