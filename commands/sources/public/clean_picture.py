"""Write a picture anew, from its pixels alone: no place, no camera, no preview, no comment."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.api import Line, UserError, _

if TYPE_CHECKING:  # Pillow takes 4 MiB: it is loaded for the first picture
    from PIL import Image

FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
"""The formats of Pillow by the ending of a kind of file."""
MOST_PIXELS = 40_000_000
_QUALITY = 90
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error)
"""What Pillow raises, beside errors of its own, for a file that is not what its first bytes say."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """The bytes of a picture that holds nothing but what is seen, and what it is in words."""

    data: bytes
    about: Line


def clean_picture(data: bytes, ending: str) -> CleanPicture:
    """Return the picture written anew without hidden data, the right way up. Raises `UserError` for
    a broken one.

    Of a moving picture the first one stays.
    """
    from PIL import Image, ImageOps

    too_large = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=[FORMATS[ending]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise UserError(_("That picture is too large to become public."))
            upright = ImageOps.exif_transpose(opened)
            pixels = upright.convert("RGBA" if _is_see_through(upright, ending) else "RGB")
    except (*_BROKEN, *too_large) as broken:
        raise UserError(_("I can't read that picture: it is broken, or too large.")) from broken
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    out = io.BytesIO()
    bare.save(out, FORMATS[ending], quality=_QUALITY)
    named = {"width": bare.width, "height": bare.height}
    return CleanPicture(
        out.getvalue(),
        _("a picture of {width} × {height}, without place, camera and preview", **named),
    )


def _is_see_through(picture: Image.Image, ending: str) -> bool:
    return ending != "jpg" and (
        picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    )
