"""A wire between two homeservers that can be cut and mended. It runs on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from bot.demo.loopback import LOOPBACK


class Wire:
    """Forwards the TCP port `public` to `inner`; blocking, so that any test's loop may use it."""

    def __init__(self, public: int, inner: int) -> None:
        self.public = public
        self.inner = inner
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[Any]] = set()
        self._thread.start()
        self.mend()

    def mend(self) -> None:
        """Connections are accepted (again)."""
        self._do(self._mend())

    def cut(self) -> None:
        """Every connection breaks and new ones are refused."""
        self._do(self._cut())

    def close(self) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _mend(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._connect, LOOPBACK, self.public)

    async def _cut(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connect(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        far_back: asyncio.StreamWriter | None = None
        try:
            far, far_back = await asyncio.open_connection(LOOPBACK, self.inner)
            async with asyncio.TaskGroup() as both:
                both.create_task(_pour(near, far_back))
                both.create_task(_pour(far, back))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            return  # cut; Python 3.11 would print a cancelled task's trace
        finally:
            self._open.discard(task)
            for writer in (back, far_back):
                if writer is not None:
                    writer.transport.abort()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while piece := await source.read(65536):
        sink.write(piece)
        await sink.drain()
    sink.write_eof() if sink.can_write_eof() else sink.close()
