"""Each broken set-up that the review tried is named with its cure, and nothing wrong besides."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from storage.encryption import keys as keyring
from tests.operate.doctor import rows_account, rows_config, rows_data, rows_server
from tests.operate.doctor.homeserver import PASSWORD
from tests.operate.doctor.scene import TABLE, Bot, SetUp, a_bot

FILES = (rows_account, rows_config, rows_data, rows_server)
FINE = frozenset({0, 1, 41, 70, 71, 73, 77, 78, 80})
"""Set-ups of the review that only look broken."""


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bot]:
    monkeypatch.setattr(keyring, "harden", lambda: None)  # other tests run in this process
    with a_bot() as found:
        yield found


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(one, id=f"{one.number} {one.name}", marks=[pytest.mark.root] * one.root)
        for _, one in sorted(TABLE.items())
    ],
)
def test_it_is_named_with_its_cure(bot: Bot, broken: SetUp) -> None:
    secrets = [PASSWORD, bot.key.read_text().strip()]
    broken.make(bot)
    report = bot.doctor()
    assert not [one for one in secrets if one in report.text]
    assert report.lines, report.text
    found, wrong = report.of(broken.kind), report.of("bad")
    assert [line for line in found if re.search(broken.says, line)], str(report)
    others = [line for line in wrong if not re.search(f"{broken.says}|{broken.also}", line)]
    assert not (others if broken.kind == "bad" else wrong), str(report)
    assert report.status == (1 if broken.kind == "bad" else 0)


def test_every_set_up_of_the_review_is_in_the_table() -> None:
    assert sorted(TABLE) == list(range(98))
    assert len(TABLE.keys() - FINE) == 89
    assert {n for n, one in TABLE.items() if one.kind == "ok"} == FINE
