"""What watching costs: commands with the lookout and an asked port beside them, and without.

`python -m benchmarks.in_process.watching`. In processor time of this process, in turns. The port is
asked once a second, fifteen times as often as Prometheus does; who asks is another process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.clock import SystemClock
from bot.demo.loopback import free_port
from bot.operate.watch import http_port
from bot.operate.watch.lookout import Lookout
from bot.run.app import features
from bot.testing.talk import Talk

ROUNDS, SECONDS = 41, 0.5
LINE = "!eventos"
ASKING = """
import sys, time, urllib.request
while True:
    urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/metrics", timeout=5).read()
    time.sleep(float(sys.argv[2]))
"""


@asynccontextmanager
async def watched(talk: Talk, port: int, interval: float) -> AsyncIterator[Lookout]:
    """The lookout runs, the port is open, and it is asked every `interval` seconds."""
    contact, owed = talk.machine.dispatcher.contact, talk.machine.outbox.owed
    lookout = Lookout(talk.machine.db, contact, owed, SystemClock(), lambda _line: None)
    serving = http_port.serve(lookout, f"127.0.0.1:{port}", None)
    tasks = [asyncio.create_task(one) for one in (lookout.run(), serving)]
    await asyncio.sleep(0.1)
    run = [sys.executable, "-c", ASKING, str(port), str(interval)]
    asking = subprocess.Popen(run)  # noqa: ASYNC220, S603
    try:
        await asyncio.sleep(0.5)  # until it asks
        yield lookout
    finally:
        asking.kill()
        asking.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def cost_of_commands(talk: Talk) -> float:
    """Return the processor time of one command with its answer, in milliseconds."""
    begun, count, end = time.process_time(), 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        await talk.says("bea", LINE)
        await talk.sent()
        talk.gateway.posted.clear()
        count += 1
    return (time.process_time() - begun) * 1000 / count


async def cost_of_asking(talk: Talk, path: str) -> float:
    """Return the processor time of one answer of the port, in milliseconds, every look fresh."""
    port, count = free_port(), 300
    async with watched(talk, port, 3600) as lookout:
        begun = time.process_time()
        for _again in range(count):
            lookout._last = None
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert b" 200 " in await reader.read()
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        return (time.process_time() - begun) * 1000 / count


async def measure() -> None:
    """Print the ratios, and what one answer costs (who asks included).

    On a machine that others use too the best of many rounds tells more than their median.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory() as folder:
        talk = await Talk.start(Path(folder) / "minga.db", features())
        talk.machine.dispatcher.contact.mark_handled(talk.clock.at)
        on, off = [], []
        await cost_of_commands(talk)
        for _round in range(ROUNDS):
            off.append(await cost_of_commands(talk))
            async with watched(talk, free_port(), 1.0):
                on.append(await cost_of_commands(talk))
        pairs = [a / b for a, b in zip(on, off, strict=True)]
        sys.stdout.write(
            f"a command: {min(off):.3f} ms without, {min(on):.3f} ms watched (best of {ROUNDS}),"
            f" ratio {min(on) / min(off):.3f}; median of the pairs' ratios"
            f" {statistics.median(pairs):.3f} ({min(pairs):.3f} to {max(pairs):.3f})\n"
        )
        for path in ("/healthz", "/metrics"):
            sys.stdout.write(f"{path}: {await cost_of_asking(talk, path):.2f} ms of processor\n")
        await talk.close()


if __name__ == "__main__":
    asyncio.run(measure())
