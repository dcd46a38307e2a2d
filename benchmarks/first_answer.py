"""Point 4: the first answer in a room with many signed devices, and after a restart.

Before its first answer a bot must claim a key of each device and give it the room's session. The
one who asks gives her own keys to the bot alone, so that only the bot's work is measured. Each
round has new people and a new room; ours is started again in it more than once, for a goal judges
its answer after a restart, and one answer alone is noise.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from benchmarks.bots import Bot, Minga
from benchmarks.crowd import Crowd
from benchmarks.figures import Figure, Goal
from benchmarks.processes import read_usage
from benchmarks.round_trip import COMMAND
from benchmarks.scene import Scene
from benchmarks.senders import ROOMS, Sender, enter

POINT = 4
DEVICES_EACH = 4
USUAL = 2
"""How many answers before the restarts belong to the usual time, which has one after each restart
too; each after a pause like the one after the restart: a homeserver that rested takes longer than
one that was just asked. Some come before: the homeserver too takes longer for the second message of
a room than for later ones."""
IDLE_SHARE, IDLE_SECONDS, IDLE_WITHIN = 0.05, 2.0, 900.0
IDLE_LOOK = 0.1
WITHIN, WITHIN_EACH = 120.0, 0.6
"""Seconds that an answer may take, and for each device if that is more: for 1,000 of them maubot
took 10 s on a machine of its own, and 66 to 119 s where others kept the processors busy."""
SYNC = "/_matrix/client/v3/sync"


@dataclass(frozen=True, slots=True)
class Size:
    """How many rounds rooms of one size have, and how often ours is started again in each. The
    others are once: no goal judges what they do then."""

    rounds: int
    restarts: int = 1


@dataclass(slots=True)
class Answered:
    """Seconds to the first answer in a new room, to those after restarts, and to usual ones, by
    their medians; None where the bot fell silent before, and why it counts as silent."""

    new: float | None = None
    known: float | None = None
    usual: float | None = None
    silent: str = ""


async def measure(scene: Scene, crowd: Crowd, sizes: Mapping[int, Size]) -> list[Figure]:
    """Measure rooms of so many devices, in each round with new people."""
    figures: list[Figure] = []
    async with AsyncExitStack() as stack:
        (asker,) = await enter(stack, [scene.person("asker")])
        for devices, size in sizes.items():
            found: dict[str, list[Answered]] = {bot: [] for bot in scene.bots}
            for turn in range(size.rounds):
                people = await crowd.grow(devices // DEVICES_EACH, DEVICES_EACH)
                for bot in scene.bots:
                    found[bot].append(Answered())
                    one = found[bot][-1]
                    await _ask_in_new_room(scene, crowd, people, asker, bot, one, size.restarts)
                answered = [bot for bot in scene.bots if found[bot][turn].new is not None]
                for person in people[:: max(len(people) // 5, 1)]:
                    got = await crowd.take_messages(person)
                    assert min(got) >= len(answered), "a device was given no keys"
            figures += _figures(devices, found)
    return figures


async def _ask_in_new_room(
    scene: Scene,
    crowd: Crowd,
    people: list[str],
    asker: Sender,
    name: str,
    found: Answered,
    restarts: int,
) -> None:
    """Note in `found` how long the answers take. A bot that falls silent is started again, so that
    it is at rest while the next ones are asked."""
    try:
        await _measure_room(scene, crowd, people, asker, scene.bots[name], found, restarts)
    except TimeoutError as silent:
        found.silent = str(silent)
        await scene.bots[name].kill()
        await scene.bots[name].start()
        await until_idle(scene.bots[name].pid)


async def _measure_room(
    scene: Scene,
    crowd: Crowd,
    people: list[str],
    asker: Sender,
    bot: Bot,
    found: Answered,
    restarts: int,
) -> None:
    room = await open_room(scene.watcher)
    await asker.call("POST", f"/_matrix/client/v3/join/{quote(room)}", {})
    await asker.member.look()
    await crowd.join(room, people)
    listener = Listener(scene.watcher, room, bot.user)
    await listener.begin()
    await scene.watcher.call("POST", f"{ROOMS}/{quote(room)}/invite", {"user_id": bot.user})
    await listener.until_joined()
    await asker.share_with(room, [bot.user])
    found.new = await listener.ask(asker, max(WITHIN, len(people) * DEVICES_EACH * WITHIN_EACH))
    await ask_around_restarts(listener, asker, bot, found, restarts)


async def ask_around_restarts(
    listener: Listener, asker: Sender, bot: Bot, found: Answered, restarts: int
) -> None:
    """Note how long answers take at rest, and the first ones after restarts: all of them, or the
    round has none."""
    usual = [await _ask_at_rest(listener, asker, bot) for _ in range(USUAL)]
    found.usual = statistics.median(usual)
    known = []
    for _ in range(restarts if isinstance(bot, Minga) else 1):
        await bot.kill()
        await bot.start()
        known.append(await _ask_at_rest(listener, asker, bot))
        usual.append(await _ask_at_rest(listener, asker, bot))
    found.known, found.usual = statistics.median(known), statistics.median(usual)


async def _ask_at_rest(listener: Listener, asker: Sender, bot: Bot) -> float:
    await until_idle(bot.pid)
    return await listener.ask(asker)


async def open_room(owner: Sender) -> str:
    """Make an encrypted room that anybody may join."""
    encryption = {"algorithm": "m.megolm.v1.aes-sha2"}
    state = {"type": "m.room.encryption", "state_key": "", "content": encryption}
    body = {"preset": "public_chat", "initial_state": [state]}
    return str((await owner.call("POST", "/_matrix/client/v3/createRoom", body))["room_id"])


async def until_idle(pid: int, seconds: float = IDLE_SECONDS) -> None:
    """Wait until the process has done nothing for so long: it has started, and prepared."""
    async with asyncio.timeout(IDLE_WITHIN):
        used, rested = read_usage(pid).cpu, 0
        while rested * IDLE_LOOK < seconds:
            await asyncio.sleep(IDLE_LOOK)  # the kernel tells nobody
            rested += 1
            if (now := read_usage(pid).cpu) - used > IDLE_SHARE:
                used, rested = now, 0


class Listener:
    """Waits for a bot in one room, by a sync that brings nothing else."""

    def __init__(self, watcher: Sender, room: str, bot: str) -> None:
        self._watcher = watcher
        self._room = room
        self._bot = bot
        nothing: Mapping[str, Any] = {"types": []}
        self._filter = json.dumps(
            {
                "presence": nothing,
                "account_data": nothing,
                "room": {
                    "rooms": [room],
                    "timeline": {"senders": [bot], "limit": 50},
                    "state": nothing,
                    "ephemeral": nothing,
                    "account_data": nothing,
                },
            }
        )
        self._since = ""

    async def begin(self) -> None:
        """Listen from now on.

        It goes on from where it was: Synapse keeps its answer to a sync from the beginning for two
        minutes, and all that came since would be read again, while the bot is to be answered.
        """
        await self._events(0)

    async def until_joined(self, within: float = WITHIN) -> None:
        """Wait until the bot is in the room. Raises `TimeoutError`, which says who is not."""
        try:
            async with asyncio.timeout(within):
                while not any(_is_join(event) for event in await self._events(30)):
                    pass
        except TimeoutError as error:
            raise TimeoutError(f"{self._bot} did not come in within {within:.0f} s") from error

    async def ask(self, asker: Sender, within: float = WITHIN) -> float:
        """Say the command. Return the seconds until its answer is there; raises `TimeoutError`."""
        prepared = await asker.prepare(self._room, COMMAND)
        await self.begin()
        began = time.monotonic()
        event = await asker.send(prepared)
        await self.until_answered(event, within)
        return time.monotonic() - began

    async def until_answered(self, command: str, within: float = WITHIN) -> None:
        """Wait for the reply to a command. Raises `TimeoutError`, which says who gave none."""
        try:
            async with asyncio.timeout(within):
                while command not in map(_reply_to, await self._events(30)):
                    pass
        except TimeoutError as error:
            raise TimeoutError(f"{self._bot} did not answer in {within:.0f} s") from error

    async def _events(self, seconds: int) -> list[dict[str, Any]]:
        query = {"filter": self._filter, "timeout": str(seconds * 1000)}
        if self._since:
            query["since"] = self._since
        said = await self._watcher.call("GET", SYNC, **query)
        self._since = said["next_batch"]
        room = said.get("rooms", {}).get("join", {}).get(self._room, {})
        events: list[dict[str, Any]] = room.get("timeline", {}).get("events", [])
        return events


def _is_join(event: Mapping[str, Any]) -> bool:
    joined: bool = event["content"].get("membership") == "join"
    return event["type"] == "m.room.member" and joined


def _reply_to(event: Mapping[str, Any]) -> str | None:
    relation = event["content"].get("m.relates_to", {})
    target: str | None = relation.get("m.in_reply_to", {}).get("event_id")
    return target


def _figures(devices: int, found: Mapping[str, list[Answered]]) -> list[Figure]:
    def of(
        name: str, unit: str, value: Callable[[Answered], float | None], goal: Goal | None = None
    ) -> Figure:
        rounds = {bot: [value(one) for one in ones] for bot, ones in found.items()}
        silent = [
            f"{devices} devices, round {turn}: {one.silent}."
            for ones in found.values()
            for turn, one in enumerate(ones, 1)
            if value(one) is None
        ]
        return Figure(POINT, f"{devices} devices: {name}", unit, rounds, goal, silent)

    goal = Goal(0.5, "nio") if devices == 300 else None
    return [
        of("first answer in a new room", "s", attrgetter("new"), goal),
        of("first answer after a restart", "s", attrgetter("known")),
        of("usual answer", "s", attrgetter("usual")),
        of("after a restart ÷ usual", "", _again, Goal(1.2)),
    ]


def _again(one: Answered) -> float | None:
    return one.known / one.usual if one.known is not None and one.usual is not None else None
