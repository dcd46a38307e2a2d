"""Parsing of the people in a line: addresses, mentions, links and words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from bot.api import UserId, fold

_LINK = re.compile(r"(?:\[[^\]\n]{0,100}\]\()?https?://matrix\.to/#/(@[^\s)?]{1,400})[^\s)]*\)?")
_ADDRESS = re.compile(
    r"@[a-zA-Z0-9._=\-/+]{1,200}:[a-zA-Z0-9](?:[a-zA-Z0-9.\-]{0,228})(?::\d{1,5})?"
)
_FILLERS = frozenset(
    "a al en para el la los las y e o ao em no na os as to in into the and area areas".split()  # noqa: SIM905
)
_COUNT = re.compile(r"\d{1,3}[.)]?")
_EDGES = "<>()[]\"'*-.,;|"


@dataclass(frozen=True, slots=True)
class NamedPeople:
    """People by address, words that look like an address and are none, and the other words."""

    people: tuple[UserId, ...]
    wrong: tuple[str, ...]
    words: tuple[str, ...]


def parse_people(text: str, mentions: Sequence[UserId] = ()) -> NamedPeople:
    """Return the people in a text, each once and in order, with those mentioned first."""
    text = _LINK.sub(lambda m: f" {unquote(m[1])} ", text)
    people, wrong, others = list(mentions), list[str](), list[str]()
    for token in re.split(r"[\s,;]+", text):
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


def is_address(word: str) -> bool:
    """Tell whether a word is a Matrix user id: `@name:server`, at most 255 letters."""
    return len(word) <= 255 and ".." not in word and _ADDRESS.fullmatch(word) is not None


def without_fillers(words: Iterable[str]) -> list[str]:
    """Drop words that name nothing: `en el área prensa` becomes `prensa`."""
    return [word for word in words if fold(word) not in _FILLERS]
