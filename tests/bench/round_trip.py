"""How long a command takes, there and back, against the fastest bot there is: a plain nio echo.

Both on one Synapse, each in an encrypted room with the same member, asked in turns.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import nio  # noqa: TID251 - the plain bot is nothing else

from bot.demo.synapse import Homeserver
from tests.real.botprocess import BotProcess
from tests.real.plain import Member
from tests.real.servers import Person

ROUNDS, WARM_UP = 100, 10
GOAL = 1.15
COMMAND = "!pendientes"
ROOT = Path(__file__).parents[2]


async def echo(url: str, user: str, password: str, store: str) -> None:
    """The plain bot: joins where it is invited and says again what it hears."""
    config = nio.AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True)
    client = nio.AsyncClient(url, user, store_path=store, config=config)

    async def join(room: nio.MatrixRoom, event: nio.InviteMemberEvent) -> None:
        if event.state_key == client.user_id and event.membership == "invite":
            await client.join(room.room_id)

    async def say_again(room: nio.MatrixRoom, event: nio.RoomMessageText) -> None:
        if event.sender != client.user_id:
            content = {"msgtype": "m.text", "body": event.body}
            await client.room_send(
                room.room_id, "m.room.message", content, ignore_unverified_devices=True
            )

    client.add_event_callback(join, nio.InviteMemberEvent)
    client.add_event_callback(say_again, nio.RoomMessageText)
    await client.login(password)
    await client.sync_forever(timeout=30_000, full_state=True)


@asynccontextmanager
async def plain_bot(folder: Path, person: Person) -> AsyncIterator[None]:
    """The echo bot, in a process of its own as Minga is in one."""
    folder.mkdir()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.bench.round_trip", *person.door, str(folder)),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def ask(member: Member, room: str, text: str) -> float:
    """Seconds from the wish to say it until the answer was read."""
    began = time.perf_counter()
    await member.send(room, text)
    await member.hears(lambda event: event.type == "m.room.message" and bool(event.text), room=room)
    return time.perf_counter() - began


async def measure(server: Homeserver, folder: Path) -> dict[str, list[float]]:
    """The round trips of both, taken in turns."""

    def person(name: str) -> Person:
        return Person(server.register(name, "a long password"), name, "a long password", server)

    ours, theirs, ana = person("minga"), person("echo"), person("ana")
    async with Member() as member, plain_bot(folder / "echo", theirs):
        await member.login(*ana.door)
        async with BotProcess(folder / "minga", ours, moderators=[ana.id]):
            rooms = {"minga": await member.create_room([ours.id])}
            rooms["nio"] = await member.create_room([theirs.id])
            await member.joined(rooms["minga"], ours.id)
            await member.joined(rooms["nio"], theirs.id)
            await member.hears("!ayuda", room=rooms["minga"])
            took: dict[str, list[float]] = {name: [] for name in rooms}
            for _ in range(WARM_UP + ROUNDS):
                for name, room in rooms.items():
                    took[name].append(await ask(member, room, COMMAND))
    return {name: times[WARM_UP:] for name, times in took.items()}


def main() -> None:
    """Measure, tell, and fail above the goal."""
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # the member's
    with TemporaryDirectory() as place, Homeserver(Path(place) / "synapse") as server:
        took = asyncio.run(measure(server, Path(place)))
    for name, times in took.items():
        middle, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        click.echo(f"{name:>6}: median {middle * 1000:.1f} ms, p95 {slow * 1000:.1f} ms")
    ratio = statistics.median(took["minga"]) / statistics.median(took["nio"])
    click.echo(f" ratio: {ratio:.2f} (goal: at most {GOAL}), {ROUNDS} rounds each")
    sys.exit(ratio > GOAL)


if __name__ == "__main__":
    if len(sys.argv) == 5:
        asyncio.run(echo(*sys.argv[1:]))
    else:
        main()
