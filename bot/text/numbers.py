"""Reads the number of a thing that begins a text. Pure."""

from __future__ import annotations

import re

from bot.types import Number

_NUMBER = re.compile(r"\s*#?(\d{1,9})(?!\w|[\d:/.,\-]{0,20}\d)\s*[,;:]?\s*")
"""`57`, `#57:`; not what begins a date, an hour or an amount: `5/12`, `17:30`, `1,5`, `7pm`."""


def split_number(text: str) -> tuple[Number, str] | None:
    """Return the number of a thing that a text begins with and the text behind it, or None."""
    found = _NUMBER.match(text)
    return (Number(int(found[1])), text[found.end() :]) if found else None
