"""Words by which somebody could be reached: they don't leave home with an offer or a need."""

from __future__ import annotations

import re

from bot.api import Line, UserError, _

_ADDRESS = re.compile(r"\S{0,60}@\w\S{0,60}|\b(?:wa|t|matrix)\.(?:me|to)/\S{1,60}", re.IGNORECASE)
_DIGITS = re.compile(r"(?<!\w)\+?\(?\d[\d\s().+-]{5,40}")
_NO_PHONE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-.]\d{1,2}[-.]\d{4}|\d{1,3}(?:[. ]\d{3}){1,4}"
)
"""Days, and large numbers as people write them."""
LEAST, MOST = 7, 15
"""Digits of a telephone number (ITU E.164)."""


def found(text: str) -> str | None:
    """An address of Matrix, e-mail or another network, or a telephone number, if one is in it."""
    address = _ADDRESS.search(text)
    if address is not None:
        return address[0]
    for run in _DIGITS.finditer(text):
        said = run[0].strip(" ().-")
        digits = sum(c.isdigit() for c in said)
        if LEAST <= digits <= MOST and not _NO_PHONE.fullmatch(said):
            return said
    return None


def refuse(text: str, *then: Line) -> None:
    """Raises `UserError` if there is such a thing in it, with what can be done."""
    said = found(text)
    if said is not None:
        raise UserError(
            _("“{text}” looks like an address or a telephone number. Other networks would read it.",
              text=said[:60]),
            _("Please say it without: contacts pass in private, once both said yes."),
            *then,
        )  # fmt: skip
