"""A result as bars, for rooms that want pictures. It says nothing that the words don't."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).parent / "font" / "DejaVuSans.ttf"
WIDTH = 720
MARGIN = 24
BAR = 22
PAPER, INK = (255, 255, 255), (20, 20, 20)
WON, OTHER, EMPTY = (0, 60, 110), (150, 180, 205), (235, 235, 235)
"""Dark and light of one hue: told apart by brightness alone, whatever colours an eye sees."""
SHADES = {INK: 0, WON: 3, OTHER: 9, EMPTY: 13, PAPER: 15}
STEP = 17
"""It is drawn in sixteen greys and coloured at the end: that takes a quarter of the time."""
MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """`label` and `said` (`14 (56%)`) are words; `share` is from 0 to 1."""

    label: str
    said: str
    share: float
    won: bool


def bars(title: str, rows: Sequence[Row], footer: str) -> tuple[bytes, tuple[int, int]]:
    """A PNG of a few kB, and its size in pixels."""
    height = _height(title, rows, footer)
    image = Image.new("L", (WIDTH, height), _grey(PAPER))
    draw = ImageDraw.Draw(image)
    y = _write(draw, MARGIN, title, 26) + 12
    for row in rows:
        y = _write(draw, y, f"{row.label}: {row.said}", 19) + 4
        full = WIDTH - 2 * MARGIN
        draw.rectangle((MARGIN, y, MARGIN + full, y + BAR), fill=_grey(EMPTY))
        length = round(full * min(max(row.share, 0.0), 1.0))
        if length:
            shade = _grey(WON if row.won else OTHER)
            box = (MARGIN, y, MARGIN + length, y + BAR)
            draw.rectangle(box, fill=shade, outline=_grey(INK))
        y += BAR + 14
    _write(draw, y, footer, 16)
    out = io.BytesIO()
    indexed = image.point([grey // STEP for grey in range(256)])
    indexed.putpalette(_palette())
    indexed.save(out, "PNG", bits=4)
    return out.getvalue(), (WIDTH, height)


def _grey(colour: tuple[int, int, int]) -> int:
    return SHADES[colour] * STEP


@cache
def _palette() -> bytes:
    """Red, green and blue of every shade, in even steps between those that have a colour."""
    found: list[int] = []
    for (low, at), (high, until) in pairwise(SHADES.items()):
        for step in range(until - at):
            part = step / (until - at)
            found += [round(a + (b - a) * part) for a, b in zip(low, high, strict=True)]
    return bytes([*found, *PAPER])


def _height(title: str, rows: Sequence[Row], footer: str) -> int:
    draw = ImageDraw.Draw(Image.new("RGB", (WIDTH, 1)))
    y = _write(draw, MARGIN, title, 26) + 12
    for row in rows:
        y = _write(draw, y, f"{row.label}: {row.said}", 19) + 4 + BAR + 14
    return _write(draw, y, footer, 16) + MARGIN


def _write(draw: ImageDraw.ImageDraw, y: int, text: str, size: int) -> int:
    """Write lines as wide as the picture; where the next thing begins."""
    font = _font(size)
    for line in _wrapped(drawable(text), font):
        draw.text((MARGIN, y), line, font=font, fill=_grey(INK))
        y += size + 6
    return y


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if font.getlength(longer) <= WIDTH - 2 * MARGIN:
            current = longer
            continue
        lines += [current] if current else []
        current = word
        while font.getlength(current) > WIDTH - 2 * MARGIN:
            current = current[:-1]
    lines += [current] if current else []
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]
    return lines


def drawable(text: str) -> str:
    """The letters that the font has: an empty box says less than nothing."""
    return "".join(letter for letter in text if letter.isspace() or _has(letter))


@cache
def _has(letter: str) -> bool:
    font = _font(16)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)
