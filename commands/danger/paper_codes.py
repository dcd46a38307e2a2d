"""Self-destruct codes on paper: shown once, kept as a salted hash, usable once.

One code is in force. A new one waits beside it until it is confirmed or due.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.api import UserId
from storage.database import Tx

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without letters and digits that are easily mixed up on paper."""
SIGNS, GROUP = 20, 4
MOST_WRONG, WITHIN = 5, timedelta(hours=1)
_COST = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that is not in force yet: who made it, and when it takes effect (UTC)."""

    maker: UserId
    due: datetime


async def make(tx: Tx, maker: UserId, due: datetime) -> str:
    """Make a code of 99 random bits. It replaces any other code that waits."""
    code = "".join(secrets.choice(LETTERS) for _ in range(SIGNS))
    salt = secrets.token_bytes(16)
    await tx.run(
        "INSERT OR REPLACE INTO danger_new_code VALUES (1, ?, ?, ?, ?)",
        salt,
        await _hash(code, salt),
        maker,
        due.timestamp(),
    )
    return "-".join(code[at : at + GROUP] for at in range(0, SIGNS, GROUP))


async def waiting(tx: Tx) -> NewCode | None:
    row = await tx.one("SELECT maker, due FROM danger_new_code")
    return NewCode(UserId(row["maker"]), datetime.fromtimestamp(row["due"], UTC)) if row else None


async def take_effect(tx: Tx) -> None:
    """Put the waiting code in force. The one before becomes void."""
    await tx.run("INSERT OR REPLACE INTO danger_code SELECT id, salt, hash FROM danger_new_code")
    await drop_waiting(tx)


async def drop_waiting(tx: Tx) -> None:
    """Delete the waiting code. The one in force stays."""
    await tx.run("DELETE FROM danger_new_code")


async def is_any(tx: Tx) -> bool:
    """Return whether a code is in force."""
    return await tx.one("SELECT 1 FROM danger_code") is not None


async def fits(tx: Tx, typed: str) -> bool:
    """Return whether this is the code in force. Hashes for about 50 ms in a thread."""
    row = await tx.one("SELECT salt, hash FROM danger_code")
    if row is None:
        return False
    return hmac.compare_digest(await _hash(plain(typed), bytes(row["salt"])), bytes(row["hash"]))


async def wrong_lately(tx: Tx, person: UserId, now: datetime) -> int:
    """Return how many wrong codes the person typed in the last hour."""
    await tx.run("DELETE FROM danger_try WHERE at < ?", (now - WITHIN).timestamp())
    row = await tx.one("SELECT count(*) AS n FROM danger_try WHERE person = ?", person)
    return row["n"] if row else 0


async def was_wrong(tx: Tx, person: UserId, now: datetime) -> None:
    await tx.run("INSERT INTO danger_try VALUES (?, ?)", person, now.timestamp())


def plain(typed: str) -> str:
    """Return the code's letters and digits in capitals."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def is_like(typed: str) -> bool:
    return len(plain(typed)) == SIGNS and set(plain(typed)) <= set(LETTERS)


async def _hash(code: str, salt: bytes) -> bytes:
    return await asyncio.to_thread(hashlib.scrypt, code.encode(), salt=salt, dklen=32, **_COST)
