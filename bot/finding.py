"""What can be found, in the words of people: kept by its stems, asked for by them, best first.

A capability puts here what people chose to keep, offer or publish, never what they only said.
Who asks gives the rooms whose things may be seen now (`storage.rooms`): nothing else is looked at.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot import stems
from bot.typed import fold, glued, harmless
from bot.types import Line, RoomId, UserId
from bot.words import Words
from storage import finding
from storage.database import Tx
from storage.finding import Findable as Findable
from storage.finding import Found as Found
from storage.finding import Stems, Wanted
from storage.finding import drop as drop
from storage.finding import last as last
from storage.finding import of_person as of_person

MOST = 300
"""So many of the newest that fit are weighed, and as many of those whose title fits."""
LONGEST_TEXT = 2_000
"""So many words of a text are looked through; a new word costs a tenth of a millisecond."""
MOST_THEMES = 12
MOST_WORDS = 12
"""Of a question."""
LONGEST_NEAR = 200
"""So many letters of a question are guessed at."""
_TITLE, _THEME, _TEXT = 10.0, 6.0, 1.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What people call one of these things (`recurso`), and how one of them is looked at.

    `opens` is what is typed for it, and may have the holes `{name}` and `{number}`.
    """

    name: Words
    opens: Line


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for: all of the words, one of each filter's; no words: the newest.

    From `since` until before `until`. `themes` as they are written, with or without `#`.
    `narrow`: all of the themes. `after`: only what was put there after the thing of that id.
    """

    words: str = ""
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    people: tuple[UserId, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    after: int = 0
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found, best first. `whole`: `count` is all there is, else at least.

    `near`: nothing has all the words; this has some of them, or words like them.
    """

    found: list[Found]
    count: int
    whole: bool = True
    near: bool = False


def theme_key(theme: str) -> str:
    """A theme as it is compared: `#Salud-Mental` is `saludmental`."""
    return glued(theme.strip().lstrip("#"))


async def put(tx: Tx, one: Findable) -> None:
    """Let it be found, or be found as it is now; `feature` and `ref` say which one it is."""
    names = {theme_key(name): harmless(name).strip().lstrip("#") for name in one.themes}
    named = tuple((key, name) for key, name in names.items() if key)[:MOST_THEMES]
    title = stems.terms(one.title, LONGEST_TEXT)
    title += [stem for stem in stems.terms(one.name) if stem not in title]
    text = stems.terms(one.text, LONGEST_TEXT)
    words = stems.terms(" ".join(name for _key, name in named))
    await finding.put(tx, one, Stems(title, text, named, words))


async def search(
    tx: Tx,
    query: Query,
    rooms: Iterable[RoomId],
    most: int,
    offset: int = 0,
    *,
    network: bool = True,
) -> Results:
    """What of these rooms and of the network fits; where nothing does, what is near it."""
    wanted = await _wanted(tx, query, rooms, network=network)
    if wanted is None:
        return Results([], 0)
    ids = await _ranked(tx, wanted)
    near = not ids and (bool(wanted.stems) or wanted.narrow)
    if near:
        ids = await _near(tx, wanted, query.words)
    page = await finding.get(tx, ids[offset : offset + most])
    return Results(page, len(ids), len(ids) < MOST, near and bool(ids))


async def newest(tx: Tx, query: Query, rooms: Iterable[RoomId], most: int) -> list[Found]:
    """What fits, the newest first, without weighing it."""
    wanted = await _wanted(tx, query, rooms)
    return await finding.get(tx, await finding.newest(tx, wanted, most)) if wanted else []


async def themes(tx: Tx, rooms: Iterable[RoomId]) -> list[tuple[str, str, int]]:
    """The themes that may be seen, the fullest first: key, how it is written, how many things."""
    return await finding.themes(tx, await _seen(tx, rooms))


async def people(tx: Tx, name: str) -> list[UserId]:
    """Who keeps something that can be found and is called so: `ana` is `@ana:server`."""
    wanted = fold(name.strip().lstrip("@"))
    return [
        person
        for person in await finding.people(tx)
        if wanted in (fold(person[1:]), fold(person[1:].split(":")[0]))
    ]


async def _seen(tx: Tx, rooms: Iterable[RoomId], *, network: bool = True) -> list[int]:
    """None at all for who shares no room: what is of the network is not for them either."""
    every = list(rooms)
    places = await finding.places(tx, every) if every else []
    return [finding.NETWORK, *places] if every and network else places


async def _wanted(
    tx: Tx, query: Query, rooms: Iterable[RoomId], *, network: bool = True
) -> Wanted | None:
    """The question in stems; None where it can have no answer."""
    seen = await _seen(tx, rooms, network=network)
    words = tuple(dict.fromkeys(stems.terms(query.words)))[:MOST_WORDS]
    if not seen or (query.words.strip() and not words):
        return None
    keys = tuple(map(theme_key, query.themes))
    dates = query.since, query.until
    narrow = query.narrow and len(keys) > 1
    found = Wanted(seen, words, query.kinds, keys, query.people, *dates, after=query.after)
    return replace(found, narrow=narrow)


async def _ranked(tx: Tx, wanted: Wanted) -> list[int]:
    """The ids of what fits, best first: of a word that many have, the newest are weighed."""
    ids = await finding.newest(tx, wanted, MOST)
    if not wanted.stems:
        return ids
    if len(ids) == MOST:
        ids += await finding.newest(tx, wanted, MOST, column="title themes")
    texts = await finding.stems_of(tx, list(dict.fromkeys(ids)))
    weights = {key: _weight(parts, wanted.stems) for key, parts in texts.items()}
    return sorted(weights, key=lambda key: (-weights[key], -key))


def _weight(parts: tuple[str, str, str], wanted: Sequence[str]) -> float:
    """How well a thing fits: a title says most; a word said often says more, less if it is long."""
    title, of_themes, text = (part.split() for part in parts)
    counts, length = Counter(text), 1 + math.log1p(len(text)) / 8
    weight = 0.0
    for stem in wanted:
        weight += _TITLE / (1 + len(title) / 20) * (stem in title) + _THEME * (stem in of_themes)
        weight += _TEXT * math.log1p(counts[stem]) / length
    return weight + _TITLE * (title == list(wanted))


async def _near(tx: Tx, wanted: Wanted, words: str) -> list[int]:
    """What has some of the words, or words that sound so, or differ by a letter or two."""
    like = [*wanted.stems, *stems.by_ear(words[:LONGEST_NEAR])]
    for stem in wanted.stems:
        vocabulary = await finding.vocabulary(tx, stem[0])
        close = process.extract(
            stem, vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=8
        )
        like += [word for word, distance, _ in close if distance < min(len(stem), len(word)) - 1]
    wider = replace(wanted, stems=tuple(dict.fromkeys(like)), any_stem=True, narrow=False)
    return await _ranked(tx, wider)
