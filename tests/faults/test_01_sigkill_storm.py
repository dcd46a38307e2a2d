"""Ten people send numbered commands without a pause while the bot is killed again and again."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.figures import Figure, at_share
from tests.faults.scene import PATIENT, TASK, Scene, is_sound, scene
from tests.real.fixtures import EnterPlain
from tests.real.plain import Member
from tests.real.servers import Pair

PEOPLE, KILLS, EACH_TIME = 10, 300, 10
POLLS = EVENTS = 5
IN_STARTING = 0.2
"""So many of the kills hit a bot that is still starting."""
NUMBER = re.compile(r"^Recordatorio (\d+): .*tarea (\d+)", re.DOTALL)
PLACE = re.compile(r"lugar: Casa (\d+)$", re.MULTILINE)


@dataclass
class Storm:
    """A series of kills: what was sent meanwhile, and how long each restart took."""

    scene: Scene
    chance: random.Random
    said: dict[str, str] = field(default_factory=dict)  # the event: the line
    last: dict[tuple[int, Member], str] = field(default_factory=dict)  # a poll's last vote
    ready: list[float] = field(default_factory=list)
    kills: int = 0
    sound: int = 0

    def line(self, number: int, member: Member) -> str:
        """Return a line to send: a reminder, a vote, an answer to an event, or a change of one."""
        kind = number % EACH_TIME
        if kind < 5:
            return TASK.format(number)
        if kind < 7:
            poll = self.chance.randrange(POLLS) + 1
            self.last[poll, member] = self.chance.choice("12")
            return f"!votar {poll} {self.last[poll, member]}"
        event = POLLS + 1 + self.chance.randrange(EVENTS)
        if kind < 9 or member is not self.scene.ana:
            return f"!{self.chance.choice(('voy', 'no voy', 'quizás'))} {event}"
        return f"!cambiar {event} lugar: Casa {number}"

    async def burst(self, first: int) -> None:
        """Let everybody send one line, at some moment of a second."""

        async def says(number: int, member: Member) -> None:
            await asyncio.sleep(self.chance.uniform(0, 1))
            line = self.line(number, member)
            self.said[await member.send(self.scene.room, line)] = line

        people = self.scene.members[:]
        turn = first // EACH_TIME
        people = people[turn % PEOPLE :] + people[: turn % PEOPLE]
        await asyncio.gather(*(says(first + n, one) for n, one in enumerate(people)))

    async def kill(self) -> None:
        """Kill the bot, check what it left on disk, and start it at once."""
        await self.scene.bot.kill()
        self.kills += 1
        self.sound += await asyncio.to_thread(is_sound, self.scene.bot)
        await self.scene.bot.start()

    async def cycle(self, first: int) -> None:
        talk = asyncio.create_task(self.burst(first))
        await asyncio.sleep(self.chance.uniform(0, 1.2))
        await self.kill()
        began = time.monotonic()
        if self.chance.random() < IN_STARTING:
            await asyncio.sleep(self.chance.uniform(0, 0.8))
            await self.kill()
            began = time.monotonic()
        await self.scene.bot.ready()
        self.ready.append(time.monotonic() - began)
        await talk


@pytest.mark.full  # tests/real/test_once.py shows it in make test
async def test_each_command_has_one_effect(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark(
        "3,000 of 3,000 effects exactly once; 0 duplicate replies; both databases whole after 300"
        " of 300 kills; ready ≤ 5 s (p95)"
    )
    async with scene(pair, plain, tmp_path, PEOPLE) as room:
        storm = Storm(room, random.Random(7))  # noqa: S311
        await prepare(room)
        for member in room.members[1:]:  # one who listens is enough
            await member.pause()
        commands = 0
        while storm.kills < KILLS or commands < KILLS * EACH_TIME:
            await storm.cycle(commands)
            commands += EACH_TIME
        asked = {event for event, line in storm.said.items() if "cambiar" not in line}
        await room.answered(asked, PATIENT)
        once, twice = await count(storm)
        votes = await tallies_hold(storm)
    p95 = at_share(storm.ready, 0.95)
    figure.result(
        f"{once} of {commands} once, {twice} answered twice, {votes} of {POLLS} tallies right,"
        f" {storm.sound} of {storm.kills} times whole, ready in {p95:.1f} s (p95)",
        passed=once == commands
        and not twice
        and votes == POLLS
        and storm.sound == storm.kills
        and p95 <= 5,
        commands=commands,
        kills=storm.kills,
        once=once,
        twice=twice,
        p95=p95,
    )


async def prepare(room: Scene) -> None:
    """Let Ana make the polls and events that the lines are about."""
    for number in range(POLLS):
        await room.asks_for(f"!encuesta ¿Dónde {number}? Norte, Sur", f"Encuesta {number + 1}:")
    for number in range(EVENTS):
        line = f"!evento Taller{number} en {number + 3} días 19h lugar: Casa"
        await room.asks_for(line, f"Evento {POLLS + number + 1}:")


async def count(storm: Storm) -> tuple[int, int]:
    """Return how many commands had one effect, and how many were answered twice."""
    room = storm.scene
    heard = [one for one in await room.ana.timeline(room.room) if one.sender == room.bot.user]
    replies = Counter(one.reply_to for one in heard if one.reply_to)
    texts = [one.text for one in heard if not one.text.startswith("* ")]
    numbers = Counter(found[1] for text in texts if (found := NUMBER.search(text)))
    tasks = Counter(found[2] for text in texts if (found := NUMBER.search(text)))
    places = Counter(found[1] for text in texts if (found := PLACE.search(text)))
    assert set(numbers.values()) <= {1}, "two reminders have one number"
    done = {}
    for event, line in storm.said.items():
        what = line.rpartition(" ")[2]
        if "cambiar" in line:
            done[event] = places[what]
        elif "tarea" in line:
            done[event] = tasks[what] if replies[event] == 1 else replies[event]
        else:
            done[event] = replies[event]
    return sum(many == 1 for many in done.values()), sum(many > 1 for many in done.values())


async def tallies_hold(storm: Storm) -> int:
    """Return in how many polls exactly the last vote of each person counts."""
    right = 0
    for poll in range(1, POLLS + 1):
        said = await storm.scene.asks(f"!resultados {poll}")
        votes = Counter(vote for (of, _), vote in storm.last.items() if of == poll)
        right += f"Norte: {votes['1']}\nSur: {votes['2']}\n" in said
    return right
