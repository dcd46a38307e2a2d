"""Count random budgets, and write them with our result as JSON for `compare.py`, one a line."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.api import Number
from commands.decision_rules.ballots import PollQuestion, make_ballot, sum_ballots
from commands.decision_rules.kinds.spending import (
    MOST_STEPS,
    SHARES,
    VOTES,
    BudgetTerms,
    format_terms,
    spend,
)

BUDGETS = 5000


def count_budget(budget: Mapping[str, Any]) -> dict[str, tuple[int, ...]] | None:
    """Return what we buy by each rule. None: raised to the limit, which pabutools does not know."""
    costs, votes = budget["costs"], budget["votes"]
    labels = tuple(f"P{place}" for place in range(1, len(costs) + 1))
    most = max(points for ballot, _people in votes for points in ballot.values())
    profile = sum_ballots((make_ballot(ballot), people) for ballot, people in votes)
    bought = {}
    for rule in (SHARES, VOTES):
        method = format_terms(BudgetTerms(rule, budget["money"], tuple(costs)))
        asks = PollQuestion(Number(1), labels, "x", len(costs), None, method, most)
        spent = spend(profile, asks)
        if spent.raised == MOST_STEPS:
            return None
        bought[rule] = spent.bought
    return bought


def random_budget(rng: random.Random) -> dict[str, Any]:
    """Return a budget of few people, where ties are frequent."""
    money = rng.choice((rng.randint(5, 40), rng.randint(1000, 100_000)))
    costs = [rng.randint(1, money) for _n in range(rng.randint(2, 8))]
    most = rng.choice((1, 5))
    places = range(1, len(costs) + 1)
    votes = [
        ({p: rng.randint(1, most) for p in rng.sample(places, rng.randint(1, len(costs)))}, 1)
        for _vote in range(rng.randint(1, 15))
    ]
    return {"money": money, "costs": costs, "votes": votes}


def main() -> None:
    rng = random.Random(2021)  # noqa: S311
    with Path(sys.argv[1]).open("w") as file:
        for n in range(BUDGETS):
            budget = random_budget(rng)
            counted = count_budget(budget)
            if counted is not None:
                file.write(json.dumps({"name": f"random {n}", **budget, "bought": counted}) + "\n")


if __name__ == "__main__":
    main()
