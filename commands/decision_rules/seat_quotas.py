"""Quotas of groups: who can still be elected, and who must, so that every quota is met.

The rule, in each step of a count: nobody is elected with whom the quotas could not be met any more,
and nobody goes out without whom they could not. A quota asks for no more than there are candidates
of its group, and a seat that nobody can fill within the quotas stays empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from bot.api import Words, words
from commands.decision_rules.ballots import PollQuestion, SeatQuota

MOST_QUOTAS = 4
WOMEN, MEN = "women", "men"
_LABELS = {WOMEN: words("mujeres", "mulheres", "women"), MEN: words("hombres", "homens", "men")}
_WRITTEN = re.compile(
    r"(\w[\w-]{0,39})=([0-9]{1,3})-([0-9]{1,3}):((?:[0-9]{1,3}(?:,[0-9]{1,3})*)?)"
)
_Groups = tuple[bool, ...]
_Counts = tuple[int, ...]


def group_label(name: str) -> Words | str:
    """Return the name of a group of candidates as people read it."""
    return _LABELS.get(name, name)


def format_quotas(quotas: Iterable[SeatQuota]) -> str:
    """Return the groups' shares of the seats as text, as stored and signed: `south=2-5:1,4`."""
    return ";".join(
        f"{one.name}={one.low}-{one.high}:{','.join(map(str, sorted(one.places)))}"
        for one in quotas
    )


def parse_quotas(text: str) -> tuple[SeatQuota, ...]:
    """Return the groups' shares of the seats from the text that `format_quotas` wrote. Raises
    `ValueError`."""
    return tuple(map(_parse_quota, filter(None, text.split(";"))))


def _parse_quota(text: str) -> SeatQuota:
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError("not a quota")
    places = frozenset(map(int, filter(None, found[4].split(","))))
    return SeatQuota(found[1], int(found[2]), int(found[3]), places)


class SeatPlan:
    """Which sets of winners the quotas allow. `seats`: how many seats can be filled at all."""

    def __init__(self, question: PollQuestion) -> None:
        standing = [place for place in question.places if place not in question.withdrawn]
        self.standing: Sequence[int] = standing
        self._quotas = tuple(
            replace(one, low=min(one.low, len(one.places & set(standing))))
            for one in question.quotas
        )
        self._groups = {
            place: tuple(place in one.places for one in self._quotas) for place in standing
        }
        most = min(question.seats, len(standing))
        self.seats = next((n for n in range(most, 0, -1) if self._can_fill((), standing, n)), 0)

    @property
    def is_bound(self) -> bool:
        """Whether groups have a share of the seats."""
        return bool(self._quotas)

    def barred(self, elected: Collection[int], left: Collection[int]) -> set[int]:
        """Return which of the remaining candidates can't be elected any more, by the groups'
        shares."""
        return self._each_group(left, lambda one: self._can_fill([*elected, one], _less(left, one)))

    def guarded(self, elected: Collection[int], left: Collection[int]) -> set[int]:
        """Return which of the remaining candidates must be elected, by the groups' shares."""
        return self._each_group(left, lambda one: self._can_fill(elected, _less(left, one)))

    def _each_group(self, left: Collection[int], test: Callable[[int], bool]) -> set[int]:
        """Return those who fail the test. People of the same groups have the same answer."""
        known: dict[_Groups, bool] = {}
        for one in left:
            if self._groups[one] not in known:
                known[self._groups[one]] = test(one)
        return {one for one in left if not known[self._groups[one]]}

    def _can_fill(
        self, elected: Collection[int], left: Collection[int], seats: int | None = None
    ) -> bool:
        """Return whether the seats can be filled from those left so that each quota is met."""
        seats = self.seats if seats is None else seats
        if not len(elected) <= seats <= len(elected) + len(left):
            return False
        start = tuple(
            sum(self._groups[one][at] for one in elected) for at in range(len(self._quotas))
        )
        reached: set[tuple[int, _Counts]] = {(len(elected), start)}
        for groups, count in sorted(Counter(self._groups[one] for one in left).items()):
            reached = {
                (taken + more, having)
                for taken, before in reached
                for more in range(min(count, seats - taken) + 1)
                if self._fits(having := self._add(before, groups, more))
            }
        return any(taken == seats and self._is_met(having) for taken, having in reached)

    @staticmethod
    def _add(before: _Counts, groups: _Groups, more: int) -> _Counts:
        return tuple(n + more * inside for n, inside in zip(before, groups, strict=True))

    def _fits(self, having: _Counts) -> bool:
        return all(n <= one.high for n, one in zip(having, self._quotas, strict=True))

    def _is_met(self, having: _Counts) -> bool:
        return self._fits(having) and all(
            n >= one.low for n, one in zip(having, self._quotas, strict=True)
        )


def _less(places: Collection[int], gone: int) -> list[int]:
    return [place for place in places if place != gone]
