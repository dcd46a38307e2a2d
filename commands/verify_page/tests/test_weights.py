"""Secret votes of organisations with weights, judged by the page too."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.ballot_secrecy.tests import test_secret_weights as weights
from commands.ballot_secrecy.tests.conftest import path as path
from commands.ballot_secrecy.tests.conftest import start as start
from commands.ballot_secrecy.tests.test_secret_weights import *  # noqa: F403
from commands.ballot_secrecy.tests.test_secret_weights import honest as honest
from commands.verify_page.tests.judges import PageJudge, judge_twice


@pytest.fixture(autouse=True)
def _both_judge(page_judge: PageJudge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    judge_twice(weights, page_judge, monkeypatch, tmp_path)
