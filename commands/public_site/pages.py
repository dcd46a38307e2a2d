"""The HTML pages. Where a network's own templates fail, ours take their place."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

from bot.api import Line, fingerprint, one_line
from commands.public_site import paths, site_words
from commands.public_site.made_pages import frame
from commands.public_site.page_templates import PageTemplates, built_in
from commands.public_site.page_values import (
    Values,
    frame_title,
    item_dates,
    item_values,
    listed,
    page_values,
)
from commands.public_site.published import PublishedItem, SiteProfile, documents
from commands.public_site.typed_words import SHORT, block, clean, plain
from commands.public_site.unfit_template import UnfitTemplate

Pages = dict[str, bytes]
"""The content of pages by their paths."""


class PageMaker:
    """Makes pages for one network. `faults`: what its own templates could not do, for operators."""

    def __init__(self, site: SiteProfile, templates: PageTemplates | None = None) -> None:
        self.site = replace(site, name=one_line(clean(site.name)))
        self.templates = templates or built_in()
        self.faults: dict[str, Line] = {}

    def item(self, item: PublishedItem) -> Pages:
        """Return the HTML pages of a public item, or those that say that it was withdrawn."""
        name, pages = paths.item_page(item.kind, item.number), Pages()
        for language in self.site.languages:
            document = item.document
            if document is None:
                title = site_words.say(site_words.ONE[item.kind], language, number=item.number)
                values = page_values(self.site, language, name, "withdrawn", title)
                reason = block(item.reason, language) if item.reason else ""
                values |= {"reason": reason, **item_dates(item, self.site, language)}
                values["changed"] = site_words.say_day(item.changed, self.site.zone, language)
            else:
                title = plain(document.title, language, SHORT)
                values = page_values(self.site, language, name, "item", title)
                values |= item_values(item, document, self.site, language)
            pages |= self._page(language, name, values)
        return pages

    def list(self, kind: documents.Kind, page: int, items: Sequence[PublishedItem]) -> Pages:
        """Return one HTML page of a list of items, which keeps its number for ever."""
        older = paths.list_page(kind, page - 1) if page > 1 else ""
        return self._lists(kind, paths.list_page(kind, page), items, older, paths.list_page(kind))

    def newest_list(
        self, kind: documents.Kind, last: int, items: Sequence[PublishedItem], shown: int
    ) -> Pages:
        """Return the HTML page by which one enters a list. `items`: those of its last `shown` pages
        by place."""
        older = paths.list_page(kind, last - shown) if last > shown else ""
        return self._lists(kind, paths.list_page(kind), items, older, "")

    def home(self, items: Sequence[PublishedItem]) -> Pages:
        """Return the first HTML page of each language with the newest items, newest first."""
        pages = Pages()
        for language in self.site.languages:
            values = page_values(self.site, language, paths.INDEX, "home", self.site.name)
            said = site_words.say(
                site_words.INTRODUCTION, language, network=self.site.name or "Minga"
            )
            values |= {"introduction": said, "items": listed(items, self.site, language)}
            pages |= self._page(language, paths.INDEX, values)
        return pages

    def check(self) -> Pages:
        """Return the HTML page that says how the public site is checked."""
        pages = Pages()
        for language in self.site.languages:
            title = site_words.words_in(language)["check"]
            values = page_values(self.site, language, paths.CHECK, "check", title)
            values["key"] = fingerprint(self.site.key)
            values["decisions"] = site_words.lists_in(language)["decision"]
            pages |= self._page(language, paths.CHECK, values)
        return pages

    def front(self) -> Pages:
        """Return the HTML page at which a reader chooses the language."""
        choices = "\n".join(
            f'<li><a href="{one}/{paths.INDEX}" lang="{one}" hreflang="{one}">'
            f"{site_words.LANGUAGE_NAMES[one]}</a></li>"
            for one in self.site.languages
        )
        name = html.escape(self.site.name)
        body = f'<main id="content">\n<h1><bdi>{name}</bdi></h1>\n<ul>\n{choices}\n</ul>\n</main>\n'
        first = self.site.languages[0]
        return {paths.INDEX: frame(first, self.site.name, self.templates.style, body, None)}

    def _lists(
        self,
        kind: documents.Kind,
        name: str,
        items: Sequence[PublishedItem],
        older: str,
        newer: str,
    ) -> Pages:
        pages = Pages()
        for language in self.site.languages:
            title = site_words.lists_in(language)[kind]
            values = page_values(self.site, language, name, "list", title)
            values["items"] = listed(reversed(items), self.site, language)
            values |= {"older": older, "newer": newer}
            pages |= self._page(language, name, values)
        return pages

    def _page(self, language: documents.Language, name: str, values: Values) -> Pages:
        try:
            style, body = self.templates.style, self.templates.make_body(values)
        except UnfitTemplate as fault:
            self.faults[str(fault)] = fault.line
            style, body = built_in().style, built_in().make_body(values)
        feed = paths.FEED, site_words.say(site_words.NEWS, language, network=self.site.name)
        title = frame_title(self.site, values["title"])
        return {f"{language}/{name}": frame(language, title, style, body, feed)}
