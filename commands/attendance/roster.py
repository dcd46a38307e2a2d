"""Derive who goes to a date and who waits for a place from the answers. Pure.

Places go strictly by the order of answers: everybody goes while they fit, and from the first who
does not fit on everybody waits. Nobody is overtaken, and no answer takes a place from somebody
else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.api import UserId

EVERY_DATE = ""
"""The key of an answer about all dates."""


class Rsvp(StrEnum):
    """What a person can answer."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A person's answer about all dates, or about the one with this key.

    `order` tells who answered first. It is the order of handling and not a clock's, so that an
    answer read late never gets before people who were told that they have a place.
    """

    person: UserId
    key: str
    says: Rsvp
    guests: int
    order: int

    @property
    def party_size(self) -> int:
        """How many places the answer takes: the person and their guests."""
        return 1 + self.guests


@dataclass(frozen=True, slots=True)
class Roster:
    """Who goes to a date, waits, may come or declined.

    `going` and `waiting` are in the order of the answers.
    """

    going: tuple[GivenAnswer, ...]
    waiting: tuple[GivenAnswer, ...]
    maybe: tuple[GivenAnswer, ...]
    declined: tuple[GivenAnswer, ...]
    seats: int | None = None

    @property
    def taken(self) -> int:
        """How many places of the event are taken, guests included."""
        return sum(one.party_size for one in self.going)

    @property
    def free(self) -> int | None:
        """How many places of the event are free, or None without a limit. People who wait come
        first."""
        return None if self.seats is None else self.seats - self.taken

    def has_place(self, person: UserId) -> bool:
        """Return whether the person has a place at the event."""
        return any(one.person == person for one in self.going)

    def waiting_number(self, person: UserId) -> int:
        """Return the person's number on the waiting list, or 0 if they don't wait."""
        people = [one.person for one in self.waiting]
        return people.index(person) + 1 if person in people else 0


def build_roster(answers: Iterable[GivenAnswer], key: str, seats: int | None) -> Roster:
    """Return who comes, may come and waits at the event's date with this key.

    An answer about the date goes before one about all dates. For `EVERY_DATE` it is the roster of
    all dates without answers of their own.
    """
    chosen: dict[UserId, GivenAnswer] = {}
    for one in answers:
        if one.key == key or (one.key == EVERY_DATE and one.person not in chosen):
            chosen[one.person] = one
    ordered = sorted(chosen.values(), key=lambda one: one.order)
    going, waiting = _seat_queue([one for one in ordered if one.says is Rsvp.YES], seats)
    maybe = tuple(one for one in ordered if one.says is Rsvp.MAYBE)
    declined = tuple(one for one in ordered if one.says is Rsvp.NO)
    return Roster(going, waiting, maybe, declined, seats)


def _seat_queue(
    queue: Sequence[GivenAnswer], seats: int | None
) -> tuple[tuple[GivenAnswer, ...], tuple[GivenAnswer, ...]]:
    """Return who goes and who waits. A party larger than all seats waits but holds up nobody."""
    if seats is None:
        return tuple(queue), ()
    going: list[GivenAnswer] = []
    waiting: list[GivenAnswer] = []
    taken, full = 0, False
    for one in queue:
        full = full or (one.party_size <= seats < taken + one.party_size)
        if full or one.party_size > seats:
            waiting.append(one)
        else:
            going.append(one)
            taken += one.party_size
    return tuple(going), tuple(waiting)


def answered_keys(answers: Iterable[GivenAnswer]) -> set[str]:
    """Return the keys of an event's dates that have answers of their own."""
    return {one.key for one in answers} - {EVERY_DATE}


def add_answer(
    answers: Sequence[GivenAnswer], new: GivenAnswer, to_come: Collection[str] | None = None
) -> list[GivenAnswer]:
    """Return an event's answers with one more. Repeating an answer keeps its place in the order.

    An answer about all dates replaces the person's answers about upcoming dates; `to_come` holds
    the keys of those (None: all of them).
    """
    others = [one for one in answers if one.person != new.person]
    own = {one.key: one for one in answers if one.person == new.person}
    before = own.get(new.key) or own.get(EVERY_DATE)
    repeats = before is not None and before.says is new.says
    kept = replace(new, order=before.order) if before is not None and repeats else new
    if new.key != EVERY_DATE:
        return [*others, *(own | {new.key: kept}).values()]
    apart = [one for key, one in own.items() if key != EVERY_DATE]
    past = [one for one in apart if to_come is not None and one.key not in to_come]
    coming = [one for one in apart if one not in past]
    return [*others, kept, *past, *_update_single_dates(coming, new, repeats=repeats)]


def _update_single_dates(
    apart: Iterable[GivenAnswer], new: GivenAnswer, *, repeats: bool
) -> list[GivenAnswer]:
    """Return the answers about single dates, updated to the new answer about all dates.

    A person who left a date and returns with all dates comes last there, since others moved up.
    """
    if new.says is not Rsvp.YES:
        return []
    found: list[GivenAnswer] = []
    for one in apart:
        if one.says is Rsvp.YES:
            found.append(replace(one, guests=new.guests))
        elif repeats:
            found.append(replace(new, key=one.key))
    return found


def remove_answers_of(answers: Iterable[GivenAnswer], person: UserId) -> list[GivenAnswer]:
    """Return an event's answers without those of this person."""
    return [one for one in answers if one.person != person]


def promoted_people(
    before: Sequence[GivenAnswer],
    after: Sequence[GivenAnswer],
    seats: tuple[int | None, int | None],
    dates: Iterable[str],
) -> dict[UserId, set[str]]:
    """Return the people who were on the waiting list before a change and have a place now, with the
    keys of the dates.

    `seats` is the number before and after; `dates` are the keys to look at, `EVERY_DATE` included.
    """
    found: dict[UserId, set[str]] = {}
    for key in dates:
        waited = {one.person for one in build_roster(before, key, seats[0]).waiting}
        for one in build_roster(after, key, seats[1]).going if waited else ():
            if one.person in waited:
                found.setdefault(one.person, set()).add(key)
    return found


def displaced_people(
    before: Sequence[GivenAnswer],
    after: Sequence[GivenAnswer],
    seats: tuple[int | None, int | None],
    dates: Iterable[str],
) -> set[UserId]:
    """Return the people who want to keep their place at the event but would lose it by a change."""
    found: set[UserId] = set()
    for key in dates:
        had = {one.person for one in build_roster(before, key, seats[0]).going}
        found |= had & {one.person for one in build_roster(after, key, seats[1]).waiting}
    return found
