"""Encryption for what can be shredded: each text has its own key, and deleting it shreds the
text.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PADDING_BLOCK = 256
"""Padding to a multiple of this hides the length."""


def new_key() -> bytes:
    """Return a new random key."""
    return secrets.token_bytes(32)


def seal(key: bytes, place: bytes, text: str) -> bytes:
    """Encrypt a text. `place` is authenticated, so that it can't be moved elsewhere."""
    plain, nonce = text.encode(), secrets.token_bytes(12)
    padded = len(plain).to_bytes(4, "big") + plain + bytes(-(len(plain) + 4) % PADDING_BLOCK)
    return nonce + AESGCM(key).encrypt(nonce, padded, place)


def unseal(key: bytes, place: bytes, sealed: bytes) -> str:
    """Decrypt a text. Raises `cryptography.exceptions.InvalidTag` if it was moved or changed."""
    padded = AESGCM(key).decrypt(sealed[:12], sealed[12:], place)
    length = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + length].decode()
