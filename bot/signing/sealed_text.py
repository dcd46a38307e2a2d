"""Encryption for what can be shredded: each text has its own key, and deleting it shreds the
text.
"""

from __future__ import annotations

from storage.encryption.sealing import new_key as new_key
from storage.encryption.sealing import seal_bytes as seal_bytes
from storage.encryption.sealing import unseal_bytes as unseal_bytes

PADDING_BLOCK = 256
"""Padding to a multiple of this hides the length."""


def seal(key: bytes, place: bytes, text: str) -> bytes:
    """Return a text encrypted. `place` is authenticated: `unseal` opens the result only with the
    same place, so it can't be moved to another row."""
    plain = text.encode()
    padding = bytes(-(len(plain) + 4) % PADDING_BLOCK)
    return seal_bytes(key, place, len(plain).to_bytes(4, "big") + plain + padding)


def unseal(key: bytes, place: bytes, sealed: bytes) -> str:
    """Return the text that `seal` encrypted with this key for this place. Raises
    `cryptography.exceptions.InvalidTag` if key or place is another one, or if `sealed` was
    changed."""
    padded = unseal_bytes(key, place, sealed)
    length = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + length].decode()
