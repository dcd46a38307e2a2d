"""The bot's own backup, restored elsewhere: the open poll ends on time, the old bot stops, and who
was forgotten since is forgotten again."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.demo.loopback import write_secret
from storage.encryption.backup_keys import create_pair
from tests.real.botprocess import MINGA, BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.plain import Member
from tests.real.servers import Pair

OPERATOR_MUST_ACT = 78
RESULT = re.compile("“¿Dónde[?]”: ")
UNDONE = re.compile("Lo que borraste o retiraste después está aquí otra vez")
"""What everybody with a private room reads after a restore."""
OPENS = re.compile("1 código abre como el .*: 2$", re.MULTILINE)
"""What moderators read besides."""
AGAIN, REMINDER = "Después me pediste que te olvide: lo hice otra vez", "llamar a la abuela"
AHEAD = {"hours": 1, "minutes": 1}
"""After which the bot makes its next backup."""


@dataclass(frozen=True)
class Way:
    """How backups are made here: a section of the configuration, and what opens them."""

    section: Mapping[str, Any]
    key: Path | None


def way_of(kind: str, folder: Path) -> Way:
    """With the data's key, a passphrase of their own, or a pair and a command."""
    backups = folder / "backups"
    backups.mkdir()
    often = {"every_hours": 1, "folder": str(backups)}
    if kind == "root":
        return Way(often, None)
    key = folder / "opens"
    if kind == "passphrase":
        write_secret(key, "six words that nobody guesses here")
        return Way({**often, "passphrase_file": str(key)}, key)
    public, private = create_pair()
    write_secret(key, private)
    command = ["sh", "-c", 'cat > "$0"', str(backups / "{name}")]
    return Way({"every_hours": 1, "command": command, "public_keys": [public]}, key)


