"""2,000 schedules across the clock changes of 12 zones, kills and outages; a clock that jumps."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import Talk
from commands.event_reminders.tests import test_sweep as sweep
from tests.faults.figures import Figure, full_or

JUMPS, REMINDERS = full_or(300, 40), full_or(200, 30)
MARK = re.compile(r"marca (\d+)\b")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.full  # the sweep runs in make test with fewer schedules
async def test_each_fires_once(figure: Figure, talk: Talk) -> None:
    figure.mark("each of 2,000 fires exactly once, none early, late ones say so; 0 missed")
    await sweep.test_each_rings_once_none_early_and_late_ones_say_so(talk, 22)
    figure.result(
        f"{sweep.SCHEDULES:,} schedules in {len(sweep.ZONES)} zones, Lord Howe's half hour among"
        " them: each once, none early, every late one says so, through restarts and outages",
        passed=True,
        schedules=sweep.SCHEDULES,
    )


async def test_a_clock_that_jumps(figure: Figure, tmp_path: Path) -> None:
    """Back by up to an hour, ahead by up to a day, and the bot restarted now and then."""
    figure.mark("clock −1 h and +1 d: each reminder exactly once, none before its time")
    talk = await Talk.start(tmp_path / "minga.db", features())
    chance, began = random.Random(22), talk.clock.at  # noqa: S311
    due = {}
    for n in range(REMINDERS):
        hours = chance.randrange(1, 30 * 24)
        await talk.says("bea", f"!recordar en {hours} horas; marca {n}")
        due[str(n)] = began + timedelta(hours=hours)
    await talk.said()
    fired, early = Counter[str](), 0
    for n in range(JUMPS + 80):
        back = n < JUMPS and chance.random() < 0.5
        step = -HOUR * chance.random() if back else DAY * chance.random()
        talk.clock.at += step
        if chance.random() < 0.2:
            await talk.restart()
        await talk.wait(timedelta(0))
        for post in await talk.said():
            for mark in MARK.findall(post.plain):
                fired[mark] += 1
                early += talk.clock.at < due[mark] - timedelta(minutes=1)
    await talk.close()
    figure.result(
        f"{sum(fired.values())} of {REMINDERS} reminders, {early} early, {REMINDERS - len(fired)}"
        f" missed, {sum(fired.values()) - len(fired)} twice, through {JUMPS} jumps",
        passed=set(fired.values()) == {1} and len(fired) == REMINDERS and not early,
        fired=len(fired),
        early=early,
    )
