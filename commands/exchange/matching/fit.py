"""Compute how well an offer serves a need, with the reasons for people to judge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.api import fold
from commands.exchange.matching.lexicon import DONE
from commands.exchange.matching.meaning import Meaning, Statement, Token

ENOUGH = 0.64
"""The score from which both people are asked. Chosen on the tuning pairs."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an offer serves a need. `score` is from 0 to 1.

    `words` are those of the need that the offer expresses too. `own` means that synonyms of the
    network were used.
    """

    score: float
    themes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    own: bool = False

    @property
    def enough(self) -> bool:
        """True if the score is high enough to ask both people."""
        return self.score >= ENOUGH


NONE = Fit(0.0)


def fit(need: Meaning, offer: Meaning) -> Fit:
    """Return how well the offer serves the need.

    What is needed must be what is offered, and the places must be near each other.
    """
    if _far(need, offer):
        return NONE
    alike = max(
        (_alike(one, need, other, offer) for one in need.said for other in offer.said),
        default=0.0,
    )
    if not alike:
        return NONE
    shared = [token for token in need.every if token.keys & offer.keys]
    surely = any(token.known for token in shared)
    tags = tuple(tag for tag in need.tags if fold(tag) in set(map(fold, offer.tags)))
    near = _near(need, offer)
    score = (0.5 if surely else 0.4) + 0.25 * alike
    score += 0.05 * min(len(shared) - 1, 2) + 0.1 * bool(near) + 0.1 * bool(tags)
    themes = tuple(theme for theme in need.themes if theme in offer.themes)
    met = [token for token in offer.every if token.keys & need.keys]
    own = any(token.own for token in (*shared, *met))
    words = tuple(dict.fromkeys(token.written for token in shared))
    return Fit(min(score, 1.0), themes, words, tags, near, own)


def _alike(one: Statement, need: Meaning, other: Statement, offer: Meaning) -> float:
    """Return how much of the two statements is the same, from 0 to 1."""
    subject = _only_about(one)
    if not subject and _otherwise(one, need, other, offer):
        return 0.0
    mine = _share(one.head, offer.keys)
    theirs = _share(_subjects(other) if subject else other.head, need.keys)
    return math.sqrt(mine * theirs)


def _only_about(one: Statement) -> bool:
    """True if the statement names only a subject, as `help with maths`."""
    return all(token.surely("about") for token in one.head)


def _subjects(one: Statement) -> Sequence[Token]:
    return [token for token in one.core if token.is_a("about")] or one.head


def _share(head: Iterable[Token], keys: frozenset[str]) -> float:
    """Return the share of the head's tokens found in `keys`.

    Weak tokens count only if there are no others.
    """
    every = [token for token in head if not token.surely("weak")] or list(head)
    return sum(bool(token.keys & keys) for token in every) / len(every)


def _otherwise(one: Statement, need: Meaning, other: Statement, offer: Meaning) -> bool:
    """True if the service types differ, so that the pair cannot fit.

    A lesson is no translation, a repair no gift, and a lesson in one thing no lesson in another.
    """
    if _lacks(other, one, need) or _lacks(one, other, offer):
        return True
    of_what = ("any", "teach", "mend")
    if not any(t.is_a(*of_what) and t.keys & other.head_keys for t in one.head):
        return False
    mine, theirs = _objects(one, need), _objects(other, offer)
    return bool(mine and theirs) and not any(a.keys & b.keys for a in mine for b in theirs)


def _lacks(one: Statement, other: Statement, whole: Meaning) -> bool:
    """True if `other` wants a specific kind of service that `one` does not have."""
    own = [token for token in other.head if token.surely(*DONE)]
    apart = [token for token in own if not token.keys & one.head_keys]
    if apart and all(token.is_a("mend") for token in apart) and _does(one, whole):
        return False
    return bool(apart) and (apart == own or any(t.surely("teach", "mend") for t in apart))


def _does(one: Statement, other: Meaning) -> bool:
    """True if the trade of `one` covers a repair: a plumber repairs a pipe."""
    return any(token.is_a("do") and token.keys & other.keys for token in one.head)


def _objects(one: Statement, whole: Meaning) -> list[Token]:
    """Return what a service is about: from its statement, else from the whole line."""
    for tokens in (one.core, whole.every):
        found = [token for token in tokens if not token.is_a("any", "teach", "mend", "weak")]
        if found:
            return found
    return []


def _far(need: Meaning, offer: Meaning) -> bool:
    """True if both name a place and the areas differ. What is done remotely is near everybody."""
    mine, theirs = ({area for area in one.areas if area.country} for one in (need, offer))
    if need.afar or offer.afar or not mine or not theirs or mine & theirs:
        return False
    whole = {area.country for area in mine | theirs if not area.names}
    both = {area.country for area in mine} & {area.country for area in theirs}
    return not whole & both


def _near(need: Meaning, offer: Meaning) -> tuple[str, ...]:
    """Return the places as typed if they are near each other, each once."""
    if not need.areas & offer.areas:
        return ()
    return tuple({fold(name): name for name in (*need.where, *offer.where)}.values())
