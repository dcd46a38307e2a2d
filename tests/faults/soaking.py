"""A process that soaks the bot: `python -m tests.faults.soaking EVENTS SESSIONS FOLDER`.

It prints one line of JSON: how the memory grew, how long the start took with so many stored
sessions, how many were left after the purge, and how many files stayed open.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import linear_regression
from typing import Any

import vodozemac

from bot.gateway import ROOM_KEYS_KEPT_FOR
from bot.matrix.crypto.ratchets import InboundSession
from tests.faults.endless import Bot, Endless, Json, begin, message, room_id
from tests.faults.figures import full_or

PEOPLE, ROOMS = full_or(20, 4), 5
BACKLOG = 2_000
"""So many events wait for the bot at most."""
WARM = 200_000
"""Events after which memory is looked at: by then the bot's cache of 2,000 sessions is full. A
shorter run looks at its last fifth."""
LOOKS = 200
MEGABYTE = 2**20


@dataclass
class Soak:
    """Talk, commands, reactions, edits, redactions, repeats and new names, without an end."""

    server: Endless
    chance: random.Random
    rss: list[tuple[int, float]] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    last: str = "$none"

    async def go(self, bot: Bot, events: int) -> None:
        for n in range(events):
            await self._one(n)
            while self.server.waiting > BACKLOG:
                await asyncio.sleep(0.01)  # the bot works meanwhile
                bot.check()
            if n % (events // LOOKS) == 0:
                self.look(n)
        while self.server.waiting:
            await asyncio.sleep(0.01)
            bot.check()
        self.look(events)

    async def _one(self, n: int) -> None:
        who = self.server.people[n % PEOPLE]
        where = room_id(self.chance.randrange(ROOMS))
        dice = self.chance.random()
        if dice < 0.94:
            line = "!pendientes" if dice < 0.003 else f"nos vemos a las {n}"
            if 0.003 <= dice < 0.004:
                line = f"!recordar en 300 días; traer la lona {n}"
            self.last = await self.server.say(who, where, "m.room.message", message(line))
        elif dice < 0.96:
            relates = {"rel_type": "m.annotation", "event_id": self.last, "key": "👍"}
            self.server.tell(where, who.user, "m.reaction", {"m.relates_to": relates})
        elif dice < 0.98:
            relates = {"rel_type": "m.replace", "event_id": self.last}
            content = message("* otra", **{"m.new_content": message("otra")})
            await self.server.say(who, where, "m.room.message", content | {"m.relates_to": relates})
        elif dice < 0.99:
            self.server.tell(where, who.user, "m.room.redaction", {"redacts": self.last})
        else:
            named = {"membership": "join", "displayname": f"{who.user[1:4]} {n}"}
            self.server.tell(where, who.user, "m.room.member", named, state_key=who.user)

    def look(self, n: int) -> None:
        self.server.keys.calls.clear()  # what the homeserver in memory notes for other tests
        self.server.keys.txns.clear()
        self.rss.append((n, resident()))
        self.files.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))


def resident() -> float:
    """Return how many MiB of memory this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / MEGABYTE


def store_sessions(server: Endless, count: int) -> int:
    """Store so many Megolm sessions of the people, first seen over the last month.

    Return how many of them are young enough to outlive the purge.
    """
    store = server.bot.machine._store
    now, young = int(time.time()), 0
    month = int(timedelta(days=30).total_seconds())
    with store.atomic():
        for n in range(count):
            who = server.people[n % PEOPLE]
            key = vodozemac.GroupSession().session_key.to_base64()
            made = InboundSession.begin(
                key, who.machine.ed25519, who.machine.curve25519, room_id(n % ROOMS)
            )
            store.megolm.add(who.user, made)
            seen = now - n * month // count
            store.run("UPDATE minga_megolm SET seen = ? WHERE session_id = ?", seen, made.id)
            young += seen >= now - ROOM_KEYS_KEPT_FOR.total_seconds()
    return young


def keep_small(server: Endless) -> None:
    """Keep the caches small of the members' own databases, which live in this process too."""
    for one in server.people:
        one.machine._store.run("PRAGMA cache_size = -100")  # KiB


def stored(server: Endless) -> int:
    found = server.bot.machine._store.run("SELECT count(*) FROM minga_megolm")
    return int(found.fetchone()[0])


async def soak(folder: Path, events: int, sessions: int) -> Json:
    server = await begin(folder, PEOPLE, ROOMS)
    for one in server.people:
        await server.say(one, room_id(0), "m.room.message", message("hola"))
    bot = Bot(folder, server)
    async with bot:
        await asyncio.sleep(0)
    young = store_sessions(server, sessions)
    before = stored(server)
    bot = Bot(folder, server)
    async with bot:
        while (left := stored(server)) == before:
            await asyncio.sleep(0.05)
            bot.check()
        keep_small(server)
        began = time.monotonic()
        run = Soak(server, random.Random(16))  # noqa: S311
        await run.go(bot, events)
        seconds = time.monotonic() - began
    warm = [(n, mib) for n, mib in run.rss if n >= min(WARM, 0.8 * events)]
    slope = linear_regression(*zip(*warm, strict=True)).slope * 100_000
    opened = run.files[len(run.files) // 4 :]
    return {
        "events": events,
        "seconds": round(seconds),
        "mib_per_100000": round(slope, 2),
        "mib_warm": round(warm[0][1]),
        "mib_end": round(warm[-1][1]),
        "sessions": before,
        "start_seconds": round(bot.seconds_to_start, 2),
        "sessions_after_purge": left,
        "sessions_kept": young + PEOPLE,
        "files": [min(opened), max(opened)],
        "mib": [round(mib, 1) for _n, mib in run.rss[:: LOOKS // 40]],
    }


def main() -> None:
    events, sessions, folder = sys.argv[1:]
    found: Any = asyncio.run(soak(Path(folder), int(events), int(sessions)))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
