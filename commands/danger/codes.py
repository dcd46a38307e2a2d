"""A code on paper: shown once, kept as a salted hash, good for one use: it destroys everything."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from storage.database import Tx

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None that are read for another on paper."""
SIGNS, GROUP = 20, 4
_COST = {"n": 2**14, "r": 8, "p": 1}


async def make(tx: Tx) -> str:
    """A new one, in the place of the one before: 99 random bits."""
    code = "".join(secrets.choice(LETTERS) for _ in range(SIGNS))
    salt = secrets.token_bytes(16)
    await tx.run("INSERT OR REPLACE INTO danger_code VALUES (1, ?, ?)", salt, _hash(code, salt))
    return "-".join(code[at : at + GROUP] for at in range(0, SIGNS, GROUP))


async def fits(tx: Tx, typed: str) -> bool:
    row = await tx.one("SELECT salt, hash FROM danger_code")
    if row is None:
        return False
    return hmac.compare_digest(_hash(plain(typed), bytes(row["salt"])), bytes(row["hash"]))


def plain(typed: str) -> str:
    """As it stands on the paper, however it was typed."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def is_like(typed: str) -> bool:
    return len(plain(typed)) == SIGNS and set(plain(typed)) <= set(LETTERS)


def _hash(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(code.encode(), salt=salt, dklen=32, **_COST)
