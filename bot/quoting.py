"""What a stranger wrote, as one line that nobody takes for anything but a stranger's words."""

from __future__ import annotations

import re

from bot.typed import harmless

_QUOTES = str.maketrans(dict.fromkeys('`"“”„«»‟＂‹›〝〞', "'"))
_COMMAND = re.compile(r"(?<!\w)[!！]+(?=\w)")
_LINK = re.compile(r"\]\(")
_MASK = re.compile(r"(?<=://)[^\s/?#@]*@")
"""`https://bank.example@evil.example` leads to the second."""
_CALL = re.compile(r"(?<!\w)[@＠](?=room\b|[^\s:@＠]+:\w)", re.IGNORECASE)
_MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_PILES = re.compile(rf"({_MARKS}{{2}}){_MARKS}+")
"""Marks over marks reach into the lines around."""


def quotable(text: str) -> str:
    """One line that calls nobody, is no command, ends no quote and hides no address."""
    line = " ".join(harmless(" ".join(text.split())).split())
    line = _PILES.sub(r"\1", line).translate(_QUOTES)
    line = _MASK.sub("", _LINK.sub("] (", line))
    return _CALL.sub("", _COMMAND.sub("", line)).strip()


def quoted(text: str) -> str:
    """All of it between marks of ours, for where it stands on a line alone; nothing stays so."""
    line = quotable(text)
    return f"“{line}”" if line else ""


def barred(text: str) -> str:
    """Line by line, each behind a bar: for what is long and needs its lines."""
    lines = (harmless(line).strip() for line in text.splitlines())
    return "\n".join(f"│ {line}" for line in lines if line)
