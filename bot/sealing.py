"""What can be shredded: sealed under a key of its own, whose deletion is the shredding."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BLOCK = 256
"""What is sealed is filled up to a multiple of this: its length says little of it."""


def new() -> bytes:
    return secrets.token_bytes(32)


def seal(key: bytes, place: bytes, text: str) -> bytes:
    """`place` says where it belongs, so that it can't be moved elsewhere."""
    plain, nonce = text.encode(), secrets.token_bytes(12)
    padded = len(plain).to_bytes(4, "big") + plain + bytes(-(len(plain) + 4) % BLOCK)
    return nonce + AESGCM(key).encrypt(nonce, padded, place)


def unseal(key: bytes, place: bytes, sealed: bytes) -> str:
    """Raises `cryptography.exceptions.InvalidTag` where it was moved or changed."""
    padded = AESGCM(key).decrypt(sealed[:12], sealed[12:], place)
    length = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + length].decode()
