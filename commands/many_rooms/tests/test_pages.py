"""How fast a job writes to many rooms: two at a time, and slower where the bot is busy."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId
from commands.many_rooms.pages import LONGEST_REST, PAGE_SIZE, PAUSE, REST


async def written(talk: Talk, wait: timedelta) -> int:
    """How many of the other rooms got the announcement while this time passed."""
    await talk.wait(wait)
    return sum(post.room != ROOM for post in await talk.said())


async def announced(talk: Talk, count: int) -> None:
    """Ana announces something in so many other rooms."""
    for n in range(count):
        await talk.room(RoomId(f"!r{n:02}:test"), f"Equipo {n}", ["ana"], {"ana": 50})
    await talk.says("ana", "!avisar Mañana no hay agua en: todas")
    await talk.said()
    await talk.says("ana", "sí")
    await talk.said()


async def test_a_page_comes_four_times_a_second(talk: Talk) -> None:
    await announced(talk, 7)
    assert await written(talk, timedelta(0)) == PAGE_SIZE
    assert await written(talk, PAUSE / 2) == 0
    assert await written(talk, PAUSE / 2) == PAGE_SIZE
    assert await written(talk, PAUSE) == PAGE_SIZE
    assert await written(talk, PAUSE) == 1
    assert await written(talk, timedelta(hours=1)) == 0, "each room once"


async def test_after_a_page_that_came_late_the_next_one_waits_longer(talk: Talk) -> None:
    await announced(talk, 7)
    assert await written(talk, timedelta(seconds=0.5)) == PAGE_SIZE
    assert await written(talk, REST * timedelta(seconds=0.5)) == 0
    assert await written(talk, PAUSE) == PAGE_SIZE
    assert await written(talk, PAUSE) == PAGE_SIZE


async def test_after_an_outage_it_waits_no_longer_than_that(talk: Talk) -> None:
    await announced(talk, 7)
    assert await written(talk, timedelta(hours=9)) == PAGE_SIZE
    assert await written(talk, LONGEST_REST) == 0
    assert await written(talk, PAUSE) == PAGE_SIZE
