"""Paths of the site. They are made of kinds, numbers and checked names, never of typed words."""

from __future__ import annotations

import re

from commands.public_site.published import documents

LISTS: dict[documents.Kind, str] = {
    "decision": "decisions",
    "event": "events",
    "announcement": "announcements",
    "text": "texts",
    "data": "datasets",
}
"""The name of each kind's list. No kind has such a name, or `data-1.html` would be two pages."""
INDEX, SCHEMA, VERIFY, PACKAGE = "index.html", "schema.json", "verify.html", "datapackage.json"
CALENDAR, FEED, CHECK = "calendar.ics", "feed.xml", "check.html"
HEAD, COPY = "head.json", "copy.json"
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}(\.[a-z0-9]{1,5}){1,2}")
_RECORD = re.compile(r"record/([0-9]{1,15})\.json")
_JOINT_NAME = re.compile(r"joint-[0-9a-f]{16}\.json")
_PATH = re.compile(rf"(?:[a-z0-9]{{1,20}}/){{0,2}}{_FILE_NAME.pattern}")
LONGEST_PATH = 120


def is_path(path: str) -> bool:
    """Return whether a file of the public site can have this path: no `..`, no other letters, two
    folders."""
    return len(path) <= LONGEST_PATH and _PATH.fullmatch(path) is not None


def item_page(kind: documents.Kind, number: int) -> str:
    """Return the file name of an item's page, the same in each language's folder."""
    return f"{kind}-{number}.html"


def list_page(kind: documents.Kind, page: int | None = None) -> str:
    """Return the file name of a page of a kind's list; without number that of the newest items."""
    return f"{LISTS[kind]}.html" if page is None else f"{LISTS[kind]}-{page}.html"


def record(number: int) -> str:
    """Return the path of an item's JSON document."""
    return f"record/{number}.json"


def number_of_record(path: str) -> int | None:
    """Return the number of the item whose JSON document has this path, or None if it is no such
    path."""
    found = _RECORD.fullmatch(path)
    return int(found[1]) if found else None


def file_of(number: int, name: str) -> str:
    """Return the path of a file that belongs to an item. Raises `ValueError` for a name not of our
    making.

    What several networks decided has another number in each, and its file the same path.
    """
    if not _FILE_NAME.fullmatch(name):
        raise ValueError("such a name has no place in the site")
    if _JOINT_NAME.fullmatch(name):
        return f"files/{name}"
    return f"files/{number}/{name}"


def table(name: str, page: int) -> str:
    """Return the path of a part of a public table."""
    return f"tables/{name}-{page}.csv"


def segment(seq: int) -> str:
    """Return the path of the file of the log that holds the entry with this number."""
    return f"log/{(seq - 1) // SEGMENT + 1:06}.jsonl"


SEGMENT = 500
"""Entries in one file of the log."""


def is_logged(path: str) -> bool:
    """Return whether a file at this path must stand in the public log with its hash: all do but
    the log's own files, and the one in which a copy of the folder says whose copy it is."""
    return path not in (HEAD, COPY) and not path.startswith("log/")
