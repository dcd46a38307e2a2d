"""A member encrypts what is no message: shapes known to hurt, and what hypothesis makes."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.faults.figures import Figure, full_or
from tests.faults.poison import known_payloads, made_payloads
from tests.faults.scene import a_room, put, refused, scene, seal, share
from tests.real.fixtures import EnterPlain
from tests.real.servers import Pair

MADE = full_or(200, 20)


@pytest.mark.full  # tests/matrix/test_guard.py shows it in make test
async def test_none_of_it_is_done(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("210 of 210 survived, 0 executed")
    async with scene(pair, plain, tmp_path, members=2, moderators=2) as room:
        mal = room.members[1]
        own = await a_room([mal], room.bot)
        await share(mal, own)
        before = room.proxy.count(sent := rf"^PUT .*/rooms/{re.escape(quote(own, safe=''))}/send/")
        await mal.pause()  # plain nio: what it says here would end itself
        payloads = [*known_payloads(own, room.room), *made_payloads(own, MADE)]
        for number, payload in enumerate(payloads):
            await put(mal, own, "m.room.encrypted", seal(mal, own, payload))
            if number % 10 == 0:
                await room.asks("!pendientes")
        await room.asks("!pendientes")
        survived = len(payloads) if room.bot.running and room.bot.starts == 1 else 0
        counted = refused(room.bot)
        executed = room.proxy.count(sent) - before
    kinds = ", ".join(f"{kind} {many}" for kind, many in sorted(counted.items()))
    figure.result(
        f"{survived} of {len(payloads)} survived, {executed} answered or executed;"
        f" {counted.total()} refused ({kinds}), the others of a type that says nothing",
        passed=survived == len(payloads) and not executed and counted.total() >= len(payloads) // 2,
        survived=survived,
        executed=executed,
    )
