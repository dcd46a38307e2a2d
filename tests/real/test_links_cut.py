"""Two linked networks, cut off from each other and killed, what they say doubled and in disorder:
each message takes effect once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from bot.demo.synapse import Homeserver
from tests.real.disorder import Disorder
from tests.real.heard import Silence
from tests.real.linking import Network, entered, linked, number_in
from tests.real.proxy import Proxy
from tests.real.servers import Pair, sets

FULL = os.environ.get("MINGA_FULL") == "1"
"""`make storm` runs 200 messages in ten minutes; `make test` fewer of the same kind."""
MESSAGES, CUT_SECONDS, KILL_EVERY = (200, 600, 12) if FULL else (12, 0, 3)
HEALED_WITHIN = 300
TITLE = re.compile(r"Taller ([AB]-\d+)\b")


async def test_each_message_of_a_link_takes_effect_once_after_a_split(
    pair: Pair, tmp_path: Path
) -> None:
    for wild in await split(pair, tmp_path):
        print(dict(wild.done))  # noqa: T201  (`make storm -s` shows it)
        assert set(wild.done) > {"twice", "late", "heard again"}


async def split(
    pair: Pair,
    tmp_path: Path,
    device: str = "",
    meanwhile: Callable[[Network, Network, list[Disorder]], object] = lambda *_: None,
) -> list[Disorder]:
    """The whole story; what was done to the two of them. `meanwhile` is told of them once they
    are linked."""
    async with AsyncExitStack() as stack:
        servers = {"Red A": pair.a, "Red B": pair.b}
        rough = [await disorderly(stack, *one) for one in servers.items()]
        a, b = await asyncio.gather(
            *(
                entered(stack, pair, tmp_path, *one, through=between.proxy.url, device=device)
                for one, between in zip(servers.items(), rough, strict=True)
            )
        )
        await linked(a, b)
        meanwhile(a, b, rough)
        for wild in rough:
            wild.begin(rough[0].room)
        began = asyncio.get_running_loop().time()
        await asyncio.to_thread(pair.cut)
        try:
            await asyncio.gather(*(shares(one) for one in (a, b)))
            for one, other in ((a, b), (b, a)):
                assert await arrived(one, other) == Counter(), "they were cut off"
            spent = asyncio.get_running_loop().time() - began
            await asyncio.sleep(max(0.0, CUT_SECONDS - spent))
        finally:
            await asyncio.to_thread(pair.heal)
        await a.bot.restart()
        for wild in rough:
            await wild.let_go()
        await asyncio.gather(all_of_it(a, b), all_of_it(b, a))
        await once(a, b)
        await opened(a, b, rough[0].room)
        return rough


async def opened(a: Network, b: Network, room: str) -> None:
    """Whoever has A's account opens the link room: A's bot closes it, and both are told."""
    rule = "m.room.join_rules", {"join_rule": "public"}
    await asyncio.to_thread(sets, a.bot.person, room, *rule)
    for words in ("abierta a otras personas", "otra vez como antes"):
        await asyncio.gather(a.hears(words), b.hears(words))


async def disorderly(stack: AsyncExitStack, name: str, server: Homeserver) -> Disorder:
    """A proxy before this network's server."""
    proxy = await stack.enter_async_context(Proxy(server.url))
    made = Disorder(proxy, random.Random(name))  # noqa: S311
    made.listen()
    return made


def expected(other: Network) -> set[str]:
    return {f"{other.name[-1]}-{n}" for n in range(MESSAGES // 2)}


async def shares(one: Network) -> None:
    """Half of all messages; now and then the bot is killed just after people said yes to one."""
    chance = random.Random(one.name)  # noqa: S311
    for n in range(MESSAGES // 2):
        number = await share(one, n)
        if n % KILL_EVERY == 1:
            await asyncio.sleep(chance.uniform(0, 0.5))
            await one.bot.restart()
        await one.hears(f"Compartido con .*{number}")


async def share(one: Network, n: int) -> int:
    """The number of the event whose `Compartido con` is still to come."""
    line = f"!evento Taller {one.name[-1]}-{n}; en {30 + n} días a las 19h; lugar: Casa Azul"
    number = number_in(r"Evento (\d+)", await one.does(line, f"Taller {one.name[-1]}-{n}"))
    await one.does(f"!red compartir {number}", "Esto irá a")
    await one.says("sí")
    return number


async def all_of_it(one: Network, other: Network) -> None:
    """All that the other network shared is asked of this one's moderators."""
    try:
        async with asyncio.timeout(HEALED_WITHIN):
            while set(await arrived(one, other)) != expected(other):
                with contextlib.suppress(Silence):  # what a server fetches backwards never comes
                    await one.hears("comparte algo", 3)
    except TimeoutError:
        assert set(await arrived(one, other)) == expected(other)
        raise


async def once(*both: Network) -> None:
    """What each shares now comes after whatever was still to come a second time.

    On the next day: of one network a hundred things are told in a day.
    """
    for one in both:
        one.bot.later(days=1)
    for one, other in (both, reversed(both)):
        number = await share(other, MESSAGES)
        await other.hears(f"Compartido con .*{number}")
        await one.hears(f"(?s){other.name} comparte algo.*Taller {other.name[-1]}-{MESSAGES}\\b")
    for one, other in (both, reversed(both)):
        assert set((await arrived(one, other)).values()) == {1}


async def arrived(one: Network, other: Network) -> Counter[str]:
    """How often this network's moderators were asked about each thing of the other one's."""
    said = [h.text for h in await one.member.timeline(one.room) if h.sender == one.bot.user]
    asked = [text for text in said if f"{other.name} comparte algo" in text]
    return Counter(found[1] for text in asked if (found := TITLE.search(text)))
