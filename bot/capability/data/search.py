"""Full-text search over what people chose to store, offer or publish; best match first.

Conversation is never indexed. Callers pass the rooms whose items the person may see now
(`storage.rooms`), and nothing else is searched.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.lines import Line
from bot.text import stems
from bot.text.command_words import Words
from bot.text.normalisation import compact, fold, strip_hidden
from bot.types import RoomId, UserId
from storage import search_index
from storage.database import Tx
from storage.search_index import Findable as Findable
from storage.search_index import SearchHit as SearchHit
from storage.search_index import StemQuery, Stems
from storage.search_index import delete as delete
from storage.search_index import last_id as last_id

MOST_RANKED = 300
"""How many of the newest matches are ranked, and of the newest matches in the title."""
MOST_TEXT_WORDS = 6_000
"""How many words of a text are indexed; a new word costs a tenth of a millisecond."""
MOST_THEMES = 12
MOST_WORDS = 12
"""Most words of a query."""
MOST_NEAR_CHARACTERS = 200
"""How many characters of a query are used for similar words."""
_TITLE, _THEME, _TEXT = 10.0, 6.0, 1.0


@dataclass(frozen=True, slots=True)
class FindableKind:
    """What people call one kind of findable (`recurso`), and the command that shows one.

    `opens` may have the holes `{name}` and `{number}`.
    """

    name: Words
    opens: Line


@dataclass(frozen=True, slots=True)
class Query:
    """A search: all of the words, and one value of each filter. Without words: the newest.

    `since` is inclusive, `until` exclusive. `themes` may be written with or without `#`; `narrow`
    asks for all of them. `after`: only entries with a larger id.
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
class SearchResults:
    """A page of results, best first. If `whole`, `count` is exact, else a lower bound.

    `near`: nothing has all the words; these have some of them or similar ones.
    """

    found: list[SearchHit]
    count: int
    whole: bool = True
    near: bool = False


def theme_key(theme: str) -> str:
    """Return the form in which themes are compared: `saludmental` for `#Salud-Mental`."""
    return compact(theme.strip().lstrip("#"))


async def index_entry(tx: Tx, one: Findable) -> None:
    """Add an entry to the search index, in place of one with the same `feature` and `ref`."""
    names = {theme_key(name): strip_hidden(name).strip().lstrip("#") for name in one.themes}
    named = tuple((key, name) for key, name in names.items() if key)[:MOST_THEMES]
    title = stems.stems_of(one.title, MOST_TEXT_WORDS)
    title += [stem for stem in stems.stems_of(one.name) if stem not in title]
    text = stems.stems_of(one.text, MOST_TEXT_WORDS)
    words = stems.stems_of(" ".join(name for _key, name in named))
    await search_index.index_entry(tx, one, Stems(title, text, named, words))


async def search(
    tx: Tx,
    query: Query,
    rooms: Iterable[RoomId],
    most: int,
    offset: int = 0,
    *,
    network: bool = True,
) -> SearchResults:
    """Return the entries of these rooms and of the network that match, or similar ones if none
    does."""
    wanted = await _stem_query(tx, query, rooms, network=network)
    if wanted is None:
        return SearchResults([], 0)
    ids = await _rank_matches(tx, wanted)
    near = not ids and (bool(wanted.stems) or wanted.narrow)
    if near:
        ids = await _similar(tx, wanted, query.words)
    page = await search_index.get(tx, ids[offset : offset + most])
    return SearchResults(page, len(ids), len(ids) < MOST_RANKED, near and bool(ids))


async def newest_matches(
    tx: Tx, query: Query, rooms: Iterable[RoomId], most: int
) -> list[SearchHit]:
    """Return the newest entries that match, without ranking."""
    wanted = await _stem_query(tx, query, rooms)
    return (
        await search_index.get(tx, await search_index.newest_ids(tx, wanted, most))
        if wanted
        else []
    )


async def themes(tx: Tx, rooms: Iterable[RoomId]) -> list[tuple[str, str, int]]:
    """Return the key, spelling and count of each theme visible in these rooms, most used first."""
    return await search_index.themes(tx, await _visible_places(tx, rooms))


async def people_named(tx: Tx, name: str) -> list[UserId]:
    """Return the authors with this address or localpart: `ana` finds `@ana:server`."""
    wanted = fold(name.strip().lstrip("@"))
    return [
        person
        for person in await search_index.authors(tx)
        if wanted in (fold(person[1:]), fold(person[1:].split(":")[0]))
    ]


async def _visible_places(tx: Tx, rooms: Iterable[RoomId], *, network: bool = True) -> list[int]:
    """Return the place ids to search. Without shared rooms not even the network's are seen."""
    every = list(rooms)
    places = await search_index.place_ids(tx, every) if every else []
    return [search_index.NETWORK, *places] if every and network else places


async def _stem_query(
    tx: Tx, query: Query, rooms: Iterable[RoomId], *, network: bool = True
) -> StemQuery | None:
    """Return the query in stems, or None if nothing can match."""
    seen = await _visible_places(tx, rooms, network=network)
    words = tuple(dict.fromkeys(stems.stems_of(query.words)))[:MOST_WORDS]
    if not seen or (query.words.strip() and not words):
        return None
    keys = tuple(map(theme_key, query.themes))
    dates = query.since, query.until
    narrow = query.narrow and len(keys) > 1
    found = StemQuery(seen, words, query.kinds, keys, query.people, *dates, after=query.after)
    return replace(found, narrow=narrow)


async def _rank_matches(tx: Tx, wanted: StemQuery) -> list[int]:
    """Return the ids of the matches, best first. Of a frequent word only the newest are ranked."""
    ids = await search_index.newest_ids(tx, wanted, MOST_RANKED)
    if not wanted.stems:
        return ids
    if len(ids) == MOST_RANKED:
        ids += await search_index.newest_ids(tx, wanted, MOST_RANKED, column="title themes")
    texts = await search_index.stems_of(tx, list(dict.fromkeys(ids)))
    weights = {key: _weight(parts, wanted.stems) for key, parts in texts.items()}
    return sorted(weights, key=lambda key: (-weights[key], -key))


def _weight(parts: tuple[str, str, str], wanted: Sequence[str]) -> float:
    """Return how well an entry fits. The title counts most; repetition helps, length hurts."""
    title, of_themes, text = (part.split() for part in parts)
    counts, length = Counter(text), 1 + math.log1p(len(text)) / 8
    weight = 0.0
    for stem in wanted:
        weight += _TITLE / (1 + len(title) / 20) * (stem in title) + _THEME * (stem in of_themes)
        weight += _TEXT * math.log1p(counts[stem]) / length
    return weight + _TITLE * (title == list(wanted))


async def _similar(tx: Tx, wanted: StemQuery, words: str) -> list[int]:
    """Return entries with some of the words, or words that sound or are spelled similarly."""
    like = [*wanted.stems, *stems.stems_by_ear(words[:MOST_NEAR_CHARACTERS])]
    for stem in wanted.stems:
        vocabulary = await search_index.vocabulary(tx, stem[0])
        close = process.extract(
            stem, vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=8
        )
        like += [word for word, distance, _ in close if distance < min(len(stem), len(word)) - 1]
    wider = replace(wanted, stems=tuple(dict.fromkeys(like)), any_stem=True, narrow=False)
    return await _rank_matches(tx, wider)
