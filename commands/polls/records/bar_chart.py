"""A result as bars, for rooms that want pictures. It shows only what the words say too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import pictures

WIDTH = pictures.WIDTH
BAR = 22
WON, OTHER, EMPTY = pictures.STRONG, pictures.SOFT, pictures.FAINT


@dataclass(frozen=True, slots=True)
class Row:
    """One bar. `label` and `said` (`14 (56%)`) are words; `share` is from 0 to 1."""

    label: str
    said: str
    share: float
    won: bool


def bars(title: str, rows: Sequence[Row], footer: str) -> tuple[bytes, tuple[int, int]]:
    """Draw a PNG of a few kB. Returns it with its size in pixels."""
    left, full = pictures.MARGIN, WIDTH - 2 * pictures.MARGIN
    sheet = pictures.Sheet(_height(title, rows, footer))
    y = sheet.write(left, title, 26) + 12
    for row in rows:
        y = sheet.write(y, _said(row), 19) + 4
        sheet.box((left, y, left + full, y + BAR), EMPTY)
        length = round(full * min(max(row.share, 0.0), 1.0))
        if length:
            sheet.box((left, y, left + length, y + BAR), WON if row.won else OTHER, pictures.INK)
        y += BAR + 14
    sheet.write(y, footer, 16)
    return sheet.png()


def _said(row: Row) -> str:
    return f"{row.label}: {row.said}"


def _height(title: str, rows: Sequence[Row], footer: str) -> int:
    lines = sum(pictures.height(_said(row), 19) + 4 + BAR + 14 for row in rows)
    words = pictures.height(title, 26) + 12 + pictures.height(footer, 16)
    return 2 * pictures.MARGIN + words + lines
