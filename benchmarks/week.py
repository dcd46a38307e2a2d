"""A week of a network in fast time, with restarts, an outage and a full disk.

The whole machine runs on the fake gateway and a turned clock. In each room people set reminders,
polls, events, tasks and check-ins, each with a mark of its own. What the bot says about each is
counted: lost is what it never said, doubled what it said again.
"""

from __future__ import annotations

import gc
import os
import random
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.run.app import features
from bot.testing.talk import Talk
from bot.types import InboundEvent, RoomId
from storage.files.disk import database_failed

STEP = timedelta(minutes=10)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
OUTAGE = (2 * DAY + 15 * HOUR, 6 * HOUR)
"""When the homeserver goes, from the beginning, and for how long."""
FULL_DISK = (4 * DAY + 9 * HOUR, 4 * HOUR)
RESTARTS = 10
PAGE_OF_MEMORY = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Expected:
    """Something that the bot has to say: when, at most how often, and when it did."""

    words: str
    due: timedelta
    most: int
    said: list[timedelta] = field(default_factory=list)


@dataclass(slots=True)
class Day:
    """What a day ended with: MiB of memory of the whole process, MiB of the database, its rows."""

    memory: float
    disk: float
    jobs: int
    waiting: int


class Week:
    """A network that lives for a week."""

    def __init__(self, talk: WeekTalk, seed: int) -> None:
        self.talk = talk
        self.chance = random.Random(seed)  # noqa: S311
        self.began = talk.clock.at
        self.expected: dict[str, Expected] = {}
        self.days: list[Day] = []
        self.lines = self.refused = self.votes_taken = 0
        self._by_room: dict[str, list[Expected]] = {}
        self._limit = 0

    @property
    def passed(self) -> timedelta:
        """How much of the week is over."""
        return self.talk.clock.at - self.began

    async def live(self, rooms: int) -> None:
        """Let the week pass."""
        plan = self._plan(rooms)
        restarts = {self.chance.randrange(1, WEEK // STEP) for _ in range(RESTARTS)}
        for step in range(WEEK // STEP):
            await self._weather()
            if step in restarts:
                await self.talk.restart()
                await self._limit_disk()
            for who, line, room in plan.pop(step, ()):
                await self._says(who, line, room)
            await self._pass_time()
            if (step + 1) % (DAY // STEP) == 0:
                await self._end_day()
        for _ in range(2):  # what waited for the last hour
            await self._pass_time()

    def _plan(self, rooms: int) -> dict[int, list[tuple[str, str, RoomId | None]]]:
        """Return who writes what in which step."""
        plan: dict[int, list[tuple[str, str, RoomId | None]]] = {}
        for n in range(rooms):
            room = RoomId(f"!r{n}:test")
            early = [self.chance.randrange(1, 4 * 144) for _ in range(6)]
            hours = [self.chance.randrange(3, 60) for _ in range(6)]
            hours[5] = hours[5] % 20 + 1
            hours[4] = hours[4] % 20 + 1  # who has more than a day for a task hears of it twice
            lines: tuple[tuple[int, str, str, RoomId | None], ...] = (
                (0, f"p{n}", f"!recordar en {hours[0]} horas; marca {n}a", room),
                (1, f"q{n}", f"!recordar en {hours[1]} horas; marca {n}b", room),
                (2, f"p{n}", f"!encuesta ¿Plan {n}? Sí, No hasta en {hours[2]} horas", room),
                (3, f"p{n}", f"!evento Taller {n} en {hours[3] + 30} horas", room),
                (4, f"p{n}", f"!tarea Trabajo {n} @q{n} en {hours[4]} horas", room),
                (5, f"p{n}", f"regreso en {hours[5]} horas @q{n}:test", None),
            )
            for at, who, line, where in lines:
                plan.setdefault(early[at], []).append((who, line, where))
            self._expect(n, early, hours)
        return plan

    def _expect(self, n: int, early: list[int], hours: list[int]) -> None:
        due = [STEP * early[i] + HOUR * hours[i] for i in range(6)]
        start = due[3] + 30 * HOUR
        for mark, words, at in (
            ("reminder a", rf"(Recordatorio para )?P{n}\b.*“marca {n}a”", due[0]),
            ("reminder b", rf"(Recordatorio para )?Q{n}\b.*“marca {n}b”", due[1]),
            ("result", rf"Encuesta \d+, “¿Plan {n}[?]”: ", due[2]),
            ("event", rf"“Taller {n}” \(\d+\) empieza en", start - DAY),
            ("task", rf"Tarea \d+, “Trabajo {n}”. Para cuándo", due[4]),
            ("alarm", rf"P{n} \(@p{n}:test\) iba a regresar", due[5]),
        ):
            # A day and an hour before, or as the night allows; an alarm is said again thrice.
            most = {"event": 2, "alarm": 4}.get(mark, 1)
            one = self.expected[f"{mark} {n}"] = Expected(words, at, most)
            self._by_room.setdefault(str(n), []).append(one)

    async def _says(self, who: str, line: str, room: RoomId | None) -> None:
        """Somebody writes. What the bot or its homeserver can't take now comes again later."""
        self.lines += 1
        talk = self.talk
        await talk.says(who, line, room=room or await talk.private(who))

    # --- the weather ---

    def _is(self, when: tuple[timedelta, timedelta]) -> bool:
        return when[0] <= self.passed < when[0] + when[1]

    async def _weather(self) -> None:
        """The homeserver goes and comes back; the disk fills and is emptied."""
        away, full = self._is(OUTAGE), self._is(FULL_DISK)
        if away != self.talk.gateway.broken:
            self.talk.gateway.broken = away
        if full != bool(self._limit):
            self._limit = 1 if full else 0
            await self.talk.restart()  # full: the service is started again and again
            await self._limit_disk()

    async def _limit_disk(self) -> None:
        """Let the database take no page more than it has, as on a full disk."""
        if self._limit:
            async with self.talk.machine.db.reading() as tx:
                await tx.run("PRAGMA max_page_count = 1")

    async def _pass_time(self) -> None:
        """Ten minutes: what came late is handled first, then what is due runs."""
        talk = self.talk
        try:
            if not talk.gateway.broken:
                late, talk.later = talk.later, []
                for what in late:
                    await talk.happens(what)
            await talk.wait(STEP)
        except Exception as error:
            if not database_failed(error):
                raise
            self.refused += 1
            await talk.restart()
            await self._limit_disk()
        if not talk.gateway.broken and not self._limit:
            await self._hear()

    async def _hear(self) -> None:
        """Note what the bot said, and do what people do on hearing it: vote, come."""
        talk = self.talk
        for _ in range(3):
            posts = await talk.said()
            for post in posts:
                first = post.plain.partition("\n")[0]
                for expected in self._about(post.plain):
                    expected.said.append(self.passed)
                if (poll := re.match(r"Encuesta (\d+): ¿Plan (\d+)", first)) is not None:
                    for voter in "pq":
                        await self._says(f"{voter}{poll[2]}", f"!votar {poll[1]} 1", post.room)
                if (event := re.match(r"Evento (\d+): Taller (\d+)$", first)) is not None:
                    await self._says(f"q{event[2]}", f"voy {event[1]}", post.room)
                self.votes_taken += first.startswith("Anotado: Sí")
            if not posts:
                break
        talk.gateway.posted.clear()
        talk.gateway.said.clear()
        talk.forget_heard()

    def _about(self, text: str) -> list[Expected]:
        """Return what is expected and said by this text. Its number in the text finds it."""
        named = set(re.findall(r"\d+", text))
        return [
            one
            for n in named
            for one in self._by_room.get(n, ())
            if re.search(f"^{one.words}", text, re.DOTALL | re.MULTILINE)
        ]

    async def _end_day(self) -> None:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        async with self.talk.machine.db.reading() as tx:
            jobs = await tx.count("SELECT count(*) AS n FROM job")
            waiting = await tx.count("SELECT count(*) AS n FROM letter")
        disk = sum(path.stat().st_size for path in self.talk.path.parent.glob("minga.db*"))
        self.days.append(Day(pages * PAGE_OF_MEMORY / 2**20, disk / 2**20, jobs, waiting))

    # --- what came out ---

    def lost(self) -> list[str]:
        """Return what the bot did not say, though there was somebody to hear it in time."""
        return [name for name, one in self.expected.items() if not one.said and not is_excused(one)]

    def doubled(self) -> list[str]:
        """Return what it said more than once."""
        return [name for name, one in self.expected.items() if len(one.said) > one.most]

    def early(self) -> list[str]:
        """Return what it said before its time."""
        return [
            name for name, one in self.expected.items() if one.said and one.said[0] < one.due - STEP
        ]

    async def votes_counted(self) -> int:
        """Return how many votes stand in the polls."""
        async with self.talk.machine.db.reading() as tx:
            return await tx.count("SELECT count(*) AS n FROM poll_book_ballot")


def is_excused(one: Expected) -> bool:
    """Return whether it fell due after the week, or was past its use when the bot was back."""
    end = OUTAGE[0] + OUTAGE[1]
    before_event = "empieza" in one.words
    return one.due > WEEK - HOUR or (before_event and OUTAGE[0] - DAY < one.due <= end)


class WeekTalk(Talk):
    """A conversation in which what the bot can't take comes again, as from a homeserver."""

    later: list[InboundEvent]

    async def happens(self, what: InboundEvent) -> None:
        """Let the bot receive an event, now or when it and its homeserver are there again."""
        if self.gateway.broken:
            self.later.append(what)
            return
        try:
            await super().happens(what)
        except Exception as error:
            if not database_failed(error):
                raise
            self.later.append(what)

    def forget_heard(self) -> None:
        """Forget what the bot said so far, which is read already."""
        self._heard = 0


async def run_week(folder: Path, rooms: int, seed: int = 7) -> Week:
    """Let a network of so many rooms live for a week."""
    talk = await WeekTalk.start(folder / "minga.db", features())
    talk.later = []
    for n in range(rooms):
        people = ["ana", f"p{n}", f"q{n}"]
        await talk.room(RoomId(f"!r{n}:test"), f"Sala {n}", people, {"ana": 50})
    week = Week(talk, seed)
    await week.live(rooms)
    return week
