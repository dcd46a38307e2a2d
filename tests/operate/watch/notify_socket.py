"""A socket as systemd gives one to a service (sd_notify(3)), and what was said on it."""

from __future__ import annotations

import asyncio
import socket


class Heard:
    """A socket of systemd's, and what came in."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0"))
        self._socket.setblocking(False)

    async def next(self, within: float = 10) -> str:
        async with asyncio.timeout(within):
            return (await asyncio.get_running_loop().sock_recv(self._socket, 4096)).decode()

    def rest(self) -> list[str]:
        found = []
        try:
            while True:
                found.append(self._socket.recv(4096).decode())
        except BlockingIOError:
            return found

    async def until(self, what: str, within: float = 60) -> list[str]:
        """Wait for a message that begins so; all that came up to it."""
        found: list[str] = []
        async with asyncio.timeout(within):
            while not found or not found[-1].startswith(what):
                found.append(await self.next(within))
        return found

    def close(self) -> None:
        self._socket.close()
