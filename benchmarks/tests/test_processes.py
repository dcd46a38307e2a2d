"""What the kernel counts of a process is read rightly, and a relay counts what passes."""

from __future__ import annotations

import asyncio
import os
import time

from benchmarks.processes import forget_peak, read_memory, read_peak, read_usage
from benchmarks.relay import relay
from bot.demo.loopback import LOOPBACK


def test_processor_time_and_wake_ups_grow_with_what_is_done() -> None:
    before, own = read_usage(os.getpid()), time.process_time()
    while time.process_time() - own < 0.1:
        sum(range(1000))
    time.sleep(0.01)
    after = read_usage(os.getpid())
    assert 0.05 <= after.cpu - before.cpu < 5
    assert 0.05 <= after.living - before.living < 5
    assert after.wakeups > before.wakeups


def test_the_peak_of_memory_begins_anew() -> None:
    held = b"x" * (64 * 2**20)
    del held
    assert read_peak(os.getpid()) >= read_memory(os.getpid())
    high = read_peak(os.getpid())
    forget_peak(os.getpid())
    assert read_peak(os.getpid()) < high


async def test_a_relay_counts_bytes_in_both_directions() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(5) * 2)
        writer.close()

    server = await asyncio.start_server(answer, LOOPBACK, 0)
    async with server, relay(server.sockets[0].getsockname()[1]) as traffic:
        host, _, port = traffic.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"hello")
        assert await reader.read() == b"hellohello"
        writer.close()
        await writer.wait_closed()
        assert (traffic.sent, traffic.received, traffic.total) == (5, 10, 15)
