"""Escape and clean the text values of a calendar file, and remove Matrix addresses."""

from __future__ import annotations

import re

from bot.api import strip_hidden

_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ADDRESS = re.compile(
    r"(?<![\w.])(@|!|#|%40|%21|%23)([\w.=/+-]{1,255})(?::|%3A)(?=[\w.-]{0,255}[a-z])[\w.-]+(?::\d+)?",
    re.IGNORECASE,
)
"""Matches `@ana:example.org` in text and in links, but not `@19:00`."""


def unescape_text(value: str) -> str:
    """Return the text that a TEXT value of a calendar file stands for."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def clean_text(text: str) -> str:
    r"""Return the text with line breaks as `\n`, without control and reordering characters."""
    return strip_hidden(_SURROGATE.sub("", _BREAKS.sub("\n", text))).strip()


def strip_addresses(text: str) -> str:
    """Return the plain text without addresses of people or rooms."""
    text, before = clean_text(text), ""
    while text != before:  # a removal may join the rest to another address
        before, text = text, _ADDRESS.sub(_without_homeserver, text).strip()
    return text


def join_lines(text: str) -> str:
    """Return the text on one line, line breaks replaced by spaces."""
    return " ".join(text.split())


def safe_link(text: str) -> str:
    """Return the web address, or an empty string if it is none or names a person or a room."""
    text = text.strip()
    fine = re.fullmatch(r"https?://[!-~]{3,490}", text) and not _ADDRESS.search(text)
    return text if fine else ""


def _without_homeserver(found: re.Match[str]) -> str:
    """Return an account without its homeserver; of a room nothing, as its id is no name."""
    return "" if found[1] in ("!", "%21") else found[1] + found[2]
