"""Small secrets (identity seeds, network keys), encrypted separately inside the database."""

from __future__ import annotations

from storage.database import Tx
from storage.encryption.sealing import seal_bytes, unseal_bytes


async def put(tx: Tx, key: bytes, name: str, value: bytes) -> None:
    """Store a secret under a name, encrypted with AES-256-GCM and its name authenticated."""
    sealed = seal_bytes(key, name.encode(), value)
    await tx.run("INSERT OR REPLACE INTO secret VALUES (?, ?)", name, sealed)


async def get(tx: Tx, key: bytes, name: str) -> bytes | None:
    """Return the secret of this name, or None. Raises `cryptography.exceptions.InvalidTag` for
    another key."""
    row = await tx.one("SELECT value FROM secret WHERE name = ?", name)
    return unseal_bytes(key, name.encode(), bytes(row["value"])) if row else None


async def drop(tx: Tx, name: str) -> None:
    """Delete the secret of this name; nothing happens if there is none."""
    await tx.run("DELETE FROM secret WHERE name = ?", name)
