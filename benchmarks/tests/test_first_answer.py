"""Who waits for an answer, or for a bot that is at rest, costs no more than that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks import first_answer
from benchmarks.bots import Minga
from benchmarks.figures import Part, Run
from benchmarks.first_answer import Answered, Listener, until_idle
from benchmarks.processes import Usage
from benchmarks.report import rows
from benchmarks.senders import Sender

BOT, ROOM = "@bot:one.example", "!room:one.example"


class Watcher:
    """Answers each sync with the next token, and notes from which one it was asked."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def call(self, method: str, path: str, **query: str) -> dict[str, Any]:
        assert (method, path) == ("GET", "/_matrix/client/v3/sync")
        self.asked.append(query.get("since"))
        return {"next_batch": f"s{len(self.asked)}"}


async def test_nothing_is_read_twice() -> None:
    watcher = Watcher()
    listener = Listener(cast(Sender, watcher), ROOM, BOT)
    for _ in range(3):
        await listener.begin()
    assert watcher.asked == [None, "s1", "s2"]


async def test_a_bot_is_at_rest_once_it_has_rested_since_it_worked_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = iter([0.0, 0.5, 1.0, 1.0, 1.02, 1.2, *[1.21] * 4])

    def look(_pid: int) -> Usage:
        return Usage(next(looks), 0.0, 0)

    monkeypatch.setattr(first_answer, "IDLE_LOOK", 0.001)
    monkeypatch.setattr(first_answer, "read_usage", look)
    await until_idle(1, 0.004)
    assert not [*looks]


async def test_who_falls_silent_keeps_what_was_measured_and_is_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deeds: list[str] = []

    class Slow:
        pid = 1

        async def kill(self) -> None:
            deeds.append("kill")

        async def start(self) -> None:
            deeds.append("start")

    async def measure_room(*args: Any) -> None:
        found = args[5]
        found.new = 2.5
        raise TimeoutError("@slow:one.example did not answer in 120 s")

    async def idle(_pid: int) -> None:
        deeds.append("idle")

    monkeypatch.setattr(first_answer, "_measure_room", measure_room)
    monkeypatch.setattr(first_answer, "until_idle", idle)
    scene, found = cast(Any, SimpleNamespace(bots={"slow": Slow()})), Answered()
    await first_answer._ask_in_new_room(
        scene, cast(Any, None), [], cast(Any, None), "slow", found, 1
    )
    assert found == Answered(new=2.5, silent="@slow:one.example did not answer in 120 s")
    assert deeds == ["kill", "start", "idle"]


class Room:
    """Answers after as many seconds as were given; then it is silent."""

    def __init__(self, *seconds: float) -> None:
        self.seconds = iter(seconds)

    async def ask(self, _asker: Any) -> float:
        for took in self.seconds:
            return took
        raise TimeoutError("silent")


class Restarted:
    """A bot that counts its starts."""

    pid = 1

    def __init__(self) -> None:
        self.starts = 0

    async def kill(self) -> None: ...

    async def start(self) -> None:
        self.starts += 1


OURS: Any = type("Ours", (Restarted, Minga), {})


async def around_restarts(
    bot: Any, monkeypatch: pytest.MonkeyPatch, *seconds: float
) -> tuple[Answered, int]:
    """Return what was found in a room where ours is started again twice, and how often it was."""

    async def rest(_pid: int) -> None: ...

    monkeypatch.setattr(first_answer, "until_idle", rest)
    found = Answered()
    room, nobody = cast(Listener, Room(*seconds)), cast(Sender, None)
    try:
        await first_answer.ask_around_restarts(room, nobody, bot, found, 2)
    except TimeoutError as silent:
        found.silent = str(silent)
    return found, bot.starts


async def test_ours_is_started_again_more_than_once_and_medians_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = await around_restarts(OURS(), monkeypatch, 9.0, 1.0, 5.0, 2.0, 7.0, 3.0)
    assert found == (Answered(known=6.0, usual=2.5), 2)  # of 5 and 7; of 9, 1, 2 and 3
    other = await around_restarts(Restarted(), monkeypatch, 9.0, 1.0, 5.0, 2.0)
    assert other == (Answered(known=5.0, usual=2.0), 1)


async def test_who_answers_after_one_restart_and_not_after_the_next_has_no_time_for_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, _starts = await around_restarts(OURS(), monkeypatch, 1.0, 2.0, 5.0, 2.0)
    assert found == Answered(usual=1.5, silent="silent")


def test_a_figure_that_could_not_be_measured_is_missing_and_says_why() -> None:
    silent = Answered(new=2.0, silent="@maubot:one.example did not answer in 600 s")
    figures = first_answer._figures(
        1_000, {"minga": [Answered(1.0, 0.2, 0.1)], "maubot": [silent], "nio": [Answered(4, 2, 1)]}
    )
    new, known, usual, again = rows(Run({"devices": Part("long", "", figures=figures)}))
    assert new[1:6] == ("1 s", "4 s", "2 s", "0.25", "0.50")
    assert known[1:6] == ("0.2 s", "2 s", "missing", "0.10", "–")
    assert usual[3] == again[3] == "missing"
    why = ["1000 devices, round 1: @maubot:one.example did not answer in 600 s."]
    assert [list(figure.missing) for figure in figures] == [[], why, why, why]
