"""Write the library as files: a table, JSON with CKAN's fields, Markdown. Pure.

They name nobody, since they are made to be passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.api import dates, fold, spreadsheets, words
from commands.library.content import web_links
from commands.library.search_index import KIND_NAMES, SOURCE_KIND
from commands.library.source_facts import SourceFacts
from commands.library.store import Resource

COLUMNS = {
    "title": words("título", "título", "title", "titulo, nombre del conjunto, dataset"),
    "link": words("enlace", "link", "link", "url, vínculo, dirección, endereço, address"),
    "themes": words("temas", "temas", "themes", "tema, tags, etiquetas, theme, tag"),
    "licence": words("licencia", "licença", "licence", "license, license_title, license_id"),
    "publisher": words(
        "publica", "publica", "publisher", "editor, organismo, organization, author, autor, fuente"
    ),
    "published": words("fecha", "data", "date", "publicado, año, ano, year, published"),
    "notes": words("notas", "notas", "notes", "descripción, descrição, description, texto, text"),
    "name": words("nombre", "nome", "name", "slug"),
    "kind": words("tipo", "tipo", "kind", "type"),
    "kept": words("guardado", "guardado", "kept", "metadata_created"),
    "checked": words("revisado", "revisado", "checked", "verificado, conferido"),
}
COLUMN_OF_WORD = {fold(word): column for column, names in COLUMNS.items() for word in names}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+|~!&-])")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A resource as it stands in a file. Days are in ISO format, `2026-11-25`."""

    title: str
    link: str
    themes: tuple[str, ...]
    licence: str
    publisher: str
    published: str
    notes: str
    name: str
    kind: str
    kept: str
    checked: str
    file: tuple[str, str, int] | None
    """Name, type and size in bytes; the content of the file is not exported."""


def make_entry(one: Resource, facts: SourceFacts | None, zone: str) -> SheetEntry:
    """Return a resource of the library as an entry of the exported list. Days are on the clock of
    `zone`.

    The first line is the title; a line that is only a link is no note.
    """
    found = web_links.find_links(one.text)
    rows = [row.strip() for row in one.text.split("\n") if row.strip()]
    told = [row for row in rows if row not in found]
    file = one.file.media if one.file else None
    title = told[0] if told else file.name if file else found[0] if found else one.name
    known = facts or SourceFacts()
    return SheetEntry(
        title,
        found[0] if found else "",
        one.themes,
        known.licence,
        known.publisher,
        known.published,
        "\n".join(told[1:]),
        one.name,
        SOURCE_KIND if facts is not None else one.kind,
        _format_day(one.at, zone),
        _format_day(one.reviewed, zone),
        (file.name, file.mime, file.size) if file else None,
    )


def _format_day(at: datetime, zone: str) -> str:
    return dates.to_wall(at, zone).date().isoformat()


# --- a table --------------------------------------------------------------------------------------


def write_table(entries: Sequence[SheetEntry], language: str) -> bytes:
    """Return the exported list as a CSV file that can be imported again."""
    head = [names.in_language(language) for names in COLUMNS.values()]
    return spreadsheets.to_csv([head, *(_table_row(one, language) for one in entries)])


def _table_row(one: SheetEntry, language: str) -> list[str]:
    values = {
        "themes": ", ".join(one.themes),
        "kind": KIND_NAMES[one.kind].in_language(language),
    }
    return [values.get(column, getattr(one, column)) for column in COLUMNS]


# --- JSON -----------------------------------------------------------------------------------------


def write_packages(entries: Sequence[SheetEntry]) -> bytes:
    """Return the exported list as JSON with the fields of CKAN's API (`package_show`)."""
    results = [_make_package(one) for one in entries]
    whole = {"count": len(results), "results": results}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _make_package(one: SheetEntry) -> dict[str, Any]:
    resources: list[dict[str, Any]] = []
    if one.link:
        resources.append({"name": one.title, "url": one.link})
    if one.file:
        name, mime, size = one.file
        resources.append({"name": name, "mimetype": mime, "size": size})
    return {
        "name": re.sub(r"[^a-z0-9_-]+", "-", fold(one.name)).strip("-") or "x",
        "title": one.title,
        "notes": one.notes,
        "url": one.link,
        "type": "dataset" if one.kind == SOURCE_KIND else one.kind,
        "license_title": one.licence,
        "author": one.publisher,
        "metadata_created": one.kept,
        "tags": [{"name": theme, "display_name": theme} for theme in one.themes],
        "resources": resources,
        "extras": [
            {"key": "published", "value": one.published},
            {"key": "checked", "value": one.checked},
        ],
    }


# --- Markdown -------------------------------------------------------------------------------------


def write_markdown(entries: Sequence[SheetEntry], title: str, language: str) -> bytes:
    """Return the exported list as Markdown: a heading and a few lines for each entry. Typed text is
    escaped."""
    parts = [f"# {_escape_text(title)}\n"]
    for one in entries:
        about = [KIND_NAMES[one.kind].in_language(language), *map("#{}".format, one.themes)]
        about += [part for part in (one.publisher, one.published, one.licence) if part]
        lines = [f"## {_escape_text(one.title)}", ""]
        lines += [f"{_escape_text(row)}  " for row in one.notes.split("\n") if row]
        lines += [f"<{one.link}>  "] if one.link else []
        lines += [f"{_escape_text(one.file[0])} ({one.file[2]} B)  "] if one.file else []
        checked = COLUMNS["checked"].in_language(language)
        lines.append(f"{_escape_text(' · '.join(about))} · {checked}: {one.checked}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts).encode()


def _escape_text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
