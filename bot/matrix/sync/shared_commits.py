"""One commit of the key store for all rooms that decrypt at the same moment, and all their events.

A commit waits for the disk, and each event's mark (C9 in tests/matrix/test_points.py) needs one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class SharedCommits(Generic[Value]):
    """Runs work in transactions: what is asked for before one begins goes into it."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Any]]) -> None:
        self._transaction = transaction
        self._works: list[Callable[[], Value]] = []
        self._commit: asyncio.Task[list[Value]] | None = None

    async def run(self, work: Callable[[], Value]) -> Value:
        """Return what `work` returns, once it is committed. Raises what any of the works raised.

        Once asked for it is done, also if the caller is cancelled.
        """
        place = len(self._works)
        self._works.append(work)
        if self._commit is None:
            self._commit = asyncio.create_task(self._run_all())
        return (await asyncio.shield(self._commit))[place]

    async def _run_all(self) -> list[Value]:
        works, self._works, self._commit = self._works, [], None
        with self._transaction():
            return [work() for work in works]
