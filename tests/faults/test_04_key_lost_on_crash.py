"""The bot is killed as room keys come in, or the keys come up to a minute after their messages."""

from __future__ import annotations

import asyncio
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import Figure, full_or
from tests.faults.scene import TASK, Scene, scene
from tests.real.fixtures import EnterPlain
from tests.real.proxy import SYNC, Answer, Call
from tests.real.servers import Pair

KILLS, DELAYS = full_or(30, 3), full_or(20, 3)
MOMENTS = (0.001, 0.001, 0.001, 0.005, 0.02)
"""Seconds between the answer that brings the keys and the kill."""
LATE = (1.0, float(full_or(60, 3)))
UNREAD = re.compile("No pude leer")
SINCE = re.compile(r"[?&]since=([^&]+)")


class KillsAtKeys:
    """A fault on syncs: the bot is killed a moment after it was handed keys."""

    def __init__(self, room: Scene, chance: random.Random) -> None:
        self.room, self.chance = room, chance
        self.armed, self.kills = False, 0
        self._killing: asyncio.Task[None] | None = None

    async def __call__(self, call: Call) -> Answer:
        answer = await call.forward()
        if self.armed and answer.status == 200 and answer.json.get("to_device", {}).get("events"):
            self.armed = False
            self._killing = asyncio.create_task(self._kill())
        return answer

    async def _kill(self) -> None:
        await asyncio.sleep(self.chance.choice(MOMENTS))
        await self.room.bot.kill()
        self.kills += 1

    async def done(self) -> None:
        await self.room.bot.ends(60)
        assert self._killing is not None
        await self._killing


class ComesLate:
    """A fault on syncs: each to-device event comes some seconds after the messages do."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.kept: list[tuple[float, Any]] = []
        self.late = 0

    async def __call__(self, call: Call) -> Answer:
        asked = asyncio.create_task(call.forward())
        while not asked.done():
            wait = min((at for at, _ in self.kept), default=None)
            left = None if wait is None else max(0.0, wait - time.monotonic())
            await asyncio.wait({asked}, timeout=left)
            since = SINCE.search(call.path)
            if not asked.done() and since and (due := self._due()):
                asked.cancel()
                return Answer.of(200, {"next_batch": since[1], "to_device": {"events": due}})
        answer = asked.result()
        if answer.status != 200:
            return answer
        body = answer.json
        for event in body.get("to_device", {}).get("events", []):
            self.kept.append((time.monotonic() + self.chance.uniform(*LATE), event))
            self.late += 1
        body["to_device"] = {"events": self._due()}
        return Answer.of(200, body)

    def _due(self) -> list[Any]:
        now = time.monotonic()
        due = [event for at, event in self.kept if at <= now]
        self.kept = [one for one in self.kept if one[0] > now]
        return due


@pytest.mark.full  # tests/matrix/test_store.py and test_sync.py show it in make test
async def test_each_message_is_read_and_done_once(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("50 of 50 read and done once; at most one notice that something cannot be read")
    chance = random.Random(4)  # noqa: S311
    async with scene(pair, plain, tmp_path) as room:
        asked: list[str] = []

        async def says() -> None:
            """Ana's next line, with a key of its own."""
            room.ana.client.invalidate_outbound_session(room.room)
            asked.append(await room.ana.send(room.room, TASK.format(len(asked))))

        killing = KillsAtKeys(room, chance)
        rule = room.proxy.on(SYNC, killing)
        for _ in range(KILLS):
            killing.armed = True
            await says()
            await killing.done()
            await room.bot.start()
            await room.answered(asked)
        room.proxy.off(rule)

        late = ComesLate(chance)
        room.proxy.on(SYNC, late)
        for _ in range(DELAYS):
            await says()
        await room.answered(asked)
        await room.asks("!pendientes")
        replies = await room.all_replies()
        heard = room.ana.ear.all(sender=room.bot.user)
        notices = sum(bool(UNREAD.search(one.text)) for one in heard)
    once = sum(replies[event] == 1 for event in asked)
    figure.result(
        f"{once} of {len(asked)} done once ({killing.kills} kills, {late.late} late keys),"
        f" {notices} notices",
        passed=once == KILLS + DELAYS == killing.kills + DELAYS
        and late.late >= DELAYS
        and notices <= 1,
        once=once,
        notices=notices,
    )
