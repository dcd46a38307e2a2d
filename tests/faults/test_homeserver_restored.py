"""The homeserver is brought back from an old copy while the bot runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.real.prepared import PreparedMachine
from tests.real.test_homeserver_moved import NOTED, Network

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


@pytest.mark.full  # the first command after it is asked for again: not yet seen to end well
async def test_a_homeserver_comes_back_from_an_old_copy_under_the_bot(
    machine: PreparedMachine, net: Network
) -> None:
    carla = await net.enters("carla")
    await net.ana.invite(net.room, carla.user)
    await carla.accept(net.room)
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
    await net.asks(net.ana, "!votar 1 2", f"{NOTED}Sur")
    # Her app takes a one-time key that the homeserver gives a second time.
    await net.asks(carla, "!votar 1 2", f"{NOTED}Sur")
    await net.asks(net.ana, "!resultados 2", "Hoy: 1")
    await net.closes()
    assert net.bot.running and net.bot.starts == 1
