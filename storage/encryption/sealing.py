"""Authenticated encryption (AES-256-GCM) of single values inside the database."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_SIZE = 12


def new_key() -> bytes:
    """Return a new random key of 32 bytes."""
    return secrets.token_bytes(32)


def seal_bytes(key: bytes, place: bytes, plain: bytes) -> bytes:
    """Return `plain` encrypted under a new nonce, which comes first. `place` is authenticated:
    `unseal_bytes` opens the result only with the same place. The length shows."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def unseal_bytes(key: bytes, place: bytes, sealed: bytes) -> bytes:
    """Return what `seal_bytes` encrypted.

    Raises `cryptography.exceptions.InvalidTag` if it was moved or changed, or for another key.
    """
    return AESGCM(key).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place)
