"""A bot's time that the test moves, so that nobody waits for a deadline that is hours away.

What is moved is the world as one bot sees it: its clock, and the stamps that its homeserver puts
on what is said from then on. Both outlive the process, as time does.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.matrix.http import Http
from bot.run import scheduler

FILE = "moved.json"
"""In the bot's folder: at what second of the system's clock it moves, and by how many in all."""
MOVED = signal.SIGUSR1
STAMP = "origin_server_ts"


class Time:
    """How far the time in a folder is ahead of the system's."""

    def __init__(self, folder: Path) -> None:
        self._path = folder.absolute() / FILE

    def move(self, by: timedelta) -> None:
        """From now on it is later. A process that runs there is not told yet: see `MOVED`."""
        fresh = self._path.with_suffix(".new")
        step = (time.time(), (self.ahead() + by).total_seconds())
        fresh.write_text(json.dumps([*self._steps(), step]))
        fresh.replace(self._path)

    def ahead(self, at: float = float("inf")) -> timedelta:
        """Now, or at that second of the system's clock."""
        ahead = (ahead for since, ahead in reversed(self._steps()) if since <= at)
        return timedelta(seconds=next(ahead, 0.0))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead()

    def stamp(self, said: Any) -> None:
        """Every event in it was said when it was said by this time."""
        for event in _stamped(said):
            event[STAMP] += int(self.ahead(event[STAMP] / 1000).total_seconds() * 1000)

    def _steps(self) -> list[tuple[float, float]]:
        if not self._path.exists():
            return []
        return [(since, ahead) for since, ahead in json.loads(self._path.read_text())]


def _stamped(said: Any) -> Iterator[dict[str, Any]]:
    if isinstance(said, dict):
        if isinstance(said.get(STAMP), int):
            yield said
        said = list(said.values())
    if isinstance(said, list):
        for part in said:
            yield from _stamped(part)


# --- in the bot's process -------------------------------------------------------------------------


class _Bell:
    """Rings when the time was moved."""

    def __init__(self) -> None:
        self._asking: set[asyncio.Task[Any]] = set()

    def rings(self, alarm: scheduler.Scheduler) -> None:
        alarm.rung.set()
        for task in self._asking:
            task.cancel()

    async def listen(self, ask: Any, query: dict[str, str], **rest: Any) -> Any:
        """The homeserver's answer; asked anew, as after the machine slept, when it rings."""
        while True:
            task = asyncio.ensure_future(ask(query=query, **rest))
            self._asking.add(task)
            try:
                await asyncio.wait({task})
            finally:
                self._asking.discard(task)
                task.cancel()
            if not task.cancelled():
                return task.result()
            query = {**query, "timeout": "0"}


def follow() -> None:
    """From here on the bot lives in the time of the folder that it was started in."""
    here, bell = Time(Path()), _Bell()
    run, call = scheduler.Scheduler.run, Http.call

    async def woken(self: scheduler.Scheduler) -> None:
        asyncio.get_running_loop().add_signal_handler(MOVED, bell.rings, self)
        await run(self)

    async def stamped(self: Http, method: str, path: str, *body: Any, **rest: Any) -> Any:
        async def ask(**how: Any) -> Any:
            return await call(self, method, path, *body, **how)

        listens = path.endswith("/sync") and "query" in rest
        answer = await (bell.listen(ask, **rest) if listens else ask(**rest))
        here.stamp(answer)
        return answer

    signal.signal(MOVED, signal.SIG_IGN)  # until it listens
    changes = ((SystemClock, "now", here.now), (Http, "call", stamped))
    for where, name, by in (*changes, (scheduler.Scheduler, "run", woken)):
        setattr(where, name, by)
