"""What becomes public of one thing, and no more. The same content has the same bytes.

The page, the feeds, the calendar and the files for machines are all made of this document alone.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from bot.signing.canonical_json import encode_canonical
from bot.signing.signed_tables import Count, Hash, StrictModel

Language = Literal["es", "pt", "en"]
Kind = Literal["decision", "event", "text", "data", "announcement"]
LONGEST_TEXT = 20_000
"""Letters of one text."""
MOST_PARTS = 1_000
"""Paragraphs, facts or rows of one document."""
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]


class PublicText(StrictModel):
    """A text in the language in which it was written, and in others where somebody translated it.

    `language` is empty where nobody said which it is. What the bot says itself has all languages.
    """

    text: Text
    language: Language | Literal[""] = ""
    translations: dict[Language, Text] = Field(default_factory=dict)

    def in_language(self, language: str) -> str:
        """Return the text in this language, or else as it was written."""
        return next((text for key, text in self.translations.items() if key == language), self.text)


class PublicFact(StrictModel):
    """One thing to know, with its name: “Rule”, “two thirds of those who vote”."""

    name: PublicText
    value: PublicText


class PublicRow(StrictModel):
    """One option of a result: its votes or points, its share in percent, and whether it won."""

    label: PublicText
    votes: Count
    maybe: Count = 0
    """In a poll on dates: how many more can come if need be."""
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    won: bool = False


class PublicEvent(StrictModel):
    """When and where. Times are seconds since 1970 (UTC); `zone` is of the IANA list.

    `ends` is the first instant at which it is over: of whole days, midnight after the last one.
    """

    begins: Count
    ends: Count | None = None
    zone: Annotated[str, Field(max_length=64)]
    all_day: bool = False
    place: PublicText | None = None
    repeats: Annotated[str, Field(max_length=500)] = ""
    """The rule of iCalendar (RFC 5545, RRULE), or empty."""
    left_out: Annotated[tuple[Count, ...], Field(max_length=MOST_PARTS)] = ()
    """When dates of the rule would begin that were moved or cancelled (EXDATE)."""
    added: Annotated[tuple[Count, ...], Field(max_length=MOST_PARTS)] = ()
    """When the dates begin to which others were moved (RDATE)."""
    cancelled: bool = False


class PublicData(StrictModel):
    """Where data comes from: what is known of its source, each part may be empty."""

    link: Annotated[str, Field(max_length=2_000)] = ""
    licence: Annotated[str, Field(max_length=200)] = ""
    publisher: Annotated[str, Field(max_length=200)] = ""
    published: Annotated[str, Field(max_length=200)] = ""
    checked: Count | None = None
    """When somebody last confirmed that it is true; seconds since 1970 (UTC)."""


class PublicColumn(StrictModel):
    """A column of a table, with the type that Table Schema (Frictionless) gives its cells."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    type: Literal["string", "integer", "number", "boolean", "date"]


class PublicFile(StrictModel):
    """A file that goes with it. `name` is of the bot's making, never what somebody typed."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}(\.[a-z0-9]{1,5}){1,2}$")]
    mime: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}$")]
    size: Count
    sha256: Hash
    about: PublicText
    """What it is, in words."""
    columns: Annotated[tuple[PublicColumn, ...], Field(max_length=MOST_PARTS)] = ()
    """Of a table of data (RFC 4180, UTF-8, with commas): what its first line names."""


def describe_file(
    name: str,
    mime: str,
    data: bytes,
    about: PublicText,
    columns: tuple[PublicColumn, ...] = (),
) -> PublicFile:
    """Return the description of a file (name, size, hash) as it stands in a public document."""
    return PublicFile(
        name=name,
        mime=mime,
        size=len(data),
        sha256=sha256(data).hexdigest(),
        about=about,
        columns=columns,
    )


class PublicDocument(StrictModel):
    """One published thing. Times are seconds since 1970 (UTC)."""

    type: Literal["minga.public"] = "minga.public"
    v: Literal[1] = 1
    kind: Kind
    number: Count
    title: PublicText
    at: Count
    """When it was decided, announced or saved."""
    facts: Annotated[tuple[PublicFact, ...], Field(max_length=MOST_PARTS)] = ()
    paragraphs: Annotated[tuple[PublicText, ...], Field(max_length=MOST_PARTS)] = ()
    rows: Annotated[tuple[PublicRow, ...], Field(max_length=MOST_PARTS)] = ()
    themes: tuple[Annotated[str, Field(max_length=60)], ...] = ()
    event: PublicEvent | None = None
    data: PublicData | None = None
    files: Annotated[tuple[PublicFile, ...], Field(max_length=20)] = ()

    def to_json(self) -> str:
        """Return the document as canonical JSON (RFC 8785). Unlike signed JSON it may hold true and
        false."""
        return encode_canonical(self.model_dump(exclude_none=True)).decode()
