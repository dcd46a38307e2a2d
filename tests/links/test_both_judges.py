"""Joint decisions judged by `minga verify-result` and by the page: one suite of files for both.

`MINGA_FULL=1` (make storm) tries many more of each method.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commands.joint_decisions.proof import verify
from commands.joint_decisions.tests import test_sums
from commands.verify_page.tests.conftest import page_judge as page_judge
from commands.verify_page.tests.judges import PageJudge, say_in_each_language
from tests.links import test_deciding, test_options
from tests.links.made_proofs import METHODS, decide, honest_decision
from tests.links.proof_cheats import CHEATS, UNREADABLE, Cheat

ROUNDS = 150 if os.environ.get("MINGA_FULL") else 8
RECORDED = Path(test_deciding.__file__).parent / "for_or_against.json"


def judge_by_tool(folder: Path, file: str) -> dict[str, Any]:
    path = folder / "joint.json"
    path.write_text(file, encoding="utf-8")
    found = verify(path, ())
    assert found is not None
    return {"isTrue": found[0], "said": say_in_each_language(found[1])}


@pytest.mark.parametrize("method", METHODS)
def test_random_decisions_come_out_alike(
    method: str, page_judge: PageJudge, tmp_path: Path
) -> None:
    chance = random.Random(method)  # noqa: S311
    outcomes = set()
    for _ in range(ROUNDS):
        made = decide(chance, method)
        by_tool = judge_by_tool(tmp_path, made.to_json())
        assert page_judge.judge(made.to_json()) == by_tool, made.to_json()
        outcomes.add(by_tool["said"]["en"][1])
    assert len(outcomes) > 1


@pytest.mark.parametrize(("cheat", "named"), CHEATS.values(), ids=CHEATS)
def test_each_way_to_cheat_is_named_alike(
    cheat: Cheat, named: str, page_judge: PageJudge, tmp_path: Path
) -> None:
    made = honest_decision()
    assert judge_by_tool(tmp_path, made.to_json())["isTrue"]
    cheat(made)
    by_tool = judge_by_tool(tmp_path, made.to_json())
    assert not by_tool["isTrue"]
    assert any(named in line for line in by_tool["said"]["en"]), by_tool["said"]["en"]
    assert page_judge.judge(made.to_json()) == by_tool


LIES = {
    **{f"{name} (1)": lie for name, lie in test_deciding.LIES.items()},
    **{f"{name} (2)": lie for name, lie in test_options.LIES.items() if "option" not in name},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_the_lies_of_the_bots_tests_are_named_alike(
    lie: Callable[[dict[str, Any]], object], page_judge: PageJudge, tmp_path: Path
) -> None:
    """On a file that two bots made, long before options came."""
    file = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert page_judge.judge(json.dumps(file)) == judge_by_tool(tmp_path, json.dumps(file))
    lie(file)
    by_tool = judge_by_tool(tmp_path, json.dumps(file))
    assert not by_tool["isTrue"]
    assert page_judge.judge(json.dumps(file)) == by_tool


CIRCLES = [
    test_sums.CIRCLE,
    dict.fromkeys(test_sums.CIRCLE, 0) | {"1>3": 9},
    dict.fromkeys(test_sums.CIRCLE, 0) | {"1>2": 9, "2>3": 9},
    {"1>2": 9},
]


@pytest.mark.parametrize("counts", CIRCLES)
def test_sums_that_no_orders_have_are_refused_alike(
    counts: dict[str, int], page_judge: PageJudge, tmp_path: Path
) -> None:
    made = honest_decision("ranked")
    orders = {key: counts.get(key, 0) for key in made.terms.count_keys if counts != CIRCLES[-1]}
    made.lie({"turnout": 9, "roll": 9, "weight": 9, "withheld": 0, "counts": orders or counts})
    by_tool = judge_by_tool(tmp_path, made.to_json())
    assert any("opened a result that can't be true" in line for line in by_tool["said"]["en"])
    assert page_judge.judge(made.to_json()) == by_tool


@pytest.mark.parametrize("change", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_joint_decision_is_said_by_both(
    change: Callable[[dict[str, Any]], object], page_judge: PageJudge, tmp_path: Path
) -> None:
    file = json.loads(honest_decision().to_json())
    change(file)
    by_tool = judge_by_tool(tmp_path, json.dumps(file))
    assert by_tool["said"]["en"] == ["This is no joint decision of Minga, or it was cut off."]
    assert page_judge.judge(json.dumps(file)) == by_tool


def test_a_receipt_beside_it_changes_nothing(page_judge: PageJudge) -> None:
    file = honest_decision().to_json()
    assert page_judge.judge(file, ["what is this?"]) == page_judge.judge(file)
