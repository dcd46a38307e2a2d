"""While the bot is off, five hundred commands are written in three rooms."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.faults.figures import Figure, full_or
from tests.faults.scene import TASK, a_room, scene
from tests.real.fixtures import EnterPlain
from tests.real.servers import Pair

COMMANDS, ROOMS = full_or(500, 60), 3


@pytest.mark.full  # tests/real/test_once.py shows it in make test
async def test_all_are_answered_in_order(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("500 of 500 answered once, in the order of each room, ≤ 60 s from the start")
    async with scene(pair, plain, tmp_path) as here:
        rooms = [here.room, *[await a_room(here.members, here.bot) for _ in range(ROOMS - 1)]]
        await here.bot.kill()
        asked: dict[str, list[str]] = {room: [] for room in rooms}
        for number in range(COMMANDS):
            room = rooms[number % ROOMS]
            asked[room].append(await here.ana.send(room, TASK.format(number)))
        began = time.monotonic()
        await here.bot.start()
        await asyncio.gather(*(here.answered(asked[room], room=room) for room in rooms))
        seconds = time.monotonic() - began
        once, ordered = 0, 0
        for room in rooms:
            replies = await here.all_replies(room)
            mine = [event for event in replies if event in set(asked[room])]
            once += sum(replies[event] == 1 for event in asked[room])
            ordered += mine == asked[room]
    figure.result(
        f"{once} of {COMMANDS} answered once, {ordered} of {ROOMS} rooms in order, {seconds:.0f} s",
        passed=once == COMMANDS and ordered == ROOMS and seconds <= 60,
        once=once,
        seconds=seconds,
    )
