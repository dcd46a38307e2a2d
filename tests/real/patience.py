"""How long is waited for what must happen."""

from __future__ import annotations

LONG, PATIENCE = 20, 120


def patient(within: float) -> float:
    """Return how many seconds to wait. A short wait asks whether nothing comes, and stays short.

    What should come is waited for on the slowest machine, and beside whatever runs there.
    """
    return max(within, PATIENCE) if within >= LONG else within
