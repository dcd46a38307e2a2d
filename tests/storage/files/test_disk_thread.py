"""The thread that waits for the disk runs one function after the other for an event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from storage.files.disk_thread import DiskThread


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
