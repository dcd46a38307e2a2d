"""Small secrets (identity seeds, network keys), encrypted separately inside the database."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.database import Tx


async def put(tx: Tx, key: bytes, name: str, value: bytes) -> None:
    """Store `value` under AES-256-GCM, with its name authenticated."""
    nonce = secrets.token_bytes(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, value, name.encode())
    await tx.run("INSERT OR REPLACE INTO secret VALUES (?, ?)", name, sealed)


async def get(tx: Tx, key: bytes, name: str) -> bytes | None:
    """Return the secret, or None. Raises `cryptography.exceptions.InvalidTag` for another key."""
    row = await tx.one("SELECT value FROM secret WHERE name = ?", name)
    if row is None:
        return None
    sealed = bytes(row["value"])
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], name.encode())


async def drop(tx: Tx, name: str) -> None:
    """Delete a secret."""
    await tx.run("DELETE FROM secret WHERE name = ?", name)
