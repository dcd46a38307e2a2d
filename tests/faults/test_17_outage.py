"""Five bots whose homeservers fail in five ways, at the same time; people write meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.figures import Figure
from tests.real.botprocess import BotProcess
from tests.real.fixtures import EnterPlain
from tests.real.plain import Member
from tests.real.proxy import (
    Proxy,
    bad_gateway,
    black_hole,
    drop_request,
    limited,
    unknown_token,
)
from tests.real.servers import Pair

SECONDS, LINES = 120, 5
MOST_PER_MINUTE, DRAINED = 20, 60.0
EVERYTHING = r"."
WAYS: dict[str, Callable[[Proxy], object]] = {
    "502": lambda proxy: proxy.on(EVERYTHING, bad_gateway),
    "cut off": lambda proxy: proxy.on(EVERYTHING, drop_request),
    "black hole": lambda proxy: proxy.on(EVERYTHING, black_hole),
    "429": lambda proxy: proxy.on(EVERYTHING, limited(10_000)),
    "soft logout": lambda proxy: proxy.on(r"^(?!POST \S*/login)", unknown_token),
}


@dataclass
class Outcome:
    """The result of one bot's outage."""

    per_minute: float
    drained: float
    once: bool


async def outage(stack: AsyncExitStack, pair: Pair, folder: Path, ana: Member, way: str) -> Outcome:
    """Send lines while one bot's server fails, and restore it; return how each was answered."""
    proxy = await stack.enter_async_context(Proxy(pair.a.url))
    person = pair.person("minga", pair.a)
    bot = BotProcess(folder / way, person, moderators=[ana.user], homeserver=proxy.url)
    await stack.enter_async_context(bot)
    room = await ana.create_room([bot.user])
    await ana.hears("aquí estoy", 60, room=room, sender=bot.user)
    await ana.send(room, "!encuesta ¿Dónde? Norte, Sur")
    await ana.hears("Encuesta 1", 60, room=room, sender=bot.user)
    WAYS[way](proxy)
    began = time.monotonic()
    asked = [await ana.send(room, f"!votar 1 {n % 2 + 1}") for n in range(LINES)]
    await asyncio.sleep(SECONDS)
    # after the first second, in which what was under way ends
    calls = proxy.count(r".", since=began + 1)
    proxy.heal()
    over = time.monotonic()
    asked.append(await ana.send(room, "!resultados 1"))
    await ana.hears(lambda one: one.reply_to == asked[-1], 120, room=room, sender=bot.user)
    drained = time.monotonic() - over
    marks = [_target(one.relation) for one in ana.ear.all(room, bot.user)]
    once = all(marks.count(event) == 1 for event in asked)
    assert bot.running and bot.starts == 1
    return Outcome(max(calls - 1, 0) * 60 / SECONDS, drained, once)


def _target(relation: object) -> str:
    """Return the event that a reply or a reaction is about."""
    if not isinstance(relation, dict):
        return ""
    return str(relation.get("m.in_reply_to", relation).get("event_id", ""))


@pytest.mark.full  # tests/matrix/test_client.py shows it in make test, on a server in memory
async def test_it_neither_hammers_nor_loses(
    figure: Figure, pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    figure.mark(
        "≤ 20 requests a minute while it fails (2 min each); all answered 60 s after its return;"
        " 0 lost, 0 twice"
    )
    ana = await plain("ana")
    async with AsyncExitStack() as stack:
        tries: list[Awaitable[Outcome]] = [outage(stack, pair, tmp_path, ana, way) for way in WAYS]
        found = dict(zip(WAYS, await asyncio.gather(*tries), strict=True))
    busiest = max(one.per_minute for one in found.values())
    slowest = max(one.drained for one in found.values())
    told = "; ".join(
        f"{way}: {one.per_minute:.0f} a minute, back in {one.drained:.0f} s"
        for way, one in found.items()
    )
    wrong = [way for way, one in found.items() if not one.once]
    figure.result(
        f"{told}; lost or twice: {', '.join(wrong) or 'nothing'}",
        passed=slowest <= DRAINED and not wrong and busiest <= MOST_PER_MINUTE,
        busiest=round(busiest, 1),
        slowest=round(slowest, 1),
    )
