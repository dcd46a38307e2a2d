"""The three bots, each as a process: ours as operators run it, and an echo on nio and on maubot."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.real.botprocess import LINE, MINGA, BotProcess, Running
from tests.real.servers import Person, token_of

HERE = Path(__file__).parent
ROOT = HERE.parent
PEERS = HERE / ".venv/bin/python"
"""The Python of `peers.lock`: `make bench` sets it up."""
DEVICE = "ECHO"


class Bot(Protocol):
    """A bot that runs, can be killed and started again on its data."""

    @property
    def user(self) -> str:
        """Its Matrix id."""

    @property
    def pid(self) -> int:
        """The id of its process. It must run."""

    @property
    def says_ready(self) -> bool:
        """Whether it says when it is ready."""

    async def start(self) -> None:
        """Start the process; returns at once."""

    async def ready(self, within: float = 60) -> None:
        """Wait until it has caught up; only for one that `says_ready`."""

    async def kill(self) -> None:
        """End the process by SIGKILL and wait until it has ended."""

    def reach_by(self, url: str) -> None:
        """From the next start on, reach the homeserver by another address."""


class Minga(BotProcess):
    """Our bot in a process that imports its modules itself, with `tracing` into a file if set.

    `program` is what runs: another one for an older commit.
    """

    program: tuple[str, ...] = (sys.executable, str(MINGA))
    tracing: Path | None = None
    says_ready = True

    def reach_by(self, url: str) -> None:
        text = self.config.read_text("utf-8")
        self.config.write_text(text.replace(self.person.server.url, url), "utf-8")

    async def _begin(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Running:
        program = self.program
        if self.tracing is not None:
            program = (sys.executable, "-m", "benchmarks.tracing", str(self.tracing))
            environment = {**environment, "PYTHONPATH": str(ROOT)}
        return await asyncio.create_subprocess_exec(
            *program,
            *arguments,
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=LINE,
        )


class Echo:
    """A bot that only echoes. `command` runs it in `folder`, where its output goes to a file.

    `ready` is what it writes there once it is.
    """

    def __init__(
        self,
        folder: Path,
        person: Person,
        command: Sequence[str],
        secrets: Mapping[str, str],
        ready: bytes | None = None,
    ) -> None:
        self.folder = folder
        self.person = person
        self._command = command
        self._ready = ready
        self._log = folder / "output.log"
        self._begun = 0
        self._environment = {**os.environ, **secrets, "PYTHONUNBUFFERED": "1"}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def user(self) -> str:
        return self.person.id

    @property
    def pid(self) -> int:
        assert self._process is not None, "the bot was never started"
        return self._process.pid

    async def start(self) -> None:
        with self._log.open("ab") as output:
            self._begun = output.tell()
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self.folder,
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def says_ready(self) -> bool:
        return self._ready is not None

    async def ready(self, within: float = 60) -> None:
        assert self._ready is not None
        async with asyncio.timeout(within):
            while self._ready not in self._log.read_bytes()[self._begun :]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # nothing tells of a file's new line

    def reach_by(self, url: str) -> None:
        self._command = [part.replace(self.person.server.url, url) for part in self._command]
        for config in self.folder.glob("config.yaml"):
            text = config.read_text("utf-8")
            config.write_text(text.replace(self.person.server.url, url), "utf-8")

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


def plain_nio(folder: Path, person: Person, _moderator: str) -> Echo:
    """The echo on plain matrix-nio."""
    folder.mkdir()
    token = token_of(person, DEVICE)
    arguments = (person.server.url, person.id, DEVICE, str(folder))
    command = (sys.executable, "-m", "benchmarks.echo_nio", *arguments)
    secrets = {"ECHO_TOKEN": token, "PYTHONPATH": str(ROOT)}
    return Echo(folder, person, command, secrets, b"ready\n")


def maubot(folder: Path, person: Person, _moderator: str) -> Echo:
    """The echo on maubot, alone in its process (`maubot.standalone`), with encryption by libolm."""
    folder.mkdir()
    settings = {
        "user": {
            "credentials": {
                "id": person.id,
                "homeserver": person.server.url,
                "access_token": token_of(person, DEVICE),
                "device_id": DEVICE,
            },
            "sync": True,
            "appservice": False,
            "hs_token": None,
            "autojoin": True,
            "displayname": "disable",
            "avatar_url": "disable",
            "ignore_initial_sync": True,
            "ignore_first_sync": False,
        },
        "database": f"sqlite:{folder}/bot.db",
        "database_opts": {"min_size": 1, "max_size": 10},
        "crypto_db_pickle_key": "mau.crypto",
        "plugin_config": {},
        "logging": {
            "version": 1,
            "handlers": {"console": {"class": "logging.StreamHandler"}},
            "root": {"level": "WARNING", "handlers": ["console"]},
        },
    }
    # JSON is YAML
    (folder / "config.yaml").write_text(json.dumps(settings), "utf-8")
    meta = HERE / "echo_maubot/maubot.yaml"
    command = (str(PEERS), "-m", "maubot.standalone", "-c", "config.yaml", "-m", str(meta))
    return Echo(folder, person, command, {})


def minga(folder: Path, person: Person, moderator: str) -> Minga:
    """Our bot."""
    return Minga(folder, person, moderators=[moderator])


Maker = Callable[[Path, Person, str], Bot]
MAKERS: Mapping[str, Maker] = {
    "minga": minga,
    "nio": plain_nio,
    "maubot": maubot,
}
"""By name, what makes each bot: of a folder, its account and who moderates ours."""
