"""The next sync is asked for when the last one's events are answered, or after a while."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.matrix.sync import sync_pause
from bot.matrix.sync.sync_pause import SyncPause
from tests.matrix.fakes import FakeInbox
from tests.matrix.homeserver import TOKEN
from tests.matrix.test_sync import HERE, World
from tests.matrix.test_sync import world as world


class BusyInbox:
    """Holds back what an inbox waits for until it is opened."""

    def __init__(self, inbox: FakeInbox) -> None:
        self.asked, self.answered = asyncio.Event(), asyncio.Event()
        inbox.wait_until_answered = self.wait  # type: ignore[method-assign]

    async def wait(self) -> None:
        self.asked.set()
        await self.answered.wait()


async def test_nothing_is_asked_while_answers_are_on_their_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_pause, "LONGEST_PAUSE", 60)
    world.server.make_room()
    busy: list[BusyInbox] = []
    bot = world.bot(lambda inbox: busy.append(BusyInbox(inbox)))
    async with asyncio.timeout(60), bot as (_, inbox):
        await busy[0].asked.wait()
        world.server.say("hello")
        for _ in range(100):
            await asyncio.sleep(0)
        assert world.server.count("/sync") == 1
        busy[0].answered.set()
        await inbox.says("hello")
    assert world.server.count("/sync") > 1


async def test_answers_that_take_long_hold_up_nobody_for_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_pause, "LONGEST_PAUSE", 0.01)
    world.server.make_room()
    async with asyncio.timeout(60), world.bot(BusyInbox) as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say("hello")
        await inbox.says("hello")


async def waits(pause: SyncPause, answered: asyncio.Event) -> None:
    """The pause of a sync whose answers are there with the event."""

    async def until() -> None:
        await answered.wait()

    await pause.wait(until())


async def test_answers_that_are_sent_one_by_one_are_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sync_pause, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(sync_pause, "LONGEST_RUSH", 600)
    pause, answered, loop = SyncPause(), asyncio.Event(), asyncio.get_running_loop()
    waiting, began = asyncio.create_task(waits(pause, answered)), loop.time()
    while loop.time() < began + 0.5:  # longer than the pause would last without
        pause.prolong()
        await asyncio.sleep(0)
    assert not waiting.done()
    answered.set()
    await waiting


async def test_a_rush_of_answers_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_pause, "LONGEST_PAUSE", 600)
    monkeypatch.setattr(sync_pause, "LONGEST_RUSH", 0.05)
    pause = SyncPause()
    waiting = asyncio.create_task(waits(pause, asyncio.Event()))
    async with asyncio.timeout(60):
        while not waiting.done():
            pause.prolong()
            await asyncio.sleep(0)


async def test_an_answer_between_two_pauses_prolongs_none() -> None:
    pause, answered = SyncPause(), asyncio.Event()
    answered.set()
    pause.prolong()
    await waits(pause, answered)
    pause.prolong()


async def test_each_message_that_the_gateway_sends_sets_the_end_of_the_pause_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_pause, "LONGEST_PAUSE", 600)
    world.server.make_room()
    await world.caught_up()
    machine = cast(CryptoMachine, world.machine)
    gateway = MatrixGateway(Http(world.server.url, TOKEN), world.db, machine)
    waiting = asyncio.create_task(waits(gateway.sync.pause, asyncio.Event()))
    await asyncio.sleep(0)
    monkeypatch.setattr(sync_pause, "LONGEST_PAUSE", 0)
    async with asyncio.timeout(60):
        await gateway.send(HERE, "m.room.message", {"body": "hello"}, "one")
        await waiting
    await gateway.close()
