"""A start in a large network is told by when each thing came, and its memory in MB."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks import large_network
from benchmarks.figures import Part, Run
from benchmarks.large_network import Network, Place, Started, _start_figures
from benchmarks.report import rows
from benchmarks.senders import Sender


class Clock:
    """A clock that each event sets to when it comes."""

    def __init__(self) -> None:
        self.now = 100.0
        self.answered = asyncio.Event()
        self.deeds: list[str] = []

    def monotonic(self) -> float:
        return self.now

    async def begin(self) -> None:
        self.deeds.append("listen")

    async def start(self) -> None:
        self.deeds.append("start")

    async def kill(self) -> None:
        self.deeds.append("kill")

    async def until_answered(self, command: str, _within: float) -> None:
        assert command == "$command"
        self.now += 2
        self.answered.set()

    async def ready(self, _within: float) -> None:
        await self.answered.wait()
        await asyncio.sleep(0)  # who waits for the answer learns of it first
        self.now += 5


async def start(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Started:
    async def idle(_pid: int) -> None:
        clock.deeds.append("idle")

    async def prepare(*_: str) -> str:
        return "sealed"

    async def send(_sealed: str) -> str:
        return "$command"

    bot = SimpleNamespace(
        pid=1, says_ready=True, start=clock.start, kill=clock.kill, ready=clock.ready
    )
    listener = SimpleNamespace(begin=clock.begin, until_answered=clock.until_answered)
    monkeypatch.setattr(large_network, "time", clock)
    monkeypatch.setattr(large_network, "until_idle", idle)
    monkeypatch.setattr(large_network, "read_memory", lambda _pid: 100.0)
    network = Network.__new__(Network)
    network._asker = cast(Sender, SimpleNamespace(prepare=prepare, send=send))
    place = Place("minga", cast(Any, bot), "!room", cast(Any, listener), 0.0)
    return await network.start_again(place, cold=False)


async def test_an_answer_before_the_bot_is_ready_has_its_own_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    found = await start(clock, monkeypatch)
    assert (found.answer, found.ready) == (2.0, 7.0)
    assert found.memory == pytest.approx(104.86, abs=0.01)
    assert clock.deeds == ["listen", "start", "idle", "kill"]


async def test_nobody_waits_for_an_answer_of_a_bot_that_is_not_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    ended: list[str] = []

    async def never(_command: str, _within: float) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waiting")

    async def silent(_within: float) -> None:
        await asyncio.sleep(0)
        raise TimeoutError("not ready")

    monkeypatch.setattr(clock, "until_answered", never)
    monkeypatch.setattr(clock, "ready", silent)
    assert await start(clock, monkeypatch) == Started(None, silent="not ready")
    await asyncio.sleep(0)
    assert ended == ["waiting"]


def test_memory_is_judged_in_mb_and_told_in_mib_too() -> None:
    starts = {"warm": {"minga": [Started(4.0, 3.0, 119.0)] * 3}, "cold": {}}
    figures = _start_figures("18 rooms", [9.0, 1.5, 1.0], [], [], starts)
    found = {row[0]: row for row in rows(Run({"start": Part("short", "", figures=figures)}))}
    memory = found["5. 18 rooms: memory after a warm start"]
    assert (memory[1], *memory[6:]) == ("119 MB (113 MiB)", "≤ 120", "✓", "3")
    answer = found["5. 18 rooms: warm start to first answer"]
    assert (answer[1], *answer[6:]) == ("3 s", "≤ 3.5", "✓", "3")
    sync = found["5. 18 rooms: the homeserver's own first /sync (homeserver: 1.5 s)"]
    assert sync[-1] == "3"
