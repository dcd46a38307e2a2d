"""Compute how well an offer serves a need, with the reasons for people to judge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.api import fold
from commands.exchange.matching.lexicon import SPECIFIC_ROLES
from commands.exchange.matching.meaning import Clause, Meaning, MeaningToken

ENOUGH_SCORE = 0.64
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
    def is_enough(self) -> bool:
        """Whether the score is high enough to ask both people."""
        return self.score >= ENOUGH_SCORE


NO_FIT = Fit(0.0)


def compute_fit(need: Meaning, offer: Meaning) -> Fit:
    """Return how well an offer serves a need.

    What is needed must be what is offered, and the places must be near each other.
    """
    if _are_far(need, offer):
        return NO_FIT
    alike = max(
        (_similarity(one, need, other, offer) for one in need.said for other in offer.said),
        default=0.0,
    )
    if not alike:
        return NO_FIT
    shared = [token for token in need.every if token.keys & offer.keys]
    surely = any(token.known for token in shared)
    tags = tuple(tag for tag in need.tags if fold(tag) in set(map(fold, offer.tags)))
    near = _common_places(need, offer)
    score = (0.5 if surely else 0.4) + 0.25 * alike
    score += 0.05 * min(len(shared) - 1, 2) + 0.1 * bool(near) + 0.1 * bool(tags)
    themes = tuple(theme for theme in need.themes if theme in offer.themes)
    met = [token for token in offer.every if token.keys & need.keys]
    own = any(token.own for token in (*shared, *met))
    words = tuple(dict.fromkeys(token.written for token in shared))
    return Fit(min(score, 1.0), themes, words, tags, near, own)


def _similarity(one: Clause, need: Meaning, other: Clause, offer: Meaning) -> float:
    """Return how much of the two statements is the same, from 0 to 1."""
    subject = _is_subject_only(one)
    if not subject and _types_differ(one, need, other, offer):
        return 0.0
    mine = _share_found(one.head, offer.keys)
    theirs = _share_found(_subject_tokens(other) if subject else other.head, need.keys)
    return math.sqrt(mine * theirs)


def _is_subject_only(one: Clause) -> bool:
    """True if the statement names only a subject, as `help with maths`."""
    return all(token.is_only("about") for token in one.head)


def _subject_tokens(one: Clause) -> Sequence[MeaningToken]:
    return [token for token in one.core if token.may_be("about")] or one.head


def _share_found(head: Iterable[MeaningToken], keys: frozenset[str]) -> float:
    """Return the share of the head's tokens found in `keys`.

    Weak tokens count only if there are no others.
    """
    every = [token for token in head if not token.is_only("weak")] or list(head)
    return sum(bool(token.keys & keys) for token in every) / len(every)


def _types_differ(one: Clause, need: Meaning, other: Clause, offer: Meaning) -> bool:
    """True if the service types differ, so that the pair cannot fit.

    A lesson is no translation, a repair no gift, and a lesson in one thing no lesson in another.
    """
    if _lacks_service(other, one, need) or _lacks_service(one, other, offer):
        return True
    of_what = ("any", "teach", "mend")
    if not any(t.may_be(*of_what) and t.keys & other.head_keys for t in one.head):
        return False
    mine, theirs = _object_tokens(one, need), _object_tokens(other, offer)
    return bool(mine and theirs) and not any(a.keys & b.keys for a in mine for b in theirs)


def _lacks_service(one: Clause, other: Clause, whole: Meaning) -> bool:
    """True if `other` wants a specific kind of service that `one` does not have."""
    own = [token for token in other.head if token.is_only(*SPECIFIC_ROLES)]
    apart = [token for token in own if not token.keys & one.head_keys]
    if apart and all(token.may_be("mend") for token in apart) and _covers_repair(one, whole):
        return False
    return bool(apart) and (apart == own or any(t.is_only("teach", "mend") for t in apart))


def _covers_repair(one: Clause, other: Meaning) -> bool:
    """True if the trade of `one` covers a repair: a plumber repairs a pipe."""
    return any(token.may_be("do") and token.keys & other.keys for token in one.head)


def _object_tokens(one: Clause, whole: Meaning) -> list[MeaningToken]:
    """Return what a service is about: from its statement, else from the whole line."""
    for tokens in (one.core, whole.every):
        found = [token for token in tokens if not token.may_be("any", "teach", "mend", "weak")]
        if found:
            return found
    return []


def _are_far(need: Meaning, offer: Meaning) -> bool:
    """True if both name a place and the areas differ. What is done remotely is near everybody."""
    mine, theirs = ({area for area in one.areas if area.country} for one in (need, offer))
    if need.afar or offer.afar or not mine or not theirs or mine & theirs:
        return False
    whole = {area.country for area in mine | theirs if not area.names}
    both = {area.country for area in mine} & {area.country for area in theirs}
    return not whole & both


def _common_places(need: Meaning, offer: Meaning) -> tuple[str, ...]:
    """Return the places as typed if they are near each other, each once."""
    if not need.areas & offer.areas:
        return ()
    return tuple({fold(name): name for name in (*need.where, *offer.where)}.values())
