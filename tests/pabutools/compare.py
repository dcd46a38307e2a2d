"""Count with pabutools what `counted.py` or `published.py` wrote, and compare.

Runs in a virtual environment apart.

Where a lot decides, pabutools finds one thing with the names in order and another with them turned
round: those budgets are only counted and printed.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from pabutools.election import (
    Additive_Cardinal_Sat,
    CardinalMultiProfile,
    FrozenCardinalBallot,
    Instance,
    Project,
)
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule

STEPS = 10


def count(one: dict[str, Any], names: list[int]) -> dict[str, list[int]]:
    """Return what pabutools buys by both rules. `names`: the order of equal projects."""
    costs = one["costs"]
    projects = {str(n): Project(str(n), cost) for n, cost in enumerate(costs, start=1)}
    points = {
        name: sum(people * vote.get(name, 0) for vote, people in one["votes"]) for name in projects
    }
    wanted = {name: project for name, project in projects.items() if points[name]}
    instance = Instance(wanted.values(), budget_limit=one["money"])
    profile = CardinalMultiProfile(instance=instance)
    for vote, people in one["votes"]:
        worth = {projects[name]: given * projects[name].cost for name, given in vote.items()}
        profile[FrozenCardinalBallot(worth)] += people
    ties = TieBreakingRule(
        lambda _instance, _profile, project: (
            -points[project.name],
            project.cost,
            names.index(int(project.name)),
        )
    )
    asked = {"sat_class": Additive_Cardinal_Sat, "tie_breaking": ties}
    step = Fraction(one["money"], STEPS * sum(people for _vote, people in one["votes"]))
    shared = method_of_equal_shares(instance, profile, voter_budget_increment=step, **asked)
    whole = greedy_utilitarian_welfare(
        instance, profile, initial_budget_allocation=list(shared), **asked
    )
    plain = greedy_utilitarian_welfare(instance, profile, **asked)
    return {
        "shares": sorted(int(project.name) for project in whole),
        "votes": sorted(int(project.name) for project in plain),
    }


def compare(line: str, until: float) -> tuple[str, str]:
    """Return how it came out (`same`, `by lot`, `otherwise`) and what is to be said of that.

    After the instant `until` nothing is begun any more: `not tried`.
    """
    one = json.loads(line)
    if time.time() > until:
        return "not tried", ""
    places = list(range(1, len(one["costs"]) + 1))
    first, last = count(one, places), count(one, places[::-1])
    if first != last:
        return "by lot", ""
    if first == one["bought"]:
        return "same", ""
    return "otherwise", f"{one['name']}: we {one['bought']}, they {first}"


def main() -> None:
    """Compare the budgets of a file, the shortest first, as long as the minutes allow."""
    lines = sorted(Path(sys.argv[1]).read_text().splitlines(), key=len)
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 24 * 60
    until = time.time() + 60 * minutes
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(partial(compare, until=until), lines, chunksize=4))
    how = Counter(outcome for outcome, _said in found)
    told = [f"{len(found)} budgets: {', '.join(f'{many} {one}' for one, many in how.items())}"]
    told += [said for _outcome, said in found if said][:10]
    sys.stdout.write("\n".join(told) + "\n")
    sys.exit(bool(how["otherwise"]) or not how["same"])


if __name__ == "__main__":
    main()
