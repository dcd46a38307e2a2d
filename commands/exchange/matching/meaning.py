"""Parse a line into what it is about: its head (the thing or service), the rest, and the place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.api import fold
from commands.exchange.matching.lexicon import (
    LONGEST_PHRASE,
    SPECIFIC_ROLES,
    Concept,
    Lexicon,
    PlaceArea,
    known_places,
    stem_phrase,
)

_PIECE = re.compile(r"#?[^\W_]+(?:[-'][^\W_]+)*|[,;:.()/!?\n]")


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_STATEMENTS = 8
"""How many statements of a line are compared."""
_TURNING_WORDS = _word_set(
    """para pra pro pros pras por pela que con com for to with that who where donde onde en em
    in at on no na nos nas mientras enquanto while during durante from desde ao aos into"""
)
"""Words followed by what a thing is for, where, or with what; not by what it is."""
_BEFORE_PLACE = _word_set(
    """en em in de do da del a ao to from por pelo pela at no na near cerca perto desde hasta ate
    entre y e and o ou or of around dentro centro"""
)
_REMOTE_WORDS = _word_set(
    """online virtual virtuales remoto remota remote videollamada videochamada zoom jitsi"""
)
_REMOTE_PHRASES = re.compile(r"\b(?:en linea|por internet|a distancia|on line|por video)\b")


@dataclass(frozen=True, slots=True)
class MeaningToken:
    """A word or phrase with its possible meanings.

    `written` is as typed; `own` means that a synonym of the network was used.
    """

    keys: frozenset[str]
    written: str
    known: tuple[Concept, ...] = ()
    own: bool = False

    def may_be(self, *roles: str) -> bool:
        """Return whether some meaning of the word has one of these roles."""
        return any(one.role in roles for one in self.known)

    def is_only(self, *roles: str) -> bool:
        """Return whether the word is known and every meaning of it has one of these roles."""
        return bool(self.known) and all(one.role in roles for one in self.known)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that a line says.

    `core` is its first meaningful part, and `head` the tokens that count in it.
    """

    head: tuple[MeaningToken, ...]
    core: tuple[MeaningToken, ...]

    @property
    def head_keys(self) -> frozenset[str]:
        """The keys of all meanings of the clause's main word."""
        return frozenset(key for token in self.head for key in token.keys)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line is about. `said` holds its statements, which commas separate."""

    said: tuple[Clause, ...]
    every: tuple[MeaningToken, ...]
    areas: frozenset[PlaceArea]
    where: tuple[str, ...]
    afar: bool
    tags: tuple[str, ...]
    themes: tuple[str, ...]
    stems: frozenset[str]
    """The stems of every meaningful word, known or not."""

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all that the words of the line may mean."""
        return frozenset(key for token in self.every for key in token.keys)

    @property
    def head_keys(self) -> frozenset[str]:
        """The keys of all meanings that the main words of the line's clauses may have. `keys` has
        those of every word."""
        return frozenset(key for one in self.said for key in one.head_keys)


def parse_meaning(text: str, lexicon: Lexicon, place: str = "") -> Meaning:
    """Return what the line of a need or offer means. `place` is the place if it was given
    separately."""
    pieces = _PIECE.findall(text)
    tags = tuple(dict.fromkeys(piece[1:] for piece in pieces if piece.startswith("#")))
    words, areas, where = _split_places([one for one in pieces if not one.startswith("#")])
    if place:
        _rest, apart, names = _split_places(["en", *_PIECE.findall(place)])
        apart = apart or frozenset({PlaceArea("", fold(place))})
        areas, where = areas | apart, (*where, *(names or (place,)))
    stated = [
        [tokens for part in parts if (tokens := [*_tokens(part, lexicon)])]
        for parts in _statements(words)
    ]
    every = tuple(chain.from_iterable(chain.from_iterable(stated)))
    said = tuple(_statement(parts) for parts in stated if parts)[:MOST_STATEMENTS]
    folded = fold(text)
    afar = bool(_REMOTE_WORDS & set(re.findall(r"\w+", folded)) or _REMOTE_PHRASES.search(folded))
    named = [key for key in map(lexicon.theme_of_tag, tags) if key]
    guessed = [k.theme for one in said for token in one.head for k in token.known if k.theme]
    themes = tuple(dict.fromkeys([*named, *guessed]))
    of_all = frozenset(stem for token in every for stem in stem_phrase(token.written))
    return Meaning(said, every, areas, where, afar, tags, themes, of_all)


