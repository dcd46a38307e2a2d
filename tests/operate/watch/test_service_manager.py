"""What systemd hears, on a socket as it gives one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.i18n import _
from bot.operate.watch import service_manager
from bot.operate.watch.service_manager import ServiceManager
from tests.operate.watch.notify_socket import Heard


@pytest.fixture(params=["file", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Heard]:
    named = (
        f"@minga-test-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    )
    heard = Heard(named)
    yield heard
    heard.close()


def manager(systemd: Heard, seconds: float = 0, pid: int | None = None) -> ServiceManager:
    given = {"NOTIFY_SOCKET": systemd.address}
    if seconds:
        given |= {"WATCHDOG_USEC": str(int(seconds * 1e6)), "WATCHDOG_PID": str(pid or os.getpid())}
    return ServiceManager.from_environment(given)


async def test_the_start_is_announced_once_and_a_state_only_when_it_changes(
    systemd: Heard,
) -> None:
    service, status = manager(systemd), _("Waiting for the homeserver.")
    service.announce_ready(status)
    service.announce_ready(status)
    service.announce_ready()
    service.announce_stop()
    assert systemd.rest() == ["READY=1", "STATUS=Waiting for the homeserver.", "STOPPING=1"]


async def test_a_slow_start_asks_for_more_time_until_it_is_over(
    systemd: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_manager, "START_EXTENSION", 0.03)
    service = manager(systemd)
    async with service.extending_start():
        for _again in range(3):
            assert await systemd.next() == "EXTEND_TIMEOUT_USEC=30000"
        service.announce_ready()
        heard = [await systemd.next()]
        while heard[-1] != "READY=1":
            heard.append(await systemd.next())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert systemd.rest() == []


async def test_a_start_that_fails_asks_no_more(systemd: Heard) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with manager(systemd).extending_start():
            await systemd.next()
            raise RuntimeError("no")
    before = len(asyncio.all_tasks())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) < max(before, 2)


async def test_the_watchdog_is_fed_as_long_as_sync_moves(systemd: Heard) -> None:
    moves = True
    service = manager(systemd, 0.03)
    assert service.watchdog_seconds == 0.03
    with capture_logs() as logs:
        feeding = asyncio.create_task(service.feed_watchdog(lambda: moves))
        for _again in range(3):
            assert await systemd.next() == "WATCHDOG=1"
        moves = False
        await asyncio.sleep(0.02)
        systemd.rest()
        await asyncio.sleep(0.05)
        assert systemd.rest() == []
        moves = True
        assert await systemd.next() == "WATCHDOG=1"
    assert [line["event"] for line in logs] == ["sync stands still"]
    feeding.cancel()


async def test_a_loop_that_stands_still_feeds_nobody(systemd: Heard) -> None:
    feeding = asyncio.create_task(manager(systemd, 0.03).feed_watchdog(lambda: True))
    assert await systemd.next() == "WATCHDOG=1"
    end = asyncio.get_running_loop().time() + 0.2
    while asyncio.get_running_loop().time() < end:
        pass  # a bug that never gives the loop back
    assert systemd.rest() == []
    feeding.cancel()


async def test_without_systemd_or_its_watchdog_nothing_is_sent(systemd: Heard) -> None:
    await manager(systemd).feed_watchdog(lambda: True)
    await manager(systemd, 9, pid=1).feed_watchdog(lambda: True)
    nobody = ServiceManager.from_environment({"WATCHDOG_USEC": "30000"})
    await nobody.feed_watchdog(lambda: True)
    with capture_logs() as logs:
        nobody.announce_ready()
        nobody.announce_stop()
    assert systemd.rest() == []
    assert logs == []


async def test_a_socket_that_is_gone_stops_no_bot(tmp_path: Path) -> None:
    service = ServiceManager(str(tmp_path / "gone"))
    with capture_logs() as logs:
        service.announce_ready()
    assert [line["event"] for line in logs] == ["systemd not told"]
