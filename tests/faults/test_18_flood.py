"""5,000 commands of one member in a minute, 500 invitations of one server; ten others vote."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.operate.config import LimitsSection
from bot.run.duties.bot_membership import MOST_ROOMS
from bot.types import RoomId
from tests.faults.endless import Bot, Endless, Json, begin, message, room_id
from tests.faults.figures import FULL, Figure, at_share, full_or
from tests.faults.soaking import resident
from tests.real.patience import PATIENCE

COMMANDS, SECONDS, INVITATIONS = full_or(5_000, 160), full_or(60, 2), full_or(500, 20)
VOTERS, EVERY = full_or(10, 4), 2.0
LIMIT = LimitsSection().commands_per_minute
HALL = room_id(0)


@dataclass
class Hall:
    """The room: who writes, and when each of their lines was answered."""

    server: Endless
    asked: dict[str, float] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    flood: set[str] = field(default_factory=set)
    replies: int = 0
    elsewhere: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def hears(self, where: RoomId, _kind: str, content: Json) -> None:
        """Note what the bot sends.

        Replies and reactions name their target outside the ciphertext.
        """
        relates: Any = content.get("m.relates_to", {})
        target = relates.get("m.in_reply_to", relates).get("event_id", "")
        if where != HALL:
            self.elsewhere += 1
        elif target in self.flood:
            self.replies += 1
        elif target in self.asked and target not in self.took:
            self.took[target] = time.monotonic() - self.asked[target]
        self.news.set()

    async def vote(self, number: int, until: float) -> None:
        voter, option = self.server.people[2 + number], 1
        await asyncio.sleep(EVERY * number / VOTERS)
        while True:  # each votes once, however busy the machine is
            line = message(f"!votar 1 {option}")
            event = await self.server.say(voter, HALL, "m.room.message", line)
            self.asked[event], option = time.monotonic(), 3 - option
            await asyncio.sleep(EVERY)
            if time.monotonic() >= until:
                return

    async def flooding(self) -> None:
        began, flooder = time.monotonic(), self.server.people[1]
        for n in range(COMMANDS):
            line = message("!pendientes")
            self.flood.add(await self.server.say(flooder, HALL, "m.room.message", line))
            if n * INVITATIONS % COMMANDS < INVITATIONS:
                self.invite(n)
            await asyncio.sleep(max(0.0, began + n * SECONDS / COMMANDS - time.monotonic()))

    def invite(self, n: int) -> None:
        """Let strangers of one server invite the bot, and now and then the flooder.

        The flooder shares a room with the bot.
        """
        sender = self.server.people[1].user if n % 10 == 0 else f"@sock{n}:evil.example"
        self.server.invite(RoomId(f"!trap{n}:evil.example"), sender)

    async def answered(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.took) < len(self.asked):
                self.news.clear()
                await self.news.wait()


def what_is_granted(seconds: float) -> float:
    """Return how many commands the limit lets through: a burst, and as many again each minute."""
    return LIMIT * (1 + seconds / 60)


async def test_others_vote_as_ever(figure: Figure, tmp_path: Path) -> None:
    figure.mark(
        "p95 of the others ≤ 3 s; who floods gets ≤ 3 answers beyond what the limit grants and a"
        f" greeting in each room; ≤ 50 MiB more; ≤ {MOST_ROOMS} rooms joined for one inviter, none"
        " for strangers"
    )
    server = await begin(tmp_path, VOTERS + 2, 1)
    hall = Hall(server)
    server.sent = hall.hears
    async with Bot(tmp_path, server, LIMIT) as bot:
        ask = message("!encuesta ¿Dónde? Norte, Sur")
        await server.say(server.people[0], HALL, "m.room.message", ask)
        async with asyncio.timeout(PATIENCE):
            await hall.news.wait()
        held, began = resident(), time.monotonic()
        until = began + SECONDS
        spent = time.process_time()
        voting = [hall.vote(n, until) for n in range(VOTERS)]
        await asyncio.gather(hall.flooding(), *voting)
        await hall.answered()
        bot.check()
        grown, spent = resident() - held, time.process_time() - spent
        granted = what_is_granted(time.monotonic() - began)
    p95, joins = at_share([*hall.took.values()], 0.95), len(set(server.joins))
    beyond = max(hall.replies - granted, 0) + max(hall.elsewhere - joins, 0)
    figure.result(
        f"{COMMANDS:,} commands in {SECONDS} s beside {len(hall.took)} votes of {VOTERS}, for"
        f" {spent:.0f} s of processor time, all members' with it: p95"
        f" {p95:.2f} s; {hall.replies} answers where the limit grants {granted:.0f}, and"
        f" {hall.elsewhere} in private; {grown:.1f} MiB more; {joins} rooms joined of {INVITATIONS}"
        " invitations",
        passed=(p95 <= 3 or not FULL)  # how busy the machine is proves nothing
        and beyond <= 3
        and grown <= 50
        and joins <= MOST_ROOMS
        and len(hall.took) >= VOTERS * SECONDS / EVERY / 2,
        p95=round(p95, 2),
        replies=hall.replies,
        mib=round(grown, 1),
        joins=joins,
    )
