"""The cheats of secret ballots, all of them, judged by the page too: one suite for both."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.ballot_secrecy.files import result_check, signed_outcome
from commands.ballot_secrecy.files.log_chain import LogRow
from commands.ballot_secrecy.files.result import PaperCount, add_paper, count_ballots
from commands.ballot_secrecy.tests import test_secret_cheats as cheats
from commands.ballot_secrecy.tests.test_secret_cheats import *  # noqa: F403
from commands.ballot_secrecy.tests.test_secret_cheats import honest as honest
from commands.verify_page.tests.judges import PageJudge, judge_twice


@pytest.fixture(autouse=True)
def _both_judge(page_judge: PageJudge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    judge_twice(cheats, page_judge, monkeypatch, tmp_path)


def test_something_from_before_the_opening(honest: cheats.Honest) -> None:
    head, first, *rest = honest.bundle.log
    early = cheats.changed_row(first, at=honest.manifest.opens - 7_200)
    cheat = cheats.signed_anew(honest.bundle, log=[head, early, *rest])
    assert cheats.says(result_check.inspect_bundle(cheat), "before the opening")
    assert not cheats.passes(cheat)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        ({"confirmed": 1}, "does not add up, or was not confirmed"),
        ({"people": 8}, "does not add up, or was not confirmed"),
        ({"people": 4, "counts": {"3:1": 4}}, "does not add up, or was not confirmed"),
    ],
)
def test_paper_ballots(honest: cheats.Honest, changed: dict[str, object], words: str) -> None:
    told = {"people": 9, "counts": {"3:1": 6, "1:1": 3}, "confirmed": 2, **changed}
    paper = PaperCount.model_validate(told)
    head, *middle, closed = honest.bundle.log
    row: LogRow = (middle[-1][0], "assembly", paper.hash_for_log(honest.manifest.poll), "00" * 10)
    counts = add_paper(count_ballots(honest.bundle.board), [paper])
    present = signed_outcome.count_present(honest.manifest, cheats.VOTED, [paper])
    outcome = signed_outcome.compute_outcome(honest.manifest, counts, present)
    made = cheats.signed_anew(
        honest.bundle, log=[head, *middle, row, closed], assemblies=(paper,), outcome=outcome
    )
    assert cheats.passes(made) is not bool(words)
    assert not words or cheats.says(result_check.inspect_bundle(made), words)
    silent = cheats.signed_anew(honest.bundle, assemblies=(paper,), outcome=outcome)
    assert not cheats.passes(silent)
