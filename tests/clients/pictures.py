"""Pictures of a page, small enough to lie in the repository."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from tests.clients.sizes import MOST_BYTES

COLOURS = 128


def keep_picture(shot: bytes, path: Path) -> None:
    """Write a screenshot as a PNG with a palette. Raises `ValueError` if it is still too big."""
    drawn = Image.open(io.BytesIO(shot)).convert("RGB")
    small = drawn.quantize(COLOURS, dither=Image.Dither.NONE)
    path.parent.mkdir(parents=True, exist_ok=True)
    small.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path.name}: {path.stat().st_size} bytes")
