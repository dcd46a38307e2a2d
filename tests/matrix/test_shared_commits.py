"""Rooms that decrypt at the same moment share a commit, and its failure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.matrix.sync.shared_commits import SharedCommits


class Store:
    """Counts its transactions; each says what was done in it."""

    def __init__(self) -> None:
        self.commits: list[list[int]] = []
        self._open: list[int] = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._open = []
        yield
        self.commits.append(self._open)

    def work(self, number: int) -> Callable[[], int]:
        """Return work that is noted in the open transaction."""

        def do() -> int:
            self._open.append(number)
            return number

        return do


async def test_what_is_asked_for_together_is_committed_together() -> None:
    store = Store()
    commits: SharedCommits[int] = SharedCommits(store.transaction)
    assert await asyncio.gather(*(commits.run(store.work(n)) for n in range(3))) == [0, 1, 2]
    assert await commits.run(store.work(3)) == 3
    assert store.commits == [[0, 1, 2], [3]]


async def test_a_broken_disk_is_told_to_all_and_the_next_begins_anew() -> None:
    store = Store()
    commits: SharedCommits[int] = SharedCommits(store.transaction)

    def broken() -> int:
        raise OSError("disk")

    both = (commits.run(store.work(1)), commits.run(broken))
    found = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in found] == [OSError, OSError]
    assert await commits.run(store.work(2)) == 2
    assert store.commits == [[2]]


async def test_who_is_cancelled_takes_nobody_along() -> None:
    store = Store()
    commits: SharedCommits[int] = SharedCommits(store.transaction)
    gone = asyncio.create_task(commits.run(store.work(1)))
    stays = asyncio.create_task(commits.run(store.work(2)))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 2
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert store.commits == [[1, 2]]
