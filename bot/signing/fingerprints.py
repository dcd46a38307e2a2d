"""Public keys as people compare them."""

from __future__ import annotations

GROUP = 4


def fingerprint(key: str) -> str:
    """Return a public key in groups of four, as Element shows session keys.

    Letters and signs of base64 are told apart by case: nothing is changed but the spaces.
    """
    return " ".join(key[start : start + GROUP] for start in range(0, len(key), GROUP))
