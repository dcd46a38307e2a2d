"""Limits of an announcement's text: its length, and that it names no account."""

from __future__ import annotations

import re

from bot.api import strip_hidden

LONGEST_ANNOUNCEMENT = 500
"""Letters of an announcement."""
LONGEST_RAW = 4 * LONGEST_ANNOUNCEMENT
"""Letters of an announcement as it arrives, before it is cleaned."""
_ACCOUNT = re.compile(r"(?<!\w)[@＠](?:room\b|[^\s:@＠]+:\w[^\s]*)", re.IGNORECASE)


def account_in(text: str) -> str | None:
    """Return the first account that the text names, or a mention of everybody; None if there is
    none."""
    found = _ACCOUNT.search(strip_hidden(text))
    return found[0] if found else None
