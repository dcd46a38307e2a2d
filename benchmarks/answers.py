"""The replies to commands as the homeserver keeps them: listening to it would cost it more."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from benchmarks.senders import ROOMS

Call = Callable[..., Awaitable[dict[str, Any]]]
"""Makes a request to the homeserver, as `Sender.call` does."""
PATIENCE = 10.0
"""Seconds without a new answer after which the missing ones are lost."""
LOOK = 1.5
SHARE = 0.1
"""Seconds between two looks, and the share of the time that they take at most, but for many rooms:
what they cost the homeserver it does not answer the bot with."""


def pause_after(took: float) -> float:
    """Return the seconds to wait after a look that took so long: well below the patience."""
    return max(LOOK, min(took / SHARE, PATIENCE / 2))


COMPARABLE = 0.9
"""Share of the commands that a bot must answer: who answers few of them has less to do."""


def who_lost_many(answered: Mapping[str, int], commands: int) -> dict[str, str]:
    """Return of which bots no ratio can be made, for they lost more than a tenth, and why."""
    return {
        bot: f"it answered {count} of {commands} commands"
        for bot, count in answered.items()
        if count < COMPARABLE * commands
    }


class Count(NamedTuple):
    """How many commands have a reply, none, or more than one."""

    answered: int
    lost: int
    doubled: int


class Answers:
    """The bot's replies in some rooms from now on, as the homeserver keeps them."""

    def __init__(self, call: Call, bot: str, rooms: Sequence[str]) -> None:
        self._call = call
        self._bot = bot
        self._from = dict.fromkeys(rooms, "")
        self.replies: Counter[str] = Counter()
        self.first = float("inf")
        self.last = 0.0
        """When the homeserver took the first and the newest, in seconds since 1970."""

    async def begin(self) -> None:
        """Remember where the rooms end now."""
        for room in self._from:
            said = await self._look(room, dir="b", limit="1")
            self._from[room] = said["start"]

    async def look(self) -> int:
        """Read what is new. Return how many commands have a reply."""
        for room in self._from:
            while (said := await self._news(room))["chunk"]:
                for event in said["chunk"]:
                    self._take(event)
                if "end" not in said:
                    break
                self._from[room] = said["end"]
        return len(self.replies)

    async def until(self, expected: int, first: float = PATIENCE) -> None:
        """Look until all are answered, or nothing new came for some seconds (`first`: at the
        beginning).

        Only once the rooms rest are their events read: that costs the homeserver what it would
        answer the bot with.
        """
        ends, since = [""], time.monotonic()
        while time.monotonic() - since <= (PATIENCE if self.replies else first):
            began = time.monotonic()
            now = [await self._newest(room) for room in self._from]
            took = time.monotonic() - began
            if now != ends:
                ends, since = now, time.monotonic()
            else:
                before = len(self.replies)
                if (found := await self.look()) >= expected:
                    return
                if found > before:  # they came while they were read, which takes its time
                    since = time.monotonic()
            await asyncio.sleep(pause_after(took))

    async def _newest(self, room: str) -> str:
        """Return the id of the room's newest event."""
        chunk = (await self._look(room, dir="b", limit="1"))["chunk"]
        return str(chunk[0]["event_id"]) if chunk else ""

    async def _news(self, room: str) -> Mapping[str, Any]:
        return await self._look(room, dir="f", limit="1000", **{"from": self._from[room]})

    async def _look(self, room: str, **query: str) -> dict[str, Any]:
        return await self._call("GET", f"{ROOMS}/{quote(room)}/messages", **query)

    def _take(self, event: Mapping[str, Any]) -> None:
        relation = event["content"].get("m.relates_to", {})
        target = relation.get("m.in_reply_to", {}).get("event_id")
        if event["sender"] == self._bot and target is not None:
            self.replies[target] += 1
            at = event["origin_server_ts"] / 1000
            self.first, self.last = min(self.first, at), max(self.last, at)

    def count(self, sent: Sequence[str]) -> Count:
        """Return how many of the sent commands have one reply, none, or more."""
        found = [self.replies[event] for event in sent]
        return Count(len(found) - found.count(0), found.count(0), sum(n > 1 for n in found))
