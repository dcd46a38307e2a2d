"""Who waits for an answer costs the homeserver as little as can be."""

from __future__ import annotations

from typing import Any, cast

from benchmarks.first_answer import Listener
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
