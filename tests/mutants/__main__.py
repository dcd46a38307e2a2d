"""`python -m tests.mutants bot/matrix/crypto/guard.py`: which mutants its fast tests let live."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from tests.mutants.copied_tree import CopiedTree
from tests.mutants.fast_tests import FAST_TESTS
from tests.mutants.switched_module import Mutant, switch_mutants

ROOT = Path(__file__).parents[2]


@click.command()
@click.argument("module")
@click.option("--sample", default=0, help="how many mutants, chosen by the seed; 0 for all")
@click.option("--seed", default=1, show_default=True)
@click.option("--line", "lines", multiple=True, type=int, help="only the mutants of this line")
def main(module: str, sample: int, seed: int, lines: tuple[int, ...]) -> None:
    """Try the mutants of MODULE with its fast tests, and name those that live."""
    if module not in FAST_TESTS:
        raise click.UsageError(f"Name the fast tests of {module} in tests/mutants/fast_tests.py.")
    source, found = switch_mutants((ROOT / module).read_text(encoding="utf-8"))
    chosen = [one for one in found if one.line in lines] if lines else found
    if sample and sample < len(chosen):
        chosen = random.Random(seed).sample(chosen, sample)  # noqa: S311 - repeatable, no secret
    chosen = sorted(chosen, key=lambda one: (one.line, one.number))
    os.nice(10)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = CopiedTree(ROOT, Path(folder))
        tree.write(module, source)
        verdicts = judge(tree, FAST_TESTS[module], chosen)
    for one in chosen:
        if verdicts[one.number] != "killed":
            click.echo(f"{verdicts[one.number]}  {module}:{one}")
    click.echo(
        f"{module}: {summary(verdicts)} ({len(found)} in all, {time.monotonic() - began:.0f} s)"
    )


def summary(verdicts: dict[int, str]) -> str:
    """Return how many were killed, and how many of these only by the limit of time."""
    count = Counter(verdicts.values())
    late = count["timed out"]
    said = f"{count['killed'] + late} of {len(verdicts)} killed"
    return f"{said}, {late} of these timed out" if late else said


def judge(tree: CopiedTree, tests: tuple[str, ...], chosen: list[Mutant]) -> dict[int, str]:
    """Return the verdict on each mutant by its number: killed, timed out, alive or unreached.

    What acts while modules are imported is tried in a new process each time.
    """
    began = time.monotonic()
    verdicts = tree.try_mutants(tests, [one.number for one in chosen])
    limit = 60 + time.monotonic() - began
    for number, verdict in verdicts.items():
        if verdict == "early":
            verdicts[number] = tree.try_from_the_start(tests, number, limit)
    return verdicts


if __name__ == "__main__":
    main()
