"""Does an offer serve a need? A number, and why, so that people can judge it themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.api import fold
from commands.exchange.matching.meaning import Meaning, Token

ENOUGH = 0.6
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
    if not need.head or not offer.head or _far(need, offer) or _otherwise(need, offer):
        return NONE
    mine, theirs = _share(need.head, offer.keys), _share(offer.head, need.keys)
    if not mine or not theirs:
        return NONE
    shared = [token for token in need.every if token.keys & offer.keys]
    surely = any(token.known for token in shared)
    tags = tuple(tag for tag in need.tags if fold(tag) in set(map(fold, offer.tags)))
    near = _near(need, offer)
    score = (0.5 if surely else 0.35) + 0.25 * (mine * theirs) ** 0.5
    score += 0.05 * min(len(shared) - 1, 2) + 0.1 * bool(near) + 0.1 * bool(tags)
    themes = tuple(theme for theme in need.themes if theme in offer.themes)
    met = [token for token in offer.every if token.keys & need.keys]
    own = any(token.own for token in (*shared, *met))
    words = tuple(dict.fromkeys(token.written for token in shared))
    return Fit(min(score, 1.0), themes, words, tags, near, own)


def _share(head: Iterable[Token], keys: frozenset[str]) -> float:
    """How much of a head is there; what says little counts only where nothing else is."""
    every = [token for token in head if not token.surely("weak")] or list(head)
    return sum(bool(token.keys & keys) for token in every) / len(every)


def _otherwise(need: Meaning, offer: Meaning) -> bool:
    """A class is no translation, a repair no gift, and a class of this none of that."""
    for one, other in ((need, offer), (offer, need)):
        for token in one.head:
            if token.surely("only", "any") and not token.keys & other.head_keys:
                return True
    of_what = [token for token in need.head if token.is_a("any") and token.keys & offer.head_keys]
    if not of_what:
        return False
    mine, theirs = _objects(need), _objects(offer)
    return bool(mine and theirs) and not any(
        one.keys & other.keys for one in mine for other in theirs
    )


def _objects(one: Meaning) -> list[Token]:
    """What a service is about: said with it, else anywhere in the line."""
    for tokens in (one.core, one.every):
        found = [token for token in tokens if not token.is_a("any", "weak")]
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
    """The places, as both wrote them, if they are near each other."""
    if not need.areas & offer.areas:
        return ()
    return tuple(dict.fromkeys((*need.where, *offer.where)))
