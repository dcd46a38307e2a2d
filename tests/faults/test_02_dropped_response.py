"""The homeserver takes a message, its answer is lost, and the bot is killed that moment."""

from __future__ import annotations

from pathlib import Path

from tests.faults.figures import Figure, full_or
from tests.faults.scene import TASK, scene
from tests.real.fixtures import EnterPlain
from tests.real.proxy import SEND, Answer, Call, Dropped
from tests.real.servers import Pair

ROUNDS = full_or(50, 2)


async def test_each_message_is_in_the_room_once(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("exactly 50 events in the room for 50 messages")
    async with scene(pair, plain, tmp_path) as room:
        killed = 0

        async def kill(call: Call) -> Answer:
            nonlocal killed
            await call.forward()
            killed += 1
            await room.bot.kill()
            raise Dropped

        asked = []
        for number in range(ROUNDS):
            rule = room.proxy.on(SEND, kill, times=1)
            asked.append(await room.ana.send(room.room, TASK.format(number)))
            await rule.hit(within=60)
            await room.bot.ends()
            await room.bot.start()
            await room.answered(asked)
        await room.asks("!pendientes")
        replies = await room.all_replies()
    there = sum(replies[event] for event in asked)
    once = sum(replies[event] == 1 for event in asked)
    figure.result(
        f"{there} events in the room for {ROUNDS} messages, {killed} times killed",
        passed=there == once == killed == ROUNDS,
        there=there,
        once=once,
    )