async def minga(*words: object) -> str:
    process = await asyncio.create_subprocess_exec(
        str(MINGA),
        *map(str, words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"PATH": "/usr/bin:/bin", "LC_MESSAGES": "en"},
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    return said


async def room_with_a_poll(ana: Element, bea: Member, bot: BotProcess) -> str:
    room = await ana.create_room(invite=[bot.user, bea.user], name="Sala")
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    await bea.accept(room)
    await ana.joined(room, bea.user)
    await ana.send(room, "!encuesta ¿Dónde? Norte, Sur hasta en 3 horas")
    await ana.hears(re.compile("Encuesta 1: "), room=room, sender=bot.user)
    await ana.send(room, "!votar 1 2")
    await ana.hears(re.compile("Anotado: Sur"), room=room, sender=bot.user)
    return room


async def private_rooms(ana: Element, bea: Member, bot: BotProcess, room: str) -> tuple[str, str]:
    """Where the bot answers Ana, who makes a code there, and Bea."""
    bea_alone = await bea.create_room([bot.user])
    await bea.hears("nuestra sala privada", 60, room=bea_alone, sender=bot.user)
    await ana.send(room, "!area agregar general")
    await ana.hears("general: 1 sala", room=room, sender=bot.user)
    await ana.send(room, "!codigo general")
    ana_alone = await ana.called({room})
    await ana.hears("Código 2 para “general”", room=ana_alone, sender=bot.user)
    return ana_alone, bea_alone


async def comes_with_a_reminder(carla: Member, ana: Element, bot: BotProcess, room: str) -> str:
    """The private room of one more of the room, who is reminded of something in it."""
    await ana.invite(room, carla.user)
    await carla.accept(room)
    alone = await carla.create_room([bot.user])
    await carla.hears("nuestra sala privada", 60, room=alone, sender=bot.user)
    await carla.send(alone, f"recordar en 2 horas; {REMINDER}")
    await carla.hears("Recordatorio", room=alone, sender=bot.user)
    return alone


async def is_forgotten(carla: Member, bot: BotProcess, room: str) -> None:
    for line, answer in (("borrarme", "No se puede deshacer"), ("sí", "ya no guardo nada tuyo")):
        await carla.send(room, line)
        await carla.hears(answer, 60, room=room, sender=bot.user)


def rung(carla: Member, room: str, bot: BotProcess) -> list[Heard]:
    """What reminded her, beside what was answered when she asked for it."""
    said = carla.ear.all(room, bot.user)
    return [one for one in said if REMINDER in one.text and "Recordatorio" not in one.text]


async def each_reads_once(member: Element | Member, room: str, bot: BotProcess) -> None:
    """Readable, and asked once all else that is said at a start has come."""
    await member.hears(UNDONE, 60, room=room, sender=bot.user)
    last = await member.send(room, "!estado")
    await member.hears(lambda heard: heard.reply_to == last, room=room, sender=bot.user)
    said = member.ear.all(room, bot.user)
    assert sum(bool(UNDONE.search(one.text)) for one in said) == 1
    assert [one.failure for one in said if one.failure] == []


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("root", marks=pytest.mark.full),
        "passphrase",
        pytest.param("public", marks=pytest.mark.full),
    ],
)
async def test_it_comes_back_elsewhere_and_the_poll_has_one_result_on_time(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path, kind: str
) -> None:
    ana, bea, carla = await element("ana"), await plain("bea"), await plain("carla")
    person, way = pair.person("minga", pair.a), way_of(kind, tmp_path)
    sections = {"backup": way.section}
    old = BotProcess(tmp_path / "old", person, moderators=[ana.user], sections=sections)
    async with old:
        room = await room_with_a_poll(ana, bea, old)
        ana_alone, bea_alone = await private_rooms(ana, bea, old, room)
        carla_alone = await comes_with_a_reminder(carla, ana, old, room)
        first = set((tmp_path / "backups").iterdir())
        old.later(**AHEAD)
        await old.restart()
        await old.logs("backup.made")
        (file,) = set((tmp_path / "backups").iterdir()) - first
        await is_forgotten(carla, old, carla_alone)

        new = BotProcess(tmp_path / "new", person, moderators=[ana.user])
        if way.key is None:
            shutil.copy2(old.folder / "secrets/key", new.folder / "secrets/key")
        else:
            (new.folder / "secrets/key").unlink()
        opens = [] if way.key is None else ["--key", way.key]
        said = await minga("restore", "--check", file, *opens, "--config", new.config)
        assert re.search(r"Open: [^\n]* 1\.", said), said
        assert not new.data.exists()
        await minga("restore", file, *opens, "--config", new.config)
        new.later(**AHEAD)
        async with new:
            assert await old.ends(within=60) == OPERATOR_MUST_ACT
            await ana.devices(new.user)  # asked anew: Element knows the new one by now
            await each_reads_once(ana, ana_alone, new)
            await each_reads_once(bea, bea_alone, new)
            await ana.hears(OPENS, room=ana_alone, sender=new.user)
            await carla.hears(AGAIN, room=carla_alone, sender=new.user)
            await bea.send(room, "!votar 1 1")
            await ana.hears(re.compile("Anotado: Norte"), room=room, sender=new.user)
            assert not results(ana, room, new)
            new.later(hours=2)
            result = await ana.hears(RESULT, 60, room=room, sender=new.user)
            assert "Norte: 1" in result.text
            assert "Sur: 1" in result.text
            last = await ana.send(room, "!estado")
            await ana.hears(lambda heard: heard.reply_to == last, room=room, sender=new.user)
            assert len(results(ana, room, new)) == 1
            assert not rung(carla, carla_alone, new)
            await old.start()
            assert await old.ends(within=60) == OPERATOR_MUST_ACT
            assert len(results(ana, room, new)) == 1


def results(ana: Element, room: str, bot: BotProcess) -> list[Heard]:
    return [one for one in ana.ear.all(room, bot.user) if RESULT.search(one.text)]
