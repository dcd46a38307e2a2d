"""A relay between a bot and the homeserver that counts bytes and requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.demo.loopback import LOOPBACK


@dataclass
class Traffic:
    """What passed, in bytes, and the relay's own address."""

    url: str = ""
    sent: int = 0
    received: int = 0

    @property
    def total(self) -> int:
        """Bytes in both directions."""
        return self.sent + self.received


@asynccontextmanager
async def relay(port: int) -> AsyncIterator[Traffic]:
    """Forward to the homeserver's port while the context lasts."""
    traffic = Traffic()
    tasks: set[asyncio.Task[None]] = set()

    async def connect(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, forth = await asyncio.open_connection(LOOPBACK, port)
        for source, sink, upward in ((near, forth, True), (far, back, False)):
            task = asyncio.create_task(_pour(source, sink, traffic, upward=upward))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connect, LOOPBACK, 0)
    traffic.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    try:
        yield traffic
    finally:
        server.close()
        left = list(tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _pour(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, traffic: Traffic, *, upward: bool
) -> None:
    try:
        while piece := await source.read(65536):
            if upward:
                traffic.sent += len(piece)
            else:
                traffic.received += len(piece)
            sink.write(piece)
            await sink.drain()
    except OSError:
        return  # one side was killed: the other one is closed below
    finally:
        sink.close()
