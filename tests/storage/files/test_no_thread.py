"""Conversations have no thread for the disk: what stands in for it keeps the thread's promises."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.testing.no_thread import NoThread
from bot.testing.talk import Talk
from storage.files.disk_thread import ThreadEnded


async def test_a_conversation_starts_no_thread(talk: Talk) -> None:
    before = set(threading.enumerate())  # of other tests, perhaps
    await talk.says("ana", "!pendientes")
    await talk.restart()
    assert set(threading.enumerate()) <= before


async def test_it_keeps_the_order_and_lets_others_go_on_meanwhile() -> None:
    thread, done = NoThread(), list[str]()

    async def other() -> None:
        done.append("other")

    async with asyncio.TaskGroup() as group:
        for name in ("first", "second"):
            group.create_task(thread.call(done.append, name))
        group.create_task(other())
    assert done == ["other", "first", "second"]
    assert thread.is_free
    with pytest.raises(ZeroDivisionError):
        await thread.call(divmod, 7, 0)
    assert thread.is_free


async def test_it_leaves_out_what_had_not_begun_and_refuses_after_its_end() -> None:
    thread, done = NoThread(), list[str]()
    first = asyncio.create_task(thread.call(done.append, "first"))
    await asyncio.sleep(0)
    assert not thread.is_free
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert done == []
    assert thread.is_free
    thread.close()
    with pytest.raises(ThreadEnded):
        await thread.call(done.append, "late")
