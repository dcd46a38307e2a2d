"""Who goes to a date, who waits for a place, in which order. Pure.

The roster of a date is derived from what people answered, so that it can't go out of step with
it. Places go strictly by the order of the answers: who fits goes, from the first who does not fit
on everybody waits, and nobody is overtaken. Nothing that somebody else answers takes a place away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.api import UserId

EVERY = ""
"""The key of an answer for all dates."""


class Says(StrEnum):
    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Given:
    """What a person answered, for every date or for the one of this key.

    `order` says who was first: that of handling, never a clock's, so that nothing read late gets
    before those who were told that they have a place.
    """

    person: UserId
    key: str
    says: Says
    guests: int
    order: int

    @property
    def size(self) -> int:
        return 1 + self.guests


@dataclass(frozen=True, slots=True)
class Roster:
    """`going` and `waiting` are in the order of their answers."""

    going: tuple[Given, ...]
    waiting: tuple[Given, ...]
    maybe: tuple[Given, ...]
    declined: tuple[Given, ...]
    seats: int | None = None

    @property
    def taken(self) -> int:
        return sum(one.size for one in self.going)

    @property
    def free(self) -> int | None:
        """Places that nobody has; those who wait come first all the same."""
        return None if self.seats is None else self.seats - self.taken

    def goes(self, person: UserId) -> bool:
        return any(one.person == person for one in self.going)

    def place(self, person: UserId) -> int:
        """The person's number on the waiting list; 0 if they don't wait."""
        people = [one.person for one in self.waiting]
        return people.index(person) + 1 if person in people else 0


def of(answers: Iterable[Given], key: str, seats: int | None) -> Roster:
    """The roster of one date; of `EVERY`, that of all dates about which nobody said otherwise."""
    chosen: dict[UserId, Given] = {}
    for one in answers:
        if one.key == key or (one.key == EVERY and one.person not in chosen):
            chosen[one.person] = one
    ordered = sorted(chosen.values(), key=lambda one: one.order)
    going, waiting = _seated([one for one in ordered if one.says is Says.YES], seats)
    maybe = tuple(one for one in ordered if one.says is Says.MAYBE)
    declined = tuple(one for one in ordered if one.says is Says.NO)
    return Roster(going, waiting, maybe, declined, seats)


def _seated(
    queue: Sequence[Given], seats: int | None
) -> tuple[tuple[Given, ...], tuple[Given, ...]]:
    """Who goes and who waits. A party for which the room is too small holds up nobody."""
    if seats is None:
        return tuple(queue), ()
    going: list[Given] = []
    waiting: list[Given] = []
    taken, full = 0, False
    for one in queue:
        full = full or (one.size <= seats < taken + one.size)
        if full or one.size > seats:
            waiting.append(one)
        else:
            going.append(one)
            taken += one.size
    return tuple(going), tuple(waiting)


def keys(answers: Iterable[Given]) -> set[str]:
    """The dates about which somebody said something of their own."""
    return {one.key for one in answers} - {EVERY}


def answered(
    answers: Sequence[Given], new: Given, to_come: Collection[str] | None = None
) -> list[Given]:
    """The answers with a new one; who only repeats theirs keeps their place in the order.

    An answer for every date counts for the dates to come (None: all) that they had answered apart.
    """
    others = [one for one in answers if one.person != new.person]
    own = {one.key: one for one in answers if one.person == new.person}
    before = own.get(new.key) or own.get(EVERY)
    repeats = before is not None and before.says is new.says
    kept = replace(new, order=before.order) if before is not None and repeats else new
    if new.key != EVERY:
        return [*others, *(own | {new.key: kept}).values()]
    apart = [one for key, one in own.items() if key != EVERY]
    past = [one for one in apart if to_come is not None and one.key not in to_come]
    coming = [one for one in apart if one not in past]
    return [*others, kept, *past, *_taken_along(coming, new, repeats=repeats)]


def _taken_along(apart: Iterable[Given], new: Given, *, repeats: bool) -> list[Given]:
    """The dates that were answered apart, now that all are answered alike.

    Who left a date and comes back with all of them comes last there: others have moved up.
    """
    if new.says is not Says.YES:
        return []
    found: list[Given] = []
    for one in apart:
        if one.says is Says.YES:
            found.append(replace(one, guests=new.guests))
        elif repeats:
            found.append(replace(new, key=one.key))
    return found


def without(answers: Iterable[Given], person: UserId) -> list[Given]:
    return [one for one in answers if one.person != person]


def moved_up(
    before: Sequence[Given],
    after: Sequence[Given],
    seats: tuple[int | None, int | None],
    dates: Iterable[str],
) -> dict[UserId, set[str]]:
    """Who waited before and has a place now, at which of the `dates` (keys, `EVERY` too).

    `seats`: how many there were, and how many there are.
    """
    found: dict[UserId, set[str]] = {}
    for key in dates:
        waited = {one.person for one in of(before, key, seats[0]).waiting}
        for one in of(after, key, seats[1]).going if waited else ():
            if one.person in waited:
                found.setdefault(one.person, set()).add(key)
    return found


def put_out(
    before: Sequence[Given],
    after: Sequence[Given],
    seats: tuple[int | None, int | None],
    dates: Iterable[str],
) -> set[UserId]:
    """Who would lose a place they have, though they still want it: such a change is refused."""
    found: set[UserId] = set()
    for key in dates:
        had = {one.person for one in of(before, key, seats[0]).going}
        found |= had & {one.person for one in of(after, key, seats[1]).waiting}
    return found
