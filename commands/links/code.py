"""The short code that people of two networks compare before their bots trust each other.

Each side is bound to its secret number before it sees the other's, so that whoever stands between
them has one try in a million millions, however much they compute (ZRTP, RFC 6189 §4.4.1.1).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.api import canonical, digest

GROUPS, DIGITS = 3, 4


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its bot, the master key of its account, its network's key, its number."""

    bot: str
    master: str
    key: str
    nonce: str


def number() -> str:
    """A side's secret number: 128 random bits."""
    return secrets.token_hex(16)


def binding(side: Side) -> str:
    """What a side says first: it can show no other number later."""
    return digest("minga-link-number-1", side.bot, side.master, side.key, side.nonce)


def code(one: Side, other: Side) -> str:
    """The same on both sides if, and only if, both see the same two: `1234 5678 9012`."""
    sides = sorted([s.bot, s.master, s.key, s.nonce] for s in (one, other))
    whole = int(digest("minga-link-code-1", canonical(sides).decode()), 16)
    digits = f"{whole % 10 ** (GROUPS * DIGITS):0{GROUPS * DIGITS}d}"
    return " ".join(digits[i : i + DIGITS] for i in range(0, len(digits), DIGITS))
