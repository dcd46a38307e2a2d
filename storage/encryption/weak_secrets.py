"""Recognises keys and passphrases that a program guesses at once. For data that is yet to be made.

What locks data already opens it for ever, however weak it is.
"""

from __future__ import annotations

import string

LEAST_DISTINCT_BYTES = 12
"""A random key of 32 bytes has about 30; fewer than 20 never happen."""
LEAST_DISTINCT_LETTERS = 6
LEAST_DIGITS = 24
"""Digits that a passphrase of nothing else needs: as many as 80 random bits have."""


def is_weak_key(text: bytes) -> bool:
    """Return whether the content of a key file, without its newline, repeats a few bytes."""
    is_hex = len(text) == 64 and all(chr(c) in string.hexdigits for c in text)
    return len(set(bytes.fromhex(text.decode()) if is_hex else text)) < LEAST_DISTINCT_BYTES


def is_weak_passphrase(text: bytes) -> bool:
    """Return whether a passphrase repeats a few letters or a word, or is a short number."""
    if text.isdigit() and len(text) < LEAST_DIGITS:
        return True
    return len(set(text)) < LEAST_DISTINCT_LETTERS or _is_repeated(text)


def _is_repeated(text: bytes) -> bool:
    """Return whether a text is one of its beginnings, over and over."""
    return text in (text + text)[1:-1]
