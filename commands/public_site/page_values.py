"""What templates are given: plain words by name, typed ones escaped already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.api import one_line
from commands.public_site import paths, site_words
from commands.public_site.published import PublishedItem, SiteProfile, documents
from commands.public_site.typed_words import SHORT, block, clean, inline, label, safe_link

Values = dict[str, Any]
_SIGNED = "application/json"
"""Of the files of a decision only the signed result is of this type."""


def page_values(
    site: SiteProfile, language: documents.Language, name: str, shows: str, title: str
) -> Values:
    """Return the values that every page's template is given. `name`: of the page's file; `shows`:
    which part it is."""
    return {
        "shows": shows,
        "title": title,
        "language": language,
        "network": site.name,
        "words": site_words.words_in(language),
        "others": [
            {
                "code": other,
                "name": site_words.LANGUAGE_NAMES[other],
                "address": f"../{other}/{name}",
                "is_this": other == language,
            }
            for other in site.languages
        ],
        "lists": [
            {"name": said, "address": paths.list_page(kind)}
            for kind, said in site_words.lists_in(language).items()
        ],
    }


def listed(
    items: Iterable[PublishedItem], site: SiteProfile, language: documents.Language
) -> list[Values]:
    """Return the values of items as a list on a page shows them."""
    return [
        {
            "title": inline(item.document.title, language, SHORT) if item.document else "",
            "name": site_words.say(site_words.ONE[item.kind], language, number=item.number),
            "address": paths.item_page(item.kind, item.number),
            "day": site_words.say_day(shown_at(item), site.zone, language),
            "day_iso": site_words.iso(shown_at(item)),
            "is_withdrawn": item.document is None,
        }
        for item in items
    ]


def shown_at(item: PublishedItem) -> int:
    """Return the time that a list shows for an item: of an event its beginning, else when it was
    decided."""
    if item.document is None:
        return item.since
    return item.document.event.begins if item.document.event else item.document.at


def item_values(
    item: PublishedItem,
    document: documents.PublicDocument,
    site: SiteProfile,
    language: documents.Language,
) -> Values:
    """Return the values that an item's page is given beside `page_values`."""
    files = [
        {
            "name": file.name,
            "address": f"../{paths.file_of(item.number, file.name)}",
            "about": inline(file.about, language),
            "size": str(file.size),
            "sha256": file.sha256,
            "is_signed": item.kind == "decision" and file.mime == _SIGNED,
        }
        for file in document.files
    ]
    return {
        "heading": inline(document.title, language),
        "facts": [
            {"name": label(fact.name, language), "value": inline(fact.value, language)}
            for fact in document.facts
        ],
        "paragraphs": [block(text, language) for text in document.paragraphs],
        "result": _result(document.rows, language),
        "event": _event(document.event, language) if document.event else {},
        "source": _source(document.data, site, language) if document.data else [],
        "themes": [one_line(clean(theme)) for theme in document.themes],
        "files": files,
        "signed": next((file for file in files if file["is_signed"]), {}),
        "package": f"../{paths.file_of(item.number, paths.PACKAGE)}" if document.data else "",
        "record": f"../{paths.record(item.number)}",
        **item_dates(item, site, language),
    }


def item_dates(item: PublishedItem, site: SiteProfile, language: documents.Language) -> Values:
    """Return the dates that an item's pages show, withdrawn or not."""
    changed = item.changed > item.since
    return {
        "name": site_words.say(site_words.ONE[item.kind], language, number=item.number),
        "since": site_words.say_day(item.since, site.zone, language),
        "changed": site_words.say_day(item.changed, site.zone, language) if changed else "",
        "list": {
            "name": site_words.lists_in(language)[item.kind],
            "address": paths.list_page(item.kind, item.page),
        },
    }


def _result(rows: Sequence[documents.PublicRow], language: documents.Language) -> Values:
    return {
        "has_maybe": any(row.maybe for row in rows),
        "has_share": any(row.percent is not None for row in rows),
        "rows": [
            {
                "label": inline(row.label, language),
                "votes": str(row.votes),
                "maybe": str(row.maybe),
                "share": "" if row.percent is None else f"{row.percent}%",
                "is_chosen": row.won,
            }
            for row in rows
        ],
    }


def _event(event: documents.PublicEvent, language: documents.Language) -> Values:
    say = site_words.say_day if event.all_day else site_words.say_moment
    ends = event.ends if event.ends is not None and event.ends > event.begins else None
    if event.all_day and ends is not None:
        ends = ends - 1 if ends - event.begins > _DAY else None
    return {
        "begins": say(event.begins, event.zone, language),
        "begins_iso": site_words.iso(event.begins),
        "ends": say(ends, event.zone, language) if ends is not None else "",
        "ends_iso": site_words.iso(ends) if ends is not None else "",
        "place": inline(event.place, language) if event.place else "",
        "does_repeat": bool(event.repeats),
        "is_cancelled": event.cancelled,
    }


_DAY = 86_400


def _source(
    data: documents.PublicData, site: SiteProfile, language: documents.Language
) -> list[Values]:
    """Return what is known of where data comes from, each with its name."""
    words = site_words.words_in(language)
    told = (
        (words["publisher"], data.publisher, ""),
        (words["licence"], data.licence, safe_link(data.licence)),
        (words["link"], data.link, safe_link(data.link)),
        (words["published_there"], data.published, ""),
        (
            words["checked"],
            site_words.say_day(data.checked, site.zone, language) if data.checked else "",
            "",
        ),
    )
    return [
        {"name": name, "value": inline(documents.PublicText(text=value), language), "link": link}
        for name, value, link in told
        if value
    ]


def frame_title(site: SiteProfile, title: str) -> str:
    """Return the title of a page's browser window."""
    return title if title == site.name else f"{title} · {site.name}"
