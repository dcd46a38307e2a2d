"""Make a file anew for everybody: by what it is, without hidden data, and refuse what can't be.

What a file is, its bytes say; its name only tells kinds of plain text apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from bot.api import Line, UserError, UserId, _, find_addresses, n_, spreadsheets, strip_hidden
from bot.api import public_document as documents
from commands.library.content import file_kinds
from commands.sources.public import clean_picture, table

LARGEST = 10_000_000
"""Bytes of a file that can become public."""
_MARKUP = re.compile(r"<(?:[!?]|[a-z]{1,20}[\s/>:])", re.IGNORECASE)
"""The beginning of HTML, SVG or XML, which a browser would run under any name."""
_LINE_END = re.compile(r"\r\n?")
_JSON_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that can become public. `people` are those whose addresses stand in it."""

    data: bytes
    mime: str
    ending: str
    about: Line
    people: tuple[UserId, ...] = ()
    columns: tuple[documents.PublicColumn, ...] = ()


def clean_file(data: bytes, *, name: str) -> CleanFile:
    """Return a file without hidden data, so that it can be made public. It takes time: run it in a
    thread.

    `name` is what `safe_file_name` made of its sender's. Raises `UserError`, which says what is
    accepted, for a file of another kind, one that is not what its name says, and a broken one.
    """
    kind = file_kinds.kind_of(data)
    ending = name.rpartition(".")[2].casefold()
    if kind is not None and kind.ending in clean_picture.FORMATS:
        picture = clean_picture.clean_picture(data, kind.ending)
        return CleanFile(picture.data, kind.mime, kind.ending, picture.about)
    if kind == file_kinds.PDF:
        # Who starts the program should not wait a second for what few ask for.
        from commands.sources.public import clean_pdf

        pages = clean_pdf.clean_pdf(data)
        return CleanFile(pages.data, kind.mime, kind.ending, pages.about, pages.people)
    if kind == file_kinds.TEXT and ending in _TEXTS:
        text = strip_hidden(_LINE_END.sub("\n", spreadsheets.decode_text(data)))
        if _MARKUP.match(text.lstrip()):
            raise _refusal(_("It looks like text and is markup, which a browser would run."))
        made = _TEXTS[ending](text)
        return replace(made, people=find_addresses(made.data.decode()))
    raise _refusal(_("Files of this kind can hold who wrote them, and more that nobody sees."))


def _refusal(why: Line) -> UserError:
    return UserError(
        why, _("What can be public: tables (CSV), JSON, text, Markdown, PDF, pictures (PNG, JPEG).")
    )


# --- kinds of plain text -------------------------------------------------------------------------


def _clean_text(text: str) -> CleanFile:
    return _text_file(text, "text/plain", "txt")


def _clean_markdown(text: str) -> CleanFile:
    return _text_file(text, "text/markdown", "md")


def _text_file(text: str, mime: str, ending: str) -> CleanFile:
    about = n_("a text of {count} letter", "a text of {count} letters", len(text))
    return CleanFile(text.encode(), mime, ending, about)


def _clean_json(text: str) -> CleanFile:
    try:
        found = json.loads(text, parse_constant=_no_number)
        data = _JSON_STRING.sub(_write_plainly, text).encode()
    except (ValueError, RecursionError):
        raise _refusal(_("It says that it is JSON, and it can't be read as that.")) from None
    is_map = isinstance(found, dict) and found.get("type") == "FeatureCollection"
    return CleanFile(
        data,
        "application/geo+json" if is_map else "application/json",
        "json",
        _("a map as GeoJSON") if is_map else _("data as JSON"),
    )


def _write_plainly(found: re.Match[str]) -> str:
    """Return a string of JSON as it is read, without escapes that hide what stands there."""
    if "\\" not in found[0]:
        return found[0]
    return json.dumps(strip_hidden(json.loads(found[0])), ensure_ascii=False)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _clean_table(text: str) -> CleanFile:
    found = table.read_table(text)
    return CleanFile(found.to_csv(), "text/csv", "csv", found.about, columns=found.columns)


_TEXTS: Mapping[str, Callable[[str], CleanFile]] = {
    "txt": _clean_text,
    "md": _clean_markdown,
    "csv": _clean_table,
    "tsv": _clean_table,
    "json": _clean_json,
    "geojson": _clean_json,
}
