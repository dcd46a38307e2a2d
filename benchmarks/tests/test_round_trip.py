"""All bots are asked in turns, and the processor time of each is its own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks import round_trip
from benchmarks.processes import Usage
from benchmarks.round_trip import SERIES, WARM_UP, ask_in_turns

COST = {"minga": 0.01, "nio": 0.002, "maubot": 0.004}
"""Seconds of the processor that each takes for a command, once it is warm."""


async def test_the_processor_time_of_a_command_is_measured_of_every_bot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bots = {name: cast(Any, SimpleNamespace(pid=pid)) for pid, name in enumerate(COST)}
    used = dict.fromkeys(COST, 0.0)
    asked: list[str] = []

    def look(pid: int) -> Usage:
        return Usage(0.0, used[[*COST][pid]], 0)

    async def ask_one(name: str) -> float:
        asked.append(name)
        is_warm = len(asked) > WARM_UP * len(COST)
        used[name] += COST[name] if is_warm else 1
        return 0.08

    monkeypatch.setattr(round_trip, "read_usage", look)
    took, spent = await ask_in_turns(bots, ask_one, 2 * SERIES)
    assert asked == [*COST] * (WARM_UP + 2 * SERIES)
    assert {name: len(times) for name, times in took.items()} == dict.fromkeys(COST, 2 * SERIES)
    for name, cost in COST.items():
        assert spent[name] == pytest.approx([1000 * cost] * 2)
