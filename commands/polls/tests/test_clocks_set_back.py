"""Clocks that run ahead and are set back: what is voted last counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from bot.types import EventId, Message
from commands.polls.tests.test_polls import opened

MINUTE, HALF = timedelta(minutes=1), timedelta(minutes=30)


async def votes(talk: Talk, how: str, option: int, native: PostedEvent, stamp: int) -> None:
    if how == "tap":
        await talk.taps("bea", native, option, stamp=stamp)
    else:
        await talk.says("bea", f"!votar 1 {option}")
    await talk.said()


async def results(talk: Talk) -> str:
    return await talk.answer("ana", "!resultados 1")


@pytest.mark.parametrize("first", ["tap", "line"])
@pytest.mark.parametrize("second", ["tap", "line"])
async def test_after_our_clock_was_set_back_the_later_vote_counts(
    talk: Talk, first: str, second: str
) -> None:
    """It ran half an hour ahead; the server's did not."""
    _opening, native, _number = await opened(talk)
    stamp = int((talk.clock.at - HALF).timestamp() * 1000)
    await votes(talk, first, 1, native, stamp)
    talk.clock.at -= HALF
    await votes(talk, second, 3, native, stamp + 1000)
    assert "Zoom: 1\nVotó 1" in await results(talk)
    await votes(talk, first, 2, native, stamp + 2000)
    assert "Biblioteca: 1\nVotó 1" in (await results(talk)).replace("Zoom: 0\n", "")


@pytest.mark.parametrize("first", ["tap", "line"])
async def test_so_it_does_if_our_clock_was_set_back_from_the_right_time(
    talk: Talk, first: str
) -> None:
    _opening, native, _number = await opened(talk)
    stamp = int(talk.clock.at.timestamp() * 1000)
    await votes(talk, first, 1, native, stamp)
    talk.clock.at -= 5 * HALF
    await votes(talk, "tap", 3, native, stamp + 60_000)
    assert "Zoom: 1\nVotó 1" in await results(talk)


async def test_a_server_that_was_half_an_hour_ahead_overtakes_no_later_tap(talk: Talk) -> None:
    _opening, native, _number = await opened(talk)
    stamp = int(talk.clock.at.timestamp() * 1000)
    await talk.taps("bea", native, 1, stamp=stamp + 1_800_000)
    talk.clock.at += 2 * MINUTE
    await talk.taps("bea", native, 3, stamp=stamp + 120_000)
    assert "Zoom: 1\nVotó 1" in await results(talk)


async def test_a_line_whose_key_comes_late_overtakes_no_later_one(talk: Talk) -> None:
    """Also if both were said while our clock ran ahead, and the key comes when it is set back."""
    await opened(talk)
    said = talk.clock.at
    talk.clock.at += MINUTE
    await talk.says("bea", "!votar 1 3")
    await talk.said()
    talk.clock.at -= HALF
    await talk.happens(Message(ROOM, EventId("$v"), user_id("bea"), said, "!votar 1 1"))
    assert "Zoom: 1\nVotó 1" in await results(talk)
