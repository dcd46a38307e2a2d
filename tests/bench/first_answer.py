"""How long the first answer takes in a room of many signed devices, beside a plain nio echo.

Measured from when the homeserver took a member's command until they read the answer: right after
the bot came in, then usually, each time after somebody left, and after restarts.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import click

from bot.demo.synapse import Homeserver
from tests.bench.crowds import Crowds, Dweller
from tests.bench.round_trip import COMMAND, plain_bot
from tests.real.botprocess import BotProcess
from tests.real.heard import Heard
from tests.real.plain import Member
from tests.real.servers import LEAN, Person, in_memory

DEVICES = 300
ROUNDS = 15
TIMES = 5
"""How often somebody leaves, and how often the bot is restarted: the medians count."""
PAUSE = 3.0
"""Seconds in which a bot may do what it likes ahead of need."""
COLD, KNOWN = 0.5, 1.2
"""Goals: of nio's time at first, and of our usual time where the room was known."""


def answers(bot: str, event: str, heard: Heard) -> bool:
    """Return whether this is the bot's answer: a reply, or, as the echo does it, the same words."""
    said = heard.type == "m.room.message" and heard.sender == bot and heard.failure is None
    return said and (heard.reply_to == event or heard.text == COMMAND)


async def ask(member: Member, room: str, bot: str) -> float:
    """Return the milliseconds from when the homeserver took it until the answer was read.

    What the member's own device gives away first is not the bot's time.
    """
    member.ear.forget()
    event = await member.send(room, COMMAND)
    began = time.perf_counter()
    await member.hears(partial(answers, bot, event), 120, room=room)
    return (time.perf_counter() - began) * 1000


async def full_room(crowds: Crowds, ana: Member, people: list[Dweller]) -> str:
    """Return a room of Ana's with these people, whose devices her own device knows."""
    room = await ana.create_room()
    await ana.client.room_put_state(room, "m.room.join_rules", {"join_rule": "public"})
    await crowds.enter(people, room)
    for person in people:
        await ana.joined(room, person.user)
    await ana.send(room, "hola")
    return room


async def measure(server: Homeserver, folder: Path, devices: int) -> dict[str, dict[str, float]]:
    """Return the times of both bots, in ms."""

    def account(name: str) -> Person:
        return Person(server.register(name, "a long password"), name, "a long password", server)

    ours, theirs, ana = account("minga"), account("echo"), account("ana")
    took: dict[str, dict[str, float]] = {"minga": {}, "nio": {}}
    async with Crowds(server) as crowds, Member() as member, plain_bot(folder / "echo", theirs):
        people = await crowds.make("p", devices - 1)
        await member.login(*ana.door)
        async with BotProcess(folder / "minga", ours, moderators=[ana.id]) as process:
            small = await member.create_room([ours.id])
            await member.joined(small, ours.id)
            for name, bot in (("nio", theirs.id), ("minga", ours.id)):
                room = await full_room(crowds, member, people)
                once = partial(ask, member, room, bot)
                await member.invite(room, bot)
                await member.joined(room, bot)
                times = took[name]
                times["first"] = await once()
                times["usual"] = statistics.median([await once() for _ in range(ROUNDS)])
                if name == "nio":
                    await leave(crowds, room, people[0])
                    times["somebody left"] = await once()
                    continue
                times |= await known(crowds, process, member, room, small, people)
    return took


async def known(
    crowds: Crowds,
    process: BotProcess,
    member: Member,
    room: str,
    small: str,
    people: list[Dweller],
) -> dict[str, float]:
    """Return our times after somebody left and after a restart, and the usual ones in between.

    What the member's device and the process itself need once (a key of hers, a first command in
    `small`) is given before.
    """
    left, again, usual = [], [], []
    once = partial(ask, member, room, process.user)
    for gone in people[:TIMES]:
        await leave(crowds, room, gone)
        await member.send(room, "hola")
        await asyncio.sleep(PAUSE)
        left.append(await once())
        await asyncio.sleep(PAUSE)
        usual.append(await once())
    for _ in range(TIMES):
        await process.restart()
        await ask(member, small, process.user)
        await asyncio.sleep(PAUSE)
        again.append(await once())
        await asyncio.sleep(PAUSE)
        usual.append(await once())
    found = {"somebody left": left, "restarted": again, "usual beside them": usual}
    return {when: statistics.median(times) for when, times in found.items()}


async def leave(crowds: Crowds, room: str, who: Dweller) -> None:
    """Let somebody leave the room."""
    await crowds.call("POST", f"/_matrix/client/v3/rooms/{quote(room)}/leave", {}, who.token)


def shares(took: dict[str, dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Return each share that has a goal, with its goal."""
    ours, known = took["minga"], ("somebody left", "restarted")
    found = {"first, of nio's": (ours["first"] / took["nio"]["first"], COLD)}
    return found | {
        f"{when}, of the usual": (ours[when] / ours["usual beside them"], KNOWN) for when in known
    }


def main(tell: Callable[[str], None] = click.echo) -> None:
    """Measure, tell, and fail above a goal."""
    devices = int(sys.argv[1]) if len(sys.argv) > 1 else DEVICES
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # the member's
    with (
        TemporaryDirectory() as place,
        in_memory(Path(place)) as memory,
        Homeserver(memory / "synapse", settings=LEAN) as server,
    ):
        took = asyncio.run(measure(server, memory, devices))
    for name, times in took.items():
        tell(f"{name:>6}: " + ", ".join(f"{when} {ms:.0f} ms" for when, ms in times.items()))
    found = shares(took)
    for what, (share, goal) in found.items():
        tell(f"{devices} devices, {what}: {share:.2f} (goal: at most {goal})")
    sys.exit(any(share > goal for share, goal in found.values()))


if __name__ == "__main__":
    main()
