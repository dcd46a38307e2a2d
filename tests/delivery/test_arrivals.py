"""What waits for somebody gives their app a moment to learn of the bot's devices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from bot.testing.talk import Talk, user_id
from tests.delivery.test_outbox import delivering, kinds, private_letter


async def test_what_waits_for_somebody_goes_out_a_pause_after_they_came(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else lets the outbox try again meanwhile, and though they came in twice."""
    ends = list[Callable[[], object]]()
    outbox = talk.machine.outbox
    await talk.private("bea")
    with monkeypatch.context() as patch:
        patch.setattr(
            asyncio.get_running_loop(),
            "call_later",
            lambda _seconds, end, *args: ends.append(partial(end, *args)),
        )
        outbox.arrivals.add(user_id("bea"))
        outbox.arrivals.add(user_id("bea"))
    await private_letter(talk, "bea")
    async with delivering(outbox):
        for end in ends:
            outbox.release_held()
            for _turn in range(50):
                await asyncio.sleep(0)
            assert len(await kinds(talk)) == 1
            end()
        for _turn in range(500):
            await asyncio.sleep(0)
        assert await kinds(talk) == []
