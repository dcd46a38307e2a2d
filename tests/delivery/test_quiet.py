"""The next sync waits for what can be sent now, and for nothing that waits for others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.delivery.quiet import Quiet
from bot.gateway import TryLater
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import Talk
from bot.types import EventId
from tests.delivery.test_outbox_workers import failing, letter


async def test_it_is_quiet_when_all_is_sent(talk: Talk) -> None:
    outbox = talk.machine.outbox
    running = asyncio.create_task(outbox.run())
    async with asyncio.timeout(60):
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
    async with asyncio.timeout(60):
        await outbox.quiet.wait()
    assert not talk.gateway.posted
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_dispatcher_waits_for_an_answer_that_is_not_sent_yet(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sends, send = asyncio.Event(), FakeGateway.send

    async def slowly(self: FakeGateway, *args: Any, **more: Any) -> EventId:
        await sends.wait()
        return await send(self, *args, **more)

    monkeypatch.setattr(FakeGateway, "send", slowly)
    running = asyncio.create_task(talk.machine.outbox.run())
    await letter(talk, "uno")
    talk.machine.outbox.wake()
    waiting = asyncio.create_task(talk.machine.dispatcher.wait_until_answered())
    for _ in range(50):
        await asyncio.sleep(0)
    assert not waiting.done()
    sends.set()
    async with asyncio.timeout(60):
        await waiting
    assert talk.gateway.posted
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_who_waits_for_another_server_is_not_waited_for() -> None:
    woken, working = asyncio.Event(), {"!far:far.example": None}
    quiet = Quiet(woken, working)
    quiet.look()
    waiting = asyncio.create_task(quiet.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    with quiet.rest("!far:far.example"):
        async with asyncio.timeout(60):
            await waiting
