"""The bot as operators run it: a process `minga run`, to be killed, stopped and started again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.demo.loopback import write_secret
from tests.real.moved import MOVED, Time
from tests.real.nursery import Nursery
from tests.real.patience import patient
from tests.real.servers import Person

MINGA = Path(sys.executable).parent / "minga"
"""The program as such, for its other commands."""
CAPABILITIES = str(Path(__file__).parent / "capabilities")
NURSERY = Nursery()
READY = re.compile(r'"event": ?"ready"')
LINE = 1024 * 1024


class BotError(AssertionError):
    """The bot did not do what an operator expects; holds the end of its log."""


class Running(Protocol):
    """A process that runs: a fork of the nursery, or one of asyncio."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    @property
    def stdout(self) -> asyncio.StreamReader | None: ...
    async def wait(self) -> int: ...
    def terminate(self) -> None: ...


class BotProcess:
    """`async with BotProcess(folder, person, moderators=[ana.user]) as bot` is up and ready."""

    def __init__(
        self,
        folder: Path,
        person: Person,
        *,
        moderators: Sequence[str],
        homeserver: str = "",
        commands_per_minute: int = 0,
        sections: Mapping[str, Mapping[str, Any]] | None = None,
        environment: Mapping[str, str] | None = None,
        capable: bool = False,
    ) -> None:
        """`homeserver`: a proxy's address instead of the server's own. `sections` go on top.

        `capable`: with the capabilities in `tests/real/capabilities` too.
        """
        self.folder = folder
        self.person = person
        self.config = folder / "config.toml"
        self.data = folder / "data"
        self.log = folder / "minga.log"
        self.starts = 0
        self.environment = dict(environment or {})
        self._more = (CAPABILITIES,) if capable else ()
        self._process: Running | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._lines: list[str] = []  # of this start
        self._write(
            {
                "matrix": {
                    "homeserver": homeserver or person.server.url,
                    "user_id": person.id,
                    "password_file": "secrets/password",
                },
                "network": {
                    "name": "Red de prueba",
                    "language": "es",
                    "timezone": "America/Bogota",
                    "moderators": list(moderators),
                },
                "storage": {"data_dir": "data", "key_file": "secrets/key"},
                "limits": {"commands_per_minute": commands_per_minute},
            },
            sections or {},
        )

    @property
    def user(self) -> str:
        return self.person.id

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the bot was never started"
        return self._process.pid

    async def __aenter__(self) -> BotProcess:
        try:
            await self.start()
            await self.ready()
        except BaseException:
            await self.kill()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def start(self) -> None:
        """A new process on the same configuration and data; returns at once."""
        assert not self.running
        self._lines.clear()
        self.starts += 1
        self._process = await self._begin(
            ("run", "--config", str(self.config)), {**_environment(), **self.environment}
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def _begin(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Running:
        """Run `minga ARGUMENTS` in the folder, its output and errors as one stream."""
        return await NURSERY.start(arguments, self.folder, environment, more=self._more, limit=LINE)

    async def ready(self, within: float = 60) -> None:
        """Wait until it has caught up with everything that happened while it was off."""
        await self.logs(READY, within)

    async def logs(self, what: str | re.Pattern[str], within: float = 20) -> str:
        """Wait for a line of this start's log."""
        pattern = re.compile(what)
        try:
            async with asyncio.timeout(patient(within)):
                while True:
                    self._news.clear()
                    for line in self._lines:
                        if pattern.search(line):
                            return line
                    if not self.running:
                        raise BotError(f"The bot ended.\n{self.last_words()}")
                    await self._news.wait()
        except TimeoutError:
            words = f"No {pattern.pattern!r} in {within} s.\n{self.last_words()}"
            raise BotError(words) from None

    async def kill(self) -> None:
        """SIGKILL, to everything it started."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        await self._ended()

    async def stop(self, within: float = 20) -> None:
        """SIGTERM, as systemd does it; the exit status must be 0."""
        assert self._process is not None
        self._process.terminate()
        try:
            async with asyncio.timeout(patient(within)):
                status = await self._process.wait()
        except TimeoutError:
            raise BotError(f"Still there after SIGTERM.\n{self.last_words()}") from None
        await self._ended()
        if status != 0:
            raise BotError(f"SIGTERM gave exit status {status}.\n{self.last_words()}")

    async def ends(self, within: float = 20) -> int:
        """Wait until it ends by itself; its exit status."""
        assert self._process is not None
        async with asyncio.timeout(patient(within)):
            return await self._process.wait()

    async def restart(self) -> None:
        """SIGKILL and start again at once; returns when it is ready."""
        await self.kill()
        await self.start()
        await self.ready()

    def later(self, **by: float) -> None:
        """For the bot it is later at once (`hours=3`), whether it runs or not."""
        Time(self.folder).move(timedelta(**by))
        if self.running:
            os.kill(self.pid, MOVED)

    def last_words(self, lines: int = 40) -> str:
        return "\n".join(self._lines[-lines:])

    def files(self) -> list[Path]:
        """Everything it has written: databases, WAL, backups, log. The secrets are not its own."""
        inside = (path for path in self.data.rglob("*") if path.is_file())
        return [self.log, *self.folder.glob("*.backup"), *inside]

    def holds(self, markers: Sequence[str]) -> list[tuple[str, str]]:
        """Which marker stands readable in which file (UTF-8, UTF-16, or escaped as JSON does)."""
        found = []
        for path in self.files():
            content = path.read_bytes()
            found += [
                (path.name, marker)
                for marker in markers
                if any(shape in content for shape in _shapes(marker))
            ]
        return found

    async def _ended(self) -> None:
        if self._process is not None:
            await self._process.wait()
        if self._reader is not None:
            await self._reader

    async def _read(self, process: Running) -> None:
        assert process.stdout is not None
        with self.log.open("ab") as log:
            async for line in process.stdout:
                log.write(line)
                log.flush()
                self._lines.append(line.decode(errors="replace").rstrip())
                self._news.set()
        await process.wait()
        self._news.set()

    def _write(
        self, base: dict[str, dict[str, Any]], sections: Mapping[str, Mapping[str, Any]]
    ) -> None:
        kept = self.folder / "secrets"
        kept.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(kept / "password", self.person.password)
        write_secret(kept / "key", secrets.token_hex(32))
        for name, values in sections.items():
            base.setdefault(name, {}).update(values)
        write_secret(self.config, "\n".join(_toml(name, base[name]) for name in base))


async def run_tool(*words: object) -> tuple[int, str]:
    """Run `minga WORDS`, which needs no configuration. Its exit status, and what it said."""
    process = await NURSERY.start(
        [*map(str, words)], Path.cwd(), {**_environment(), "LC_ALL": "en_US.UTF-8"}, limit=LINE
    )
    said = (await process.stdout.read()).decode()
    return await process.wait(), said.removesuffix("\n")


def _toml(section: str, values: Mapping[str, Any]) -> str:
    """JSON's strings, numbers, booleans and lists are TOML's too; None leaves a key out."""
    told = {key: value for key, value in values.items() if value is not None}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    return "\n".join([f"[{section}]", *lines, ""])


def _environment() -> dict[str, str]:
    """Ours without proxies and without settings of some other Minga."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.lower().endswith("_proxy") and not key.startswith("MINGA_")
    }
    return {**kept, "PYTHONUNBUFFERED": "1"}


def _shapes(marker: str) -> set[bytes]:
    escaped = json.dumps(marker)[1:-1]
    return {marker.encode(), marker.encode("utf-16-le"), marker.encode("utf-16-be")} | {
        escaped.encode()
    }
