"""What pages are made of, read in one transaction, so that they are made where nobody waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.api import _, public_services
from commands.public_site.published import (
    KINDS,
    MOST_DATES,
    NEWEST,
    PER_PAGE,
    PublishedItem,
    documents,
)
from commands.public_site.site_files import ENTRANCE
from commands.publishing import store
from storage.database import Tx

_ROW = "number, kind, place, document, since, changed, reason"
REASONS = {
    store.GONE: _("It is not there any more."),
    store.ERASED: _("It changed, and what it is now did not become public."),
}
"""What the site says of something withdrawn, by why it was. That people decided so says nothing."""


@dataclass(slots=True)
class Snapshot:
    """Implements `SiteReader` on rows that were read before. Documents are parsed when asked for.

    `unfit`: numbers of what no page can be made of; it is as if they had never been public.
    """

    said: dict[str, documents.PublicText]
    rows: dict[int, Any] = field(default_factory=dict)
    pages: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    newest_numbers: list[int] = field(default_factory=list)
    dated: list[int] = field(default_factory=list)
    files: dict[tuple[int, str], bytes] = field(default_factory=dict)
    former: dict[int, list[str]] = field(default_factory=dict)
    unfit: set[int] = field(default_factory=set)

    async def item(self, number: int) -> PublishedItem | None:
        """Return this public item, also if it was withdrawn; None if it is unfit or was not
        read."""
        return None if number in self.unfit else self._parse(self.rows.get(number))

    async def page(self, kind: documents.Kind, page: int) -> Sequence[PublishedItem]:
        """Return the public items of one page of a kind's list, by place."""
        return self._items(self.pages[kind, page])

    async def last_pages(self) -> dict[documents.Kind, int]:
        """Return for each kind of public items the number of its list's last page."""
        return {kind: self.last[kind] for kind in KINDS if kind in self.last}

    async def newest(self) -> Sequence[PublishedItem]:
        """Return the public items published last, the newest first."""
        return self._items(self.newest_numbers)

    async def dates(self) -> Sequence[PublishedItem]:
        """Return the public events to come, the soonest first, then those over last."""
        return self._items(self.dated)

    async def file(self, number: int, name: str) -> bytes:
        """Return the bytes of a file of a public item."""
        return self.files[number, name]

    def _items(self, numbers: Sequence[int]) -> list[PublishedItem]:
        found = (self._parse(self.rows[one]) for one in numbers if one not in self.unfit)
        return [one for one in found if one is not None]

    def _parse(self, row: Any) -> PublishedItem | None:
        if row is None:
            return None
        document = None
        if row["document"] is not None:
            document = public_services.public_document.PublicDocument.model_validate_json(
                row["document"]
            )
        return PublishedItem(
            row["number"],
            row["kind"],
            row["place"],
            int(row["since"]),
            int(row["changed"]),
            document,
            self.said.get(row["reason"]),
            self.former.get(row["number"], ()),
        )


_OVER = (
    "IIF(COALESCE(json_extract(document, '$.event.repeats'), '') = '',"
    " COALESCE(json_extract(document, '$.event.ends'), json_extract(document, '$.event.begins')),"
    " 9000000000000)"
)
"""When an event is over, as its index has it; a series is taken to go on."""


async def read_snapshot(
    tx: Tx, numbers: Collection[int], said: dict[str, documents.PublicText], now: datetime
) -> Snapshot:
    """Return all data of which the public pages are made that these items touch. `said`: `REASONS`,
    rendered.

    It reads as much among ten thousand items as among a hundred.
    """
    found = Snapshot(said)
    for number in numbers:
        row = await tx.one(f"SELECT {_ROW} FROM publishing_item WHERE number = ?", number)  # noqa: S608
        if row is not None:
            found.rows[number] = row
            await _read_files(tx, found, number)
    touched: dict[str, set[int]] = {}
    for row in list(found.rows.values()):
        touched.setdefault(row["kind"], set()).add(row["place"] // PER_PAGE + 1)
    for kind in KINDS:
        newest = await tx.column(
            int,
            "SELECT place FROM publishing_item WHERE kind = ? ORDER BY place DESC LIMIT 1",
            kind,
        )
        if newest:
            found.last[kind] = last = newest[0] // PER_PAGE + 1
            pages = touched.get(kind, set())
            entrance = range(max(1, last - ENTRANCE + 1), last + 1) if pages else ()
            for page in sorted({*pages, *entrance}):
                await _read_page(tx, found, kind, page)
    await _read_newest(tx, found)
    if "event" in touched:
        await _read_dates(tx, found, now)
    return found


async def _read_page(tx: Tx, found: Snapshot, kind: str, page: int) -> None:
    rows = await tx.all(
        f"SELECT {_ROW} FROM publishing_item WHERE kind = ? AND place >= ? AND place < ?"  # noqa: S608
        " ORDER BY place",
        kind,
        (page - 1) * PER_PAGE,
        page * PER_PAGE,
    )
    found.pages[kind, page] = _add(found, rows)


async def _read_newest(tx: Tx, found: Snapshot) -> None:
    newest = await tx.all(
        f"SELECT {_ROW} FROM publishing_item WHERE document IS NOT NULL"  # noqa: S608
        " ORDER BY since DESC, number DESC LIMIT ?",
        NEWEST,
    )
    found.newest_numbers = _add(found, newest)


async def _read_dates(tx: Tx, found: Snapshot, now: datetime) -> None:
    """Read the events that are not over yet, the soonest first, then those over last."""
    events = (
        f"SELECT {_ROW} FROM publishing_item INDEXED BY publishing_over"  # noqa: S608
        " WHERE kind = 'event' AND document IS NOT NULL"
    )
    at = int(now.timestamp())
    to_come = await tx.all(
        f"{events} AND {_OVER} >= ? ORDER BY {_OVER}, number LIMIT ?", at, MOST_DATES
    )
    past = await tx.all(
        f"{events} AND {_OVER} < ? ORDER BY {_OVER} DESC, number DESC LIMIT ?",
        at,
        MOST_DATES - len(to_come),
    )
    found.dated = _add(found, [*to_come, *past])


def _add(found: Snapshot, rows: Sequence[Any]) -> list[int]:
    for row in rows:
        found.rows.setdefault(row["number"], row)
    return [row["number"] for row in rows]


async def _read_files(tx: Tx, found: Snapshot, number: int) -> None:
    """Read the files of an item, and the names of those that it had before."""
    query = "SELECT name, content FROM publishing_file WHERE number = ?"
    for row in await tx.all(query, number):
        if row["content"] is None:
            found.former.setdefault(number, []).append(row["name"])
        else:
            found.files[number, row["name"]] = row["content"]
