"""How wide and how big the pictures of clients are."""

from __future__ import annotations

WIDE, NARROW = 1000, 390
"""CSS pixels of a window on a desk and on a phone."""
HEIGHTS = {WIDE: 700, NARROW: 844}
MOST_BYTES = 150_000
"""No committed picture has more."""
