"""Canonical JSON (RFC 8785; Matrix spec, appendix 3.1) for what is hashed and signed."""

from __future__ import annotations

import json
from typing import Any

LARGEST_INTEGER = 2**53 - 1
"""Larger integers lose precision in other languages (RFC 7493)."""
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False
)


def canonical_json(value: Any) -> bytes:
    """Return strings, integers, lists and objects with ASCII keys as canonical JSON. Raises
    `ValueError` for other values.

    Within these limits Python's key order and escapes are those of the RFC.
    """
    _check(value)
    return encode_canonical(value)


def encode_canonical(value: Any) -> bytes:
    """Return canonical JSON of a value that is not checked, such as one from another server.

    Raises `ValueError` for NaN and infinities, `TypeError` for a type that JSON does not have.
    """
    return _ENCODER.encode(value).encode()


def _check(value: Any) -> None:
    match value:
        case bool():
            raise ValueError("true and false have no place in what is signed")
        case str():
            pass
        case int() if abs(value) <= LARGEST_INTEGER:
            pass
        case list() | tuple():
            for part in value:
                _check(part)
        case dict() if all(isinstance(name, str) and name.isascii() for name in value):
            for part in value.values():
                _check(part)
        case _:
            raise ValueError(f"such a {type(value).__name__} has no place in what is signed")
