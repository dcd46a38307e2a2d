"""Every kind of decision can be secret, and no ballot weighs more than its rule allows."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from bot.api import Number
from bot.testing.talk import START_TIME
from commands.ballot_secrecy.ballot_store import BallotOver
from commands.ballot_secrecy.files import signed_outcome
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests.secret_world import Start, voter
from commands.decision_rules.thresholds import Quorum

CAST = [
    ("choice", {"most": 2}, ["1:1", "1:1 3:1", "3:1", "1:1", ""], "Norte: 3", "won"),
    ("majority", {"labels": ()}, ["1:1", "1:1", "2:1", "3:1"], "for: 2", "approved"),
    (
        "majority",
        {"labels": (), "threshold": Fraction(2, 3)},
        ["1:1", "2:1", "1:1", "2:1"],
        "against: 2",
        "not approved",
    ),
    ("consent", {"labels": ()}, ["1:1", "1:1", "5:1"], "block: 1", "not approved"),
    ("consensus", {"labels": ()}, ["1:1", "1:1", "4:1"], "for: 2", "approved"),
    (
        "ranked",
        {"method": "schulze"},
        ["1:2 2:1 3:3", "2:1 3:2", "1:1 2:1"],
        "In order: Sur > Norte > Zoom",
        "won",
    ),
    ("ranked", {"method": "runoff"}, ["1:2 2:1", "2:1", "1:1"], "Sur: 2", "won"),
    ("score", {"method": "score", "points": 5}, ["1:5 2:3", "2:5"], "Sur: 8", "won"),
    ("score", {"method": "dots", "points": 5}, ["1:2 2:3", "2:5"], "Sur: 8", "won"),
    ("dates", {}, ["1:2 2:1", "1:2 3:0", ""], "Norte: 2", "won"),
    (
        "budget",
        {"method": "shares 10 4,3,9", "points": 2},
        ["1:2 2:1", "1:1", "3:1"],
        "Norte (4): 3 · goes in: its supporters' shares pay for it",
        "won",
    ),
]


def words(line: Any) -> str:
    """A line in English, without the machine."""
    if isinstance(line, tuple):
        return " · ".join(map(words, line))
    if not hasattr(line, "msgid"):
        return str(line)
    return str(line.msgid.format_map({name: words(v) for name, v in line.values.items()}))


@pytest.mark.parametrize(("kind", "asks", "cast", "counted", "verdict"), CAST)
async def test_a_secret_ballot_of_each_kind_counts_by_its_rule(
    path: Path, start: Start, kind: str, asks: Any, cast: list[str], counted: str, verdict: str
) -> None:
    world = await start(path, 9, kind=kind, asks=asks, min_publish=1)
    for n, choice in enumerate(cast):
        await world.vote(voter(n), choice)
    bundle = await world.close()
    assert {f.weight for f in inspect_bundle(bundle)} == {FindingWeight.FINE}
    assert bundle.result.outcome["verdict"] == verdict
    told = signed_outcome.describe_outcome(
        bundle.manifest, bundle.result.counts, bundle.result.outcome
    )
    assert counted in [words(line) for line in told]
    for choice in cast:
        assert words(signed_outcome.describe_ballot(bundle.manifest, choice))


@pytest.mark.parametrize(
    ("kind", "asks", "choice"),
    [
        ("choice", {"most": 2}, "1:1 2:1 3:1"),
        ("budget", {"method": "shares 10 4,3,9", "points": 2}, "1:3"),
        ("budget", {"method": "shares 10 4,3,9", "points": 2}, "1:0"),
        ("choice", {}, "1:2"),
        ("choice", {}, "4:1"),
        ("majority", {}, "1:1 2:1"),
        ("consent", {}, "1:9"),
        ("consensus", {}, "6:1"),
        ("ranked", {}, "1:0"),
        ("ranked", {}, "1:4"),
        ("score", {"method": "score", "points": 5}, "1:6"),
        ("score", {"method": "dots", "points": 5}, "1:3 2:3"),
        ("dates", {}, "1:3"),
        ("choice", {"most": 2}, "2:1 1:1"),
        ("choice", {"most": 2}, "1:1 1:1"),
    ],
)
async def test_a_ballot_that_weighs_too_much_is_neither_taken_nor_counted(
    path: Path, start: Start, kind: str, asks: Any, choice: str
) -> None:
    world = await start(path, 9, kind=kind, asks=asks)
    with pytest.raises(ValueError, match="does not allow"):
        await world.vote(voter(2), choice)
    with pytest.raises(ValueError, match="does not allow"):
        signed_outcome.compute_outcome(world.manifest, {"1:1": 1, choice: 1})


@pytest.mark.parametrize(
    ("quorum", "verdict"),
    [
        (Quorum(Fraction(6, 10)), "no quorum"),
        (Quorum(Fraction(5, 9)), "won"),
        (None, "won"),
        (Quorum(count=6), "no quorum"),
        (Quorum(count=5), "won"),
    ],
)
async def test_a_quorum_is_of_the_roll(
    path: Path, start: Start, quorum: Quorum | None, verdict: str
) -> None:
    world = await start(path, 9, quorum=quorum)
    for n in range(5):
        await world.vote(voter(n), "1:1")
    bundle = await world.close()
    assert bundle.result.outcome["verdict"] == verdict
    assert {f.weight for f in inspect_bundle(bundle)} == {FindingWeight.FINE}
    said = words(signed_outcome.describe_outcome(bundle.manifest, None, bundle.result.outcome)[-1])
    assert said.startswith("No quorum" if verdict == "no quorum" else "Poll 1")


async def test_a_rule_that_is_none_is_a_finding(path: Path, start: Start) -> None:
    world = await start(path, 9)
    await world.vote(voter(1), "1:1")
    bundle = await world.close()
    for rule in (
        {"kind": "magic"},
        {"kind": "choice", "most": "x"},
        {"kind": "choice", "quorum": "1/0"},
        {"kind": "majority", "threshold": "9" * 5000 + "/1"},
    ):
        manifest = bundle.manifest.model_copy(update={"rule": rule})
        found = inspect_bundle(bundle.model_copy(update={"manifest": manifest}))
        assert any("does not allow" in f.line.msgid for f in found), rule


async def test_without_a_closing_time_every_vote_counts_until_somebody_ends_it(
    path: Path, start: Start
) -> None:
    world = await start(path, 3, closes=None, min_publish=1)
    late = START_TIME.at + timedelta(days=300)
    await world.vote(voter(0), "1:1", at=late)
    bundle = await world.close(late)
    assert {f.weight for f in inspect_bundle(bundle)} == {FindingWeight.FINE}
    with pytest.raises(BallotOver):
        await world.vote(voter(1), "1:1", at=late)


async def test_a_number_that_is_no_secret_ballot_takes_no_vote(path: Path, start: Start) -> None:
    world = await start(path, 1)
    world.number = Number(world.number + 1)
    with pytest.raises(LookupError):
        await world.vote(voter(0), "1:1")
