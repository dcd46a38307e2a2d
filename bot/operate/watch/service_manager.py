"""Tells systemd how the bot is (sd_notify(3)): started, stopping, alive. Without it, nothing."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

from bot.i18n import _
from bot.lines import Line
from bot.operate.operator_words import in_words

log = structlog.get_logger(__name__)

START_EXTENSION = 120.0
"""Seconds that a start may go on without a sign of life. It may last: a migration of years of data,
a copy before it. Sent at a third of that."""
AWAY = _("Waiting for the homeserver.")


class ServiceManager:
    """The socket that systemd gave us. Each message is one datagram; none is waited for."""

    def __init__(self, address: str = "", watchdog_seconds: float | None = None) -> None:
        """`watchdog_seconds`: within how many systemd wants the next ping, None for never."""
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._status = ""
        self._ready = asyncio.Event()
        self._is_watched = asyncio.Event()
        self.watchdog_seconds = watchdog_seconds

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> ServiceManager:
        """Return the service manager that `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`
        name."""
        address = environment.get("NOTIFY_SOCKET", "")
        wanted, meant = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
        is_meant = wanted.isdecimal() and meant in ("", str(os.getpid()))
        return cls(address, int(wanted) / 1e6 if address and is_meant and int(wanted) else None)

    def announce_ready(self, status: Line | None = None) -> None:
        """Tell systemd once that the start is over; from now on the watchdog counts."""
        if not self._ready.is_set():
            self._ready.set()
            self._send("READY=1")
        if status is not None:
            self.show(status)

    def announce_stop(self) -> None:
        """Tell systemd that the bot was told to stop."""
        self._send("STOPPING=1")

    def show(self, status: Line) -> None:
        """Show a sentence in `systemctl status`, in the operator's language."""
        words = in_words(status)
        if words != self._status:
            self._status = words
            self._send(f"STATUS={words}")

    @asynccontextmanager
    async def extending_start(self) -> AsyncIterator[None]:
        """Ask systemd for more time as long as the loop moves, until the bot is watched.

        Before `announce_ready` that is time to start. From then on the watchdog counts, and what
        still lies ahead may last: a homeserver that is away, then an upgrade.
        """
        task = asyncio.create_task(self._extend())
        try:
            yield
        finally:
            task.cancel()

    async def _extend(self) -> None:
        while not self._ready.is_set():
            self._send(f"EXTEND_TIMEOUT_USEC={int(START_EXTENSION * 1e6)}")
            await _wait(self._ready, START_EXTENSION / 3)
        while self.watchdog_seconds is not None and not self._is_watched.is_set():
            self._send("WATCHDOG=1")
            await _wait(self._is_watched, self.watchdog_seconds / 3)

    async def feed_watchdog(self, is_alive: Callable[[], bool]) -> None:
        """Ping for as long as `is_alive`, until cancelled.

        The loop itself does it, so that a loop that stands still is not taken for a bot that lives.
        """
        self._is_watched.set()
        if self.watchdog_seconds is None:
            return
        was_alive = True
        while True:
            if alive := is_alive():
                self._send("WATCHDOG=1")
            elif was_alive:
                log.critical("sync stands still")  # systemd ends the process soon
            was_alive = alive
            await asyncio.sleep(self.watchdog_seconds / 3)

    def _send(self, message: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
                way.setblocking(False)
                way.sendto(message.encode(), self._address)
        except OSError as error:
            log.warning("systemd not told", error=type(error).__name__)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, or until so many seconds have passed."""
    await asyncio.wait([waiting := asyncio.ensure_future(event.wait())], timeout=seconds)
    waiting.cancel()
