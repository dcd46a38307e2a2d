"""A bot that was set up on a homeserver of its own, to be broken; and what `doctor` says of it."""

from __future__ import annotations

import asyncio
import atexit
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from bot.operate import cli
from bot.operate.config import load_config
from bot.operate.first_login import unlock_keys
from bot.run.app import features
from bot.run.machine import migrate_database
from storage.database import Database, Tx
from tests.operate.doctor.homeserver import ANA, ME, PASSWORD, OperatorsServer, serving
from tests.operate.doctor.processes import run_minga

OTHER_USER = 61_234
ROOT = Path(__file__).parents[3]
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
"""Where files need no disk, whose every commit would be waited for."""
KEY = "8f3b1c5d9e7a24600d6e9fb1a2c3785146de90b7fc3a5812eb47d6091c2f3a8e"


@dataclass(frozen=True, slots=True)
class Report:
    """What a command said. `lines`: kind (`ok`, `note`, `bad`) and words, as in `--json`."""

    status: int
    text: str
    lines: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        found = [f"{kind:4} {words}" for kind, words in self.lines if kind != "ok"]
        return "\n".join([f"exit {self.status}", *found]) if self.lines else self.text

    def of(self, kind: str) -> list[str]:
        return [words for one, words in self.lines if one == kind]


@dataclass
class Bot:
    """The folder of a bot after `minga init`, its server, and how its commands are started."""

    folder: Path
    server: OperatorsServer
    environment: dict[str, str] = field(default_factory=dict)
    limits: dict[int, int] = field(default_factory=dict)
    """Limits of the process (`resource.RLIMIT_NOFILE`)."""
    held: ExitStack = field(default_factory=ExitStack)
    """What ends with the test."""
    user: int = 0
    apart: bool = False
    """Whether `doctor` is a process that imports everything anew."""

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def key(self) -> Path:
        return self.folder / "secrets/key"

    @property
    def password(self) -> Path:
        return self.folder / "secrets/password"

    def change(self, old: str, new: str) -> None:
        """Change the configuration; `old` is a pattern that stands in it."""
        text = self.config.read_text()
        assert re.search(old, text), text
        self.config.write_text(re.sub(old, new.replace("\\", "\\\\"), text, count=1))

    def add(self, section: str, line: str) -> None:
        """Add a line to a section, which there may be already."""
        text = self.config.read_text()
        head = f"[{section}]"
        if head not in text:
            text += f"\n{head}\n"
        self.config.write_text(text.replace(head, f"{head}\n{line}", 1))

    def give(self, *paths: Path) -> None:
        """Everything belongs to the bot's user, these paths to root; `doctor` is the bot's user."""
        for file in (self.folder, *self.folder.rglob("*")):
            os.chown(file, OTHER_USER, OTHER_USER)
        for path in paths:
            os.chown(path, 0, 0)
        self.user = OTHER_USER

    def change_data(self, change: Callable[[Tx], Awaitable[Any]]) -> None:
        """Change the database, as the bot would have."""

        async def work() -> None:
            config = load_config(self.config)
            db = await Database.open(config.storage.database, unlock_keys(config, create=False).db)
            try:
                await migrate_database(db, features())
                async with db.transaction() as tx:
                    await change(tx)
            finally:
                await db.close()

        asyncio.run(work())

    def minga(self, *words: object, environment: Mapping[str, str] | None = None) -> Report:
        """Run a command. An error that has no words for people is raised."""
        told = [*map(str, words), "--config", str(self.config)]
        env = {**self.environment, **(environment or {})}
        if self.user or self.limits or self.apart:
            return self._as_process(told, {"PATH": "/usr/bin:/bin", "LC_MESSAGES": "en", **env})
        result = CliRunner().invoke(cli.main, told, env=env, catch_exceptions=False)
        return _report(result.exit_code, result.output)

    def doctor(self) -> Report:
        return self.minga("doctor", "--json")

    def _as_process(self, words: list[str], env: Mapping[str, str]) -> Report:
        if self.apart:
            code = "from bot.operate.cli import main; main()"
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-c", code, *words],
                capture_output=True,
                text=True,
                check=False,
                cwd=ROOT,
                env=env,
            )
            status, text = done.returncode, done.stdout + done.stderr
        else:
            status, text = run_minga(words, env, self.user, self.limits)
        assert "Traceback" not in text, text
        return _report(status, text)


