"""Calls that may hang have a thread of their own, one at a time."""

from __future__ import annotations

import asyncio
from threading import Event, active_count

import pytest

from bot.capability.own_thread import OwnThread, StillOut


async def test_a_call_that_hangs_takes_one_thread_however_often_it_is_tried() -> None:
    thread, away, before = OwnThread("folder"), Event(), active_count()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await thread.run(away.wait)
    for _time in range(20):
        with pytest.raises(StillOut):
            await thread.run(away.wait)
    assert active_count() == before + 1
    away.set()
    while active_count() > before:
        await asyncio.sleep(0)
    assert await thread.run(lambda: "there again") == "there again"


async def test_what_a_call_raises_is_raised_here() -> None:
    thread = OwnThread("folder")
    with pytest.raises(ZeroDivisionError):
        await thread.run(lambda: 1 / 0)
    assert await thread.run(lambda: 1) == 1
