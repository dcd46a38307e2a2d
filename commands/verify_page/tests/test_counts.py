"""Random votes of every kind, counted by the bot and by the page: two programs, one result.

`MINGA_FULL=1` (make storm) tries many more of each kind.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.testing.talk import SIGNER
from commands.ballot_secrecy.files import signed_outcome, signed_words
from commands.ballot_secrecy.files.formats import (
    SignedTranslation,
    SignedTranslations,
    SignedWords,
)
from commands.decision_rules.kinds import KINDS
from commands.decisions.chamber_counts import ChamberCount
from commands.decisions.open_result import (
    AssemblyCount,
    OpenResult,
    compute_open_outcome,
    describe_open_result,
)
from commands.verify_page.tests.judges import RENDERER, PageJudge, judge_by_tool

ROUNDS = 300 if os.environ.get("MINGA_FULL") else 12
NAMES = ("Norte", "Sur", "Zoom", "Ñandú", "São João", "<b>Radio</b>", "La plaza", "Otra")
Rule = dict[str, str | int]
Ballots = Callable[[], str]


def pairs(values: dict[int, int]) -> str:
    return " ".join(f"{place}:{value}" for place, value in sorted(values.items()))


def some(chance: random.Random, places: range, most: int) -> list[int]:
    return chance.sample(places, chance.randint(0, min(most, len(places))))


def choice(chance: random.Random, places: range) -> tuple[Rule, Ballots]:
    most = chance.randint(1, 3)
    rule: Rule = {"most": most, "seats": chance.randint(1, 3)}
    if chance.random() < 0.4:
        rule["threshold"] = chance.choice(["1/2", "2/3", "37/100", "1/1"])
    return rule, lambda: pairs(dict.fromkeys(some(chance, places, most), 1))


def stances(chance: random.Random, many: int) -> tuple[Rule, Ballots]:
    rule: Rule = {}
    if chance.random() < 0.4:
        rule["threshold"] = chance.choice(["1/2", "2/3", "4/5"])
    favour = [1] * chance.randint(0, 9) + [*range(1, many + 1)]
    return rule, lambda: f"{chance.choice(favour)}:1" if chance.random() < 0.9 else ""


def majority(chance: random.Random, _places: range) -> tuple[Rule, Ballots]:
    return stances(chance, 3)


def consent(chance: random.Random, _places: range) -> tuple[Rule, Ballots]:
    return stances(chance, 4 if chance.random() < 0.7 else 5)


def ranked(chance: random.Random, places: range) -> tuple[Rule, Ballots]:
    def ballot() -> str:
        return pairs({place: chance.randint(1, 3) for place in some(chance, places, 9)})

    return {"method": chance.choice(["schulze", "runoff"])}, ballot


def score(chance: random.Random, places: range) -> tuple[Rule, Ballots]:
    if chance.random() < 0.5:
        return {"method": "dots", "points": 12}, lambda: pairs(
            dict.fromkeys(some(chance, places, 4), 3)
        )
    return {"points": 5}, lambda: pairs(
        {place: chance.randint(0, 5) for place in some(chance, places, 9)}
    )


def dates(chance: random.Random, places: range) -> tuple[Rule, Ballots]:
    return {}, lambda: pairs({place: chance.randint(0, 2) for place in places})


def budget(chance: random.Random, places: range) -> tuple[Rule, Ballots]:
    costs = [chance.randint(1, 9) * 700 for _ in places]
    money = max(costs) + chance.randint(0, 12_000)
    points = chance.choice([1, 10])
    method = f"{chance.choice(['shares', 'shares', 'votes'])} {money} {','.join(map(str, costs))}"
    return {"method": method, "points": points}, lambda: pairs(
        {place: chance.randint(1, points) for place in some(chance, places, 9)}
    )


def quotas(chance: random.Random, places: range) -> str:
    women = sorted(chance.sample(places, len(places) // 2))
    south = sorted(chance.sample(places, 2))
    most = len(places)
    return chance.choice(
        [
            "",
            f"women={chance.randint(1, 3)}-{most}:{','.join(map(str, women))}",
            f"women=1-{most}:{','.join(map(str, women))};sur=1-2:{','.join(map(str, south))}",
        ]
    )


def seats(chance: random.Random, places: range) -> tuple[Rule, Ballots]:
    rule: Rule = {"most": 3, "seats": chance.randint(1, 5), "quotas": quotas(chance, places)}
    return rule, lambda: pairs(dict.fromkeys(some(chance, places, 3), 1))


def stv(chance: random.Random, places: range) -> tuple[Rule, Ballots]:
    rule: Rule = {"seats": chance.randint(1, 5), "quotas": quotas(chance, places)}
    return rule, lambda: pairs(
        {place: rank for rank, place in enumerate(some(chance, places, 9), start=1)}
    )


KIND_RULES = {
    "choice": choice,
    "majority": majority,
    "consent": consent,
    "consensus": consent,
    "ranked": ranked,
    "score": score,
    "dates": dates,
    "budget": budget,
    "seats": seats,
    "stv": stv,
}


def make_result(kind: str, chance: random.Random) -> OpenResult:
    """A random result, as the bot would sign it."""
    has_options = not KINDS[kind].stances
    options = NAMES[: chance.randint(4, len(NAMES))] if has_options else ()
    rule, ballot = KIND_RULES[kind](chance, range(1, len(options) + 1))
    defaults: Rule = {"kind": kind, "most": 1, "method": "", "points": 1}
    rule = defaults | rule
    counts: dict[str, int] = {}
    for _ in range(chance.choice([0, 1, 4, 9, 30])):
        one = ballot()
        counts[one] = counts.get(one, 0) + chance.choice([1, 1, 4])
    voted = sum(counts.values())
    if chance.random() < 0.3:
        needed: list[str | int] = ["1/3", "99/100", 3, "2/4", "97/800", "1/1000"]
        rule["quorum"] = chance.choice(needed)
    found = OpenResult(
        number=12,
        question=chance.choice(["¿Dónde?", "Uma pergunta muito longa " * 9]),
        options=options,
        rule={
            name: value for name, value in rule.items() if value not in ("",) or name == "method"
        },
        voters="here",
        opened=1_000,
        closes=chance.choice([None, 9_000]),
        ended=5_000,
        made=6_000,
        state=chance.choice(["final", "provisional"]),
        roll_size=voted + 3,
        roll_weight=voted + 3,
        turnout=voted,
        counts=counts,
        assemblies=_assemblies(chance) if kind == "majority" else (),
        chambers=None,
        language=chance.choice(["es", None]),
        translations=_translations(chance, options) if chance.random() < 0.5 else None,
        reasons=(),
        rows=(),
        outcome={},
        key=SIGNER.public,
        certificate=dict(SIGNER.certificate),
    )
    if kind in ("majority", "consent") and chance.random() < 0.5:
        found = found.model_copy(update={"chambers": _chambers(found, chance)})
    return complete(found)


def _translations(chance: random.Random, options: tuple[str, ...]) -> SignedTranslations:
    """What was asked in other languages, not all of it."""
    some_options = tuple(f"{one} (pt)" if chance.random() < 0.8 else "" for one in options)
    found: SignedTranslations = {
        "pt": SignedTranslation(question="Onde? " * chance.choice([1, 20]), options=some_options)
    }
    if chance.random() < 0.5:
        found["en"] = SignedTranslation(question="Where?", added=2_000)
    return found


def _assemblies(chance: random.Random) -> tuple[AssemblyCount, ...]:
    if chance.random() < 0.6:
        return ()
    confirmed = ("@b:x", "@c:x")
    return (
        AssemblyCount(people=7, counts={"1:1": 4, "2:1": 3}, recorded="@a:x", confirmed=confirmed),
    )


def _chambers(found: OpenResult, chance: random.Random) -> tuple[ChamberCount, ...]:
    parts: list[dict[str, int]] = [{}, {}]
    for ballot, weight in found.counts.items():
        part = chance.choice(parts)
        part[ballot] = weight
    sizes = [sum(part.values()) for part in parts]
    rolls = [sizes[0] + 1, found.roll_size - sizes[0] - 1]
    return tuple(
        ChamberCount(name=name, roll_size=roll, roll_weight=roll, turnout=size, counts=part)
        for name, roll, size, part in zip("AB", rolls, sizes, parts, strict=True)
    )


def complete(found: OpenResult, **changed: Any) -> OpenResult:
    """Return it with the outcome that follows, and its signature; `changed` as a cheat would."""
    rows = signed_outcome.compute_result(found, found.together).rows
    right = {"outcome": compute_open_outcome(found), "rows": tuple(map(tuple, rows))}
    whole = found.model_copy(update={**right, **changed})
    return whole.model_copy(update={"words": changed.get("words", words_of(whole))}).sign(SIGNER)


def words_of(found: OpenResult) -> SignedWords | None:
    """What the file says in sentences; a file that makes no sense says nothing."""
    try:
        lines = [signed_words.head_line(found), *describe_open_result(found)]
    except (ValueError, LookupError):
        return None
    return signed_words.teller(RENDERER)(lines)


@pytest.mark.parametrize("kind", KIND_RULES)
def test_the_page_counts_as_the_bot_does_and_says_the_same(
    kind: str, page_judge: PageJudge, tmp_path: Path
) -> None:
    chance = random.Random(kind)  # noqa: S311
    for _ in range(ROUNDS):
        file = make_result(kind, chance).to_json()
        by_tool = judge_by_tool(tmp_path, file)
        assert by_tool["isTrue"], file
        assert page_judge.judge(file) == by_tool, file


@pytest.mark.parametrize("kind", KIND_RULES)
def test_an_outcome_that_does_not_follow_is_found_by_both(
    kind: str, page_judge: PageJudge, tmp_path: Path
) -> None:
    chance = random.Random(f"false {kind}")  # noqa: S311
    for _ in range(ROUNDS):
        honest = make_result(kind, chance)
        verdict = "won" if honest.outcome["verdict"] != "won" else "nobody"
        for changed in (
            {"outcome": {**honest.outcome, "verdict": verdict}},
            {"outcome": {**honest.outcome, "winners": (2, 1, 2)}},
            {"rows": ((1, 10_000, 0), *honest.rows[1:])},
            {"turnout": honest.turnout + 1},
            {"translations": {"en": SignedTranslation(question="Where?", added=8_000)}},
        ):
            file = complete(honest, **changed).to_json()
            by_tool = judge_by_tool(tmp_path, file)
            assert not by_tool["isTrue"], file
            assert page_judge.judge(file) == by_tool, file


FITS = "What it says in words, in each language, fits its figures."
DIFFERS = "Its own sentences differ from those above, which its figures give: go by those."


@pytest.mark.parametrize("kind", KIND_RULES)
def test_the_sentences_in_a_file_are_held_against_its_figures(
    kind: str, page_judge: PageJudge, tmp_path: Path
) -> None:
    chance = random.Random(f"words {kind}")  # noqa: S311
    honest = make_result(kind, chance)
    assert honest.words is not None
    other = ("12: ¿Dónde?", "Todo el mundo votó a favor.")
    for words, said in (
        (honest.words, FITS),
        ({"pt": honest.words["pt"]}, FITS),
        ({**honest.words, "es": other}, DIFFERS),
        ({**honest.words, "en": ()}, DIFFERS),
        (None, ""),
    ):
        file = complete(honest, words=words).to_json()
        by_tool = judge_by_tool(tmp_path, file)
        assert by_tool["isTrue"], "no outcome depends on them"
        assert page_judge.judge(file) == by_tool, file
        about = [one for one in by_tool["said"]["en"] if FITS in one or DIFFERS in one]
        assert about == ([f"- {said}"] if said else []), file
