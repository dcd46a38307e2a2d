"""Find addresses and telephone numbers, which must not leave the network with a post."""

from __future__ import annotations

import re

from bot.api import Line, UserError, _

_ADDRESS = re.compile(r"\S{0,60}@\w\S{0,60}|\b(?:wa|t|matrix)\.(?:me|to)/\S{1,60}", re.IGNORECASE)
_DIGITS = re.compile(r"(?<!\w)\+?\(?\d[\d\s().+-]{5,40}")
_NO_PHONE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-.]\d{1,2}[-.]\d{4}|\d{1,3}(?:[. ]\d{3}){1,4}"
)
"""Matches dates, and large numbers as people write them."""
FEWEST_DIGITS, MOST_DIGITS = 7, 15
"""How many digits a telephone number has (ITU-T E.164)."""


def find_identifier(text: str) -> str | None:
    """Return the first Matrix, e-mail or other address or telephone number in the text, or None."""
    address = _ADDRESS.search(text)
    if address is not None:
        return address[0]
    for run in _DIGITS.finditer(text):
        said = run[0].strip(" ().-")
        digits = sum(c.isdigit() for c in said)
        if FEWEST_DIGITS <= digits <= MOST_DIGITS and not _NO_PHONE.fullmatch(said):
            return said
    return None


def refuse_identifiers(text: str, *then: Line) -> None:
    """Raise `UserError` if the text holds an address or a telephone number.

    `then` are further lines of the error that say what the person can do.
    """
    said = find_identifier(text)
    if said is not None:
        raise UserError(
            _(
                "“{text}” looks like an address or a telephone number. Other networks would read"
                " it.",
                text=said[:60],
            ),
            _("Please say it without: contacts pass in private, once both said yes."),
            *then,
        )
