"""A start that takes its time, and one without a homeserver: systemd lets both live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.operate.config import Config, load_config
from bot.operate.watch import service_manager
from bot.operate.watch.service_manager import ServiceManager
from bot.run import app, machine
from storage.encryption.root_key import unlock
from storage.files import lock
from tests.operate.test_config import write
from tests.operate.watch.notify_socket import Heard


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A bot at a homeserver that is off."""
    path = write(tmp_path, homeserver='"http://127.0.0.1:1"')
    (tmp_path / "secrets").mkdir(mode=0o700)
    for name, text in (("key", bytes(range(32)).hex()), ("password", "a long password")):
        (tmp_path / "secrets" / name).touch(mode=0o600)
        (tmp_path / "secrets" / name).write_text(text)
    return load_config(path)


@pytest.fixture
async def systemd(tmp_path: Path) -> AsyncIterator[Heard]:
    heard = Heard(str(tmp_path / "notify"))
    yield heard
    heard.close()


async def start(config: Config, service: ServiceManager) -> None:
    """Start as `minga run` does where there is data."""
    keys = unlock(config.storage.data_dir, key_file=config.storage.key_file)
    async with service.extending_start():
        with lock.hold(config.storage.data_dir):
            await app.run(config, keys, service)


async def test_a_migration_is_given_the_time_it_takes_and_an_outage_is_no_failed_start(
    config: Config, systemd: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated, migrate = asyncio.Event(), machine.migrate_database

    async def slowly(*given: object) -> None:
        await migrated.wait()
        await migrate(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(machine, "migrate_database", slowly)
    monkeypatch.setattr(service_manager, "START_EXTENSION", 0.03)
    run = asyncio.create_task(start(config, ServiceManager(systemd.address)))
    for _again in range(5):
        assert await systemd.next() == "EXTEND_TIMEOUT_USEC=30000"
    migrated.set()
    heard = await systemd.until("READY=1")
    assert set(heard[:-1]) == {"EXTEND_TIMEOUT_USEC=30000"}
    assert await systemd.next() == "STATUS=Waiting for the homeserver."
    assert not run.done()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


async def test_before_there_is_data_a_homeserver_that_is_away_is_no_failed_start(
    config: Config, systemd: Heard
) -> None:
    looking = asyncio.create_task(app.check_account(config, ServiceManager(systemd.address)))
    assert await systemd.next() == "READY=1"
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)


async def test_while_the_homeserver_is_away_the_watchdog_ends_nobody(
    config: Config, systemd: Heard
) -> None:
    run = asyncio.create_task(start(config, ServiceManager(systemd.address, 0.03)))
    await systemd.until("STATUS=Waiting for the homeserver.")
    for _again in range(3):
        assert await systemd.next(1) == "WATCHDOG=1"
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


async def test_once_the_bot_is_watched_the_start_says_nothing_for_it(systemd: Heard) -> None:
    service = ServiceManager(systemd.address, 0.03)
    async with service.extending_start():
        service.announce_ready()
        await systemd.until("WATCHDOG=1")
        feeding = asyncio.create_task(service.feed_watchdog(lambda: False))
        await asyncio.sleep(0.02)
        systemd.rest()
        await asyncio.sleep(0.1)
        assert systemd.rest() == []
        feeding.cancel()
