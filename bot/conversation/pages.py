"""Reads which page of a list is meant, in the same way for every command. Pure."""

from __future__ import annotations

import re
from typing import NewType

from bot.conversation.arguments import NamedArgument
from bot.text.command_words import words

Page = NewType("Page", int)
"""A page of a list, from 1 to `MOST_PAGES`."""
FIRST_PAGE = Page(1)
MOST_PAGES = 1000
PAGE_ARGUMENT = NamedArgument(words("página", "página", "page", "pag"))
"""The page as a setting, for commands whose text has settings."""
_WORD = r"p(?:[aá]g(?:ina)?|age)?\.?\s{0,3}:?\s{0,3}"
_NAMED = re.compile(rf"(?:^|\s){_WORD}(\d{{1,4}})\s*$", re.IGNORECASE)
_BARE = re.compile(r"(?:^|\s)(\d{1,4})\s*$")


def split_page(text: str, *, bare: bool = True) -> tuple[Page, str]:
    """Return the text without the page at its end (`agua página 2`, `p. 2`; with `bare` also `agua
    2`), and the page number, 1 if none is named.

    A bare number over `MOST_PAGES` is no page: `December 2026`.
    """
    match = _NAMED.search(text) or (_BARE.search(text) if bare else None)
    if match is None or (int(match[1]) > MOST_PAGES and not names_page(text)):
        return FIRST_PAGE, text.strip()
    return _page(match[1]), text[: match.start()].strip()


def names_page(text: str) -> bool:
    """Return whether `text` ends with a page named by its word, as in `página 2`."""
    return _NAMED.search(text) is not None


def page_number(value: str) -> Page:
    """Return the page number that the value of a setting names (`página: 2`), or 1."""
    match = re.search(r"\d{1,4}", value)
    return _page(match[0]) if match else FIRST_PAGE


def _page(digits: str) -> Page:
    return Page(min(max(int(digits), 1), MOST_PAGES))
