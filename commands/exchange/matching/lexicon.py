"""Words with the same meaning in three languages, from our list and from a network's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from bot.api import Words, fold, stems, words

DATA = Path(__file__).parents[1] / "data"
LONGEST_PHRASE = 5
"""The most words in one phrase."""
ROLES = ("do", "only", "any", "teach", "mend", "thing", "about", "weak")
SPECIFIC_ROLES = ("only", "any", "teach", "mend")
"""Roles of concepts that nothing else can replace."""
Phrase = tuple[str, ...]
Key = TypeVar("Key", str, tuple[str, ...])
_SPLIT = re.compile(r"[^\W_]+")
_DIMINUTIVE = re.compile(r"(\w{3,}?)(?:i[nñ]h?|it|cit)[oa]$")
"""Matches diminutives: `roupinha`, `ropita`."""
_PLURAL = re.compile(r"(?<=\w\w[rlnzd])es$|(?<=\w\w[^s])s$")
_AGENT = re.compile(r"\w{3}(?:er[oa]|eir[oa]|ista)$")
_STOP_WORDS = stems.STOP_WORDS - {"pelo"}
"""The stop words, but `pelo` means hair in Spanish."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning. Its role says how it counts; `lexicon.txt` explains the roles."""

    key: str
    role: str
    theme: str


def stem_phrase(text: str) -> Phrase:
    """Return the stems by which a phrase is compared, without stop words."""
    said = (word for word in _SPLIT.findall(fold(text)) if word not in _STOP_WORDS)
    return tuple(_stem_word(word) for word in said if len(word) <= stems.LONGEST_WORD)


@lru_cache(20_000)
def _stem_word(word: str) -> str:
    """Return the stem of the singular.

    Stemming in three languages in a row would separate `chair` and `chairs`.
    """
    return stems.stem(_PLURAL.sub("", word))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The meanings of phrases. `phrases` maps a phrase to the keys of what it may mean.

    `own` holds the phrases of a network. `noise` are stems and `silent` exact words without
    meaning. `exact` maps single words of our list, as typed, to their keys.
    """

    concepts: Mapping[str, Concept]
    themes: Mapping[str, Words]
    phrases: Mapping[Phrase, tuple[str, ...]]
    noise: frozenset[str]
    silent: frozenset[str]
    exact: Mapping[str, tuple[str, ...]]
    own: Mapping[Phrase, str]

    def with_synonyms(self, pairs: Iterable[tuple[str, str]]) -> Lexicon:
        """Return the lexicon with a network's synonyms.

        Both phrases of a pair then mean whatever either of them means.
        """
        groups = _group_pairs([(stem_phrase(one), stem_phrase(other)) for one, other in pairs])
        phrases, concepts, own = dict(self.phrases), dict(self.concepts), dict(self.own)
        for group in groups:
            known = [key for one in sorted(group) for key in phrases.get(one, ())]
            keys = tuple(dict.fromkeys(known)) or ("~" + " ".join(min(group)),)
            for key in keys:
                concepts.setdefault(key, Concept(key, "thing", ""))
            for one in group:
                phrases[one] = keys
                own[one] = min(group)[0]
        return replace(self, concepts=concepts, phrases=phrases, own=own)

    def meanings_of(self, said: Phrase, written: str) -> tuple[str, ...]:
        """Return the keys of the meanings of a phrase; a single word is looked up as typed first.

        The stem of a trade that the list lacks does not count: `zapatero` has nothing to do with
        shoes.
        """
        keys = self.phrases.get(said, ())
        if len(said) > 1 or said in self.own:
            return keys
        heard = fold(written)
        single = _PLURAL.sub("", heard)
        if heard in self.silent:
            return ()
        if exact := self.exact.get(heard) or self.exact.get(single) or self.exact.get(heard[:-1]):
            return exact
        if (small := _DIMINUTIVE.match(single)) and not keys:
            return next((self.exact[w] for e in "aoe" if (w := small[1] + e) in self.exact), ())
        return () if _AGENT.search(single) else keys

    def stems_for(self, keys: Iterable[str]) -> set[str]:
        """Return the stems of a network's own phrases for these meanings.

        Older posts were stored by them.
        """
        wanted = set(keys)
        return {stem for one in self.own if wanted & set(self.phrases[one]) for stem in one}

    def theme_of_tag(self, tag: str) -> str | None:
        """Return the key of the theme that a `#tag` names, or None."""
        heard = fold(tag)
        for key, names in self.themes.items():
            if heard == key or heard in {fold(name).replace(" ", "") for name in names}:
                return key
        return None


def _group_pairs(pairs: Sequence[tuple[Phrase, Phrase]]) -> list[set[Phrase]]:
    """Return groups of phrases connected through any number of pairs."""
    groups: list[set[Phrase]] = []
    for pair in pairs:
        meant = {one for one in pair if one}
        joined = [group for group in groups if group & meant]
        groups = [group for group in groups if not group & meant]
        groups.append(meant.union(*joined))
    return [group for group in groups if len(group) > 1]


@lru_cache(1)
def built_in_lexicon() -> Lexicon:
    """Return the lexicon that comes with the bot; the result is cached.

    Raises `ValueError` for an invalid line of `lexicon.txt`.
    """
    concepts: dict[str, Concept] = {}
    themes: dict[str, Words] = {}
    phrases: dict[Phrase, tuple[str, ...]] = {}
    exact: dict[str, tuple[str, ...]] = {}
    theme = ""
    for line in _read_lines("lexicon.txt"):
        if head := re.fullmatch(r"\[(\w+)\] (.+?) \| (.+?) \| (.+)", line):
            theme = head[1]
            themes[theme] = words(head[2], head[3], head[4])
            continue
        entry = re.fullmatch(rf"({'|'.join(ROLES)}) (\w+) = (.+)", line)
        if entry is None:
            raise ValueError(f"lexicon.txt: {line!r}")
        concepts[entry[2]] = Concept(entry[2], entry[1], theme)
        for written in entry[3].split(","):
            _add_meaning(phrases, stem_phrase(written), entry[2])
            if " " not in written.strip():
                _add_meaning(exact, fold(written.strip()), entry[2])
    noise = {stem for line in _read_lines("noise.txt") for stem in stem_phrase(line)}
    silent = frozenset(
        word for line in _read_lines("noise.txt") for word in _SPLIT.findall(fold(line))
    )
    return Lexicon(concepts, themes, phrases, frozenset(noise), silent, exact, {})


def _add_meaning(table: dict[Key, tuple[str, ...]], said: Key, key: str) -> None:
    if said and key not in table.get(said, ()):
        table[said] = (*table.get(said, ()), key)


def _read_lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


# --- places ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceArea:
    """Places near each other.

    Without `names` a whole country, without `country` only a name.
    """

    country: str
    names: str


@lru_cache(1)
def known_places() -> Mapping[Phrase, frozenset[PlaceArea]]:
    """Return every known place name, folded, with the areas it may mean; the result is cached."""
    found: dict[Phrase, frozenset[PlaceArea]] = {}
    countries: set[str] = set()
    for line in _read_lines("places.txt"):
        country, _bar, names = (part.strip() for part in line.partition("|"))
        area = PlaceArea(country, names if country in countries else "")
        countries.add(country)
        for name in names.split(","):
            key = tuple(_SPLIT.findall(fold(name)))
            found[key] = found.get(key, frozenset()) | {area}
    return found
