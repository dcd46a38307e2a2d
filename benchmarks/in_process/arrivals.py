"""What a start costs where others came into all rooms while the bot was off, as other bots do.

`python -m benchmarks.in_process.arrivals` prints the seconds from the start until all of it is
handled, the processor time in them (a homeserver in the same process included) and the commits.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import click
import structlog

from bot.capability.room_policy import Defaults
from bot.clock import SystemClock
from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.run.app import features
from bot.run.machine import Machine, assemble, migrate_database
from bot.run.stages.limits import Limits
from bot.testing.fake_machine import KEY, SIGNER
from bot.types import UserId
from storage.connection import Connection
from storage.database import Database
from tests.matrix.fakes import FakeMachine
from tests.matrix.homeserver import ANA, TOKEN, Homeserver

ROOMS, PEOPLE = 360, 5
"""Rooms, and people in each besides the bot and who made it."""
COMERS = 2
"""How many are invited into each room and enter it while the bot is off."""
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What one start cost: seconds, seconds of processor, and commits."""

    took: float
    cpu: float
    commits: int


class Network:
    """A bot with its database in rooms of a homeserver that others enter."""

    def __init__(self, path: Path, home: Homeserver) -> None:
        self._path = path
        self._home = home
        self._rooms = [f"!r{n:03}:one.example" for n in range(ROOMS)]
        self._comers = 0

    async def fill(self) -> None:
        """Make the rooms, and let the bot greet in them."""
        for n, room in enumerate(self._rooms):
            self._home.make_room(room)
            for one in range(PEOPLE):
                self._home.member(f"@p{n * PEOPLE + one}:one.example", "join", room=room)
        db = await Database.open(self._path, KEY)
        await migrate_database(db, features())
        async with db.transaction() as tx:
            invited = [(room, ANA) for room in self._rooms]
            await tx.many("INSERT INTO invitation VALUES (?, ?, 0)", invited)
        await db.close()
        await self.start()

    def let_others_in(self) -> None:
        """Invite some into each room, which they enter."""
        for _one in range(COMERS):
            self._comers += 1
            comer = f"@comer{self._comers}:one.example"
            for room in self._rooms:
                self._home.member(comer, "invite", room=room)
            for room in self._rooms:
                self._home.member(comer, "join", "invite", room=room)

    async def start(self) -> Cost:
        """Start the bot, wait until it has handled what the homeserver told, and end it."""
        db = await Database.open(self._path, KEY)
        counted, commit = 0, Connection.commit

        async def count(connection: Connection) -> None:
            nonlocal counted
            counted += 1
            await commit(connection)

        began, cpu = time.perf_counter(), time.process_time()
        Connection.commit = count  # type: ignore[method-assign, assignment]
        try:
            async with running(db, self._home.url) as machine:
                await machine.dispatcher.contact.caught_up.wait()
                cost = Cost(time.perf_counter() - began, time.process_time() - cpu, counted)
                await machine.dispatcher.wait_until_answered()
        finally:
            Connection.commit = commit  # type: ignore[method-assign]
        await db.close()
        return cost


@asynccontextmanager
async def running(db: Database, url: str) -> AsyncIterator[Machine]:
    """Run the bot without its encryption."""
    http = Http(url, TOKEN)
    gateway = MatrixGateway(http, db, cast(CryptoMachine, FakeMachine()))
    defaults = Defaults(moderators=frozenset({UserId(ANA)}))
    clock = SystemClock()
    machine = assemble(db, gateway, clock, features(), defaults, Limits(60), SIGNER)
    runs = gateway.run(machine.dispatcher), machine.outbox.run()
    tasks = [asyncio.create_task(one) for one in runs]
    try:
        yield machine
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await http.close()


async def measure(folder: Path) -> list[Cost]:
    """Return what each start cost, with so many more people in the rooms each time."""
    home = Homeserver(msc4222=True)
    await home.start()
    network = Network(folder / "minga.db", home)
    await network.fill()
    found = []
    for _round in range(ROUNDS):
        network.let_others_in()
        found.append(await network.start())
    await home.stop()
    return found


def main() -> None:
    """Measure and tell. Where others use the machine, the fastest of the starts tells most."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory(dir=sys.argv[1] if sys.argv[1:] else None) as folder:
        found = asyncio.run(measure(Path(folder)))
    click.echo(f"{COMERS} came into each of {ROOMS} rooms while the bot was off ({ROUNDS} starts):")
    took = min(one.took for one in found)
    cpu = min(one.cpu for one in found)
    commits = statistics.median(one.commits for one in found)
    click.echo(f"{took:.2f} s, {cpu:.2f} s of processor, {commits:.0f} commits")


if __name__ == "__main__":
    main()
