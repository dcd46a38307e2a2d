"""A code for paper: a QR that leads to a private talk with the bot, and the words below it."""

from __future__ import annotations

import io
from itertools import chain
from urllib.parse import quote

import segno
from PIL import Image, ImageDraw, ImageFont

from bot.api import Made, UserId

DOT = 12
"""Pixels of a module: sharp on paper, and a few kB in sixteen shades."""
QUIET = 4
"""Modules of white around it, by ISO/IEC 18004: cameras need them."""
LARGE, SMALL = 56, 24


def address(bot: UserId) -> str:
    """A `matrix:` URI (spec, appendix 4.7.1): the phone opens its app, and asks no web page."""
    name, _colon, server = bot[1:].partition(":")
    return f"matrix:u/{quote(name, safe='')}:{quote(server, safe=':[]')}?action=chat"


def made(code: str, bot: UserId) -> Made:
    """The code itself is not in the QR: whoever scans it still has to type it."""
    qr = segno.make_qr(address(bot), error="m")
    side = int(qr.symbol_size(scale=DOT, border=QUIET)[0])
    image = Image.new("L", (side, side + LARGE + SMALL + 3 * DOT), 255)
    dots = chain.from_iterable(qr.matrix_iter(scale=DOT, border=QUIET))
    image.paste(_square(side, dots), (0, 0))
    draw = ImageDraw.Draw(image)
    _write(draw, code, side, side - DOT, LARGE)
    _write(draw, bot, side, side + LARGE + DOT, SMALL)
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    return Made(out.getvalue(), image.size)


def _square(side: int, dots: chain[int]) -> Image.Image:
    return Image.frombytes("L", (side, side), bytes(0 if dark else 255 for dark in dots))


def _write(draw: ImageDraw.ImageDraw, text: str, width: int, y: int, size: int) -> None:
    """In the middle, as large as fits. Both texts are plain ASCII, which Pillow's own font has."""
    font = ImageFont.load_default(size)
    while draw.textlength(text, font) > width - 2 * DOT and size > 8:
        size -= 1
        font = ImageFont.load_default(size)
    draw.text((width / 2, y), text, font=font, fill=0, anchor="ma")
