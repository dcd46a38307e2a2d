"""Reads which page of a list is meant, in the same way for every command. Pure."""

from __future__ import annotations

import re
from typing import NewType

Page = NewType("Page", int)
"""A page of a list, from 1 to `MOST_PAGES`."""
MOST_PAGES = 1000
_WORD = r"p(?:[aá]g(?:ina)?|age)?\.?\s{0,3}:?\s{0,3}"
_NAMED = re.compile(rf"(?:^|\s){_WORD}(\d{{1,4}})\s*$", re.IGNORECASE)
_BARE = re.compile(rf"(?:^|\s)(?:{_WORD})?(\d{{1,4}})\s*$", re.IGNORECASE)


def split_page(text: str, *, bare: bool = True) -> tuple[Page, str]:
    """Split a page off the end: `agua página 2`, `p. 2`, or `agua 2` if `bare`. Else it is 1."""
    match = (_BARE if bare else _NAMED).search(text)
    if match is None:
        return Page(1), text
    return _page(match[1]), text[: match.start()].strip()


def names_page(text: str) -> bool:
    """Return whether a page is named by its word at the end of `text`."""
    return _NAMED.search(text) is not None


def page_number(value: str) -> Page:
    """Return the page that the value of a setting names (`página: 2`), or 1."""
    match = re.search(r"\d{1,4}", value)
    return _page(match[0]) if match else Page(1)


def _page(digits: str) -> Page:
    return Page(min(max(int(digits), 1), MOST_PAGES))
