"""While the bot is off somebody claims all its one-time keys; then new devices write to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.figures import Figure
from tests.faults.scene import TASK, claim, device_of, scene
from tests.real.fixtures import EnterPlain
from tests.real.proxy import SYNC, Answer, Call
from tests.real.servers import Pair

CLAIMS, NEWCOMERS, ENOUGH = 60, 5, 50


class Counts:
    """A fault that changes nothing and counts the syncs answered before the keys were back."""

    def __init__(self) -> None:
        self.syncs, self.before, self.back = 0, 0, 0

    async def sync(self, call: Call) -> Answer:
        answer = await call.forward()
        self.syncs += 1
        return answer

    async def upload(self, call: Call) -> Answer:
        answer = await call.forward()
        back = answer.json["one_time_key_counts"]["signed_curve25519"]
        if back >= ENOUGH > self.back:
            self.before, self.back = self.syncs, back
        return answer


@pytest.mark.full  # tests/matrix/test_keys.py shows it in make test
async def test_new_devices_still_reach_it(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("60 of 60 claims served; ≥ 50 keys back within 2 syncs; 5 of 5 first lines read")
    async with scene(pair, plain, tmp_path) as room:
        device = await device_of(room.ana, room.bot.user)
        newcomers = [await plain(pair.person(f"new{n}", pair.a)) for n in range(NEWCOMERS)]
        await room.bot.kill()
        served = await claim(room.ana, room.bot.user, device, CLAIMS)
        asked: list[str] = []
        for one in newcomers:
            await room.ana.invite(room.room, one.user)
            await one.accept(room.room)
            asked.append(await one.send(room.room, TASK.format(len(asked))))
        counts = Counts()
        room.proxy.on(SYNC, counts.sync)
        room.proxy.on("POST .*/keys/upload", counts.upload)
        await room.bot.start()
        await room.answered(asked)
        replies = await room.all_replies()
        read = sum(replies[event] == 1 for event in asked)
    figure.result(
        f"{served} of {CLAIMS} claims served, {counts.back} keys back after {counts.before} syncs,"
        f" {read} of {NEWCOMERS} first lines read that were sealed while it was off",
        passed=served == CLAIMS
        and counts.back >= ENOUGH
        and counts.before <= 2
        and read == NEWCOMERS,
        served=served,
        syncs=counts.before,
        read=read,
    )
