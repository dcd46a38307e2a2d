"""Pictures of codes, for paper: a QR that opens a private chat with the bot, and the code."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from itertools import chain
from urllib.parse import quote

import segno
from PIL import Image, ImageDraw, ImageFont

from bot.api import FileContent, UserId

DOT = 12
"""Pixels of a QR module: sharp on paper, and a few kB in sixteen shades."""
QUIET = 4
"""Modules of white around the QR, as ISO/IEC 18004 requires."""
LARGE, STEP, SMALL = 56, 30, 24
PAGE, ACROSS, DOWN = (1240, 1754), 3, 4
"""A4 at 150 dots an inch, and how many cards stand on it across and down."""
CUT = 2
"""Width in pixels of the line along which cards are cut apart."""


def chat_uri(bot: UserId) -> str:
    """Return the `matrix:` URI of a chat with the bot (spec, appendix 4.7.1).

    A phone opens it in its app, without asking a web page.
    """
    name, _colon, server = bot[1:].partition(":")
    return f"matrix:u/{quote(name, safe='')}:{quote(server, safe=':[]')}?action=chat"


def draw_card(code: str, bot: UserId, steps: Sequence[str] = ()) -> FileContent:
    """Return one invitation card as a PNG. The QR code does not contain the invitation code, which
    has to be typed.

    `steps` stand above it: how to come by an account first.
    """
    card = _blank_card(bot, steps)
    _write(ImageDraw.Draw(card), code, (card.width / 2, _code_at(card, steps)), card.width, LARGE)
    out = io.BytesIO()
    card.quantize(16).save(out, "PNG", optimize=True)
    return FileContent(out.getvalue(), card.size)


def draw_sheet(
    codes: Sequence[str], bot: UserId, steps: Sequence[Sequence[str]] = ()
) -> FileContent:
    """Return invitation cards to be printed and cut apart, as a PDF. `steps`: those of each card,
    or none."""
    first, *others = [page.convert("1") for page in draw_pages(codes, bot, steps)]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=150.0)
    return FileContent(out.getvalue())


def draw_pages(
    codes: Sequence[str], bot: UserId, steps: Sequence[Sequence[str]] = ()
) -> list[Image.Image]:
    """Return the pictures of the pages of a sheet, in greys at 150 dots an inch."""
    width, height = PAGE[0] // ACROSS, PAGE[1] // DOWN
    room_for_steps = [""] * len(steps[0]) if steps else []
    card = _blank_card(bot, room_for_steps)
    whole, code_at = card.height, _code_at(card, room_for_steps)
    card.thumbnail((width - 2 * DOT, height - 2 * DOT), Image.Resampling.LANCZOS)
    scale = card.height / whole
    blank = _blank_page(card, width, height)
    found = [blank.copy() for _n in range(0, len(codes), ACROSS * DOWN)]
    for n, code in enumerate(codes):
        page, place = divmod(n, ACROSS * DOWN)
        top = place // ACROSS * height + (height - card.height) // 2
        middle = (place % ACROSS + 0.5) * width
        draw = ImageDraw.Draw(found[page])
        _write(draw, code, (middle, top + code_at * scale), card.width, round(LARGE * scale))
        for line, step in enumerate(steps[n] if steps else ()):
            at = (middle, top + _step_at(line) * scale)
            _write(draw, step, at, card.width, round(STEP * scale))
    return found


def _blank_page(card: Image.Image, width: int, height: int) -> Image.Image:
    """Draw a page full of cards without codes."""
    page = Image.new("L", PAGE, 255)
    draw = ImageDraw.Draw(page)
    for place in range(ACROSS * DOWN):
        left, top = place % ACROSS * width, place // ACROSS * height
        draw.rectangle((left, top, left + width, top + height), outline=170, width=CUT)
        page.paste(card, (left + (width - card.width) // 2, top + (height - card.height) // 2))
    return page


def _blank_card(bot: UserId, steps: Sequence[str]) -> Image.Image:
    """Draw a card with the steps, the QR and the bot's address, and room for a code between
    them.
    """
    qr = segno.make_qr(chat_uri(bot), error="m")
    side = int(qr.symbol_size(scale=DOT, border=QUIET)[0])
    head = _height_of(steps)
    card = Image.new("L", (side, head + side + LARGE + SMALL + 3 * DOT), 255)
    dots = chain.from_iterable(qr.matrix_iter(scale=DOT, border=QUIET))
    square = Image.frombytes("L", (side, side), bytes(0 if dark else 255 for dark in dots))
    card.paste(square, (0, head))
    draw = ImageDraw.Draw(card)
    for n, step in enumerate(steps):
        _write(draw, step, (side / 2, _step_at(n)), side, STEP)
    _write(draw, bot, (side / 2, head + side + LARGE + DOT), side, SMALL)
    return card


def _step_at(line: int) -> int:
    """Return the height at which a step stands, before the card is made smaller."""
    return DOT + line * (STEP + DOT)


def _height_of(steps: Sequence[str]) -> int:
    return len(steps) * (STEP + DOT) + DOT if steps else 0


def _code_at(card: Image.Image, steps: Sequence[str]) -> float:
    """Return the height at which the code stands, a little into the QR's quiet zone."""
    return _height_of(steps) + card.width - DOT


def _write(
    draw: ImageDraw.ImageDraw, text: str, at: tuple[float, float], width: int, size: int
) -> None:
    """Write a text centred and as large as fits. ASCII only, which Pillow's own font has."""
    while draw.textlength(text, _font(size)) > width - 2 * DOT and size > 8:
        size -= 1
    draw.text(at, text, font=_font(size), fill=0, anchor="ma")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
