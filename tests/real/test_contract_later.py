"""The same contract (`test_contract.py`) for what is left at the homeserver for later (MSC4140)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.gateway import DelayLimits, Refused
from bot.testing.fake_gateway import FakeGateway
from tests.real.contract_worlds import HELLO, TEXT, World
from tests.real.patience import PATIENCE
from tests.real.test_contract import world as world

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_left_for_later_lies_there_until_it_is_taken_back(world: World) -> None:
    delayed, hour = world.gateway.delayed, timedelta(hours=1)
    assert await delayed.limits() == DelayLimits(timedelta(days=31), 100)
    before = await world.seen()
    found = await delayed.leave(world.room, TEXT, HELLO, "later", hour, alone=world.ana)
    (one,) = await delayed.listed()
    assert (one.delay_id, one.room) == (found, world.room)
    assert abs(one.since - datetime.now(UTC)) < timedelta(minutes=5)
    assert await delayed.cancel(found) is True
    assert await delayed.cancel(found) is False
    assert await delayed.listed() == [] and await world.seen() == before


async def test_nothing_is_left_for_longer_than_the_server_keeps_it(world: World) -> None:
    with pytest.raises(Refused):
        await world.gateway.delayed.leave(
            world.room, TEXT, HELLO, "too-late", timedelta(days=32), alone=world.ana
        )


async def test_what_is_left_can_be_found_by_its_transaction_once_it_is_out(world: World) -> None:
    soon = timedelta(milliseconds=1)
    await world.gateway.delayed.leave(world.room, TEXT, HELLO, "out", soon, alone=world.ana)
    async with asyncio.timeout(PATIENCE):
        while await world.found("out") is None:
            await asyncio.sleep(0.2)
            if isinstance(world.gateway, FakeGateway):
                world.gateway.delayed.send_due()
