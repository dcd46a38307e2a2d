"""What waits for somebody gives their app a moment to learn of the bot's devices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from bot.delivery.arrivals import NO_PAUSE_FOR, PAUSE_AFTER_JOIN
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId
from tests.delivery.test_outbox import delivering, kinds, private_letter


async def test_what_waits_for_somebody_goes_out_a_pause_after_they_came(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else lets the outbox try again meanwhile. Coming in again holds back nothing."""
    timers, outbox = dict[float, list[Callable[[], object]]](), talk.machine.outbox

    def call_later(seconds: float, end: Callable[..., object], *args: object) -> None:
        timers.setdefault(seconds, []).append(partial(end, *args))

    room, bea = await talk.private("bea"), user_id("bea")
    with monkeypatch.context() as patch:
        patch.setattr(asyncio.get_running_loop(), "call_later", call_later)
        outbox.arrivals.add(RoomId("!another:test"), bea)
        outbox.arrivals.add(room, bea)
        outbox.arrivals.add(room, bea)
    assert not outbox.arrivals.has(RoomId("!third:test"), bea)
    await private_letter(talk, "bea")
    elsewhere, here = timers[PAUSE_AFTER_JOIN]
    async with delivering(outbox):
        for end in (elsewhere, outbox.release_held):
            end()
            await many_turns()
            assert len(await kinds(talk)) == 1
        here()
        await many_turns()
        assert await kinds(talk) == []
        outbox.arrivals.add(room, bea)
        assert not outbox.arrivals.has(room, bea)
    for end in timers[NO_PAUSE_FOR]:
        end()
    outbox.arrivals.add(room, bea)
    assert outbox.arrivals.has(room, bea)


async def test_only_who_comes_into_their_private_room_is_given_a_pause(talk: Talk) -> None:
    room, bea, luz = await talk.private("bea"), user_id("bea"), user_id("luz")
    await talk.moves("bea", Membership.JOIN, room=room)
    await talk.moves("luz", Membership.LEAVE, room=room)
    await talk.moves("bea", Membership.JOIN)
    arrivals = talk.machine.outbox.arrivals
    assert (arrivals.has(room, bea), arrivals.has(room, luz)) == (True, False)
    assert not arrivals.has(ROOM, bea)


async def test_what_was_held_while_somebody_was_away_goes_out_when_they_come_again(
    talk: Talk,
) -> None:
    """Though coming again gives no pause."""
    room, bea, outbox = await talk.private("bea"), user_id("bea"), talk.machine.outbox
    outbox.arrivals.add(room, bea)
    await private_letter(talk, "bea")
    async with delivering(outbox):
        await many_turns()
        assert len(await kinds(talk)) == 1
        outbox.arrivals.forget()
        await many_turns()
        assert len(await kinds(talk)) == 1, "nothing told the outbox to try again"
        outbox.arrivals.add(room, bea)
        await many_turns()
        assert await kinds(talk) == []


async def many_turns() -> None:
    for _turn in range(300):
        await asyncio.sleep(0)
