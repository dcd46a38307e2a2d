"""What a stranger wrote, as one line that nobody takes for anything but a stranger's words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.typed import harmless

BAR = "│ "
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""All that any app shows as the end of a line."""
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


def apart(text: str) -> str:
    """Several lines as such, each behind a bar: none of them begins as a line of ours does.

    One line stays as it is, inside the sentence that quotes it.
    """
    lines = _BREAK.split(text)
    if len(lines) == 1:
        return text
    return "\n" + "\n".join(_behind_bars(lines))


def barred(text: str) -> str:
    """Line by line, each behind a bar: for what is long and needs its lines."""
    return "\n".join(_behind_bars(harmless(line) for line in _BREAK.split(text)))


def _behind_bars(lines: Iterable[str]) -> list[str]:
    """Whoever draws the bar themselves gets no second one."""
    shown = (line.strip() for line in lines)
    return [line if line.startswith(BAR) else BAR + line for line in shown if line]
