"""What it costs to give a newcomer the keys of a room with 1,000 sessions; under half a second.

Run by `python -m tests.bench.history`. Without the network, and without encrypting the file, which
takes 1 ms: build the bundle and address it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import vodozemac

from bot.matrix.crypto.outbound_sessions import _key_content
from bot.types import EventId
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, know, person

SESSIONS = (100, 1_000, 2_000)
GOAL, AT = 0.5, 1_000
FILE = {"url": "mxc://one.example/bundle", "v": "v2"}


def hear(bot: Person, ana: Person, count: int) -> None:
    """The bot has so many sessions of Ana's, with the mark, and has read something of each."""
    store, keys = bot.machine._store, (ana.machine.curve25519, ana.machine.ed25519)
    with store.atomic():
        for n in range(count):
            session = vodozemac.GroupSession()
            bot.machine._olm.add_megolm_session(
                ana.user, *keys, _key_content(ROOM, session, shared=True)
            )
            store.megolm.is_first_use(session.session_id, ana.user, 0, EventId(f"$e{n}"), 1)


async def measure(folder: Path, count: int) -> float:
    """Give Eva the keys. Return how many seconds it took."""
    server = KeyServer()
    bot, ana, eva = [await person(server, folder, f"{n}{count}") for n in ("bot", "ana", "eva")]
    await know(bot, ana)
    hear(bot, ana, count)
    began = time.perf_counter()
    bundle = await bot.machine.history.build(ROOM)
    assert bundle is not None
    assert await bot.machine.history.has_readers(bot.http, eva.user)
    await bot.machine.history.give(bot.http, ROOM, eva.user, FILE, bot.machine.device_keys())
    took = time.perf_counter() - began
    click.echo(f"{count:6} sessions: {took * 1000:6.0f} ms, {len(bundle.data) / 1000:6.0f} kB")
    return took


async def main() -> int:
    with TemporaryDirectory() as folder:
        took = {count: await measure(Path(folder), count) for count in SESSIONS}
    return 0 if took[AT] < GOAL else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
