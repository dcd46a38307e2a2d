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

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without letters and digits that are easily mixed up on paper."""
CODE_LENGTH, GROUP_LENGTH = 20, 4
MOST_WRONG_CODES, WRONG_CODE_PERIOD = 5, timedelta(hours=1)
_SCRYPT_COST = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that is not in force yet: who made it, and when it takes effect (UTC)."""

    maker: UserId
    due: datetime


async def make_code(tx: Tx, maker: UserId, due: datetime) -> str:
    """Return a new self-destruct code of 99 random bits, in force from `due` (UTC) in place of any
    that waits."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    salt = secrets.token_bytes(16)
    await tx.run(
        "INSERT OR REPLACE INTO danger_new_code VALUES (1, ?, ?, ?, ?)",
        salt,
        await _hash(code, salt),
        maker,
        due.timestamp(),
    )
    return "-".join(code[at : at + GROUP_LENGTH] for at in range(0, CODE_LENGTH, GROUP_LENGTH))


async def waiting_code(tx: Tx) -> NewCode | None:
    """Return who made the self-destruct code that is not in force yet, and when (UTC) it takes
    effect; or None."""
    row = await tx.one("SELECT maker, due FROM danger_new_code")
    return NewCode(UserId(row["maker"]), datetime.fromtimestamp(row["due"], UTC)) if row else None


async def activate_code(tx: Tx) -> None:
    """Put the waiting self-destruct code in force. The one before becomes void."""
    await tx.run("INSERT OR REPLACE INTO danger_code SELECT id, salt, hash FROM danger_new_code")
    await delete_waiting_code(tx)


async def delete_waiting_code(tx: Tx) -> None:
    """Delete the self-destruct code that waits to take effect. The one in force stays."""
    await tx.run("DELETE FROM danger_new_code")


async def is_valid(tx: Tx, typed: str) -> bool:
    """Return whether this is the self-destruct code in force.

    Hashes for about 50 ms in a thread.
    """
    row = await tx.one("SELECT salt, hash FROM danger_code")
    if row is None:
        return False
    return hmac.compare_digest(
        await _hash(normalise_code(typed), bytes(row["salt"])), bytes(row["hash"])
    )


async def count_wrong_codes(tx: Tx, person: UserId, now: datetime) -> int:
    """Return how many wrong self-destruct codes the person typed in the last hour."""
    await tx.run("DELETE FROM danger_try WHERE at < ?", (now - WRONG_CODE_PERIOD).timestamp())
    return await tx.count("SELECT count(*) AS n FROM danger_try WHERE person = ?", person)


async def record_wrong_code(tx: Tx, person: UserId, now: datetime) -> None:
    """Store that a person typed a wrong self-destruct code at an instant (UTC), against
    guessing."""
    await tx.run("INSERT INTO danger_try VALUES (?, ?)", person, now.timestamp())


def normalise_code(typed: str) -> str:
    """Return the letters and digits of a self-destruct code, in capitals."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def has_code_form(typed: str) -> bool:
    """Return whether a text could be a self-destruct code, by its length and letters alone."""
    return len(normalise_code(typed)) == CODE_LENGTH and set(normalise_code(typed)) <= set(ALPHABET)


async def _hash(code: str, salt: bytes) -> bytes:
    return await asyncio.to_thread(
        hashlib.scrypt, code.encode(), salt=salt, dklen=32, **_SCRYPT_COST
    )
