"""The homeserver is brought back from an old copy while the bot runs, or is off."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.operate.operator_errors import TRY_AGAIN
from tests.real.prepared import PreparedMachine
from tests.real.test_homeserver_moved import NOTED, Network

RESULT = "“¿Dónde?”: gana Norte"
pytestmark = [pytest.mark.real, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def machine() -> Iterator[PreparedMachine]:
    with (
        TemporaryDirectory(prefix="minga-restored-") as folder,
        PreparedMachine(Path(folder)) as made,
    ):
        yield made


@pytest.fixture
async def net(machine: PreparedMachine, tmp_path: Path) -> AsyncIterator[Network]:
    async with Network(machine.server, tmp_path) as made:
        yield made


def copies(machine: PreparedMachine) -> list[Path]:
    return sorted((machine.plan.folder / "backups").glob("2*"))


def go_back(machine: PreparedMachine, copy: Path) -> None:
    """Bring a copy of the homeserver back, as its steps say."""
    done = machine.script("restore.sh", copy)
    assert done.returncode == 0, done.stderr
    assert machine.calls.read_text().splitlines()[-2:] == ["stop synapse", "start synapse"]
    machine.server.stop()  # it ended; what is left of it here goes
    machine.server.start()


@pytest.mark.full  # minutes, for it waits out an outage; tests/matrix/test_rollback.py is short
async def test_a_homeserver_comes_back_from_an_old_copy_under_the_bot(
    machine: PreparedMachine, net: Network
) -> None:
    await net.ana.send(net.room, "!encuesta ¿Dónde? Norte, Sur")
    await net.ana.hears("Encuesta 1", 60, room=net.room, sender=net.bot.user)
    await net.asks(net.ana, "!votar 1 1", f"{NOTED}Norte")
    made = await asyncio.to_thread(machine.script, "backup.sh")
    assert made.returncode == 0, made.stderr
    (copy,) = copies(machine)

    # What the homeserver will have forgotten, and the bot has not.
    await net.ana.send(net.room, "!encuesta ¿Cuándo? Hoy, Mañana")
    await net.ana.hears("Encuesta 2", 60, room=net.room, sender=net.bot.user)
    await net.asks(net.ana, "!votar 2 1", f"{NOTED}Hoy")
    bea = await net.enters("bea")
    await net.ana.invite(net.room, bea.user)
    await bea.accept(net.room)
    await net.asks(bea, "!estado", "Aquí estoy")

    await asyncio.to_thread(go_back, machine, copy)
    assert await net.bot.ends(within=240) == TRY_AGAIN, "systemd starts it again"
    await net.bot.start()
    await net.bot.ready()
    # Apps that were open have lost what the homeserver forgot, and are opened anew (the guide says
    # so): they never hear of the bot's new device. Of a new one nothing is lost, and the bot knows
    # what it knew.
    dora = await net.enters("dora")
    await net.ana.invite(net.room, dora.user)
    await dora.accept(net.room)
    await net.asks(dora, "!resultados 1", "Norte: 1")
    await net.asks(dora, "!resultados 2", "Hoy: 1")
    net.ana = await net.enters_anew(net.ana)
    await net.ana.send(net.room, "!cerrar 1")
    await net.ana.hears(RESULT, 240, room=net.room, sender=net.bot.user)
    assert net.said(re.escape(RESULT)) == 1
    assert net.bot.running and net.bot.starts == 2


@pytest.mark.full
async def test_it_came_back_from_an_old_copy_while_the_bot_was_off(
    machine: PreparedMachine, net: Network
) -> None:
    made = await asyncio.to_thread(machine.script, "backup.sh")
    assert made.returncode == 0, made.stderr
    (copy,) = copies(machine)
    await net.ana.send(net.room, "!encuesta ¿Cuándo? Hoy, Mañana")
    await net.ana.hears("Encuesta 1", 60, room=net.room, sender=net.bot.user)
    await net.asks(net.ana, "!votar 1 1", f"{NOTED}Hoy")

    await net.bot.stop()  # as if the machine broke down with both
    await asyncio.to_thread(go_back, machine, copy)
    await net.bot.start()
    assert await net.bot.ends(within=120) == TRY_AGAIN, "it notices at its start"
    await net.bot.start()
    await net.bot.ready()
    dora = await net.enters("dora")
    await net.ana.invite(net.room, dora.user)
    await dora.accept(net.room)
    await net.asks(dora, "!resultados 1", "Hoy: 1")
    assert net.bot.running and net.bot.starts == 3, "once, and not at each start"
