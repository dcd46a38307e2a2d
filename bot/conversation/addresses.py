"""Finds people's addresses in typed text, in the same way for every command. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from bot.types import UserId

LONGEST_ADDRESS = 255
"""Most characters of a user id (Matrix specification, appendix "User Identifiers")."""
_HOST = r"(?:\[[0-9a-fA-F:.]{2,45}\]|[a-zA-Z0-9](?:\.?[a-zA-Z0-9\-]){0,228}(?<!-))"
_ADDRESS = rf"@[a-zA-Z0-9._=\-/+]{{1,200}}:{_HOST}(?::\d{{1,5}}(?!\d))?"
ADDRESS = re.compile(_ADDRESS)
"""A user id. Longer ones than `LONGEST_ADDRESS` match too: see `find_addresses`."""
LIKE_ADDRESS = re.compile(r"@[^\s:@]{1,254}:[^\s,;@]{1,254}")
"""What is meant as an address, right or wrong."""
_WRAPPED = re.compile(rf"<{_ADDRESS}>|\({_ADDRESS}\)|{_ADDRESS}")
_LINK = re.compile(
    r"(?:\[[^\]\n]{0,255}\]\()?https?://matrix\.to/#/((?:@|%40)[^\s)?]{1,400})[^\s)]*\)?"
)
_EDGES = "<>()[]\"'*-.,;|"
_COUNT = re.compile(r"\d{1,3}[.)]?")


@dataclass(frozen=True, slots=True)
class NamedPeople:
    """People by address, words that look like an address and are none, and the other words."""

    people: tuple[UserId, ...]
    wrong: tuple[str, ...]
    words: tuple[str, ...]


def expand_links(text: str) -> str:
    """Return the text with each link to a person (`https://matrix.to/#/@ana:server.org`) replaced
    by the bare address."""
    return _LINK.sub(lambda m: f" {unquote(m[1])} ", text) if "matrix.to" in text else text


def find_addresses(text: str) -> tuple[UserId, ...]:
    """Return the Matrix addresses (`@ana:server.org`) in a text, also those inside links, each
    once, in the order of the text."""
    found = ADDRESS.findall(expand_links(text))
    return tuple(dict.fromkeys(UserId(one) for one in found if len(one) <= LONGEST_ADDRESS))


def cut_addresses(text: str) -> str:
    """Return the text without Matrix addresses and without links to people."""
    return _WRAPPED.sub(" ", expand_links(text)).strip()


def is_address(word: str) -> bool:
    """Return whether the whole word is a user id, at most `LONGEST_ADDRESS` characters long."""
    return len(word) <= LONGEST_ADDRESS and ADDRESS.fullmatch(word) is not None


def split_people(text: str, mentions: Sequence[UserId] = ()) -> NamedPeople:
    """Return the Matrix addresses of the people named in a list, each once: first those mentioned
    by a pill, then the others in the order typed."""
    people, wrong, others = list(mentions), list[str](), list[str]()
    for token in re.split(r"[\s,;]+", expand_links(text)):
        word = token.strip(_EDGES)
        if is_address(word):
            people.append(UserId(word))
        elif "@" in word or ":" in word:
            wrong.append(word[:100])
        elif word and not _COUNT.fullmatch(token):
            others.append(word[:100])
    return NamedPeople(
        tuple(dict.fromkeys(people)), tuple(dict.fromkeys(wrong)), tuple(dict.fromkeys(others))
    )
