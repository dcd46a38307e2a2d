"""A capability is one folder: with it gone the rest of the bot stands, and says what it can do."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.context import Context
from bot.capability.data import erasure
from bot.capability.discovery import features
from bot.capability.service import Service
from bot.capability.services import EXPORT_PERSON, FORGET
from bot.lines import Line
from bot.testing.talk import START_TIME, Talk, user_id
from bot.types import RoomId, UserId

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(p.name for p in (ROOT / "commands").iterdir() if (p / "__init__.py").exists())
ALIVE = """
import asyncio, sys
from pathlib import Path
from bot.run.app import features
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, RoomId, RoomUpgraded

async def main():
    found = features()
    assert sys.argv[1] not in {f.name for f in found}
    for n, language in enumerate(("es", "pt", "en")):
        talk = await Talk.start(Path(f"{n}.db"), found, language=language)
        try:
            await lives(talk)
        finally:
            await talk.close()

async def lives(talk):
    topics = [name for topic in talk.machine.registry.topics() for name in topic.name]
    for line in ("!help", "!pending", *(f"!help {name}" for name in topics)):
        said = await talk.answer("ana", line)
        assert "None" not in said, (line, said)
        assert said or "help" == sys.argv[1], line
    new = await talk.room(RoomId("!new:test"), "New", ["ana"], {"ana": 50})
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$u"), user_id("ana"), at, new, True, True))
    assert len(await talk.said(new)) == 1

asyncio.run(main())
"""
BROKEN = ("referencia", "referência", "reference")


def standing_on(gone: str) -> list[str]:
    """Return the capabilities that cannot be there without this one."""
    out = {gone}
    for one in features():  # each comes after those that it needs
        if out & set(one.needs):
            out.add(one.name)
    return sorted(out - {gone})


SHARE = 16
"""Of so many capabilities `make test` takes one away: each takes five seconds of processor."""


def _tried() -> list[str]:
    """Return some of the capabilities, others on most days; all with `MINGA_FULL=1`."""
    if os.environ.get("MINGA_FULL") == "1":
        return FOLDERS
    return FOLDERS[START_TIME.at.toordinal() % SHARE :: SHARE]


@pytest.mark.parametrize("gone", _tried())
async def test_without_any_one_capability_the_rest_works(tmp_path: Path, gone: str) -> None:
    """The folder is truly gone, so that what still needs it cannot be imported."""
    for part in ("bot", "commands", "storage"):  # with what is compiled: it saves half the start
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("tests"))
    for name in (gone, *standing_on(gone)):
        shutil.rmtree(tmp_path / "commands" / name)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", ALIVE, gone],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert not any(word in done.stdout for word in ("dispatch.failed", *BROKEN)), done.stdout


# --- what is kept of a person --------------------------------------------------------------------


async def offered(
    talk: Talk, service: Service[[UserId], list[Line]], name: str, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """What the capabilities say when one of them asks all for something about a person."""

    async def asked(ctx: Context, _room: RoomId) -> list[Line]:
        every: list[Line] = []
        for one in talk.features:
            if service is FORGET:
                every += await erasure.forget_in_capability(ctx, one.name, user_id(name))
            elif (offer := talk.machine.registry.offer_of(one.name, service)) is not None:
                every += await offer(ctx, user_id(name))
        return every

    asking, *others = [f for f in talk.features if "pending" in f.services]
    monkeypatch.setitem(asking.services, "pending", asked)
    for other in others:
        monkeypatch.delitem(other.services, "pending")
    for one in talk.features:
        for of_kind in [name for name in one.services if name.startswith("pending:")]:
            monkeypatch.delitem(one.services, of_kind)
    return (await talk.answer("ana", "!pendientes")).splitlines()


async def filled(talk: Talk) -> None:
    await talk.says("ana", '!encuesta "¿Dónde?" "Norte" "Sur"')
    _said, poll = await talk.sent()
    await talk.taps("bea", poll, 2)
    await talk.says("bea", "!recordar en 1 hora; agua")
    await talk.tells("bea", "recordar en 2 horas; llamar a mamá")
    await talk.says("carla", "!recordar en 3 horas; pan")
    await talk.said()


async def test_a_person_gets_all_that_is_kept_of_them(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(talk)
    found = await offered(talk, EXPORT_PERSON, "bea", monkeypatch)
    assert len(found) == 4
    for words in ("“¿Dónde?”: Sur", "puedes votar", "“agua”", "“llamar a mamá”"):
        assert any(words in line for line in found), found


async def test_whose_team_it_is_stands_there_until_they_are_forgotten(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.says("ana", "!equipos Norte: @bea:test")
    await talk.says("ana", "sí")
    found = await offered(talk, EXPORT_PERSON, "bea", monkeypatch)
    assert "Estás en el equipo 2, Norte." in found
    assert "en 1 equipo" in await offered(talk, FORGET, "bea", monkeypatch)
    assert not [
        one for one in await offered(talk, EXPORT_PERSON, "bea", monkeypatch) if "equipo" in one
    ]


async def test_what_a_person_wants_to_hear_each_week_is_theirs_until_they_are_forgotten(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.tells("bea", "suscribir #salud viernes 18h")
    await talk.said()
    heard = "Cada semana (viernes, 18:00) recibes lo nuevo de #salud."
    assert heard in await offered(talk, EXPORT_PERSON, "bea", monkeypatch)
    wanted = "lo que querías saber cada semana"
    assert wanted in await offered(talk, FORGET, "bea", monkeypatch)
    assert heard not in await offered(talk, EXPORT_PERSON, "bea", monkeypatch)


async def test_a_person_is_forgotten_and_nothing_rings_any_more(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(talk)
    found = await offered(talk, FORGET, "bea", monkeypatch)
    assert any("2 recordatorios borrados" in line for line in found)
    async with talk.machine.db.reading() as tx:
        kept = await tx.all("SELECT title FROM item WHERE kind = 'reminder'")
        left = await tx.all("SELECT person FROM job")
    assert [row["title"] for row in kept] == ["pan"]
    assert {row["person"] for row in left} == {user_id("carla")}
    await talk.wait(timedelta(hours=4))
    await talk.hears("pan")
