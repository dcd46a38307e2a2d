"""An older commit of our bot as one more bot, so that both are measured in the same rounds."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bots import HERE, ROOT, Minga
from tests.real.servers import Person

TREES = HERE / ".venv/older"
"""Beside the environment of the other bots, which `make bench` makes."""
LOCK = "requirements-test.lock"
DONE = ".installed"
LOAD_CAPABILITIES = """
try:
    from bot.run.app import features
except ImportError:  # before `bot/` had folders
    from bot.app import features
features()
"""
"""Imports all modules, wherever they are in that commit."""


@dataclass(frozen=True, slots=True)
class Older:
    """The source of a commit, installed beside it in a virtual environment of its own."""

    commit: str

    @property
    def name(self) -> str:
        """What the tables call this bot."""
        return f"minga at {self.commit}"

    @property
    def tree(self) -> Path:
        """The folder of its source."""
        return TREES / self.commit

    @property
    def python(self) -> Path:
        """The Python of its environment."""
        return self.tree / ".venv/bin/python"

    def make(self, folder: Path, person: Person, moderator: str) -> Minga:
        """Return the bot of that commit, not yet started. Its settings are those of ours."""
        bot = Minga(folder, person, moderators=[moderator])
        bot.program = (str(self.python), str(self.python.with_name("minga")))
        return bot

    def install(self) -> None:
        """Extract and install the commit, if that is not done. Raises `CalledProcessError`.

        It stands on the packages of its own lock file; one from before there was such a file
        stands on those of ours, as far as it needs them: then only the code differs. The demo's
        packages are there as in our environment, for some libraries import whatever is installed.
        """
        if (self.tree / DONE).exists():
            return
        shutil.rmtree(self.tree, ignore_errors=True)
        packed = _run("git", "archive", self.commit)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(self.tree, filter="data")
        _run(sys.executable, "-m", "venv", str(self.tree / ".venv"))
        own = self.tree / LOCK
        lock = own if own.exists() else ROOT / LOCK
        uv = str(Path(sys.executable).with_name("uv"))
        install = (uv, "pip", "install", "--quiet", "--python", str(self.python))
        _run(*install, "--constraints", str(lock), "--editable", f"{self.tree}[demo]")
        (self.tree / DONE).touch()


def find_older(revision: str) -> Older:
    """Return the commit that git knows by this name. Raises `CalledProcessError` for another."""
    found = _run("git", "rev-parse", "--verify", "--short=7", f"{revision}^{{commit}}")
    return Older(found.decode().strip())


def _run(*command: str) -> bytes:
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603
