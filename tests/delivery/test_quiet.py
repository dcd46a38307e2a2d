"""The next sync waits for what can be sent now, and for nothing that waits for others."""

from __future__ import annotations

import asyncio

import pytest

from bot.gateway import TryLater
from bot.testing.talk import Talk
from tests.delivery.test_outbox_workers import failing, letter


async def test_it_is_quiet_when_all_is_sent(talk: Talk) -> None:
    outbox = talk.machine.outbox
    running = asyncio.create_task(outbox.run())
    async with asyncio.timeout(10):
        await outbox.quiet.wait()
        await letter(talk, "uno")
        outbox.wake()
        await outbox.quiet.wait()
    assert [post.plain for post in talk.gateway.posted.values()] == ["uno"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_waits_for_its_next_try_is_not_waited_for(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, *(TryLater("http_502") for _ in range(9)))
    outbox = talk.machine.outbox
    running = asyncio.create_task(outbox.run())
    await letter(talk, "uno")
    outbox.wake()
    async with asyncio.timeout(10):
        await outbox.quiet.wait()
    assert not talk.gateway.posted
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
