"""What publishing a need costs, with its search for offers that fit, among 100,000 offers.

`python -m benchmarks.in_process.exchange`. Every twentieth offer has the word that is asked for.
"""

from __future__ import annotations

import asyncio
import logging
import random
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import structlog

from bot.run.app import features
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Number, RoomId
from commands.exchange import post_meaning, store
from commands.exchange.matching.lexicon import built_in_lexicon
from commands.exchange.matching.meaning import parse_meaning
from commands.exchange.store import Post
from storage import items

COUNTS = (1_000, 100_000)
ROUNDS = 12
GOAL = 0.25
"""Seconds for a whole line, with what is frequent; of which the search is a part."""
THINGS = (
    *("silla", "mesa", "proyector", "carpa", "clases de inglés", "clases de guitarra", "abogada"),
    *("traductor de portugués", "bicicleta", "ropa de bebé", "semillas", "psicóloga", "colchón"),
    *("máquina de coser", "computador", "olla grande", "electricista", "libros", "pintura"),
)
PLACES = ("Bogotá", "Recife", "Lima", "Quito", "Medellín", "Salvador", "Rosario", "")
ROOMS = [ROOM, *(RoomId(f"!sala{n}:test") for n in range(1, 20))]
LINES = ("camioneta para mudanza", "una guitarra eléctrica rara", "sillas en Bogotá para el acto")


async def fill(talk: Talk, count: int) -> None:
    draw = random.Random(1)  # noqa: S311
    until = talk.clock.at + timedelta(days=60)
    async with talk.machine.db.transaction() as tx:
        for n in range(count):
            thing = "camioneta" if n % 20 == 0 else draw.choice(THINGS)
            text = f"{thing} {draw.randrange(10**6)} {draw.choice(PLACES)}".strip()
            room, who = draw.choice(ROOMS), user_id(draw.choice(("ana", "carla")))
            number = await items.add(tx, "exchange", "offer", room, who, text, talk.clock.at)
            post = Post(Number(number), "offer", text, room, who, "", "", False, until, "UTC")
            meaning = parse_meaning(text, built_in_lexicon())
            themes, terms = post_meaning.theme_entries(meaning), post_meaning.search_terms(meaning)
            await store.save_post(tx, post, themes, terms)


async def measured(folder: Path, count: int) -> float:
    talk = await Talk.start(folder / f"{count}.db", features())
    for room in ROOMS[1:]:
        await talk.room(room, room[1:8], ["ana", "bea", "carla"])
    began = time.perf_counter()
    await fill(talk, count)
    click.echo(f"{count} offers in {time.perf_counter() - began:.0f} s")
    worst = 0.0
    for line in LINES:
        took = []
        for n in range(ROUNDS):
            await talk.says("bea", f"!necesito {line} {n}")
            began = time.perf_counter()
            await talk.says("bea", "sí")
            took.append(time.perf_counter() - began)
        said = "\n".join(post.plain for post in await talk.said())
        assert "Pedido" in said, said
        cost = statistics.median(took)
        click.echo(f"{count}: {line}: {cost * 1000:.0f} ms")
        worst = max(worst, cost)
    await talk.close()
    return worst


async def run(folder: Path) -> float:
    return max([await measured(folder, count) for count in COUNTS])


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory() as folder:
        worst = asyncio.run(run(Path(folder)))
    click.echo(f"at most {worst * 1000:.0f} ms; the goal is {GOAL * 1000:.0f} ms")
    sys.exit(worst > GOAL)


if __name__ == "__main__":
    main()
