"""A result as bars. It shows only what the words beside it say too.

What came out stands in words above the bars: no colour tells it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import pictures

WIDTH = 480
"""Clients show pictures 320 to 480 pixels wide, so this is hardly made smaller."""
MARGIN = 60
"""A narrow client cuts off the sides of a picture."""
EDGE = 14
TYPE = 24
LINE = TYPE + 6
BAR = 10
ROW = TYPE + 4 + BAR + 6
"""The height in pixels of a bar with its words above."""
MOST_BARS = 5
"""So many bars, with title and footer, are not higher than three quarters of the width."""
WON, OTHER, EMPTY = pictures.STRONG, pictures.SOFT, pictures.FAINT


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar. `label` and `said` (`14 (56%)`) are words; `share` is from 0 to 1."""

    label: str
    said: str
    share: float
    won: bool


def draw_bars(
    title: str, outcome: str, rows: Sequence[ChartBar], footer: str
) -> tuple[bytes, tuple[int, int]]:
    """Return a bar chart as a PNG of a few kB, with its size in pixels. Raises `ValueError`.

    A title that is too long has two lines, unless there are as many bars as fit. `outcome` is what
    came out, in words; it may be empty.
    """
    if len(rows) > MOST_BARS:
        raise ValueError(f"{len(rows)} bars don't fit")
    full = WIDTH - 2 * MARGIN
    most = 1 if len(rows) == MOST_BARS else 2
    heads = [*_title_lines(title, full, most), *([outcome] if outcome else [])]
    sheet = pictures.Picture(2 * EDGE + LINE * (len(heads) + 1) + 12 + ROW * len(rows), WIDTH)
    y = EDGE
    for one in heads:
        sheet.draw_word((MARGIN, y), pictures.clip_text(one, TYPE, full), TYPE)
        y += LINE
    y += 6
    for row in rows:
        _draw_words(sheet, y, row, full)
        y += TYPE + 4
        sheet.draw_box((MARGIN, y, MARGIN + full, y + BAR), EMPTY)
        length = round(full * min(max(row.share, 0.0), 1.0))
        if length:
            colour = WON if row.won else OTHER
            sheet.draw_box((MARGIN, y, MARGIN + length, y + BAR), colour, pictures.INK)
        y += BAR + 6
    sheet.draw_word((MARGIN, y + 4), pictures.clip_text(footer, TYPE, full), TYPE)
    return sheet.to_png()


def _title_lines(title: str, width: int, most: int) -> list[str]:
    """Return the title on one line, or on two where it is longer and two may be.

    What does not fit is cut where it is drawn.
    """
    words = title.split() if most > 1 else []
    for count in range(len(words), 0, -1):
        first = " ".join(words[:count])
        if pictures.clip_text(first, TYPE, width) == first:
            return [first, *filter(None, [" ".join(words[count:])])]
    return [title] if title else []


def _draw_words(sheet: pictures.Picture, y: int, row: ChartBar, width: int) -> None:
    """Draw the label on the left, as much of it as fits, and the votes on the right."""
    votes = round(pictures.load_font(TYPE).getlength(row.said))
    label = pictures.clip_text(row.label, TYPE, max(width - votes - 12, 0))
    sheet.draw_word((MARGIN, y), label, TYPE)
    sheet.draw_word((MARGIN + width - votes, y), row.said, TYPE)
