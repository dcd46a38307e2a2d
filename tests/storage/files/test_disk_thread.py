"""The thread that waits for the disk runs one function after the other for an event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from storage.files.disk import database_failed
from storage.files.disk_thread import DiskThread, ThreadEnded


@pytest.fixture
def thread() -> Iterator[DiskThread]:
    made = DiskThread("work")
    yield made
    made.close()


async def test_what_a_function_returns_or_raises_is_the_callers(thread: DiskThread) -> None:
    assert await thread.call(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await thread.call(divmod, 7, 0)
    assert await thread.call(threading.current_thread) is not threading.current_thread()


async def test_it_ends_what_a_caller_left_and_leaves_out_what_had_not_begun(
    thread: DiskThread,
) -> None:
    done: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(name: str) -> None:
        begun.set()
        assert go_on.wait(30)
        done.append(name)

    first = asyncio.create_task(thread.call(work, "first"))
    second = asyncio.create_task(thread.call(work, "second"))
    assert await asyncio.to_thread(begun.wait, 30)
    assert not thread.is_free
    first.cancel()
    second.cancel()
    assert [type(one) for one in await asyncio.gather(first, second, return_exceptions=True)] == [
        asyncio.CancelledError
    ] * 2
    assert not thread.is_free, "the first goes on"
    go_on.set()
    await thread.call(work, "third")
    assert done == ["first", "third"]
    assert thread.is_free


def test_after_its_loop_has_ended_it_serves_the_next_one(thread: DiskThread) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert go_on.wait(30)

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(thread.call(work), 0.01)
        assert begun.wait(30)

    asyncio.run(leave())
    go_on.set()
    assert asyncio.run(thread.call(divmod, 7, 2)) == (3, 1)


async def test_it_keeps_nothing_of_what_is_done(thread: DiskThread) -> None:
    class Held(Exception):
        """What may be held."""

    def fail(with_it: list[weakref.ref[Held]]) -> None:
        error = Held()
        with_it.append(weakref.ref(error))
        raise error

    seen: list[weakref.ref[Held]] = []
    gc.disable()
    try:
        with pytest.raises(Held) as told:
            await thread.call(fail, seen)
        told.value.__traceback__ = None
        del told
        await thread.call(divmod, 1, 1)
        assert seen[0]() is None
    finally:
        gc.enable()


async def test_once_it_is_closed_nobody_waits_for_it() -> None:
    thread = DiskThread("work")
    thread.close()
    async with asyncio.timeout(10):
        with pytest.raises(ThreadEnded):
            await thread.call(divmod, 7, 2)


@pytest.mark.parametrize("times", [1, 4])
async def test_if_it_fails_all_that_wait_are_told_and_the_process_ends(
    thread: DiskThread, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    loop = asyncio.get_running_loop()
    tell, begun, go_on = loop.call_soon_threadsafe, threading.Event(), threading.Event()

    left = [times]

    def fail_first(*args: Any, **more: Any) -> asyncio.Handle:
        left[0] -= 1
        if left[0] == 0:
            monkeypatch.setattr(loop, "call_soon_threadsafe", tell)
        raise MemoryError

    def work() -> None:
        begun.set()
        assert go_on.wait(30)

    waiting = [asyncio.create_task(thread.call(work)), asyncio.create_task(thread.call(work))]
    assert await asyncio.to_thread(begun.wait, 30)
    monkeypatch.setattr(loop, "call_soon_threadsafe", fail_first)
    go_on.set()
    async with asyncio.timeout(10):
        told = await asyncio.gather(*waiting, return_exceptions=True)
        with pytest.raises(ThreadEnded):
            await thread.call(divmod, 7, 2)
    assert [type(one) for one in told] == [ThreadEnded] * 2
    assert all(isinstance(one, ThreadEnded) and database_failed(one) for one in told)
