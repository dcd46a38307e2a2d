"""What a stranger wrote, as one line that nobody takes for anything but a stranger's words."""

from __future__ import annotations

import re

from bot.api import harmless

LONGEST = 500
"""Letters of an announcement."""
MOST_RAW = 4 * LONGEST
_QUOTES = str.maketrans(dict.fromkeys('`"“”„«»‟＂‹›〝〞', "'"))
_COMMAND = re.compile(r"(?<!\w)[!！]+(?=\w)")
_LINK = re.compile(r"\]\(")
_MASK = re.compile(r"(?<=://)[^\s/?#@]*@")
"""`https://bank.example@evil.example` leads to the second."""
_CALL = re.compile(r"(?<!\w)[@＠](?=room\b|[^\s:@＠]+:\w)", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?<!\w)[@＠](?:room\b|[^\s:@＠]+:\w[^\s]*)", re.IGNORECASE)
_MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_PILES = re.compile(rf"({_MARKS}{{2}}){_MARKS}+")
"""Marks over marks reach into the lines around."""


def quotable(text: str) -> str:
    """One line that calls nobody, is no command, ends no quote and hides no address."""
    line = " ".join(harmless(" ".join(text.split())).split())
    line = _PILES.sub(r"\1", line).translate(_QUOTES)
    line = _MASK.sub("", _LINK.sub("] (", line))
    return _CALL.sub("", _COMMAND.sub("", line)).strip()


def account_in(text: str) -> str | None:
    """An account, or a call to everybody, that stands in it."""
    found = _ACCOUNT.search(harmless(text))
    return found[0] if found else None
