"""Shared by the tests: the page as a judge, begun once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from commands.verify_page.tests.judges import PageJudge


@pytest.fixture(scope="session")
def page_judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageJudge]:
    judge = PageJudge(tmp_path_factory.mktemp("page"))
    yield judge
    judge.close()
