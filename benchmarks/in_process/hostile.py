"""How much longer a hostile line takes that is four times as long: 4 is in proportion."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from bot.types import UserId
from commands.ban_lists import list_rules
from commands.exchange.matching.fit import compute_fit
from commands.exchange.matching.lexicon import built_in_lexicon
from commands.exchange.matching.meaning import parse_meaning
from commands.poll_lines import unprefixed

TIMES, ROUNDS = 4, 5
SHORT = 50
LONG = 20
"""The ratio from which on it is said that something is wrong."""


def _fit(size: int) -> object:
    line = "kombi, sillas en Recife de São Paulo para a festa " * size
    known = built_in_lexicon()
    return compute_fit(parse_meaning(line, known), parse_meaning(line, known))


def _match(size: int) -> object:
    people = [UserId(f"@p{n}:s{n % 40}.org") for n in range(size * 10)]
    return [
        list_rules.matches_pattern(f"@*bad{n}*:*.evil.org", who)
        for n in range(20)
        for who in people
    ]


CASES: dict[str, Callable[[int], object]] = {
    "a vote of ones": lambda size: unprefixed.may_be_vote("1 " + "a, " * size),
    "a vote of words": lambda size: unprefixed.may_be_vote("a favor " * size + "5"),
    "a pattern of stars": lambda size: list_rules.matches_pattern(
        "*a" * size + "b", "a" * size * 2
    ),
    "patterns and people": _match,
    "an offer and a need": _fit,
}


def seconds(case: Callable[[int], object], size: int) -> float:
    """Of processor time, the best of some."""
    took = []
    for _round in range(ROUNDS):
        began = time.process_time()
        case(size)
        took.append(time.process_time() - began)
    return min(took)


def main() -> None:
    for name, case in CASES.items():
        short, long = seconds(case, SHORT), seconds(case, SHORT * TIMES)
        ratio = long / max(short, 1e-6)
        wrong = "  too long" if ratio > LONG else ""
        click.echo(f"{name}: {short * 1000:.2f} ms, {TIMES} times as long {ratio:.1f} times{wrong}")


if __name__ == "__main__":
    main()
