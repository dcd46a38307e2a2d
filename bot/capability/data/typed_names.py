"""Find words in typed texts that are somebody's name, though nobody was named by address.

Such a word may be just a word: Rosa, Luz and Sol are people too. So nothing is taken out for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.capability.context import Context
from bot.conversation.mentions import localpart
from bot.i18n import _
from bot.lines import Line
from bot.text.normalisation import fold
from bot.text.stems import STOP_WORDS
from bot.types import RoomId, UserId
from storage.membership import names

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W_]+")
MOST_SAID = 20
"""Words that are pointed out one by one."""
SHORTEST_NAME = 3
"""Letters of a name that is looked for among words. Shorter ones are words everywhere."""
MOST_SHARING = 2
"""Most people in whose names a word may stand to be pointed out where no name begins with it.

What stands in those of many says what they are, `Ana (Red de Mujeres)`, and would hide the rest.
"""


async def find_name_words(
    ctx: Context,
    room: RoomId,
    texts: Iterable[str],
    but: Iterable[str] = (),
    *,
    unseen: bool = False,
) -> list[str]:
    """Return the words of the texts that are a name of somebody who is or was in the room.

    `but`: names that may stand there, of people who agreed. `unseen`: nobody reads the texts before
    they are public, so words count that stand in many names, too. See `find_names`.
    """
    shown = await names.of_who_came(ctx.db, room)
    shown.pop(ctx.me, None)
    agreed = {word for name in but for word in _WORD.findall(fold(name))}
    found = find_names(texts, shown, most_sharing=None if unseen else MOST_SHARING)
    return [word for word in found if not agreed.issuperset(fold(word).split())]


def find_names(
    texts: Iterable[str],
    people: Mapping[UserId, str],
    *,
    most_sharing: int | None = MOST_SHARING,
) -> list[str]:
    """Return the words of the texts that are a name of one of these people.

    A name is the first word of a display name or localpart, or any other word of them that stands
    in those of at most `most_sharing` people (None: of any number). Case and accents don't count.
    Each is returned once, as it was typed first.
    """
    known: dict[str, set[Sequence[str]]] = {}
    sharing = Counter[str]()
    for person, name in people.items():
        local = localpart(person)
        for words in (_searched_words(name), _searched_words(local)):
            if words:
                known.setdefault(words[0], set()).add(words)
        sharing.update(_telling_words(f"{name} {local}"))
    for word, count in sharing.items():
        if most_sharing is None or count <= most_sharing:
            known.setdefault(word, set()).add((word,))
    found: dict[str, str] = {}
    for text in texts:
        typed = _WORD.findall(text)
        for start, end in _find_spans(list(map(fold, typed)), known):
            said = " ".join(typed[start:end])
            found.setdefault(fold(said), said)
    return list(found.values())


async def find_people_named(ctx: Context, room: RoomId, texts: Iterable[str]) -> list[UserId]:
    """Return who is or was in the room and has their name in the texts. See `find_names`."""
    shown = await names.of_who_came(ctx.db, room)
    shown.pop(ctx.me, None)
    said = find_names(texts, shown)
    return [person for person, name in shown.items() if said and find_names(said, {person: name})]


def name_word_lines(words: Sequence[str]) -> list[Line]:
    """Return lines that point out words that are names too. They may be just words, so nothing
    waits for an answer."""
    if not words:
        return []
    left = len(words) - MOST_SAID
    more = (_("and {more} more", more=left),) if left > 0 else ()
    return [
        _(
            "These words are names of people here, too, and I asked nobody: {words}.",
            words=(*words[:MOST_SAID], *more),
        )
    ]


def _searched_words(name: str) -> tuple[str, ...]:
    """Return the first word of a name, folded; all of it where that one is a word everywhere."""
    words = tuple(_WORD.findall(fold(name)))
    first, whole = words[:1], " ".join(words)
    if first and len(first[0]) >= SHORTEST_NAME and first[0] not in STOP_WORDS:
        return first
    return words if len(whole) >= SHORTEST_NAME and whole not in STOP_WORDS else ()


def _telling_words(name: str) -> set[str]:
    """Return the words of a name that are looked for wherever they stand in it. Folded."""
    return {
        word
        for word in _LETTERS.findall(fold(name))
        if len(word) >= SHORTEST_NAME and not word.isdecimal() and word not in STOP_WORDS
    }


def _find_spans(
    said: Sequence[str], known: Mapping[str, set[Sequence[str]]]
) -> Iterator[tuple[int, int]]:
    """Yield where names begin and end in these words, and no name inside of another."""
    reached = 0
    for start, word in enumerate(said):
        ends = [
            start + len(name)
            for name in known.get(word, ())
            if tuple(said[start : start + len(name)]) == name
        ]
        if ends and (end := max(ends)) > reached:
            yield start, end
            reached = end
