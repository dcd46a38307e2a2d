"""A feed for each language (Atom, RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as Xml

from commands.public_site import paths, site_words
from commands.public_site.published import PublishedItem, SiteProfile, documents
from commands.public_site.typed_words import clean, language_in, plain

MIME = "application/atom+xml"
_SPACE = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TITLE, _SUMMARY = 200, 2_000
"""Letters at which titles and summaries are cut."""
_IDS = uuid.UUID("5ab1c7a6-3f0b-5d5e-9d0c-6d696e676100")


def stable_id(site: SiteProfile, *parts: str | int) -> str:
    """Return an id (RFC 4122, version 5) by which the public site names one thing for ever."""
    return str(uuid.uuid5(_IDS, "/".join((site.key, *map(str, parts)))))


def write_feed(
    items: Sequence[PublishedItem], site: SiteProfile, language: documents.Language
) -> bytes:
    """Return the Atom feed of these public items, in their order. The caller leaves out what is
    withdrawn, and puts the newest first."""
    feed = Xml.Element("feed", {"xmlns": _SPACE, _LANG: language})
    title = site_words.say(site_words.NEWS, language, network=clean(site.name))
    _add(feed, "title", title)
    _add(feed, "id", f"urn:uuid:{stable_id(site, language)}")
    _add(feed, "updated", site_words.iso(max((item.changed for item in items), default=0)))
    author = Xml.SubElement(feed, "author")
    _add(author, "name", clean(site.name) or "Minga")
    folder = f"{site.address}{language}/" if site.address else ""
    Xml.SubElement(feed, "link", rel="alternate", type="text/html", href=f"{folder}{paths.INDEX}")
    if site.address:
        Xml.SubElement(feed, "link", rel="self", type=MIME, href=f"{folder}{paths.FEED}")
    for item in items:
        if item.document:
            feed.append(_entry(item, item.document, site, language, folder))
    return bytes(Xml.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(
    item: PublishedItem,
    document: documents.PublicDocument,
    site: SiteProfile,
    language: documents.Language,
    folder: str,
) -> Xml.Element:
    entry = Xml.Element("entry")
    _add(entry, "id", f"urn:uuid:{stable_id(site, item.number)}")
    title = _add(entry, "title", plain(document.title, language, _TITLE))
    if (own := language_in(document.title, language)) != language:
        title.set(_LANG, own)
    _add(entry, "published", site_words.iso(item.since))
    _add(entry, "updated", site_words.iso(item.changed))
    page = f"{folder}{paths.item_page(item.kind, item.number)}"
    Xml.SubElement(entry, "link", rel="alternate", type="text/html", href=page)
    Xml.SubElement(
        entry, "category", term=item.kind, label=site_words.lists_in(language)[item.kind]
    )
    _add(entry, "summary", _shortened("\n".join(_summary(document, language)))).set("type", "text")
    return entry


def _summary(document: documents.PublicDocument, language: documents.Language) -> Iterator[str]:
    for fact in document.facts:
        name, value = (plain(one, language, _TITLE) for one in (fact.name, fact.value))
        yield f"{name}: {value}"
    for text in document.paragraphs:
        yield clean(text.in_language(language)[:_SUMMARY])


def _shortened(text: str) -> str:
    return text if len(text) <= _SUMMARY else f"{text[: _SUMMARY - 1]}…"


def _add(parent: Xml.Element, name: str, text: str) -> Xml.Element:
    made = Xml.SubElement(parent, name)
    made.text = text
    return made
