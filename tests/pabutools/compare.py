"""Count what `counted.py` wrote with pabutools, and compare. Runs in a virtual environment apart.

Where a lot decides, pabutools finds one thing with the names in order and another with them turned
round: those budgets are only counted and printed.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from pabutools.election import (
    Additive_Cardinal_Sat,
    CardinalBallot,
    CardinalProfile,
    Instance,
    Project,
)
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule

STEPS = 10


def count(one: dict[str, Any], names: list[int]) -> dict[str, list[int]]:
    """Return what pabutools buys by both rules. `names`: the order of equal projects."""
    costs, votes = one["costs"], one["votes"]
    projects = {str(n): Project(str(n), cost) for n, cost in enumerate(costs, start=1)}
    points = {name: sum(vote.get(name, 0) for vote in votes) for name in projects}
    wanted = {name: project for name, project in projects.items() if points[name]}
    instance = Instance(wanted.values(), budget_limit=one["money"])
    profile = CardinalProfile(
        [
            CardinalBallot(
                {projects[name]: given * projects[name].cost for name, given in v.items()}
            )
            for v in votes
        ],
        instance=instance,
    )
    ties = TieBreakingRule(
        lambda _instance, _profile, project: (
            -points[project.name],
            project.cost,
            names.index(int(project.name)),
        )
    )
    asked = {"sat_class": Additive_Cardinal_Sat, "tie_breaking": ties}
    step = Fraction(one["money"], STEPS * len(votes))
    shared = method_of_equal_shares(instance, profile, voter_budget_increment=step, **asked)
    whole = greedy_utilitarian_welfare(
        instance, profile, initial_budget_allocation=list(shared), **asked
    )
    plain = greedy_utilitarian_welfare(instance, profile, **asked)
    return {
        "shares": sorted(int(project.name) for project in whole),
        "votes": sorted(int(project.name) for project in plain),
    }


def main() -> None:
    budgets = json.loads(Path(sys.argv[1]).read_text())
    same = tied = 0
    wrong = []
    for one in budgets:
        places = list(range(1, len(one["costs"]) + 1))
        first, last = count(one, places), count(one, places[::-1])
        if first != last:
            tied += 1
        elif first == one["bought"]:
            same += 1
        else:
            wrong.append((one, first))
    told = [f"{len(budgets)} budgets: {same} the same, {tied} by lot, {len(wrong)} otherwise"]
    told += [f"{one} {theirs}" for one, theirs in wrong[:3]]
    sys.stdout.write("\n".join(told) + "\n")
    sys.exit(bool(wrong) or not same)


if __name__ == "__main__":
    main()
