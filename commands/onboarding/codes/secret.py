"""What a code looks like, and how a line is recognised as one. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""None that is taken for another one on paper or by ear."""
_TYPED = re.compile(
    r"(?:(?:c[oó]digo|code)\s*:?\s*)?([a-z2-9]{4})\s*[-‐–—]?\s*([a-z2-9]{4})\s*\.?", re.IGNORECASE
)

_SHAPE = re.compile(r"[a-z0-9]{4}\s*[-‐–—]\s*[a-z0-9]{1,6}|(?=\D*\d)[a-z0-9]{8}", re.IGNORECASE)


def new() -> str:
    """Eight letters, two of them digits at least: no word that people say is a code."""
    while True:
        made = "".join(secrets.choice(LETTERS) for _ in range(8))
        if sum(c.isdigit() for c in made) > 1:
            return f"{made[:4]}-{made[4:]}"


def typed(line: str) -> str | None:
    """The code that the whole line is, as it is compared."""
    found = _TYPED.fullmatch(line.strip())
    if found is None:
        return None
    code = (found[1] + found[2]).upper()
    fits = all(c in LETTERS for c in code) and sum(c.isdigit() for c in code) > 1
    return code if fits else None


def meant(line: str) -> bool:
    """Is it shaped like one, though no code is written so (`abcd-efgh`, `VS4E-27O8`, `VS4E-27`)?"""
    return _SHAPE.fullmatch(line.strip()) is not None


def mark(code: str) -> bytes:
    """What is kept of a code."""
    return hashlib.sha256(b"minga-code-1\0" + code.replace("-", "").encode()).digest()
