"""Spend a budget: by equal shares, raised while they leave money over, or by most votes first.

Its terms are the rule, the money there is, and what each project costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256

from commands.decision_rules import ballots
from commands.decision_rules.ballots import Ballot, PollQuestion, Profile
from commands.decision_rules.kinds.equal_shares import TieOrder, buy_equal_shares

SHARES, VOTES = "shares", "votes"
"""The rules: equal shares, or what most chose first."""
MOST_MONEY = 10**12
MOST_PROJECTS = 100
_METHOD = re.compile(r"(shares|votes) ([1-9][0-9]{0,12}) ([1-9][0-9]{0,12}(?:,[1-9][0-9]{0,12})*)")
STEPS = 10
"""Shares are raised by a tenth of the first share at a time …"""
MOST_STEPS = 90
"""… at most to tenfold."""
_RESULTS_KEPT = 8
"""A result is asked for several times at the end: to tell it, to sign it, to draw it."""


@dataclass(frozen=True, slots=True)
class BudgetTerms:
    """Money and costs are whole units of any currency. `costs` are in the order of the projects."""

    rule: str
    money: int
    costs: tuple[int, ...]

    def cost(self, place: int) -> int:
        """Return the cost of the project at this place, counted from 1."""
        return self.costs[place - 1]

    def left_after(self, places: tuple[int, ...]) -> int:
        """Return how much money is left once these projects are paid."""
        return self.money - sum(map(self.cost, places))


def format_terms(terms: BudgetTerms) -> str:
    """Return a budget's terms as text, stored as the decision's method: `shares 10000
    4000,2500,6000`."""
    return f"{terms.rule} {terms.money} {','.join(map(str, terms.costs))}"


def parse_terms(method: str) -> BudgetTerms:
    """Return a budget's terms from the text that `format_terms` wrote. Raises `ValueError` for
    anything else."""
    found = _METHOD.fullmatch(method)
    if found is None:
        raise ValueError("not the terms of a budget")
    terms = BudgetTerms(found[1], int(found[2]), tuple(map(int, found[3].split(","))))
    if len(terms.costs) > MOST_PROJECTS or max(terms.costs) > terms.money:
        raise ValueError("a project that the budget cannot pay, or too many")
    return terms


def show_amount(amount: int) -> str:
    """Return an amount of money with no-break spaces between thousands: `4000`, `10 000`.

    Comma and point mean different things in the three languages; a space means the same.
    """
    return str(amount) if amount < 10_000 else f"{amount:,}".replace(",", "\N{NO-BREAK SPACE}")


@dataclass(frozen=True, slots=True)
class Spending:
    """What is bought. `shared`: by equal shares. `completed`: from what was left over.

    `raised`: by how many tenths the shares were raised.
    """

    shared: tuple[int, ...] = ()
    completed: tuple[int, ...] = ()
    raised: int = 0

    @property
    def bought(self) -> tuple[int, ...]:
        """The positions, counted from 1, of all projects that are bought, in ascending order."""
        return tuple(sorted(self.shared + self.completed))


def spend(profile: Profile, question: PollQuestion) -> Spending:
    """Return which projects the budget of this question buys. Raises `ValueError` for bad terms."""
    cast = tuple(
        sorted((ballot, weight) for ballot, weight in profile.items() if ballot and weight)
    )
    return _spend(cast, question)


@lru_cache(_RESULTS_KEPT)
def _spend(cast: tuple[tuple[Ballot, int], ...], question: PollQuestion) -> Spending:
    terms = parse_terms(question.method)
    if len(terms.costs) != len(question.labels):
        raise ValueError("as many costs as projects")
    profile = dict(cast)
    points = ballots.points_by_place(profile, question.places)
    wanted = [place for place in question.places if points[place]]
    lots = _draw_lots(cast, question, wanted)
    ties = {place: (-points[place], terms.cost(place), lots[place]) for place in wanted}
    if not wanted:
        return Spending()
    if terms.rule != SHARES:
        return Spending(completed=_most_first(terms, wanted, ties, ()))
    shared, raised = _raise_shares(profile, terms, wanted, ties)
    return Spending(shared, _most_first(terms, wanted, ties, shared), raised)


def _raise_shares(
    profile: Profile, terms: BudgetTerms, wanted: Iterable[int], ties: TieOrder
) -> tuple[tuple[int, ...], int]:
    """Raise everybody's share step by step, as long as what it buys can be paid ("Add1").

    It ends before the first step that would cost more than there is, or when nothing more fits.
    """
    people = sum(profile.values())
    shared: tuple[int, ...] = ()
    for step in range(MOST_STEPS + 1):
        share = Fraction(terms.money * (STEPS + step), STEPS * people)
        found = buy_equal_shares(profile, terms.costs, share, ties)
        left = terms.left_after(found)
        if left < 0:
            return shared, step - 1
        shared = found
        if all(place in found or terms.cost(place) > left for place in wanted):
            return shared, step
    return shared, MOST_STEPS


def _most_first(
    terms: BudgetTerms, wanted: Iterable[int], ties: TieOrder, before: tuple[int, ...]
) -> tuple[int, ...]:
    """Return what else is bought: the most points first, each that still fits."""
    found: list[int] = []
    left = terms.left_after(before)
    for place in sorted(wanted, key=ties.__getitem__):
        if place not in before and terms.cost(place) <= left:
            found.append(place)
            left -= terms.cost(place)
    return tuple(found)


def _draw_lots(
    cast: Iterable[tuple[Ballot, int]], question: PollQuestion, places: Iterable[int]
) -> dict[int, int]:
    """Return the lot of each project: nobody can choose it, and the file is enough to draw it anew.

    It is the SHA-256 of the decision's number, its counts, and the project's place and name. The
    smallest comes first.
    """
    counts = ";".join(f"{ballots.format_ballot(ballot)}*{weight}" for ballot, weight in cast)
    before = sha256(f"lot1|{question.number}|{counts}".encode())
    drawn = {}
    for place in places:
        after = before.copy()
        after.update(f"|{place}|{question.label(place)}".encode())
        drawn[place] = int.from_bytes(after.digest())
    return drawn
