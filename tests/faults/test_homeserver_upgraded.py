"""The homeserver is brought to a newer version while the bot runs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.operate.homeserver.files import synapse_version
from tests.real.prepared import PreparedMachine
from tests.real.test_homeserver_moved import NOTED, Network

OLD = "1.140.0"
"""More than a year of Synapse's versions before the one that is locked."""
VERSION = "/_matrix/federation/v1/version"
pytestmark = [pytest.mark.real, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def install(folder: Path) -> Path:
    """Install the old version in a venv of its own; its Python."""
    uv = str(Path(sys.executable).with_name("uv"))
    python = folder / "bin/python"
    packages = [
        f"matrix-synapse=={OLD}",
        "psycopg2-binary",
        "setuptools<81",
        "prometheus-client<0.22",
    ]
    for words in (["venv", str(folder)], ["pip", "install", "--python", str(python), *packages]):
        subprocess.run([uv, *words], check=True, capture_output=True)  # noqa: S603
    return python


@pytest.mark.full  # it installs an old Synapse
async def test_a_homeserver_is_upgraded_under_the_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = await asyncio.to_thread(install, tmp_path / "venv")
    with TemporaryDirectory(prefix="minga-old-") as folder:
        machine = PreparedMachine(Path(folder))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", str(python))
            await asyncio.to_thread(machine.__enter__)
        try:
            server = machine.server
            assert server.call("GET", VERSION)["server"]["version"].split()[0] == OLD
            schema = "SELECT version FROM schema_version"
            before = int(machine.base.ask("synapse", schema))
            async with Network(server, tmp_path / "bot") as net:
                await net.ana.send(net.room, "!encuesta ¿Dónde? Norte, Sur")
                await net.ana.hears("Encuesta 1", 60, room=net.room, sender=net.bot.user)
                await net.asks(net.ana, "!votar 1 1", f"{NOTED}Norte")
                await asyncio.to_thread(server.restart)
                assert (
                    server.call("GET", VERSION)["server"]["version"].split()[0] == synapse_version()
                )
                assert int(machine.base.ask("synapse", schema)) > before
                await net.asks(net.ana, "!votar 1 2", f"{NOTED}Sur")
                await net.closes()
                assert net.bot.running and net.bot.starts == 1
        finally:
            machine.__exit__()