def _report(status: int, text: str) -> Report:
    lines: list[tuple[str, str]] = []
    if text.startswith("{"):
        lines = [(one["kind"], one["what"]) for one in json.loads(text)["findings"]]
    return Report(status, text, tuple(lines))


def secret(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def set_up(folder: Path, server: OperatorsServer, *more: object) -> Bot:
    """Run `minga init` as an operator does."""
    bot = Bot(folder, server)
    folder.mkdir(mode=0o755)
    words: list[object] = ["--homeserver", server.url, "--user-id", ME, "--name", "Red ñ"]
    words += ["--language", "es", "--timezone", "America/Bogota", "--moderator", ANA]
    given = secret(folder.parent / f"{folder.name}-password", PASSWORD)
    said = bot.minga("init", *words, "--password-file", given, *more)
    assert said.status == 0, said.text
    return bot


@contextmanager
def a_bot() -> Iterator[Bot]:
    """A bot in order, in a folder that other users may reach; what a row mounted there goes."""
    first, server_then, url = _first_bot()
    folder, server = _new_folder(), copy.deepcopy(server_then)
    with ExitStack() as held:
        held.callback(shutil.rmtree, folder)
        held.callback(_unmount, folder)
        held.enter_context(serving(server))
        shutil.copytree(first, folder / "bot")
        bot = Bot(folder / "bot", server, held=held)
        words = bot.config.read_text().replace(url, server.url)
        bot.config.write_text(words.replace(str(first.parent), str(folder)))
        yield bot


@cache
def _first_bot() -> tuple[Path, OperatorsServer, str]:
    """Set up the bot of which all others are copies, and return its folder, what its server knows,
    and where that was. Setting one up takes nine tenths of what trying one takes."""
    folder, server = _new_folder(), OperatorsServer()
    atexit.register(shutil.rmtree, folder)
    with serving(server):
        bot, url = set_up(folder / "bot", server), server.url
    server.server = None
    return bot.folder, server, url


def _new_folder() -> Path:
    place = str(MEMORY) if MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="minga-doctor-", dir=place))
    folder.chmod(0o755)
    return folder


def _unmount(folder: Path) -> None:
    lines = Path("/proc/mounts").read_text().splitlines()
    for place in (line.split()[1] for line in lines):
        if place.startswith(str(folder)):
            subprocess.run(["umount", "-l", place], check=True)  # noqa: S603, S607


def flip(path: Path, at: int) -> None:
    """Turn one bit, as a worn disk does."""
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


# --- the table ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetUp:
    """A row of the review: how it is broken, and a pattern of the sentence with the cure.

    `kind` is that of the sentence: `bad`, or `note` for what may be meant so; `ok`: nothing is
    wrong. `also`: what is rightly said besides. `root`: only root can break it so.
    """

    number: int
    name: str
    make: Callable[[Bot], object]
    says: str
    kind: str
    also: str
    root: bool


TABLE: dict[int, SetUp] = {}


def row(
    number: int,
    name: str,
    says: str = "",
    *,
    kind: str = "bad",
    also: str = r"(?!)",
    root: bool = False,
) -> Callable[[Callable[[Bot], object]], Callable[[Bot], object]]:
    """Put a set-up into the table."""

    def keep(make: Callable[[Bot], object]) -> Callable[[Bot], object]:
        assert number not in TABLE
        TABLE[number] = SetUp(number, name, make, says, kind, also, root)
        return make

    return keep
