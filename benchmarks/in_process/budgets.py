"""How long a budget of a hundred projects takes to count, as more people vote: seconds each.

`python -m benchmarks.in_process.budgets` prints a line for each size, and fails above the goal.
"""

from __future__ import annotations

import random
import sys
import time

import click

from bot.types import Number
from commands.decision_rules.ballots import PollQuestion, Profile, make_ballot, sum_ballots
from commands.decision_rules.kinds.spending import SHARES, BudgetTerms, format_terms, spend

PROJECTS, MONEY = 100, 1_000_000
SIZES = (100, 1_000, 10_000)
GOAL = 10.0
"""Seconds for the most people."""


def asked(points: int) -> PollQuestion:
    """Return a budget in which a tenth or so of what is wanted can be paid."""
    rng = random.Random(1)  # noqa: S311 - the same costs each time
    costs = tuple(rng.randint(1_000, 100_000) for _n in range(PROJECTS))
    method = format_terms(BudgetTerms(SHARES, MONEY, costs))
    labels = tuple(f"P{n}" for n in range(PROJECTS))
    return PollQuestion(Number(1), labels, "x", PROJECTS, None, method, points)


def votes(people: int, points: int) -> Profile:
    """Return the ballots of so many people, up to fifteen projects each."""
    rng = random.Random(2)  # noqa: S311 - the same votes each time
    liked = [1 / (n + 1) ** 0.5 for n in range(PROJECTS)]
    chosen = (
        rng.choices(range(1, PROJECTS + 1), liked, k=rng.randint(1, 15)) for _n in range(people)
    )
    return sum_ballots((make_ballot({p: rng.randint(1, points) for p in one}), 1) for one in chosen)


def main() -> None:
    """Measure, tell, and fail above the goal."""
    took = 0.0
    for points, name in ((1, "approvals"), (5, "points")):
        for people in SIZES:
            profile, question = votes(people, points), asked(points)
            began = time.process_time()
            spent = spend(profile, question)
            took = time.process_time() - began
            click.echo(f"{people} people, {name}: {took:.2f} s, {len(spent.bought)} projects")
    sys.exit(took > GOAL)


if __name__ == "__main__":
    main()
