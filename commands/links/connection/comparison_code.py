"""The short code that people of two networks compare before their bots trust each other.

Each side commits to a secret number before it sees the other's, so somebody between them has one
try in a million millions, however much they compute (ZRTP, RFC 6189 §4.4.1.1).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.api import canonical_json, hash_parts

GROUPS, DIGITS = 3, 4


@dataclass(frozen=True, slots=True)
class CodeSide:
    """One side: its bot, the account's master key, the network's key, and its secret number."""

    bot: str
    master: str
    key: str
    nonce: str


def number_commitment(side: CodeSide) -> str:
    """Return a network's commitment to its secret number, which it sends first."""
    return hash_parts("minga-link-number-1", side.bot, side.master, side.key, side.nonce)


def code_of_sides(one: CodeSide, other: CodeSide) -> str:
    """Return the code that the moderators of two networks compare, such as `1234 5678 9012`.

    It is the same on both sides if, and only if, both see the same two sides.
    """
    sides = sorted([s.bot, s.master, s.key, s.nonce] for s in (one, other))
    whole = int(hash_parts("minga-link-code-1", canonical_json(sides).decode()), 16)
    digits = f"{whole % 10 ** (GROUPS * DIGITS):0{GROUPS * DIGITS}d}"
    return " ".join(digits[i : i + DIGITS] for i in range(0, len(digits), DIGITS))
