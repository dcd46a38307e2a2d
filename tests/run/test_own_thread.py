"""Calls that may hang have a thread of their own, one at a time."""

from __future__ import annotations

import asyncio
from threading import Event, Thread
from threading import enumerate as all_threads

import pytest

from bot.own_thread import OwnThread, StillOut


def threads(name: str) -> list[Thread]:
    return [one for one in all_threads() if one.name == name]


async def test_a_call_that_hangs_takes_one_thread_however_often_it_is_tried() -> None:
    thread, away = OwnThread("from afar"), Event()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await thread.run(away.wait)
    for _time in range(20):
        with pytest.raises(StillOut):
            await thread.run(away.wait)
    (hanging,) = threads("from afar")
    away.set()
    await asyncio.to_thread(hanging.join)
    assert await thread.run(lambda: "there again") == "there again"


async def test_what_a_call_raises_is_raised_here() -> None:
    thread = OwnThread("from afar")
    with pytest.raises(ZeroDivisionError):
        await thread.run(lambda: 1 / 0)
    assert await thread.run(lambda: 1) == 1
