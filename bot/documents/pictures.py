"""Small PNG pictures of words and boxes, for rooms that want them.

They are drawn in sixteen greys and coloured at the end, which takes a quarter of the time.
"""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Pillow takes 4 MiB: it is loaded for the first picture
    from PIL import ImageFont

FONT = Path(__file__).parent / "font" / "DejaVuSans.ttf"
WIDTH = 720
MARGIN = 24
PAPER, INK = (255, 255, 255), (20, 20, 20)
STRONG, SOFT, FAINT = (0, 60, 110), (150, 180, 205), (235, 235, 235)
"""Shades of one hue, so that brightness alone tells them apart."""
SHADES = {INK: 0, STRONG: 3, SOFT: 9, FAINT: 13, PAPER: 15}
STEP = 17
MOST_LINES = 3


class Picture:
    """A picture being drawn, `height` pixels high and `width` wide."""

    def __init__(self, height: int, width: int = WIDTH) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("L", (width, height), _grey(PAPER))
        self._draw = ImageDraw.Draw(self._image)

    def draw_box(
        self,
        corners: tuple[int, int, int, int],
        fill: tuple[int, int, int],
        outline: tuple[int, int, int] | None = None,
    ) -> None:
        """Draw a filled box; `corners` are left, top, right and bottom in pixels."""
        edge = _grey(outline) if outline else None
        self._draw.rectangle(corners, fill=_grey(fill), outline=edge)

    def draw_word(self, at: tuple[int, int], text: str, size: int) -> None:
        """Draw a short text, without wrapping it."""
        self._draw.text(at, drawable_text(text), font=load_font(size), fill=_grey(INK))

    def draw_text(self, y: int, text: str, size: int) -> int:
        """Draw a text from `y` (pixels) on, broken into lines. Return the y below them."""
        for line in wrap_text(text, size):
            self._draw.text((MARGIN, y), line, font=load_font(size), fill=_grey(INK))
            y += size + 6
        return y

    def to_png(self) -> tuple[bytes, tuple[int, int]]:
        """Return the bytes of the picture as a PNG of a few kB, and its size in pixels."""
        out = io.BytesIO()
        indexed = self._image.point([grey // STEP for grey in range(256)])
        indexed.putpalette(_palette())
        indexed.save(out, "PNG", bits=4)
        return out.getvalue(), self._image.size


def wrap_text(text: str, size: int) -> list[str]:
    """Return the text as lines that fit the picture's width. What is left out is shown as `…`."""
    width = WIDTH - 2 * MARGIN
    letters = load_font(size)
    lines: list[str] = []
    current = ""
    for word in drawable_text(text).split():
        longer = f"{current} {word}".strip()
        if letters.getlength(longer) <= width:
            current = longer
            continue
        lines += [current] if current else []
        current = word
        while letters.getlength(current) > width:
            current = current[:-1]
    lines += [current] if current else []
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]
    return lines


def clip_text(text: str, size: int, width: int) -> str:
    """Return as much of the text's beginning as fits into `width` pixels."""
    text = " ".join(drawable_text(text[:200]).split())
    if load_font(size).getlength(text) <= width:
        return text
    while text and load_font(size).getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def drawable_text(text: str) -> str:
    """Return the text without characters that the font lacks."""
    return "".join(letter for letter in text if letter.isspace() or _has(letter))


@cache
def load_font(size: int) -> ImageFont.FreeTypeFont:
    """Return the font in a size in pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(FONT, size)


@cache
def _has(letter: str) -> bool:
    return bytes(load_font(16).getmask(letter)) != bytes(load_font(16).getmask("\uffff"))


def _grey(colour: tuple[int, int, int]) -> int:
    return SHADES[colour] * STEP


@cache
def _palette() -> bytes:
    """Return the RGB palette: every grey, interpolated between the shades with a colour."""
    found: list[int] = []
    for (low, at), (high, until) in pairwise(SHADES.items()):
        for step in range(until - at):
            part = step / (until - at)
            found += [round(a + (b - a) * part) for a, b in zip(low, high, strict=True)]
    return bytes([*found, *PAPER])
