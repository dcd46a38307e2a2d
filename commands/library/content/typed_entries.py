"""Parse the text behind `!save`: name, words, themes, visibility. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.api import UserError, _, compact, fold, fold_in_place, strip_hidden

LONGEST_NAME = 40
MOST_THEMES = 10

NAME_PATTERN = re.compile(r"#(\w[\w\-]{0,79})[.!]?")
"""Matches a line that is only a name or a theme. `#sala:servidor` is a room's address."""
_THEME = re.compile(r"(?<![\w&/#])#(\w[\w\-]{0,79})(?![\w:#\-])")
_LAST = re.compile(rf"(?:^|\s){_THEME.pattern}[\s.,;]*$")
_QUOTED = re.compile(r'"([^"\n]{1,200})"\s*')
_VISIBLE = re.compile(r"(?:^|\s)(?:visible|vis[ií]vel)\s*:\s*(\w+)(?=\s|$)", re.IGNORECASE)
_ARTICLES = re.compile(
    r"(?:(?:el|la|l[oa]s|unas?|un|unos|[oa](?=\s+\S+\s+\S)|[oa]s|uma?s?|uns|the|an|est[aeo]|es[aeo]"
    r"|ist[oa]|ess[ae]|isso|this|that|que|mis?|meus?|minhas?|my|our)(?:[:,]?\s+|:$))+(?=\S)"
)
"""Words that begin what is told, and are no name: `the`, `mi`, `esto:`. One letter alone may be."""
MOST_NAMING_WORDS, MOST_TOLD_WORDS = 5, 3
NETWORK_WORDS = frozenset({"red", "rede", "network"})
ROOM_WORDS = frozenset({"sala", "room"})


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """The parsed text. `name` is empty if none was typed.

    `seen` is `room` or `network`, or None if nothing was said about who may see it.
    """

    name: str
    text: str
    themes: tuple[str, ...]
    seen: str | None = None


def parse_entry(text: str) -> TypedEntry:
    """Return the name, themes and text behind `!save`. Raises `UserError` for an invalid name or
    theme."""
    seen, rest = _split_visibility(text.strip())
    name, rest = _split_name(rest)
    themes = [*_THEME.findall(rest)]
    while last := _LAST.search(rest):
        rest = rest[: last.start()]
    rest = rest.strip()
    alone = re.fullmatch(r'"([^"]*)"', rest)
    return TypedEntry(name, alone[1].strip() if alone else rest, unique_themes(themes), seen)


def _split_visibility(text: str) -> tuple[str | None, str]:
    found = _VISIBLE.search(text)
    if found is None:
        return None, text
    word = fold(found[1])
    if word not in NETWORK_WORDS | ROOM_WORDS:
        raise UserError(
            _("After `visible:` write `room` or `network`: who may see it."),
            _("For example: `!save accord text #press visible:network`"),
        )
    seen = "network" if word in NETWORK_WORDS else "room"
    return seen, f"{text[: found.start()]} {text[found.end() :]}".strip()


def _split_name(text: str) -> tuple[str, str]:
    """Return the name (quoted, with `#`, or the first word) and the rest. A link is no name, and
    behind an article (`the phone of ana 311`) the name is what stands before the value."""
    quoted = _QUOTED.match(text)
    if quoted:
        return make_name(quoted[1]), text[quoted.end() :]
    if told := _ARTICLES.match(fold_in_place(text)):
        return _split_told(text[told.end() :])
    word, _space, rest = (
        text.partition(" ") if "\n" not in text.split(" ")[0] else (text.partition("\n"))
    )
    if not word or "://" in word:
        return "", text
    return make_name(word.removeprefix("#").rstrip(":,;.")), rest


def _split_told(text: str) -> tuple[str, str]:
    """Return the name and the value of what was told in words: `phone-of-ana` of `phone of ana
    311`. Without a value that can be told apart the text stays whole."""
    words = list(re.finditer(r"\S+", text[: LONGEST_NAME + 20]))[: MOST_NAMING_WORDS + 1]
    for before, word in pairwise(words):
        is_value = re.search(r"\d|@|://", word[0]) is not None
        if (is_value or before[0].endswith((":", "="))) and before.end() <= LONGEST_NAME:
            return make_name(text[: before.end()]), text[word.start() :]
    named = suggest_name(" ".join(text.split()[:MOST_TOLD_WORDS]))
    return named, text


def make_name(typed: str) -> str:
    """Return the typed name of a resource of the library: one word, with hyphens for spaces.

    Raises `UserError` if it is too long or has no letter.
    """
    name = re.sub(r"[^\w]+", "-", strip_hidden(typed)).strip("-_")
    if len(name) > LONGEST_NAME:
        raise UserError(
            _("That name is too long: {most} letters at most.", most=LONGEST_NAME),
            _("For example: `!save accord We meet on Mondays #meetings`"),
        )
    if not name or name.isdigit() or not compact(name):
        raise UserError(
            _("“{name}” can't be a name: it needs a letter.", name=typed[:LONGEST_NAME]),
            _("For example: `!save accord We meet on Mondays #meetings`"),
        )
    return name


def unique_themes(typed: Iterable[str]) -> tuple[str, ...]:
    """Return each theme once, as first typed. Raises `UserError` for too many or too long ones."""
    found: dict[str, str] = {}
    for theme in typed:
        if theme.isdigit():
            continue  # a reference to an item
        if len(theme) > LONGEST_NAME:
            raise UserError(_("That theme is too long: {most} letters at most.", most=LONGEST_NAME))
        found.setdefault(compact(theme), theme)
    if len(found) > MOST_THEMES:
        raise UserError(_("That is a lot of themes: {most} at most.", most=MOST_THEMES))
    return tuple(found.values())


def suggest_name(words: str) -> str:
    """Return a name for a resource of the library made of its first words, or an empty string."""
    first = re.findall(r"\w+", re.sub(r"https?://(?:www\.)?", "", strip_hidden(words)))
    name = ""
    for word in first[:5]:
        if len(name) + len(word) + 1 > LONGEST_NAME:
            break
        name = f"{name}-{word}" if name else word
    return "" if name.isdigit() else name
