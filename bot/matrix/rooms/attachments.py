"""How a file is encrypted before it is uploaded (spec §Sending encrypted attachments)."""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from unpaddedbase64 import decode_base64, encode_base64

_KEY, _HALF = 32, 8
"""Bytes of a key, and of the half of a counter block: the first is random, the second counts."""


def encrypt_attachment(data: bytes) -> tuple[bytes, dict[str, Any]]:
    """Return the file as it is uploaded, and what opens it: the spec's EncryptedFile without its
    address."""
    key, block = os.urandom(_KEY), os.urandom(_HALF) + bytes(_HALF)
    sealed = _apply_key(data, key, block)
    return sealed, {
        "v": "v2",
        "key": {
            "kty": "oct",
            "alg": "A256CTR",
            "ext": True,
            "k": encode_base64(key, urlsafe=True),
            "key_ops": ["encrypt", "decrypt"],
        },
        "iv": encode_base64(block),
        "hashes": {"sha256": encode_base64(hashlib.sha256(sealed).digest())},
    }


def decrypt_attachment(sealed: bytes, key: str, sha256: str, iv: str) -> bytes:
    """Return the file that key and counter block open, all three given in base64.

    Raises `ValueError` if the uploaded bytes have another hash, or what is given is no such key.
    """
    if not hmac.compare_digest(hashlib.sha256(sealed).digest(), decode_base64(sha256)):
        raise ValueError("other bytes than were sent")
    secret = decode_base64(key)
    if len(secret) != _KEY:
        raise ValueError("no key of AES-256")
    return _apply_key(sealed, secret, decode_base64(iv))


def _apply_key(data: bytes, key: bytes, block: bytes) -> bytes:
    """Encrypt or decrypt by AES in counter mode, which is the same. Raises `ValueError`."""
    cipher = Cipher(algorithms.AES(key), modes.CTR(block)).encryptor()
    return cipher.update(data) + cipher.finalize()
