"""Count the budgets of a folder of Pabulib's files, and write them as `counted.py` does.

Pabulib (pabulib.org) publishes real votes on budgets; its format is "PB (PArticipatory BUdgeting
LIBrary) Format" by Stolicki, Szufa, Talmon, 2020. `make pabulib FILES=folder` counts them by us and
by pabutools. None of them is in the repository.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from commands.decision_rules.kinds.spending import MOST_PROJECTS
from tests.pabutools.counted import count_budget

SECTIONS = ("META", "PROJECTS", "VOTES")
ONE_EACH, WITH_POINTS = ("approval", "choose-1"), ("cumulative", "scoring")


class NotOurs(Exception):
    """A file that no budget of ours could be: rankings, or too many projects."""


def read_budget(path: Path) -> dict[str, Any]:
    """Return money and costs in hundredths, and ballots with how many people cast each.

    What costs more than there is is left out, as it can't be proposed here. Raises `NotOurs`.
    """
    found = _read_sections(path)
    terms = {row["key"]: row["value"] for row in found["META"]}
    kind = terms["vote_type"]
    if kind not in ONE_EACH + WITH_POINTS:
        raise NotOurs(f"votes are {kind}")
    money = _hundredths(terms["budget"])
    costs = {row["project_id"]: _hundredths(row["cost"]) for row in found["PROJECTS"]}
    places = {name: at for at, name in enumerate((n for n, c in costs.items() if c <= money), 1)}
    if not 2 <= len(places) <= MOST_PROJECTS:
        raise NotOurs(f"fewer than 2 or more than {MOST_PROJECTS} projects that could be paid")
    if min(costs[name] for name in places) < 1:
        raise NotOurs("a project that costs nothing")
    people: Counter[tuple[tuple[int, int], ...]] = Counter()
    for row in found["VOTES"]:
        names = [name.strip() for name in row["vote"].split(",")]
        points = row["points"].split(",") if kind in WITH_POINTS else ["1"] * len(names)
        given = {places[n]: int(p) for n, p in zip(names, points, strict=False) if n in places}
        people[tuple(sorted(pair for pair in given.items() if pair[1]))] += 1
    del people[()]
    if not people:
        raise NotOurs("nobody voted")
    votes = [(dict(ballot), weight) for ballot, weight in sorted(people.items())]
    return {"money": money, "costs": [costs[name] for name in places], "votes": votes}


def _read_sections(path: Path) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each section by the names of their columns."""
    found: dict[str, list[dict[str, str]]] = {name: [] for name in SECTIONS}
    section = ""
    names: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            if len(row) == 1 and row[0].strip().upper() in SECTIONS:
                section, names = row[0].strip().upper(), []
            elif not names:
                names = [one.strip() for one in row]
            elif row:
                found[section].append({n: v.strip() for n, v in zip(names, row, strict=False)})
    return found


def _hundredths(written: str) -> int:
    """Return an amount of money in hundredths: `12.5` is 1250. Raises `NotOurs` for finer ones."""
    amount = Fraction(written.strip().replace(",", ".")) * 100
    if amount.denominator != 1:
        raise NotOurs("an amount finer than hundredths")
    return int(amount)


def count_folder(folder: Path) -> Iterator[dict[str, Any]]:
    """Read and count each file, and say how long the slowest took."""
    left_out: Counter[str] = Counter()
    slowest = 0.0, ""
    for path in sorted(folder.rglob("*.pb")):
        try:
            budget = read_budget(path)
        except NotOurs as error:
            left_out[str(error)] += 1
            continue
        began = time.process_time()
        counted = count_budget(budget)
        slowest = max(slowest, (time.process_time() - began, path.name))
        if counted is None:
            left_out["raised to the limit"] += 1
        else:
            yield {"name": path.name, **budget, "bought": counted}
    told = [f"{many} not counted: {why}" for why, many in left_out.most_common()]
    told.append(f"slowest by both rules: {slowest[0]:.1f} s, {slowest[1]}")
    sys.stdout.write("\n".join(told) + "\n")


def main() -> None:
    """Count the folder's files; write them for `compare.py`, one a line."""
    with Path(sys.argv[2]).open("w") as file:
        for one in count_folder(Path(sys.argv[1])):
            file.write(json.dumps(one) + "\n")


if __name__ == "__main__":
    main()
