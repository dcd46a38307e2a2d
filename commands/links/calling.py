"""Who would be called by an announcement, and how long it may be."""

from __future__ import annotations

import re

from bot.api import harmless

LONGEST = 500
"""Letters of an announcement."""
MOST_RAW = 4 * LONGEST
_ACCOUNT = re.compile(r"(?<!\w)[@＠](?:room\b|[^\s:@＠]+:\w[^\s]*)", re.IGNORECASE)


def account_in(text: str) -> str | None:
    """An account, or a call to everybody, that stands in it."""
    found = _ACCOUNT.search(harmless(text))
    return found[0] if found else None
