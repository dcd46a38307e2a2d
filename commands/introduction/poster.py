"""The poster: the network's name, a QR to the bot, its address and a few lines, on A4."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from itertools import chain

import segno
from PIL import Image, ImageDraw

from bot.api import FileContent, Line, RenderLine, UserId, pictures
from commands.codes.code_picture import QUIET, chat_uri

PAGE = (1240, 1754)
"""A4 at 150 dots an inch."""
MARGIN = 110
TITLE, ADDRESS, TEXT = 68, 38, 42
"""Sizes of the letters in pixels."""
SPACE = 28
QR_SIDE = 560
"""What the QR is at most, in pixels."""
_CODE = re.compile("`([^`]*)`")


def draw_poster(network: str, bot: UserId, lines: Sequence[Line], tell: RenderLine) -> FileContent:
    """Return the poster that introduces the bot as a PNG of a few kB, in sixteen greys."""
    page = Image.new("L", PAGE, 255)
    draw = ImageDraw.Draw(page)
    top = _write(draw, _wrapped(network, TITLE)[:2], MARGIN, TITLE, centred=True)
    qr = _qr(bot)
    page.paste(qr, ((PAGE[0] - qr.width) // 2, top))
    top = _write(draw, _wrapped(bot, ADDRESS), top + qr.height, ADDRESS, centred=True) + SPACE
    for line in lines:
        said = _CODE.sub("“\\1”", tell(line))
        top = _write(draw, _wrapped(said, TEXT), top, TEXT) + SPACE
    out = io.BytesIO()
    page.quantize(16).save(out, "PNG", optimize=True)
    return FileContent(out.getvalue(), page.size)


def _qr(bot: UserId) -> Image.Image:
    qr = segno.make_qr(chat_uri(bot), error="m")
    scale = QR_SIDE // qr.symbol_size(scale=1, border=QUIET)[0]
    dots = chain.from_iterable(qr.matrix_iter(scale=scale, border=QUIET))
    side = int(qr.symbol_size(scale=scale, border=QUIET)[0])
    return Image.frombytes("L", (side, side), bytes(0 if dark else 255 for dark in dots))


def _wrapped(text: str, size: int) -> list[str]:
    """Return the text in lines that fit between the margins; a longer word is cut off."""
    lines: list[str] = []
    current = ""
    for word in pictures.drawable_text(text).split():
        longer = f"{current} {word}".strip()
        if _width(longer, size) > PAGE[0] - 2 * MARGIN and current:
            lines.append(current)
            longer = word
        current = longer
        while _width(current, size) > PAGE[0] - 2 * MARGIN:
            current = current[:-1]
    return [*lines, current] if current else lines


def _width(text: str, size: int) -> float:
    return pictures.load_font(size).getlength(text)


def _write(
    draw: ImageDraw.ImageDraw, lines: Iterable[str], top: int, size: int, *, centred: bool = False
) -> int:
    """Write lines from `top` on. Return the y of what follows."""
    for line in lines:
        left = round((PAGE[0] - _width(line, size)) / 2) if centred else MARGIN
        draw.text((left, top), line, font=pictures.load_font(size), fill=0)
        top += round(size * 1.3)
    return top
