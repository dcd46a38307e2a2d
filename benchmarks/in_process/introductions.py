"""What it costs to come into a link of 10 to 360 networks by introductions.

Run by `python -m benchmarks.in_process.introductions`. The newcomer is a whole bot on a fake
gateway. The others are their keys alone, that stand for their accounts' too; each compared a code
with one that was there before it, at random, so that introductions lead to some of them over many
others. Seconds of processor.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import structlog

from benchmarks.in_process.links import LINK, PLACE, Key, bot_hears
from bot.api import Number, Signer, UserId, items
from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from commands.link_introductions.declaration import MOST_IN_MESSAGE
from commands.link_introductions.introduction import IntroductionList, NetworkIntroduction
from commands.links import store
from commands.links.declaration import LINK_TYPE
from commands.links.store import PeerState

SIZES = (10, 60, 180, 360)
ME = UserId("@minga:a")
GOAL_SECONDS = 30.0
"""So long the newcomer may take for 360 networks: what it hears, its yes, and the list."""


@dataclass(slots=True)
class Cost:
    """What one newcomer needs, in seconds, messages and bytes."""

    messages: int
    sent: int
    heard: float
    accepted: float
    listed: float
    table: int


async def newcomer(folder: Path, keys: list[Key]) -> Talk:
    """Return a bot that met all of them, and compared the code of the first one."""
    talk = await Talk.start(folder / f"{len(keys)}.db", features(), bot=ME, language="en")
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 50})
    await talk.room(PLACE, "", [one.bot for one in keys], kind=LINK_TYPE)
    async with talk.machine.db.transaction() as tx:
        number = await items.add(tx, "links", "link", ROOM, ME, "link", talk.clock.at)
        await store.add_link(tx, number, LINK, PLACE)
        for n, one in enumerate(keys):
            peer = await store.add_peer(tx, number, one.bot, PeerState.CODE, LINK)
            known = {
                "key": one.signer.public,
                "master": one.signer.public,
                "nonce": LINK,
                "theirs": 1,
            }
            first = {"state": PeerState.LINKED, "ours": 1, "compared": 1} if n == 0 else {}
            await store.change_peer(tx, peer, name=f"Red {n}", **known, **first)
    return talk


def introductions(keys: list[Key], until: int) -> list[NetworkIntroduction]:
    """Return what both sides of each comparison signed: each network came by an earlier one."""
    chance = random.Random(len(keys))  # noqa: S311 - the same networks each time
    pairs = [(keys[n], keys[chance.randrange(n)]) for n in range(1, len(keys))]
    return [
        NetworkIntroduction(
            link=LINK,
            introducer=by.signer.public,
            bot=of.bot,
            key=of.signer.public,
            master=of.signer.public,
            until=until,
        ).sign(by.signer)
        for pair in pairs
        for by, of in (pair, pair[::-1])
    ]


async def measured(folder: Path, size: int) -> Cost:
    """Measure one newcomer that makes the link one of `size` networks."""
    bots = [UserId(f"@minga:red-{n}.example.org") for n in range(size - 1)]
    keys = [
        Key(bot, Signer.from_seed(bot, n.to_bytes(32, "big"), lambda named: named))
        for n, bot in enumerate(bots)
    ]
    talk = await newcomer(folder, keys)
    every = introductions(keys, int((talk.clock.at + timedelta(days=300)).timestamp()))
    said = [
        keys[0].says("introduce", "b" * 32, IntroductionList(introductions=tuple(some)))
        for some in (
            every[start : start + MOST_IN_MESSAGE]
            for start in range(0, len(every), MOST_IN_MESSAGE)
        )
    ]
    began = time.process_time()
    for one in said:
        await bot_hears(talk, keys[0].bot, one)
    await talk.wait(timedelta(seconds=10))
    heard = time.process_time() - began
    await talk.sent()
    began = time.process_time()
    await talk.says("ana", f"!network accept {await link_number(talk)}")
    await talk.says("ana", "yes")
    accepted = time.process_time() - began
    async with talk.machine.db.reading() as tx:
        linked = len(await store.linked_peers(tx))
        table = await tx.count(
            "SELECT sum(length(content) + length(introducer) + length(bot) + length(key)"
            " + length(master) + length(carrier) + 16) AS n FROM link_introductions_word"
        )
    assert linked == size - 1, f"{linked} of {size - 1} are linked"
    began = time.process_time()
    await talk.says("ana", "!network")
    listed = time.process_time() - began
    await talk.close()
    return Cost(
        len(said), sum(len(str(one.content())) for one in said), heard, accepted, listed, table
    )


async def link_number(talk: Talk) -> Number:
    """Return the number of the only link."""
    async with talk.machine.db.reading() as tx:
        return (await store.all_links(tx))[0].item


async def main() -> None:
    """Measure, tell, and fail above the goal."""
    spent = 0.0
    with TemporaryDirectory() as folder:
        for size in SIZES:
            one = await measured(Path(folder), size)
            spent = one.heard + one.accepted + one.listed
            click.echo(
                f"{size} networks: {size - 1} calls, not {size * (size - 1) // 2}; a newcomer hears"
                f" {one.messages} messages ({one.sent // 1000} kB) in {one.heard:.2f} s, accepts"
                f" all in {one.accepted:.2f} s, lists in {one.listed:.2f} s; table"
                f" {one.table // 1000} kB"
            )
    sys.exit(spent > GOAL_SECONDS)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(main())
