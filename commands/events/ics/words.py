"""A person's words in a calendar file: they stay one value, and name nobody's account."""

from __future__ import annotations

import re

from icalendar import vText

from bot.api import harmless

_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ADDRESS = re.compile(
    r"(?<![\w.])(@|!|#|%40|%21|%23)([\w.=/+-]{1,255})(?::|%3A)(?=[\w.-]{0,255}[a-z])[\w.-]+(?::\d+)?",
    re.IGNORECASE,
)
"""`@ana:example.org`, as it stands in text and in links. `@19:00` is none."""


class Escaped(vText):
    """TEXT of RFC 5545 §3.3.11. icalendar takes the `\\N` of `C:\\Nueva` for a line break."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()


def unescaped(value: str) -> str:
    """What a TEXT value says."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def plain(text: str) -> str:
    """The words with their line breaks; nothing that ends a line of the file, hides or reorders."""
    return harmless(_SURROGATE.sub("", _BREAKS.sub("\n", text))).strip()


def nameless(text: str) -> str:
    """The same without anybody's account, or the address of a room."""
    text, before = plain(text), ""
    while text != before:  # what is taken out may join the rest to another one
        before, text = text, _ADDRESS.sub(_nickname, text).strip()
    return text


def one_line(text: str) -> str:
    return " ".join(text.split())


def link(text: str) -> str:
    """An address that can be opened; empty if it is none, or names an account or a room."""
    text = text.strip()
    fine = re.fullmatch(r"https?://[!-~]{3,490}", text) and not _ADDRESS.search(text)
    return text if fine else ""


def _nickname(found: re.Match[str]) -> str:
    """An account without its homeserver; of a room nothing: its id is no name."""
    return "" if found[1] in ("!", "%21") else found[1] + found[2]
