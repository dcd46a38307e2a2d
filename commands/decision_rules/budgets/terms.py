"""The terms of a budget: the rule, the money there is, and what each project costs."""

from __future__ import annotations

import re
from dataclasses import dataclass

SHARES, VOTES = "shares", "votes"
"""The rules: equal shares, or what most chose first."""
MOST_MONEY = 10**12
MOST_PROJECTS = 100
_METHOD = re.compile(r"(shares|votes) ([1-9][0-9]{0,12}) ([1-9][0-9]{0,12}(?:,[1-9][0-9]{0,12})*)")


@dataclass(frozen=True, slots=True)
class BudgetTerms:
    """Money and costs are whole units of any currency. `costs` are in the order of the projects."""

    rule: str
    money: int
    costs: tuple[int, ...]

    def cost(self, place: int) -> int:
        """Return what the project at this place costs, from 1."""
        return self.costs[place - 1]

    def left_after(self, places: tuple[int, ...]) -> int:
        """Return how much money is left once these projects are paid."""
        return self.money - sum(map(self.cost, places))


def format_terms(terms: BudgetTerms) -> str:
    """Return the terms as the method of a decision: `shares 10000 4000,2500,6000`."""
    return f"{terms.rule} {terms.money} {','.join(map(str, terms.costs))}"


def parse_terms(method: str) -> BudgetTerms:
    """Parse what `format_terms` wrote. Raises `ValueError` for anything else."""
    found = _METHOD.fullmatch(method)
    if found is None:
        raise ValueError("not the terms of a budget")
    terms = BudgetTerms(found[1], int(found[2]), tuple(map(int, found[3].split(","))))
    if len(terms.costs) > MOST_PROJECTS or max(terms.costs) > terms.money:
        raise ValueError("a project that the budget cannot pay, or too many")
    return terms


def show_amount(amount: int) -> str:
    """Return an amount with no-break spaces between thousands: `4000`, `10 000`.

    Comma and point mean different things in the three languages; a space means the same.
    """
    return str(amount) if amount < 10_000 else f"{amount:,}".replace(",", "\N{NO-BREAK SPACE}")
