"""What is measured of a growing network did what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.in_process import growth
from benchmarks.in_process.growth import Votes, prepare


async def test_each_tap_must_count(tmp_path: Path) -> None:
    votes = Votes()
    talk = await prepare(tmp_path, votes, 5)
    for turn in range(2):
        await votes.ask(talk, turn)
        await votes.check(talk, turn)
    with pytest.raises(AssertionError):
        await votes.check(talk, 2)  # nobody tapped
    await talk.close()


async def test_a_run_with_a_tap_that_does_not_count_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tap_elsewhere(*_given: object) -> None: ...

    monkeypatch.setattr(growth, "WARM_UP", 0)
    monkeypatch.setattr(growth, "ROUNDS", 1)
    monkeypatch.setattr(Votes, "ask", tap_elsewhere)
    with pytest.raises(AssertionError, match=r"\(3, 3, 0\)"):
        await growth.measure(tmp_path, "votes", [3])
