"""Nothing in a conversation asks the machine what time it is, but the clock that it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from bot.run.app import features
from bot.testing.talk import Talk

ROOT = Path(__file__).parents[2]
OF_THE_MACHINE = (
    *(
        "bot/clock.py",
        "bot/run/app.py",
        "bot/operate/doctor",
        "bot/operate/first_login.py",
        "bot/operate/server_discovery.py",
        "bot/operate/capability_tools.py",
        "bot/operate/",
        "bot/run/backup_schedule.py",
    ),
    *("storage/files/", "storage/releases.py"),
    *("bot/matrix/", "bot/demo/"),
)
"""Where the real time is meant: what runs the bot, the operator's tools, Matrix, the demo."""
ASKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "SystemClock"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.monotonic"),
    *("time.perf_counter", "perf_counter", "monotonic", "localtime"),
}


def asked(source: str) -> Iterator[tuple[int, str]]:
    """Each place that asks the system's clock, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in ASKS:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.lower()
            if "datetime('now" in words or "current_timestamp" in words:
                yield node.lineno, node.value


def test_only_what_runs_on_the_machine_asks_its_clock() -> None:
    files = [f for part in ("bot", "commands", "storage") for f in (ROOT / part).rglob("*.py")]
    found = [
        f"{name}:{line} {what}"
        for file in files
        if not (name := str(file.relative_to(ROOT))).startswith(OF_THE_MACHINE)
        and "tests" not in file.parts
        for line, what in asked(file.read_text(encoding="utf-8"))
    ]
    assert len(files) > 300
    assert found == []
    assert [what for _line, what in asked("from datetime import datetime\ndatetime.now()")]


def test_no_table_asks_it_either() -> None:
    for file in [f for part in ("commands", "storage") for f in (ROOT / part).rglob("*.sql")]:
        words = file.read_text(encoding="utf-8").lower()
        assert "current_timestamp" not in words, file
        assert "'now'" not in words, file


async def conversation(path: Path) -> list[str]:
    """What is said in two days of it, jobs included."""
    talk, heard = await Talk.start(path, features()), []
    for who, line in (
        ("ana", "!encuesta ¿Dónde? Norte, Sur hasta en 20 horas"),
        ("bea", "!votar 1 2"),
        ("ana", '!evento "Asamblea" en 30 horas cada:día'),
        ("bea", "voy 2"),
        ("bea", "!recordar en 3 horas; la olla"),
        ("carla", "!tarea @bea pan para pasado mañana"),
        ("carla", "!presto mesa a @bea por 5 días"),
        ("ana", "!reunion empezar Asamblea"),
        ("ana", "acuerdo: nos vemos"),
        ("ana", "!reunion cerrar"),
        ("bea", "!pendientes"),
        ("ana", "!historial"),
    ):
        await talk.says(who, line)
        heard += [post.plain for post in await talk.said()]
    for _hour in range(48):
        await talk.wait(timedelta(hours=1))
        heard += [post.plain for post in await talk.said()]
    await talk.close()
    return heard


@pytest.mark.parametrize("year", [1999, 2041])
async def test_a_conversation_is_the_same_whatever_the_machine_thinks_that_it_is(
    tmp_path: Path, year: int
) -> None:
    here = await conversation(tmp_path / "here.db")
    with time_machine.travel(f"{year}-02-28T23:59:59+00:00"):
        there = await conversation(tmp_path / "there.db")
    assert len(here) > 15
    assert here == there
