"""Normalises typed text, and compares letters as people see them.

Quotes, dashes, spaces and digits that phones replace are undone, and code points that hide or
reorder text are removed (Unicode TR 36). Words are never changed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.text.translated_text import TranslatedText

_QUOTES = dict.fromkeys("“”„«»″‟＂", '"') | dict.fromkeys("‘’‚‛′´", "'")
_DASHES = dict.fromkeys("—–‐‑‒―−", "-")
_SPACES = dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u3000\t", " ")
_FULL = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_TABLE = str.maketrans(_FULL | _QUOTES | _DASHES | _SPACES | {"…": "...", "\r": "\n"})
_HIDDEN = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ufe0f\u20e3\u034f\u061c\u115f\u1160"
    r"\u180b-\u180e\u3164\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPACED = re.compile(r" {2,}")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def normalise(text: str) -> str:
    """Return the line with plain quotes, dashes, spaces and digits, and nothing invisible."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_TABLE)
    return _SPACED.sub(" ", _CONTROL.sub("", _HIDDEN.sub("", text))).strip()


def strip_hidden(text: str) -> str:
    """Return the text without invisible characters that hide or reorder what is around them."""
    return _CONTROL.sub("", _HIDDEN.sub("", unicodedata.normalize("NFC", text)))


def one_line(text: str) -> str:
    """Return the text on one line, with single spaces and without invisible characters."""
    return " ".join(strip_hidden(text).split())


def shorten_line(text: str, most: int = 80) -> str:
    """Return the text on one line of at most `most` characters, with `…` where it is cut."""
    if isinstance(text, TranslatedText):
        return text.each(lambda one: shorten_line(one, most))
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def fold(text: str) -> str:
    """Return the text in lower case and without accents, the form in which texts are compared."""
    if text.isascii():
        return text.lower()
    return _NOT_ASCII.sub(_unless_combining, unicodedata.normalize("NFD", text.casefold()))


def _unless_combining(letter: re.Match[str]) -> str:
    return "" if unicodedata.combining(letter[0]) else letter[0]


def fold_in_place(text: str) -> str:
    """Return the text without case and accents, and as long as before: what is found in it stands
    at the same place in the text. A letter that `fold` makes two of (`ß`) stays.
    """
    return text.lower() if text.isascii() else "".join(map(_flat, text))


@lru_cache(512)
def _flat(letter: str) -> str:
    folded = unicodedata.normalize("NFD", letter)[0].casefold()
    return folded if len(folded) == 1 else letter


def compact(text: str) -> str:
    """Return the folded word without hyphens, spaces and apostrophes: `mis-datos` gives
    `misdatos`.
    """
    return re.sub(r"[\s\-_'?¿¡!.]+", "", fold(text)) or text.strip()
