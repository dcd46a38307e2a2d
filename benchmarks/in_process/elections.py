"""How long an election by transferable votes takes to count, as more people vote: seconds each.

`python -m benchmarks.in_process.elections` prints a line for each size, and fails above the goal.
"""

from __future__ import annotations

import random
import sys
import time

import click

from bot.types import Number
from commands.decision_rules.ballots import PollQuestion, Profile, make_ballot, sum_ballots
from commands.decision_rules.seat_count import count_stv
from commands.decision_rules.seat_quotas import parse_quotas

CANDIDATES, SEATS = 50, 5
SIZES = (100, 1_000, 10_000)
PARITY = "mujeres=0-3:" + ",".join(map(str, range(1, CANDIDATES + 1, 2)))
GOAL = 10.0
"""Seconds for the most people."""


def asked(quotas: str) -> PollQuestion:
    """Return an election of five among fifty."""
    labels = tuple(f"P{n}" for n in range(CANDIDATES))
    return PollQuestion(Number(1), labels, "x", seats=SEATS, method="", quotas=parse_quotas(quotas))


def votes(people: int) -> Profile:
    """Return the ballots of so many people, nearly all different, up to all candidates long."""
    rng = random.Random(2)  # noqa: S311 - the same votes each time
    liked = [1 / (n + 1) ** 0.5 for n in range(CANDIDATES)]
    cast = []
    for _person in range(people):
        order = sorted(
            range(CANDIDATES), key=lambda n: rng.random() ** (1 / liked[n]), reverse=True
        )
        ranked = order[: rng.randint(1, CANDIDATES)]
        cast.append((make_ballot({n + 1: at for at, n in enumerate(ranked, 1)}), 1))
    return sum_ballots(cast)


def main() -> None:
    """Measure, tell, and fail above the goal."""
    took = 0.0
    for quotas, name in (("", "no quota"), (PARITY, "parity")):
        for people in SIZES:
            profile, question = votes(people), asked(quotas)
            began = time.process_time()
            found = count_stv(profile, question)
            took = time.process_time() - began
            click.echo(f"{people} people, {name}: {took:.2f} s, {len(found.rounds)} rounds")
    sys.exit(took > GOAL)


if __name__ == "__main__":
    main()
