"""The cheats of secret ballots, all of them, judged by the page too: one suite for both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from commands.ballot_secrecy.files import evidence, result_check
from commands.ballot_secrecy.files.evidence import Evidence
from commands.ballot_secrecy.files.log_chain import LogHead
from commands.ballot_secrecy.files.result import Bundle
from commands.ballot_secrecy.files.result_check import CheckFinding
from commands.ballot_secrecy.tests import test_secret_cheats as cheats
from commands.ballot_secrecy.tests.test_secret_cheats import *  # noqa: F403
from commands.ballot_secrecy.tests.test_secret_cheats import honest as honest
from commands.verify_page.tests.judges import PageJudge, judge_by_tool


@pytest.fixture(autouse=True)
def _both_judge(page_judge: PageJudge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ask both judges about each file, and each receipt, that a test asks one about."""

    def agree(bundle: Bundle, *held: Evidence) -> None:
        receipts = [one.to_json() for one in held]
        by_tool = judge_by_tool(tmp_path, bundle.to_json(), receipts)
        by_page = page_judge.judge(bundle.to_json(), receipts)
        if any(isinstance(one, LogHead) for one in held):  # dates are said in the browser's words
            assert by_page["isTrue"] == by_tool["isTrue"]
        else:
            assert by_page == by_tool

    def inspect_bundle(bundle: Bundle) -> list[CheckFinding]:
        agree(bundle)
        return result_check.inspect_bundle(bundle)

    def check_evidence(bundle: Bundle, held: Evidence) -> Sequence[CheckFinding]:
        agree(bundle, held)
        return evidence.check_evidence(bundle, held)

    monkeypatch.setattr(cheats, "inspect_bundle", inspect_bundle)
    monkeypatch.setattr(cheats, "check_evidence", check_evidence)


def test_something_from_before_the_opening(honest: cheats.Honest) -> None:
    head, first, *rest = honest.bundle.log
    early = cheats.changed_row(first, at=honest.manifest.opens - 7_200)
    cheat = cheats.signed_anew(honest.bundle, log=[head, early, *rest])
    assert cheats.says(result_check.inspect_bundle(cheat), "before the opening")
    assert not cheats.passes(cheat)
