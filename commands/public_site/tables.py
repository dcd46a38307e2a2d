"""Decisions, their results and events as tables (CSV, RFC 4180), and what describes them.

A table is cut into parts, one for each page of a list, so that one more item changes one part. The
description is a data package of the Frictionless Data project (Data Package 2.0).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.api import shorten_line, spreadsheets
from commands.public_site import paths, site_words
from commands.public_site.published import PublishedItem, SiteProfile, documents
from commands.public_site.typed_words import clean, safe_link

FIELDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "decisions": (
        ("number", "integer", "The decision's number in its network"),
        ("title", "string", "What was decided on, as it was written"),
        ("language", "string", "The title's language (ISO 639-1), if it is known"),
        ("decided", "datetime", "When it was decided, UTC"),
        ("record", "string", "Where all that is public of it stands"),
    ),
    "results": (
        ("number", "integer", "The decision's number in its network"),
        ("option", "string", "An option, as it was written"),
        ("votes", "integer", "Votes or points for it"),
        ("maybe", "integer", "In a poll on dates: how many more can come if need be"),
        ("percent", "integer", "Its share, where there is one"),
        ("won", "boolean", "Whether it was chosen"),
    ),
    "events": (
        ("number", "integer", "The event's number in its network"),
        ("title", "string", "What it is, as it was written"),
        ("language", "string", "The title's language (ISO 639-1), if it is known"),
        ("begins", "datetime", "When it begins, UTC"),
        ("ends", "datetime", "When it is over, UTC, if that is known"),
        ("zone", "string", "Its time zone (IANA)"),
        ("place", "string", "Where, as it was written"),
        ("repeats", "string", "The rule by which it repeats (RFC 5545), or nothing"),
        ("cancelled", "boolean", "Whether it was called off"),
        ("record", "string", "Where all that is public of it stands"),
    ),
}
"""The tables: name, type and description of each column."""
OF_KIND: Mapping[documents.Kind, tuple[str, ...]] = {
    "decision": ("decisions", "results"),
    "event": ("events",),
}
"""The tables in which items of a kind stand."""
_MOST = 10_000
_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
_LICENCE_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def write_parts(
    kind: documents.Kind, page: int, items: Sequence[PublishedItem]
) -> dict[str, bytes]:
    """Return the parts of public tables that a page of a list of items fills, by their paths."""
    return {
        paths.table(name, page): _to_csv(
            [[column for column, _type, _about in FIELDS[name]], *_rows(name, items)]
        )
        for name in OF_KIND.get(kind, ())
    }


def describe_tables(site: SiteProfile, last_pages: Mapping[documents.Kind, int]) -> bytes:
    """Return the description (a data package) of all public tables that are not empty."""
    resources = [
        {
            "name": name,
            "path": _parts(name, last_pages.get(kind, 0)),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "fields": [
                    {"name": column, "type": kind_of, "description": about}
                    for column, kind_of, about in FIELDS[name]
                ]
            },
        }
        for kind, names in OF_KIND.items()
        for name in names
        if last_pages.get(kind)
    ]
    return _package("minga-public", clean(site.name) or "Minga", resources)


def describe_files(document: documents.PublicDocument, contents: Mapping[str, bytes]) -> bytes:
    """Return the description (a data package) of a data set's files, with its source and licence.

    `contents`: the bytes of its files by name.
    """
    data = document.data or documents.PublicData()
    resources = [_resource(file, contents[file.name]) for file in document.files]
    extra: dict[str, Any] = {}
    if licence := clean(data.licence):
        name = licence if _LICENCE_NAME.fullmatch(licence) else "other"
        link = safe_link(licence)
        extra["licenses"] = [
            {"name": name, "title": licence[:200], **({"path": link} if link else {})}
        ]
    title, link = clean(data.publisher)[:200], safe_link(data.link)
    if title or link:
        extra["sources"] = [{"title": title or link[:200], **({"path": link} if link else {})}]
    extra["created"] = site_words.iso(document.at)
    return _package(f"minga-{document.number}", _written(document.title), resources, extra)


def _package(
    name: str,
    title: str,
    resources: Sequence[Mapping[str, Any]],
    extra: Mapping[str, Any] | None = None,
) -> bytes:
    whole = {"$schema": _SCHEMA, "name": name, "title": title, **(extra or {})}
    whole["resources"] = resources
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _parts(name: str, pages: int) -> list[str] | str:
    """Return the paths of a table's parts, of a single one as it is."""
    parts = [paths.table(name, page) for page in range(1, pages + 1)]
    return parts[0] if len(parts) == 1 else parts


def _resource(file: documents.PublicFile, content: bytes) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": file.name.replace(".", "-"),
        "path": file.name,
        "description": clean(file.about.in_language("en")),
        "mediatype": file.mime,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if file.columns:
        fields = [{"name": one.name, "type": one.type} for one in file.columns]
        made |= {"format": "csv", "encoding": "utf-8", "schema": {"fields": fields}}
    elif file.mime == "text/csv":
        made |= _table_description(content)
    return made


def _table_description(content: bytes) -> dict[str, Any]:
    """Return how a table is to be read, and its columns by the names in its first row."""
    text, sign = spreadsheets.find_separator(spreadsheets.decode_text(content))
    first = next(csv.reader(io.StringIO(text), delimiter=sign or ","), [])
    made: dict[str, Any] = {
        "format": "csv",
        "encoding": "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8",
        "dialect": {"delimiter": sign or ","},
    }
    names = [clean(one) for one in first]
    if names and all(names) and len(set(names)) == len(names):
        made["schema"] = {"fields": [{"name": one, "type": "string"} for one in first]}
    return made


def _rows(name: str, items: Iterable[PublishedItem]) -> Iterable[Sequence[str]]:
    for item in items:
        if (document := item.document) is None:
            continue
        number, title = str(item.number), _written(document.title)
        language, record = document.title.language, paths.record(item.number)
        if name == "decisions":
            yield number, title, language, site_words.iso(document.at), record
        elif name == "results":
            yield from (_result_row(number, row) for row in document.rows)
        elif event := document.event:
            place = _written(event.place) if event.place else ""
            begins, ends = site_words.iso(event.begins), event.ends
            over = site_words.iso(ends) if ends is not None else ""
            told = (place, event.repeats, _boolean(event.cancelled), record)
            yield number, title, language, begins, over, event.zone, *told


def _result_row(number: str, row: documents.PublicRow) -> Sequence[str]:
    percent = "" if row.percent is None else str(row.percent)
    return number, _written(row.label), str(row.votes), str(row.maybe), percent, _boolean(row.won)


def _written(text: documents.PublicText) -> str:
    """Return a text as it was written, on one line."""
    return shorten_line(clean(text.text), _MOST)


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _to_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table for machines, of which no cell is run where a spreadsheet opens it."""
    out = io.StringIO()
    csv.writer(out).writerows([spreadsheets.guard_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()
