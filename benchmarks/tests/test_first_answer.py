"""Who waits for an answer, or for a bot that is at rest, costs no more than that."""

from __future__ import annotations

from typing import Any, cast

import pytest

from benchmarks import first_answer
from benchmarks.first_answer import Listener, until_idle
from benchmarks.processes import Usage
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
