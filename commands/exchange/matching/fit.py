"""Does an offer serve a need? A number, and why, so that people can judge it themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.api import fold
from commands.exchange.matching.lexicon import DONE
from commands.exchange.matching.meaning import Meaning, Statement, Token

ENOUGH = 0.64
"""From here on both are asked; chosen on the pairs for tuning."""


@dataclass(frozen=True, slots=True)
class Fit:
    """`score` from 0 to 1. `words` of the need that the offer has too, however it says them."""

    score: float
    themes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    own: bool = False

    @property
    def enough(self) -> bool:
        return self.score >= ENOUGH


NONE = Fit(0.0)


def fit(need: Meaning, offer: Meaning) -> Fit:
    """What is needed must be what is offered, and the other way round, in a place that is near."""
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
    """How much of what one and the other say is the same, from 0 to 1."""
    subject = _only_about(one)
    if not subject and _otherwise(one, need, other, offer):
        return 0.0
    mine = _share(one.head, offer.keys)
    theirs = _share(_subjects(other) if subject else other.head, need.keys)
    return math.sqrt(mine * theirs)


def _only_about(one: Statement) -> bool:
    """`help with maths`: no word of what is to be done or had."""
    return all(token.surely("about") for token in one.head)


def _subjects(one: Statement) -> Sequence[Token]:
    return [token for token in one.core if token.is_a("about")] or one.head


def _share(head: Iterable[Token], keys: frozenset[str]) -> float:
    """How much of a head is there; what says little counts only where nothing else is."""
    every = [token for token in head if not token.surely("weak")] or list(head)
    return sum(bool(token.keys & keys) for token in every) / len(every)


def _otherwise(one: Statement, need: Meaning, other: Statement, offer: Meaning) -> bool:
    """A class is no translation, a repair no gift, and a class of this none of that."""
    if _lacks(other, one, need) or _lacks(one, other, offer):
        return True
    of_what = ("any", "teach", "mend")
    if not any(t.is_a(*of_what) and t.keys & other.head_keys for t in one.head):
        return False
    mine, theirs = _objects(one, need), _objects(other, offer)
    return bool(mine and theirs) and not any(a.keys & b.keys for a in mine for b in theirs)


def _lacks(one: Statement, other: Statement, whole: Meaning) -> bool:
    """Is what `other` wants done in its own way not what `one` says?"""
    own = [token for token in other.head if token.surely(*DONE)]
    apart = [token for token in own if not token.keys & one.head_keys]
    if apart and all(token.is_a("mend") for token in apart) and _does(one, whole):
        return False
    return bool(apart) and (apart == own or any(t.surely("teach", "mend") for t in apart))


def _does(one: Statement, other: Meaning) -> bool:
    """Whose trade it is mends it: who sees to pipes repairs a pipe."""
    return any(token.is_a("do") and token.keys & other.keys for token in one.head)


def _objects(one: Statement, whole: Meaning) -> list[Token]:
    """What a service is about: said with it, else anywhere in the line."""
    for tokens in (one.core, whole.every):
        found = [token for token in tokens if not token.is_a("any", "teach", "mend", "weak")]
        if found:
            return found
    return []


def _far(need: Meaning, offer: Meaning) -> bool:
    """Both say where, and it is not the same area; what is done from afar is near everybody."""
    mine, theirs = ({area for area in one.areas if area.country} for one in (need, offer))
    if need.afar or offer.afar or not mine or not theirs or mine & theirs:
        return False
    whole = {area.country for area in mine | theirs if not area.names}
    both = {area.country for area in mine} & {area.country for area in theirs}
    return not whole & both


def _near(need: Meaning, offer: Meaning) -> tuple[str, ...]:
    """The places, as both wrote them, if they are near each other; each once."""
    if not need.areas & offer.areas:
        return ()
    return tuple({fold(name): name for name in (*need.where, *offer.where)}.values())
