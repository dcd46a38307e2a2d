"""Codes on paper: shown once, kept as a salted hash, good for one use: destroying everything.

One is in force. A new one waits beside it, and takes its place when it is confirmed or due.
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
"""None that are read for another on paper."""
SIGNS, GROUP = 20, 4
MOST_WRONG, WITHIN = 5, timedelta(hours=1)
_COST = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that waits: who made it, and when it takes effect (UTC)."""

    maker: UserId
    due: datetime


async def make(tx: Tx, maker: UserId, due: datetime) -> str:
    """A new code of 99 random bits, which waits in the place of any other that waits."""
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


async def put_off(tx: Tx, due: datetime) -> None:
    """The code that waits takes effect then."""
    await tx.run("UPDATE danger_new_code SET due = ?", due.timestamp())


async def take_effect(tx: Tx) -> None:
    """The code that waits is the one in force; the one before is void."""
    await tx.run("INSERT OR REPLACE INTO danger_code SELECT id, salt, hash FROM danger_new_code")
    await drop_waiting(tx)


async def drop_waiting(tx: Tx) -> None:
    """The code that waits never takes effect; the one in force stays."""
    await tx.run("DELETE FROM danger_new_code")


async def is_any(tx: Tx) -> bool:
    """Is a code in force?"""
    return await tx.one("SELECT 1 FROM danger_code") is not None


async def fits(tx: Tx, typed: str) -> bool:
    """Is this the code in force? The hashing takes 50 ms, beside the loop."""
    row = await tx.one("SELECT salt, hash FROM danger_code")
    if row is None:
        return False
    return hmac.compare_digest(await _hash(plain(typed), bytes(row["salt"])), bytes(row["hash"]))


async def wrong_lately(tx: Tx, person: UserId, now: datetime) -> int:
    """How many wrong codes the person typed within the hour."""
    await tx.run("DELETE FROM danger_try WHERE at < ?", (now - WITHIN).timestamp())
    row = await tx.one("SELECT count(*) AS n FROM danger_try WHERE person = ?", person)
    return row["n"] if row else 0


async def was_wrong(tx: Tx, person: UserId, now: datetime) -> None:
    await tx.run("INSERT INTO danger_try VALUES (?, ?)", person, now.timestamp())


def plain(typed: str) -> str:
    """As it stands on the paper, however it was typed."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def is_like(typed: str) -> bool:
    return len(plain(typed)) == SIGNS and set(plain(typed)) <= set(LETTERS)


async def _hash(code: str, salt: bytes) -> bytes:
    return await asyncio.to_thread(hashlib.scrypt, code.encode(), salt=salt, dklen=32, **_COST)
