"""A result as bars, for rooms that want pictures. It shows only what the words say too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import pictures

WIDTH = pictures.WIDTH
BAR = 22
WON, OTHER, EMPTY = pictures.STRONG, pictures.SOFT, pictures.FAINT


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar. `label` and `said` (`14 (56%)`) are words; `share` is from 0 to 1."""

    label: str
    said: str
    share: float
    won: bool


def draw_bars(title: str, rows: Sequence[ChartBar], footer: str) -> tuple[bytes, tuple[int, int]]:
    """Draw a PNG of a few kB. Returns it with its size in pixels."""
    left, full = pictures.MARGIN, WIDTH - 2 * pictures.MARGIN
    sheet = pictures.Picture(_height(title, rows, footer))
    y = sheet.draw_text(left, title, 26) + 12
    for row in rows:
        y = sheet.draw_text(y, _said(row), 19) + 4
        sheet.draw_box((left, y, left + full, y + BAR), EMPTY)
        length = round(full * min(max(row.share, 0.0), 1.0))
        if length:
            sheet.draw_box(
                (left, y, left + length, y + BAR), WON if row.won else OTHER, pictures.INK
            )
        y += BAR + 14
    sheet.draw_text(y, footer, 16)
    return sheet.to_png()


def _said(row: ChartBar) -> str:
    return f"{row.label}: {row.said}"


def _height(title: str, rows: Sequence[ChartBar], footer: str) -> int:
    lines = sum(pictures.text_height(_said(row), 19) + 4 + BAR + 14 for row in rows)
    words = pictures.text_height(title, 26) + 12 + pictures.text_height(footer, 16)
    return 2 * pictures.MARGIN + words + lines
