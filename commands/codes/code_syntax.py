"""The form of a code: how one is made, recognised in a line, and hashed. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters of a code. None of them is taken for another one on paper or by ear."""
_TYPED = re.compile(
    r"(?:(?:[^\W\d]{1,12}[\s,.:;!]+){0,6}(?:c[oó]digo|code)\s*(?:es|é|eh|is)?\s*[:,=]?\s*)?"
    r"[\"“'`*(]?([a-z2-9]{4})\s*[-‐–—]?\s*([a-z2-9]{4})[\"”'`*)]?\s*[.!]?"
    r"(?:\s*,?\s*(?:(?:muchas |muito )?(?:gracias|obrigad[oa])|thanks?(?: you)?|por favor|please)"
    r"\W*)?",
    re.IGNORECASE,
)
"""The code alone, or as people hand it over: `hola, tengo un código: 7K2M-XQ9A, gracias`."""

_SHAPE = re.compile(r"[a-z0-9]{4}\s*[-‐–—]\s*[a-z0-9]{1,6}|(?=\D*\d)[a-z0-9]{8}", re.IGNORECASE)


def new_code() -> str:
    """Return a random invitation code such as `7K2M-XQ9A`.

    Two of its eight letters at least are digits, so that no word people say is a code.
    """
    while True:
        made = "".join(secrets.choice(LETTERS) for _ in range(8))
        if sum(c.isdigit() for c in made) > 1:
            return f"{made[:4]}-{made[4:]}"


def new_account_token() -> str:
    """Return a random registration token such as `7K2M-XQ9A-PD4T`, 59 bits."""
    made = "".join(secrets.choice(LETTERS) for _ in range(12))
    return f"{made[:4]}-{made[4:8]}-{made[8:]}"


def parse_code(line: str) -> str | None:
    """Return the invitation code that the whole line is, in capitals without the hyphen, or
    None."""
    found = _TYPED.fullmatch(line.strip())
    if found is None:
        return None
    code = (found[1] + found[2]).upper()
    fits = all(c in LETTERS for c in code) and sum(c.isdigit() for c in code) > 1
    return code if fits else None


def resembles_code(line: str) -> bool:
    """Return whether the line looks like an invitation code, written right or not (`abcd-efgh`,
    `VS4E-27O8`)."""
    return _SHAPE.fullmatch(line.strip()) is not None


def hash_code(code: str) -> bytes:
    """Return the SHA-256 hash by which an invitation code is stored; the code itself is not
    kept."""
    return hashlib.sha256(b"minga-code-1\0" + code.replace("-", "").encode()).digest()
