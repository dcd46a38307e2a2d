"""Makes strangers' texts safe to quote, so that nobody takes them for the bot's words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text.normalisation import one_line, strip_hidden

BAR = "│ "
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""Everything that any client shows as a line break."""
_QUOTES = str.maketrans(dict.fromkeys('`"“”„«»‟＂‹›〝〞', "'"))
_COMMAND = re.compile(r"(?<!\w)[!！]+(?=\w)")
_LINK = re.compile(r"\]\(")
_MASK = re.compile(r"(?<=://)[^\s/?#@]*@")
"""User information in URLs: `https://bank.example@evil.example` leads to the second host."""
_CALL = re.compile(r"(?<!\w)[@＠](?=room\b|[^\s:@＠]+:\w)", re.IGNORECASE)
_MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_PILES = re.compile(rf"({_MARKS}{{2}}){_MARKS}+")
"""Stacks of combining marks, which reach into other lines."""


def quotable_line(text: str) -> str:
    """Return the text as one line without mentions, commands, quotation marks or masked links."""
    line = one_line(" ".join(text.split()))
    line = _PILES.sub(r"\1", line).translate(_QUOTES)
    line = _MASK.sub("", _LINK.sub("] (", line))
    return _CALL.sub("", _COMMAND.sub("", line)).strip()


def quoted_line(text: str) -> str:
    """Return the quotable line in quotation marks, or an empty string."""
    line = quotable_line(text)
    return f"“{line}”" if line else ""


def bar_if_multiline(text: str) -> str:
    """Return several lines with a bar (`│`) before each, so that none looks like the bot's.

    A single line stays as it is.
    """
    lines = _BREAK.split(text)
    if len(lines) == 1:
        return text
    return "\n" + "\n".join(_behind_bars(lines))


def bar_lines(text: str) -> str:
    """Return the lines with a bar before each, for long quoted texts."""
    return "\n".join(_behind_bars(strip_hidden(line) for line in _BREAK.split(text)))


def _behind_bars(lines: Iterable[str]) -> list[str]:
    """Put a bar before each line that has none."""
    shown = (line.strip() for line in lines)
    return [line if line.startswith(BAR) else BAR + line for line in shown if line]
