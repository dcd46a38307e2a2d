"""What is printed: a heading, paragraphs, boxes to tick and tables, made into a PDF of letters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintedText:
    """Words over the whole width. `small` is for notes."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Boxes:
    """Choices, one below the other, each behind an empty box."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; `widths` are shares of the width. `empty` rows follow, to write in."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    empty: int = 0


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a page of its own."""


Block = PrintedText | Boxes | Table | PageBreak


@dataclass(frozen=True, slots=True)
class PrintedPages:
    """What is printed, in the language of that code. `foot` stands below each page."""

    title: str
    language: str
    foot: str
    blocks: tuple[Block, ...]
