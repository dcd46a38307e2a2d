"""`make year`: how much disk a year takes. A network lives for a year on a turned clock.

A share of its rooms is played, because a year of all of them takes an hour; what they take is
in proportion. `--page` writes docs/limits.md.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.limits_page import write_part
from benchmarks.week import WeekTalk
from bot.run.app import features
from bot.types import RoomId
from storage.database import Tx

DAY = timedelta(days=1)
PEOPLE = 8
WEEKLY = (
    "!encuesta ¿Plan {n}-{w}? Sí, No, Más tarde hasta en 50 horas",
    "!evento Taller {n}-{w} en 60 horas",
    "!recordar en 30 horas; llevar las llaves de la sala {n}",
    "!recordar en 40 horas; comprar pan para la reunión",
    "!recordar en 55 horas; llamar a la imprenta",
    "!tarea Escribir el acta {w} @a{n}p2 en 60 horas",
    "!guardar nota{w} Lo acordado en la reunión número {w}, para quien no pudo venir #actas",
)
"""What a room does each week; all its people vote, and five come to the event."""


async def live(talk: WeekTalk, rooms: int, weeks: int) -> list[float]:
    """Let the weeks pass and return the MiB of the database after each."""
    found = []
    for w in range(weeks):
        for day in range(7):
            for n in range(rooms):
                if n % 5 == day % 5 and day < 5:
                    await _play(talk, n, w)
            for _ in range(4):
                await talk.wait(DAY / 4)
                await talk.said()
            talk.gateway.posted.clear()
            talk.gateway.said.clear()
            talk.forget_heard()
        found.append(await size_of(talk))
    return found


async def _play(talk: WeekTalk, n: int, w: int) -> None:
    room = RoomId(f"!r{n}:test")
    for line in WEEKLY:
        await talk.says(f"a{n}p{w % PEOPLE}", line.format(n=n, w=w), room=room)
    for post in await talk.said(room):
        if poll := re.match(r"Encuesta (\d+): ", post.plain):
            for p in range(PEOPLE):
                await talk.says(f"a{n}p{p}", f"!votar {poll[1]} {p % 3 + 1}", room=room)
        if event := re.match(r"Evento (\d+): ", post.plain):
            for p in range(5):
                await talk.says(f"a{n}p{p}", f"voy {event[1]}", room=room)
    await talk.said()


async def size_of(talk: WeekTalk) -> float:
    """Return the MiB of the database that are in use."""
    async with talk.machine.db.reading() as tx:
        pages = await _number(tx, "page_count") - await _number(tx, "freelist_count")
        return pages * await _number(tx, "page_size") / 2**20


async def _number(tx: Tx, pragma: str) -> int:
    row = await tx.one(f"PRAGMA {pragma}")
    return int(row[0]) if row else 0


async def largest(talk: WeekTalk) -> list[tuple[str, int]]:
    """Return the tables with most rows."""
    async with talk.machine.db.reading() as tx:
        names = await tx.column(
            str,
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'findable_words%' AND name NOT LIKE 'sqlite%'"
            " AND name != 'findable_vocabulary'",
        )
        rows = [(name, await tx.count(f"SELECT count(*) AS n FROM {name}")) for name in names]  # noqa: S608
    return sorted(rows, key=lambda row: -row[1])[:6]


async def main() -> int:
    """Play a year, say what it took, and write it to docs/limits.md with `--page`."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rooms", type=int, default=36)
    options.add_argument("--weeks", type=int, default=52)
    options.add_argument("--page", action="store_true")
    given = options.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        talk = await WeekTalk.start(Path(folder) / "minga.db", features())
        talk.later = []
        for n in range(given.rooms):
            people = ["ana", *(f"a{n}p{p}" for p in range(PEOPLE))]
            await talk.room(RoomId(f"!r{n}:test"), f"Sala {n}", people, {"ana": 50})
        empty = await size_of(talk)
        weeks = await live(talk, given.rooms, given.weeks)
        tables = await largest(talk)
        await talk.close()
    grown = weeks[-1] - empty
    commands = given.rooms * given.weeks * (len(WEEKLY) + PEOPLE + 5)
    each = grown / given.rooms * 52 / given.weeks
    text = (
        f"Played: {given.rooms} rooms of {PEOPLE + 1} people for {given.weeks} weeks; each week a"
        f" room has a poll with {PEOPLE} votes, an event to which five come, three reminders, a"
        f" task and an entry in the library: {commands:,} commands in all, in"
        f" {time.monotonic() - began:.0f} s.\n\n"
        f"Database: {empty:.1f} MiB empty; after a quarter {weeks[len(weeks) // 4 - 1]:.1f}, a half"
        f" {weeks[len(weeks) // 2 - 1]:.1f}, at the end {weeks[-1]:.1f} MiB: {each:.2f} MiB a room"
        f" and year. **For 360 rooms {empty + each * 360:.0f} MiB a year.** Most rows: "
        + ", ".join(f"`{name}` {count:,}" for name, count in tables)
        + "."
    )
    sys.stdout.write(text + "\n")
    if given.page:
        write_part("year", text)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
