"""What the site is made of: the network, published items, and how they are read page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.api import LANGUAGES, public_services

documents = public_services.public_document

KINDS: tuple[documents.Kind, ...] = ("decision", "event", "announcement", "text", "data")
"""All kinds, in the order in which the site lists them."""
PER_PAGE = 25
"""Items on one page of a list. Pages are filled in the order of publication and never move."""
NEWEST = 50
"""Items in a feed and on the first page."""
MOST_DATES = 50
"""Events in the calendar."""


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """Whose site it is. `address` is where it is read (`https://…/`), or empty if nobody said.

    `key` is the bot's public signing key; the ids in feeds and calendars are made of it.
    """

    name: str
    key: str
    zone: str
    languages: tuple[documents.Language, ...] = LANGUAGES  # type: ignore[assignment]
    address: str = ""


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """One published thing. `document` is None once it is withdrawn; then `reason` may say why.

    `place`: how many of its kind were published before it; it never changes, also where one before
    it is withdrawn. `since`, `changed`: seconds since 1970 (UTC). `former`: names of the files that
    it had before, so that they are taken away.
    """

    number: int
    kind: documents.Kind
    place: int
    since: int
    changed: int
    document: documents.PublicDocument | None
    reason: documents.PublicText | None = None
    former: Sequence[str] = field(default=())

    @property
    def page(self) -> int:
        """The page of its kind's list on which the item stands, counted from 1."""
        return self.place // PER_PAGE + 1


class SiteReader(Protocol):
    """Reads what is published. Nothing asks for more than a page at a time."""

    async def item(self, number: int) -> PublishedItem | None:
        """Return this public item, also if it was withdrawn; None if it never was public."""

    async def page(self, kind: documents.Kind, page: int) -> Sequence[PublishedItem]:
        """Return the public items of a kind with places from `(page - 1) * PER_PAGE`, by place."""

    async def last_pages(self) -> dict[documents.Kind, int]:
        """Return for each kind with public items the number of its list's last page."""

    async def newest(self) -> Sequence[PublishedItem]:
        """Return the `NEWEST` public items published last that are not withdrawn, the newest
        first."""

    async def dates(self) -> Sequence[PublishedItem]:
        """Return `MOST_DATES` public events that are not withdrawn.

        First those that are not over yet, the soonest first; then the others, the newest first.
        """

    async def file(self, number: int, name: str) -> bytes:
        """Return the bytes of a file of a public item."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of the site: its path with `/`, and its bytes, or None if it is to be taken away."""

    path: str
    content: bytes | None