def _statements(words: Sequence[str]) -> Iterator[list[list[str]]]:
    """Split the line at commas, and each part at words that begin something else."""
    parts: list[list[str]] = [[]]
    for word in words:
        if not word[0].isalnum():
            yield parts
            parts = [[]]
        elif fold(word) in _TURNING_WORDS:
            parts.append([])
        else:
            parts[-1].append(word)
    yield parts


def _statement(parts: Sequence[Sequence[MeaningToken]]) -> Clause:
    core = tuple(next((part for part in parts if _is_meaningful(part)), parts[0]))
    return Clause(_head(core), core)


def _tokens(words: Sequence[str], lexicon: Lexicon) -> Iterator[MeaningToken]:
    """Yield the longest known phrases, and the other words that mean something."""
    said = [(word, stem) for word in words for stem in stem_phrase(word)]
    place = 0
    while place < len(said):
        for length in range(min(LONGEST_PHRASE, len(said) - place), 0, -1):
            stems = tuple(stem for _word, stem in said[place : place + length])
            if keys := lexicon.meanings_of(stems, said[place][0]):
                written = " ".join(word for word, _stem in said[place : place + length])
                known = tuple(lexicon.concepts[key] for key in keys)
                yield MeaningToken(frozenset(keys), written, known, stems in lexicon.own)
                place += length
                break
        else:
            word, stem = said[place]
            if stem not in lexicon.noise and not stem.isdecimal() and len(stem) > 1:
                yield MeaningToken(frozenset({f"={stem}"}), word)
            place += 1


def _is_meaningful(part: Sequence[MeaningToken]) -> bool:
    return any(not token.is_only("weak", "about") for token in part)


def _head(core: Sequence[MeaningToken]) -> tuple[MeaningToken, ...]:
    """Return the tokens that count.

    These are specific services; else services and things; else unknown words.
    """
    own = tuple(token for token in core if token.may_be(*SPECIFIC_ROLES))
    if own:
        mends = all(token.may_be("mend") for token in own)
        return (*own, *(token for token in core if mends and token.may_be("do")))
    if found := tuple(token for token in core if token.may_be("do", "thing")):
        return found
    unknown = tuple(token for token in core if not token.known)
    return unknown or tuple(token for token in core if token.may_be("about")) or tuple(core)


def _split_places(words: list[str]) -> tuple[list[str], frozenset[PlaceArea], tuple[str, ...]]:
    """Return the words without place names, the areas and the names.

    A name counts after a preposition, after a comma, or with a capital letter.
    """
    rest: list[str] = []
    areas: frozenset[PlaceArea] = frozenset()
    names: list[str] = []
    at = 0
    while at < len(words):
        length = _place_length(words, at)
        leads = at > 0 and (fold(words[at - 1]) in _BEFORE_PLACE or not words[at - 1].isalnum())
        if length and (leads or words[at][0].isupper()):
            areas |= known_places()[tuple(map(fold, words[at : at + length]))]
            names.append(" ".join(words[at : at + length]))
            at += length
        else:
            rest.append(words[at])
            at += 1
    return rest, areas, tuple(dict.fromkeys(names))


def _place_length(words: Sequence[str], at: int) -> int:
    """Return how many words from here on form the name of a place."""
    for length in range(4, 0, -1):
        if tuple(map(fold, words[at : at + length])) in known_places() and at + length <= len(
            words
        ):
            return length
    return 0
