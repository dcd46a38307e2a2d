"""Where the time of a command goes inside our bot, without a line for it in the bot.

`python -m benchmarks.tracing FILE run --config …` is `minga run --config …` with the functions of
`POINTS` wrapped: each call is a line of FILE. Without it nothing is wrapped, so tracing that is off
costs nothing at all. Times are of the monotonic clock, which all processes of a machine share.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

POINTS = {
    "sync": "bot.matrix.sync.sync_loop:SyncLoop._request_sync",
    "decrypt": "bot.matrix.crypto.crypto_machine:CryptoMachine.decrypt",
    "handle": "bot.run.event_work:EventWork.handle",
    "commit": "storage.database:Database.transaction",
    "encrypt": "bot.matrix.rooms.member_encryption:MemberEncryption.encrypt",
    "send": "bot.matrix.gateway:MatrixGateway._put",
}
"""The steps of a command's way and the function that each is. `commit` is the end of a context."""


@dataclass(frozen=True, slots=True)
class Span:
    """One call: its step, and when it began and ended, in seconds of the monotonic clock."""

    name: str
    began: float
    ended: float


def find(point: str) -> tuple[type, str, Any]:
    """Return the class, the name and the function of a point. Raises if there is none."""
    module, _, path = point.partition(":")
    owner, name = path.split(".")
    found = getattr(importlib.import_module(module), owner)
    return found, name, inspect.getattr_static(found, name)


def trace(record: Callable[[Span], None], points: Mapping[str, str] = POINTS) -> None:
    """Wrap the functions of all points; each call is recorded."""
    for step, point in points.items():
        owner, name, function = find(point)
        wrap = _wrap_end if step == "commit" else _wrap
        setattr(owner, name, wrap(step, function, record))


def _wrap(step: str, function: Any, record: Callable[[Span], None]) -> Any:
    @functools.wraps(function)
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        began = time.monotonic()
        try:
            return await function(*args, **kwargs)
        finally:
            record(Span(step, began, time.monotonic()))

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        began = time.monotonic()
        try:
            return function(*args, **kwargs)
        finally:
            record(Span(step, began, time.monotonic()))

    return awaited if inspect.iscoroutinefunction(function) else called


def _wrap_end(step: str, function: Any, record: Callable[[Span], None]) -> Any:
    """Record how long leaving the context takes, if nothing was raised in it."""

    @functools.wraps(function)
    @asynccontextmanager
    async def context(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        began = 0.0
        async with function(*args, **kwargs) as entered:
            yield entered
            began = time.monotonic()
        record(Span(step, began, time.monotonic()))

    return context


def read_spans(path: Path) -> list[Span]:
    """Read what was recorded in a file."""
    return [Span(*json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    """Run `minga` with tracing."""
    name, *sys.argv[1:] = sys.argv[1:]
    lines = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def record(span: Span) -> None:
        os.write(lines, json.dumps([span.name, span.began, span.ended]).encode() + b"\n")

    trace(record)
    from minga.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
