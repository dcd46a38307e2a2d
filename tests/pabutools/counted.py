"""Count random budgets, and write them with our result as JSON for `compare.py`."""

from __future__ import annotations

import json
import random
import sys
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


def random_budget(rng: random.Random) -> dict[str, Any] | None:
    """Return a budget of few people, where ties are frequent, with what we buy. None: raised to
    the limit, which pabutools does not know.
    """
    money = rng.choice((rng.randint(5, 40), rng.randint(1000, 100_000)))
    costs = [rng.randint(1, money) for _n in range(rng.randint(2, 8))]
    most = rng.choice((1, 5))
    places = range(1, len(costs) + 1)
    votes = [
        {p: rng.randint(1, most) for p in rng.sample(places, rng.randint(1, len(costs)))}
        for _vote in range(rng.randint(1, 15))
    ]
    labels = tuple(f"P{place}" for place in places)
    bought = {}
    profile = sum_ballots((make_ballot(one), 1) for one in votes)
    for rule in (SHARES, VOTES):
        method = format_terms(BudgetTerms(rule, money, tuple(costs)))
        asks = PollQuestion(Number(1), labels, "x", len(costs), None, method, most)
        spent = spend(profile, asks)
        if spent.raised == MOST_STEPS:
            return None
        bought[rule] = spent.bought
    return {"money": money, "costs": costs, "votes": votes, "bought": bought}


def main() -> None:
    rng = random.Random(2021)  # noqa: S311
    found = [random_budget(rng) for _n in range(BUDGETS)]
    Path(sys.argv[1]).write_text(json.dumps([one for one in found if one]))


if __name__ == "__main__":
    main()
