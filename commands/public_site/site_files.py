"""All files of the site: those that a change touches, or the whole of it.

One more item touches as many files among ten thousand as among ten.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping

from commands.public_site import machine_files, paths, tables
from commands.public_site.pages import PageMaker
from commands.public_site.published import (
    KINDS,
    PER_PAGE,
    PublishedItem,
    SiteFile,
    SiteReader,
    documents,
)
from commands.verify_page.page import build_page

ENTRANCE = 2
"""Pages of a list whose items the entrance shows."""


async def changed_files(
    maker: PageMaker, reader: SiteReader, numbers: Collection[int], *, fixed: bool = False
) -> AsyncIterator[SiteFile]:
    """Yield each file of the public site that a change of these items touches.

    Some may be as they were before. `fixed`: also those that belong to no item, to which every
    page leads: among them the lists, and the calendar, of what there is nothing of.
    """
    touched: dict[documents.Kind, set[int]] = {}
    begun = fixed
    for number in sorted(set(numbers)):
        item = await reader.item(number)
        if item is None:
            continue
        async for file in _item_files(maker, reader, item):
            yield file
        touched.setdefault(item.kind, set()).add(item.page)
        begun = begun or item.place % PER_PAGE == 0
    last_pages = await reader.last_pages()
    empty = [kind for kind in KINDS if fixed and kind not in last_pages]
    if fixed:
        for file in _files(_fixed_files(maker)):
            yield file
    for kind, pages in touched.items():
        for page in sorted(pages):
            for file in _files(await _list_files(maker, reader, kind, page)):
                yield file
    for kind in (*touched, *empty):
        for file in _files(await _entrance(maker, reader, kind, last_pages)):
            yield file
    async for file in _common_files(maker, reader, with_dates="event" in (*touched, *empty)):
        yield file
    if begun:
        yield SiteFile(paths.PACKAGE, tables.describe_tables(maker.site, last_pages))


def _fixed_files(maker: PageMaker) -> dict[str, bytes]:
    """Return the files of the public site that are the same whatever is published."""
    return {
        **maker.front(),
        **maker.check(),
        paths.SCHEMA: machine_files.write_schema(),
        paths.VERIFY: build_page(),
    }


async def _item_files(
    maker: PageMaker, reader: SiteReader, item: PublishedItem
) -> AsyncIterator[SiteFile]:
    for file in _files(maker.item(item)):
        yield file
    yield SiteFile(paths.record(item.number), machine_files.write_record(item))
    contents: dict[str, bytes] = {}
    if document := item.document:
        for one in document.files:
            contents[one.name] = await reader.file(item.number, one.name)
        if document.data and contents and paths.PACKAGE not in contents:
            contents[paths.PACKAGE] = tables.describe_files(document, contents)
    for name in sorted({*item.former, paths.PACKAGE} - contents.keys()):
        yield SiteFile(paths.file_of(item.number, name), None)
    for name, content in contents.items():
        yield SiteFile(paths.file_of(item.number, name), content)


async def _list_files(
    maker: PageMaker, reader: SiteReader, kind: documents.Kind, page: int
) -> Mapping[str, bytes]:
    return _list_of(maker, kind, page, await reader.page(kind, page))


def _list_of(
    maker: PageMaker, kind: documents.Kind, page: int, items: Iterable[PublishedItem]
) -> Mapping[str, bytes]:
    shown = list(items)
    return {**maker.list(kind, page, shown), **tables.write_parts(kind, page, shown)}


async def _entrance(
    maker: PageMaker,
    reader: SiteReader,
    kind: documents.Kind,
    last_pages: Mapping[documents.Kind, int],
) -> Mapping[str, bytes]:
    last = last_pages.get(kind, 0)
    pages = range(max(1, last - ENTRANCE + 1), last + 1)
    items = [item for page in pages for item in await reader.page(kind, page)]
    return maker.newest_list(kind, last, items, ENTRANCE)


async def _common_files(
    maker: PageMaker, reader: SiteReader, *, with_dates: bool
) -> AsyncIterator[SiteFile]:
    """Yield what shows the newest of all kinds."""
    from commands.public_site.feeds import write_feed  # which loads an XML library

    newest = await reader.newest()
    for file in _files(maker.home(newest)):
        yield file
    for language in maker.site.languages:
        yield SiteFile(f"{language}/{paths.FEED}", write_feed(newest, maker.site, language))
    if with_dates:
        # icalendar takes 3 MiB: it is loaded when a date is published.
        from commands.public_site.calendar_file import write_calendar

        yield SiteFile(paths.CALENDAR, write_calendar(await reader.dates(), maker.site))


def _files(made: Mapping[str, bytes]) -> list[SiteFile]:
    return [SiteFile(path, content) for path, content in made.items()]
